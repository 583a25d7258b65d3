"""The container of glTF 2.0: JSON, buffers and accessors of a .glb or .gltf file."""

import base64
import json
import struct
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import numpy as np
from numpy.typing import NDArray

from ..errors import shorten
from ..rotations import Array, to_matrices
from .errors import BadGltf, UnreadableFile
from .node_tree import NodeTree, unique_names

_COMPONENTS = {5120: "<i1", 5121: "<u1", 5122: "<i2", 5123: "<u2", 5125: "<u4", 5126: "<f4"}
_WIDTHS = {"SCALAR": 1, "VEC2": 2, "VEC3": 3, "VEC4": 4, "MAT2": 4, "MAT3": 9, "MAT4": 16}
_UNDERSTOOD = {"KHR_mesh_quantization", "KHR_texture_transform", "KHR_materials_unlit", "KHR_texture_basisu"}


class GltfFile:
    """A parsed glTF file; accessors are decoded on demand.

    Raises:
        UnreadableFile: If the file, or a buffer beside it, cannot be read.
        BadGltf: If the container is damaged or needs an extension that is not understood.
    """

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)
        content = _read(self.path)
        self._binary = b""
        if content[:4] == b"glTF":
            content = self._split_glb(content)
        try:
            self.json: dict[str, Any] = json.loads(content)
        except (ValueError, RecursionError) as problem:
            raise BadGltf(f"{self.path} holds no readable glTF JSON: {problem}.") from problem
        if not isinstance(self.json, dict) or "nodes" not in self.json:
            raise BadGltf(f"{self.path} has no nodes; expected a glTF 2.0 scene.")
        unknown = sorted(set(self.json.get("extensionsRequired", ())) - _UNDERSTOOD)
        if unknown:
            raise BadGltf(
                f"{self.path} needs the glTF extensions {shorten(unknown)}, which are not read here; export it again "
                f"without compression."
            )
        self._buffers: dict[int, bytes] = {}

    def _split_glb(self, content: bytes) -> bytes:
        if len(content) < 20 or struct.unpack_from("<I", content, 4)[0] != 2:
            raise BadGltf(f"{self.path} is no glTF 2.0 binary file (version 2 expected).")
        chunks: dict[bytes, bytes] = {}
        at = 12
        while at + 8 <= len(content):
            length, kind = struct.unpack_from("<I4s", content, at)
            if at + 8 + length > len(content):
                raise BadGltf(
                    f"{self.path} is cut short: a chunk announces {length} bytes, {len(content) - at - 8} follow."
                )
            chunks.setdefault(kind, content[at + 8 : at + 8 + length])
            at += 8 + length
        if b"JSON" not in chunks:
            raise BadGltf(f"{self.path} has no JSON chunk.")
        self._binary = chunks.get(b"BIN\0", b"")
        return chunks[b"JSON"]

    def items(self, kind: str) -> list[dict[str, Any]]:
        """Return one of the file's lists (``nodes``, ``meshes``, ``skins`` ...), empty where it has none."""
        return self.json.get(kind, [])

    @cached_property
    def tree(self) -> NodeTree:
        """The nodes."""
        parents = [-1] * len(self.items("nodes"))
        for index, node in enumerate(self.items("nodes")):
            for child in node.get("children", ()):
                if not 0 <= child < len(parents) or parents[child] != -1 or child == index:
                    raise BadGltf(f"{self.path}: node {child} has more than one parent; the nodes are no tree.")
                parents[child] = index
        return NodeTree(unique_names([node.get("name") for node in self.items("nodes")]), tuple(parents))

    def accessor(self, index: int) -> Array:
        """Return an accessor's values as float64, normalised integers mapped to their range.

        Returns:
            [count] for scalars, [count, width] for vectors; matrices are [count, 4, 4] in the usual row-first layout.

        Raises:
            BadGltf: If it is sparse, points outside its buffer, or is of an unknown type.
        """
        raw, description = self._raw(index)
        values = raw.astype(np.float64)
        if description.get("normalized") and raw.dtype.kind in "iu":
            values = np.maximum(values / np.iinfo(raw.dtype).max, -1.0)
        if description["type"] == "MAT4":
            return np.swapaxes(values.reshape(-1, 4, 4), 1, 2)
        return values[:, 0] if description["type"] == "SCALAR" else values

    def integers(self, index: int) -> NDArray[np.int64]:
        """Return an accessor of indices, [count] or [count, width]."""
        raw, description = self._raw(index)
        if raw.dtype.kind not in "iu":
            raise BadGltf(f"{self.path}: accessor {index} holds numbers with fractions; indices were expected.")
        return raw.astype(np.int64)[:, 0] if description["type"] == "SCALAR" else raw.astype(np.int64)

    def _raw(self, index: int) -> tuple[NDArray[Any], dict[str, Any]]:
        try:
            description = self.items("accessors")[index]
            dtype = np.dtype(_COMPONENTS[description["componentType"]])
            width, count = _WIDTHS[description["type"]], int(description["count"])
        except (IndexError, KeyError, TypeError) as problem:
            raise BadGltf(f"{self.path}: accessor {index} is missing or of an unknown type.") from problem
        if "sparse" in description:
            raise BadGltf(f"{self.path}: accessor {index} is sparse, which is not read here; export without it.")
        if "bufferView" not in description:
            return np.zeros((min(count, 10_000_000), width), dtype), description
        view = self.items("bufferViews")[description["bufferView"]]
        stride = view.get("byteStride") or dtype.itemsize * width
        data = self._buffer(view["buffer"])
        start = view.get("byteOffset", 0) + description.get("byteOffset", 0)
        if count < 0 or start < 0 or (count and start + stride * (count - 1) + dtype.itemsize * width > len(data)):
            raise BadGltf(f"{self.path}: accessor {index} announces {count} items, more than its buffer holds.")
        strides = (stride, dtype.itemsize)
        return np.ndarray((count, width), dtype, buffer=data, offset=start, strides=strides).copy(), description

    def _buffer(self, index: int) -> bytes:
        if index not in self._buffers:
            uri = self.items("buffers")[index].get("uri")
            if uri is None:
                data = self._binary
            elif uri.startswith("data:"):
                data = base64.b64decode(uri.split(",", 1)[-1])
            else:
                data = _read(self._beside(unquote(uri)))
            self._buffers[index] = data
        return self._buffers[index]

    def _beside(self, uri: str) -> Path:
        folder = self.path.resolve().parent
        target = (folder / uri).resolve()
        if "://" in uri or not target.is_relative_to(folder):
            raise BadGltf(f"{self.path}: the buffer '{uri}' lies outside of the file's folder and is not read.")
        return target


def node_matrices(file: GltfFile) -> Array:
    """Return the local matrices of all nodes as the file has them at rest, [nodes, 4, 4]."""
    matrices = np.tile(np.eye(4), (len(file.items("nodes")), 1, 1))
    for matrix, node in zip(matrices, file.items("nodes"), strict=True):
        if "matrix" in node:
            matrix[:] = np.array(node["matrix"], dtype=np.float64).reshape(4, 4).T
            continue
        x, y, z, w = node.get("rotation", (0.0, 0.0, 0.0, 1.0))
        matrix[:3, :3] = to_matrices(np.array([w, x, y, z])) * np.array(node.get("scale", (1.0, 1.0, 1.0)))
        matrix[:3, 3] = node.get("translation", (0.0, 0.0, 0.0))
    return matrices


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as problem:
        raise UnreadableFile(f"{path} cannot be read: {problem.strerror}.") from problem
