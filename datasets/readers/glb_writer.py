"""GLB writer: one skinned character, or a bare skeleton, with its motions."""

import json
import struct
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..body import Character, Motion, Skeleton
from ..errors import BenchError
from ..files import write_atomically
from ..rotations import Array, conjugate, multiply, to_matrices

_INFLUENCES = 4
_ARRAY_BUFFER, _ELEMENT_BUFFER = 34962, 34963


class OtherSkeleton(BenchError):
    """A motion whose joints are not those of the character that it should be written with."""

    rule = "R008"


def write_glb(path: str | Path, character: Character | Skeleton, motions: Mapping[str, Motion] | None = None) -> None:
    """Write a character and any number of motions as a GLB file that three.js and Blender read.

    Node rest rotations are ``Skeleton.source_rest_rotations_wxyz`` where the skeleton has them (a file then keeps its
    joint axes), else identity. Every joint gets a rotation track with a key per frame, the root a translation track
    too; ``extras.fps`` of the animation holds the exact frame rate. Of each vertex's weights the 4 largest are kept
    and normalised.

    Args:
        path: The file to write; it is replaced as a whole.
        character: The character; a bare skeleton is written without mesh.
        motions: Motions on that skeleton by name.

    Raises:
        OtherSkeleton: If a motion has other joints.
    """
    skeleton = character if isinstance(character, Skeleton) else character.skeleton
    document = _Document()
    axes = skeleton.source_rest_rotations_wxyz
    rest = np.tile([1.0, 0.0, 0.0, 0.0], (skeleton.joint_count, 1)) if axes is None else axes.astype(np.float64)
    document.add_joints(skeleton, rest)
    if isinstance(character, Character):
        document.add_mesh(character)
    for name, motion in (motions or {}).items():
        if not motion.skeleton.same_joints(skeleton):
            raise OtherSkeleton(
                f"motion '{name}' has {motion.skeleton.joint_count} joints that are not the {skeleton.joint_count} of "
                f"the character; retarget or reorder it first."
            )
        document.add_motion(name, motion, rest)
    write_atomically(path, document.glb())


