"""Builds glTF files by hand, independent of the package's writer: every awkward thing a file may contain."""

import base64
import json
import struct

import numpy as np

COMPONENT = {"int8": 5120, "uint8": 5121, "int16": 5122, "uint16": 5123, "uint32": 5125, "float32": 5126}


class Builder:
    def __init__(self):
        self.json = {"asset": {"version": "2.0"}, "nodes": [], "accessors": [], "bufferViews": [], "buffers": []}
        self.binary = b""

    def node(self, name, parent=None, **fields):
        self.json["nodes"].append({"name": name, **fields})
        index = len(self.json["nodes"]) - 1
        if parent is not None:
            self.json["nodes"][parent].setdefault("children", []).append(index)
        return index

    def accessor(self, values, kind, dtype="float32", normalized=False):
        data = np.ascontiguousarray(np.asarray(values, dtype=dtype)).tobytes()
        self.json["bufferViews"].append({"buffer": 0, "byteOffset": len(self.binary), "byteLength": len(data)})
        self.binary += data + b"\0" * (-len(data) % 4)
        entry = {"bufferView": len(self.json["bufferViews"]) - 1, "componentType": COMPONENT[dtype], "type": kind}
        entry["count"] = len(values)
        if normalized:
            entry["normalized"] = True
        self.json["accessors"].append(entry)
        return len(self.json["accessors"]) - 1

    def skin(self, joints, inverse_bind=None):
        entry = {"joints": list(joints)}
        if inverse_bind is not None:
            columns = np.swapaxes(np.asarray(inverse_bind), 1, 2).reshape(-1, 16)
            entry["inverseBindMatrices"] = self.accessor(columns, "MAT4")
        self.json.setdefault("skins", []).append(entry)
        return len(self.json["skins"]) - 1

    def mesh(self, attributes, indices=None, mode=None):
        primitive = {"attributes": attributes}
        if indices is not None:
            primitive["indices"] = self.accessor(np.asarray(indices).reshape(-1, 1), "SCALAR", "uint16")
        if mode is not None:
            primitive["mode"] = mode
        self.json.setdefault("meshes", []).append({"primitives": [primitive]})
        return len(self.json["meshes"]) - 1

    def animation(self, name, tracks):
        """``tracks``: (node, path, times, values, interpolation)."""
        entry = {"name": name, "channels": [], "samplers": []}
        for node, path, times, values, interpolation in tracks:
            kind = "VEC4" if path == "rotation" else "VEC3"
            clock = self.accessor(np.asarray(times).reshape(-1, 1), "SCALAR")
            output = values if isinstance(values, int) else self.accessor(values, kind)
            entry["samplers"].append({"input": clock, "output": output, "interpolation": interpolation})
            target = {"node": node, "path": path}
            entry["channels"].append({"sampler": len(entry["samplers"]) - 1, "target": target})
        self.json.setdefault("animations", []).append(entry)

    def write_glb(self, path):
        self.json["buffers"] = [{"byteLength": len(self.binary)}]
        text = json.dumps(self.json).encode()
        text += b" " * (-len(text) % 4)
        body = struct.pack("<I4s", len(text), b"JSON") + text + struct.pack("<I4s", len(self.binary), b"BIN\0")
        body += self.binary
        path.write_bytes(struct.pack("<4sII", b"glTF", 2, 12 + len(body)) + body)
        return path

    def write_gltf(self, path, embedded=False):
        buffer = {"byteLength": len(self.binary)}
        if embedded:
            buffer["uri"] = "data:application/octet-stream;base64," + base64.b64encode(self.binary).decode()
        else:
            buffer["uri"] = "the%20buffer.bin"
            (path.parent / "the buffer.bin").write_bytes(self.binary)
        self.json["buffers"] = [buffer]
        path.write_text(json.dumps(self.json))
        return path


def turn_xyzw(axis, degrees):
    axis = np.asarray(axis, dtype=float) / np.linalg.norm(axis)
    half = np.deg2rad(degrees) / 2
    return [*(np.sin(half) * axis), np.cos(half)]


def matrix(translation=(0, 0, 0), rotation_xyzw=(0, 0, 0, 1), scale=(1, 1, 1)):
    """A transform matrix, written out from the definition v' = v + 2 w (u x v) + 2 u x (u x v)."""
    u, w = np.asarray(rotation_xyzw[:3], dtype=float), float(rotation_xyzw[3])
    full = np.eye(4)
    for column, v in enumerate(np.eye(3)):
        full[:3, column] = (v + 2 * w * np.cross(u, v) + 2 * np.cross(u, np.cross(u, v))) * scale[column]
    full[:3, 3] = translation
    return full
