"""Evaluates a GLB file slowly and directly: one accessor item, one node and one time at a time, 4 x 4 matrices.

What the reader says it drops is dropped here too: animated scale everywhere, and animated translation of every joint
that is neither the root nor above it.
"""

import json
import struct

import numpy as np

from .gltf_builder import matrix

FORMATS = {5120: "b", 5121: "B", 5122: "h", 5123: "H", 5125: "I", 5126: "f"}
WIDTHS = {"SCALAR": 1, "VEC2": 2, "VEC3": 3, "VEC4": 4, "MAT4": 16}


class Oracle:
    def __init__(self, path):
        content = path.read_bytes()
        (length,) = struct.unpack_from("<I", content, 12)
        self.json = json.loads(content[20 : 20 + length])
        self.blob = content[28 + length :]
        self.nodes = self.json["nodes"]
        self.names = [n.get("name") for n in self.nodes]
        self.parents = {c: i for i, n in enumerate(self.nodes) for c in n.get("children", [])}

    def values(self, index):
        """An accessor's items as tuples, unpacked one by one."""
        accessor = self.json["accessors"][index]
        view = self.json["bufferViews"][accessor["bufferView"]]
        item = struct.Struct("<" + FORMATS[accessor["componentType"]] * WIDTHS[accessor["type"]])
        start = view.get("byteOffset", 0) + accessor.get("byteOffset", 0)
        step = view.get("byteStride", item.size)
        return [item.unpack_from(self.blob, start + i * step) for i in range(accessor["count"])]

    def tracks(self, name):
        """(node, path) -> times, values, interpolation."""
        animation = next(a for a in self.json["animations"] if a["name"] == name)
        found = {}
        for channel in animation["channels"]:
            sampler, target = animation["samplers"][channel["sampler"]], channel["target"]
            times = [t[0] for t in self.values(sampler["input"])]
            interpolation = sampler.get("interpolation", "LINEAR")
            found[target["node"], target["path"]] = (times, self.values(sampler["output"]), interpolation)
        return found

    def joint_positions(self, name, times, joints, root):
        """Positions of the named joints, [times, joints, 3]."""
        tracks = self.tracks(name)
        nodes = [self.names.index(j) for j in joints]
        above, node = set(), self.names.index(root)
        while node is not None:
            above.add(node)
            node = self.parents.get(node)
        return np.array([[self.world(n, t, tracks, above)[:3, 3] for n in nodes] for t in times])

    def world(self, node, time, tracks, above):
        full = self.local(node, time, tracks, above)
        while (node := self.parents.get(node)) is not None:
            full = self.local(node, time, tracks, above) @ full
        return full

    def local(self, index, time, tracks, above):
        node = self.nodes[index]
        translation, rotation = node.get("translation", [0, 0, 0]), node.get("rotation", [0, 0, 0, 1])
        if (index, "rotation") in tracks:
            rotation = self.sample(*tracks[index, "rotation"], time, is_rotation=True)
        if (index, "translation") in tracks and index in above:
            translation = self.sample(*tracks[index, "translation"], time)
        return matrix(translation, rotation, node.get("scale", [1, 1, 1]))

    @staticmethod
    def sample(times, values, interpolation, time, is_rotation=False):
        if interpolation == "CUBICSPLINE":
            return cubic(times, values, time, is_rotation)
        last = max((i for i, t in enumerate(times) if t <= time + 1e-5), default=0)
        if last == len(times) - 1 or interpolation == "STEP" or time <= times[0]:
            return values[last]
        share = (time - times[last]) / (times[last + 1] - times[last])
        a, b = np.array(values[last], dtype=float), np.array(values[last + 1], dtype=float)
        return turned(a, b, share) if is_rotation else a + share * (b - a)


def turned(a, b, share):
    """Spherical interpolation through the angle between two quaternions, the short way."""
    a, b = a / np.linalg.norm(a), b / np.linalg.norm(b)
    b = -b if a @ b < 0 else b
    angle = 2 * np.arctan2(np.linalg.norm(a - b), np.linalg.norm(a + b))
    if angle < 1e-9:
        return a
    return (np.sin((1 - share) * angle) * a + np.sin(share * angle) * b) / np.sin(angle)


def cubic(times, values, time, is_rotation):
    """The glTF 2.0 specification's appendix C, cubic spline interpolation."""
    last = max((i for i, t in enumerate(times) if t <= time + 1e-5), default=0)
    if last == len(times) - 1:
        result = np.array(values[3 * last + 1], dtype=float)
    else:
        dt = times[last + 1] - times[last]
        t = (time - times[last]) / dt
        v0, b0 = np.array(values[3 * last + 1], dtype=float), np.array(values[3 * last + 2], dtype=float)
        a1, v1 = np.array(values[3 * last + 3], dtype=float), np.array(values[3 * last + 4], dtype=float)
        result = (2 * t**3 - 3 * t**2 + 1) * v0 + dt * (t**3 - 2 * t**2 + t) * b0
        result = result + (-2 * t**3 + 3 * t**2) * v1 + dt * (t**3 - t**2) * a1
    return result / np.linalg.norm(result) if is_rotation else result


def skinned_vertices(oracle, name, time, above_root):
    """All skinned vertices at a time by the definition: sum of weight x joint matrix x inverse bind x vertex."""
    above, node = set(), oracle.names.index(above_root)
    while node is not None:
        above.add(node)
        node = oracle.parents.get(node)
    tracks = oracle.tracks(name) if name else {}
    moved = []
    for node in oracle.nodes:
        if "mesh" not in node or "skin" not in node:
            continue
        skin = oracle.json["skins"][node["skin"]]
        inverse = [np.array(m, dtype=float).reshape(4, 4).T for m in oracle.values(skin["inverseBindMatrices"])]
        joints = [oracle.world(j, time, tracks, above) @ b for j, b in zip(skin["joints"], inverse, strict=True)]
        for primitive in oracle.json["meshes"][node["mesh"]]["primitives"]:
            attributes = primitive["attributes"]
            for i, vertex in enumerate(oracle.values(attributes["POSITION"])):
                total, result = 0.0, np.zeros(4)
                for n in range(2):
                    if f"JOINTS_{n}" not in attributes:
                        continue
                    weights = oracle.values(attributes[f"WEIGHTS_{n}"])[i]
                    for j, w in zip(oracle.values(attributes[f"JOINTS_{n}"])[i], weights, strict=True):
                        result += w * (joints[j] @ [*vertex, 1.0])
                        total += w
                moved.append(result[:3] / total)
    return np.array(moved)