class _Document:
    """A glTF document under construction; node i is joint i."""

    def __init__(self) -> None:
        self.json: dict[str, Any] = {"asset": {"version": "2.0", "generator": "retargetbench"}, "scene": 0}
        self.json |= {"nodes": [], "accessors": [], "bufferViews": []}
        self.binary = bytearray()

    def add_joints(self, skeleton: Skeleton, rest_wxyz: Array) -> None:
        """Add the joints as nodes and the skin with its inverse bind matrices."""
        matrices = to_matrices(rest_wxyz)
        for joint, parent in enumerate(skeleton.parents):
            offset, rotation = skeleton.rest_offsets_m[joint].astype(np.float64), rest_wxyz[joint]
            if parent >= 0:
                offset = matrices[parent].T @ offset
                rotation = multiply(conjugate(rest_wxyz[parent]), rotation)
            node = {"name": skeleton.joint_names[joint], "translation": offset.tolist(), "rotation": _xyzw(rotation)}
            if skeleton.children[joint]:
                node["children"] = list(skeleton.children[joint])
            self.json["nodes"].append(node)
        inverse = np.tile(np.eye(4), (skeleton.joint_count, 1, 1))
        inverse[:, :3, :3] = np.swapaxes(matrices, 1, 2)
        positions = skeleton.rest_positions_m.astype(np.float64)
        inverse[:, :3, 3] = -(inverse[:, :3, :3] @ positions[..., None])[..., 0]
        columns = np.swapaxes(inverse, 1, 2).reshape(-1, 16).astype("<f4")
        skin = {"joints": list(range(skeleton.joint_count)), "skeleton": 0}
        self.json["skins"] = [skin | {"inverseBindMatrices": self._accessor(columns, "MAT4")}]
        self.json["scenes"] = [{"nodes": [0]}]

    def add_mesh(self, character: Character) -> None:
        """Add the skinned mesh as a node beside the root joint."""
        joints, weights = _strongest(character)
        small = "<u1" if character.skeleton.joint_count <= 256 else "<u2"
        vertices = character.rest_vertices_m.astype("<f4")
        normals = _vertex_normals(vertices.astype(np.float64), character.faces).astype("<f4")
        attributes = {
            "POSITION": self._accessor(vertices, "VEC3", target=_ARRAY_BUFFER, bounds=True),
            "NORMAL": self._accessor(normals, "VEC3", target=_ARRAY_BUFFER),
            "JOINTS_0": self._accessor(joints.astype(small), "VEC4", target=_ARRAY_BUFFER),
            "WEIGHTS_0": self._accessor(weights.astype("<f4"), "VEC4", target=_ARRAY_BUFFER),
        }
        wide = "<u2" if character.vertex_count <= 65535 else "<u4"
        indices = self._accessor(character.faces.reshape(-1, 1).astype(wide), "SCALAR", target=_ELEMENT_BUFFER)
        material = {"name": "skin", "pbrMetallicRoughness": {"metallicFactor": 0.0, "roughnessFactor": 0.9}}
        self.json["materials"] = [material]
        primitive = {"attributes": attributes, "indices": indices, "material": 0}
        self.json["meshes"] = [{"name": character.name, "primitives": [primitive]}]
        self.json["scenes"][0]["nodes"].append(len(self.json["nodes"]))
        self.json["nodes"].append({"name": f"{character.name} mesh", "mesh": 0, "skin": 0})

    def add_motion(self, name: str, motion: Motion, rest_wxyz: Array) -> None:
        """Add an animation: a rotation per joint, and the root's translation."""
        times = (np.arange(motion.frame_count) / motion.fps).astype("<f4")[:, None]
        clock = self._accessor(times, "SCALAR", bounds=True)
        parents = np.array(motion.skeleton.parents)
        before = conjugate(np.where(parents[:, None] >= 0, rest_wxyz[parents], [1.0, 0.0, 0.0, 0.0]))
        local = multiply(multiply(before, motion.local_rotations_wxyz.astype(np.float64)), rest_wxyz)
        _make_continuous(local)
        outputs = [(joint, "rotation", local[:, joint][:, [1, 2, 3, 0]]) for joint in range(len(parents))]
        outputs.append((0, "translation", motion.root_translation_m))
        channels, samplers = [], []
        for node, path, values in outputs:
            kind = "VEC4" if path == "rotation" else "VEC3"
            samplers.append({"input": clock, "output": self._accessor(values.astype("<f4"), kind)})
            channels.append({"sampler": len(samplers) - 1, "target": {"node": node, "path": path}})
        animation = {"name": name, "channels": channels, "samplers": samplers, "extras": {"fps": motion.fps}}
        self.json.setdefault("animations", []).append(animation)

    def glb(self) -> bytes:
        """Return the finished file."""
        self.json["buffers"] = [{"byteLength": len(self.binary)}]
        text = json.dumps(self.json, separators=(",", ":"), allow_nan=False).encode()
        text += b" " * (-len(text) % 4)
        body = struct.pack("<I4s", len(text), b"JSON") + text
        body += struct.pack("<I4s", len(self.binary), b"BIN\0") + bytes(self.binary)
        return struct.pack("<4sII", b"glTF", 2, 12 + len(body)) + body

    def _accessor(self, values: NDArray[Any], kind: str, *, target: int | None = None, bounds: bool = False) -> int:
        data = np.ascontiguousarray(values).tobytes()
        view: dict[str, Any] = {"buffer": 0, "byteOffset": len(self.binary), "byteLength": len(data)}
        if target is not None:
            view["target"] = target
        self.binary += data + b"\0" * (-len(data) % 4)
        self.json["bufferViews"].append(view)
        component = {"u1": 5121, "u2": 5123, "u4": 5125, "f4": 5126}[values.dtype.str[1:]]
        accessor = {"bufferView": len(self.json["bufferViews"]) - 1, "componentType": component, "type": kind}
        accessor["count"] = len(values)
        if bounds:
            accessor |= {"min": values.min(axis=0).tolist(), "max": values.max(axis=0).tolist()}
        self.json["accessors"].append(accessor)
        return len(self.json["accessors"]) - 1


def _xyzw(quaternion_wxyz: Array) -> list[float]:
    unit = quaternion_wxyz / np.linalg.norm(quaternion_wxyz)
    return [float(unit[i]) for i in (1, 2, 3, 0)]


def _make_continuous(quaternions: Array) -> None:
    """Flip signs in place so that neighbouring frames lie on the same half sphere."""
    dots = (quaternions[1:] * quaternions[:-1]).sum(axis=-1)
    quaternions[1:] *= np.cumprod(np.where(dots < 0, -1.0, 1.0), axis=0)[..., None]


def _strongest(character: Character) -> tuple[NDArray[np.int64], Array]:
    """Return the 4 largest influences of every vertex, normalised; unused slots are joint 0 with weight 0."""
    joints, weights = character.joint_indices.astype(np.int64), character.weights.astype(np.float64)
    if joints.shape[1] < _INFLUENCES:
        missing = ((0, 0), (0, _INFLUENCES - joints.shape[1]))
        joints, weights = np.pad(joints, missing), np.pad(weights, missing)
    order = np.argsort(-weights, axis=1, kind="stable")[:, :_INFLUENCES]
    joints, weights = np.take_along_axis(joints, order, axis=1), np.take_along_axis(weights, order, axis=1)
    return np.where(weights > 0, joints, 0), weights / weights.sum(axis=1, keepdims=True)


def _vertex_normals(vertices: Array, faces: NDArray[np.int32]) -> Array:
    corners = vertices[faces]
    areas = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    normals = np.zeros_like(vertices)
    for corner in range(3):
        np.add.at(normals, faces[:, corner], areas)
    lengths = np.linalg.norm(normals, axis=1, keepdims=True)
    return np.where(lengths > 1e-20, normals / np.maximum(lengths, 1e-20), [0.0, 1.0, 0.0])
