"""Bind pose, meshes and the choice of joints of a glTF file."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .canonical import humanoid_joints
from .errors import BadGltf
from .gltf_file import GltfFile
from .rotations import Array

_WEIGHTED = 0.01
"""A joint counts as weighted if some vertex gives it at least this much."""


@dataclass(frozen=True, eq=False)
class MeshPart:
    """A piece of mesh, in world space of the bind pose."""

    vertices_m: Array
    faces: NDArray[np.int64]
    nodes: NDArray[np.int64]
    """Nodes that move each vertex, [vertices, k]."""
    weights: Array
    """[vertices, k], rows sum to 1."""
    is_skinned: bool


def bind_pose(file: GltfFile, local: Array, world: Array) -> Array:
    """Return the world matrices of all nodes in the bind pose, [nodes, 4, 4].

    The bind pose of a joint is the inverse of its inverse bind matrix, in the skin's own space. That space is carried
    to the world by the one transform ``X = N_j B_j^-1`` (node pose times inverse bind matrix) that most joints agree
    on; where the nodes were saved in another pose, the nearest candidate is taken. Nodes without an inverse bind
    matrix keep their local transform below their parent.
    """
    rest = world.copy()
    bound: set[int] = set()
    for skin in file.items("skins"):
        if "inverseBindMatrices" not in skin:
            continue
        joints, inverse = skin["joints"], _inverse_bind(file, skin)
        try:
            bind = np.linalg.inv(inverse)
        except np.linalg.LinAlgError as problem:
            raise BadGltf(f"{file.path}: an inverse bind matrix cannot be inverted.") from problem
        posed = _to_world(file, joints, world, inverse, bind) @ bind
        for joint, matrix in zip(joints, posed, strict=True):
            if joint not in bound:
                rest[joint] = matrix
                bound.add(joint)
    for node in file.node_order:
        parent = file.node_parents[node]
        if parent >= 0 and node not in bound:
            rest[node] = rest[parent] @ local[node]
    return rest


def _to_world(file: GltfFile, joints: Sequence[int], world: Array, inverse: Array, bind: Array) -> Array:
    above = {file.node_parents[j] for j in joints} - set(joints) - {-1}
    candidates = np.concatenate([world[list(joints)] @ inverse, [np.eye(4)], world[sorted(above)]])
    posed = candidates[:, None] @ bind
    size = np.ptp(world[list(joints), :3, 3], axis=0).max() + 1e-9
    misfit = np.abs(posed - world[list(joints)])
    misfit[..., :3, 3] /= size
    scores = np.median(misfit.max(axis=(-1, -2)), axis=1)
    return candidates[int(scores.argmin())]


def _inverse_bind(file: GltfFile, skin: dict[str, Any]) -> Array:
    if "inverseBindMatrices" not in skin:
        return np.tile(np.eye(4), (len(skin["joints"]), 1, 1))
    matrices = file.accessor(skin["inverseBindMatrices"])
    if len(matrices) < len(skin["joints"]):
        raise BadGltf(f"{file.path}: a skin has {len(skin['joints'])} joints but {len(matrices)} bind matrices.")
    return matrices[: len(skin["joints"])]


def mesh_parts(file: GltfFile, rest: Array) -> list[MeshPart]:
    """Return all triangle meshes below the nodes, skinned ones and rigid ones, in the bind pose.

    A rigid mesh is given to its own node with weight 1. Morph targets are left at their base shape.
    """
    parts = []
    for index, node in enumerate(file.items("nodes")):
        if "mesh" not in node:
            continue
        skin = file.items("skins")[node["skin"]] if "skin" in node else None
        for primitive in file.items("meshes")[node["mesh"]]["primitives"]:
            faces = _triangles(file, primitive)
            if "POSITION" not in primitive["attributes"] or not len(faces):
                continue
            vertices = file.accessor(primitive["attributes"]["POSITION"])
            if faces.max() >= len(vertices):
                raise BadGltf(f"{file.path}: a triangle names vertex {faces.max()} of {len(vertices)}.")
            parts.append(
                _rigid(index, vertices, faces, rest)
                if skin is None or "JOINTS_0" not in primitive["attributes"]
                else _skinned(file, skin, primitive["attributes"], (vertices, faces), rest)
            )
    return parts


def _rigid(node: int, vertices: Array, faces: NDArray[np.int64], rest: Array) -> MeshPart:
    moved = vertices @ rest[node, :3, :3].T + rest[node, :3, 3]
    return MeshPart(moved, faces, np.full((len(moved), 1), node), np.ones((len(moved), 1)), is_skinned=False)


def _skinned(
    file: GltfFile, skin: dict[str, Any], attributes: dict[str, int], mesh: tuple[Array, NDArray[np.int64]], rest: Array
) -> MeshPart:
    sets = sorted(int(a.removeprefix("JOINTS_")) for a in attributes if a.startswith("JOINTS_"))
    local = np.concatenate([file.integers(attributes[f"JOINTS_{i}"]) for i in sets], axis=1)
    weights = np.concatenate([file.accessor(attributes[f"WEIGHTS_{i}"]) for i in sets], axis=1)
    joints = np.array(skin["joints"])
    if local.max(initial=0) >= len(joints) or len(local) != len(mesh[0]) or weights.shape != local.shape:
        raise BadGltf(f"{file.path}: skinning weights do not fit the mesh or the skin's {len(joints)} joints.")
    weights = np.maximum(weights, 0.0)
    total = weights.sum(axis=1, keepdims=True)
    weights = np.where(total > 0, weights / np.where(total > 0, total, 1.0), np.eye(1, weights.shape[1]))
    to_rest = rest[joints] @ _inverse_bind(file, skin)
    blended = np.zeros((len(local), 4, 4))
    for k in range(local.shape[1]):
        blended += weights[:, k, None, None] * to_rest[local[:, k]]
    vertices = (blended[:, :3, :3] @ mesh[0][..., None])[..., 0] + blended[:, :3, 3]
    return MeshPart(vertices, mesh[1], joints[local], weights, is_skinned=True)


def _triangles(file: GltfFile, primitive: dict[str, Any]) -> NDArray[np.int64]:
    mode = primitive.get("mode", 4)
    if mode not in {4, 5, 6} or "POSITION" not in primitive["attributes"]:
        return np.zeros((0, 3), dtype=np.int64)
    if "indices" in primitive:
        order = file.integers(primitive["indices"])
    else:
        order = np.arange(len(file.accessor(primitive["attributes"]["POSITION"])))
    if mode == 4:
        return order[: len(order) // 3 * 3].reshape(-1, 3)
    if mode == 5:  # strip: every second triangle is turned round
        faces = np.stack([order[:-2], order[1:-1], order[2:]], axis=1)
        faces[1::2] = faces[1::2, [1, 0, 2]]
        return faces
    return np.stack([np.full(len(order) - 2, order[0]), order[1:-1], order[2:]], axis=1)


@dataclass(frozen=True)
class JointChoice:
    """Which nodes become joints."""

    nodes: tuple[int, ...]
    """Kept nodes, the root first, parents before children."""
    parents: tuple[int, ...]
    """Parent of each kept node as an index into ``nodes``."""
    is_humanoid: bool


def choose_joints(file: GltfFile, parts: Sequence[MeshPart]) -> JointChoice:
    """Choose the joints: from the hips down for a humanoid, else from the lowest joint above all weighted ones.

    Kept are weighted joints, standard joints and all between them and the root. Without a mesh everything below the
    root is kept, because nothing says what is a control joint.

    Raises:
        BadGltf: If there is neither a skin nor an animated node.
    """
    skeleton = _skeleton_nodes(file)
    if not skeleton:
        raise BadGltf(f"{file.path} has no skin and no animation: there is no skeleton in it.")
    ordered = [n for n in file.node_order if n in skeleton]
    weighted = {n for n in weighted_nodes(parts) if n in skeleton}
    standard = {s: ordered[i] for s, i in humanoid_joints([file.node_names[n] for n in ordered]).items()}
    hips = standard.get("Hips", -1)
    is_humanoid = bool(standard) and all(hips in _upwards(file, n) for n in standard.values())
    root = hips if is_humanoid else _common_ancestor(file, weighted or _largest_tree(file, ordered))
    below = [n for n in ordered if root in _upwards(file, n)]
    wanted = [n for n in below if not weighted or n in weighted or n in standard.values()]
    kept = {root}
    for node in wanted:
        chain = _upwards(file, node)
        kept.update(chain[: chain.index(root)])
    nodes = tuple(n for n in file.node_order if n in kept)
    parents = tuple(nodes.index(file.node_parents[n]) if n != root else -1 for n in nodes)
    return JointChoice(nodes, parents, is_humanoid)


def weighted_nodes(parts: Iterable[MeshPart]) -> set[int]:
    """Return the nodes that move some vertex noticeably."""
    return {int(n) for part in parts for n in np.unique(part.nodes[part.weights >= _WEIGHTED])}


def nearest_kept(file: GltfFile, choice: JointChoice) -> NDArray[np.int64]:
    """Return for every node the index of the nearest kept joint at or above it, the root where there is none."""
    index = {node: i for i, node in enumerate(choice.nodes)}
    nearest = np.zeros(len(file.node_parents), dtype=np.int64)
    for node in file.node_order:
        parent = file.node_parents[node]
        nearest[node] = index.get(node, nearest[parent] if parent >= 0 else 0)
    return nearest


def _skeleton_nodes(file: GltfFile) -> set[int]:
    joints = {j for skin in file.items("skins") for j in skin["joints"]}
    if joints:
        return joints
    moved = {c["target"].get("node") for a in file.items("animations") for c in a["channels"]} - {None}
    return {n for n in file.node_order if moved & set(_upwards(file, n))}


def _largest_tree(file: GltfFile, nodes: Sequence[int]) -> set[int]:
    """Of several trees the nodes of the one that has most of them."""
    trees: dict[int, set[int]] = {}
    known = set(nodes)
    for node in nodes:
        top = [n for n in _upwards(file, node) if n in known][-1]
        trees.setdefault(top, set()).add(node)
    return max(trees.values(), key=len)


def _upwards(file: GltfFile, node: int) -> list[int]:
    chain = [node]
    while file.node_parents[chain[-1]] >= 0:
        chain.append(file.node_parents[chain[-1]])
    return chain


def _common_ancestor(file: GltfFile, nodes: Iterable[int]) -> int:
    chains = [_upwards(file, n) for n in sorted(nodes)]
    for candidate in chains[0]:
        if all(candidate in chain for chain in chains):
            return candidate
    raise BadGltf(f"{file.path}: the weighted joints hang below no common node; one skeleton per file can be read.")
