"""Bind pose and meshes of a glTF file."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..rotations import Array
from .errors import BadGltf
from .gltf_file import GltfFile
from .scene import MeshPart

_SAME = 1e-3
"""Matrices that differ by less, relative to their size, are the same pose."""


def bind_pose(file: GltfFile, local: Array, world: Array) -> Array:
    """Return the world matrices of all nodes in the bind pose, [nodes, 4, 4].

    The bind pose of a joint is the inverse of its inverse bind matrix, in the skin's own space. What carries that
    space to the world is nowhere stated: it is the identity or the world matrix of a node right above the skeleton,
    whichever puts more joints where their nodes were saved. If neither puts any there, but nearly all joints agree on
    another transform ``N_j B_j^-1``, that one is taken. Nodes without an inverse bind matrix keep their local
    transform below their parent.
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
    for node in file.tree.order:
        parent = file.tree.parents[node]
        if parent >= 0 and node not in bound:
            rest[node] = rest[parent] @ local[node]
    return rest


def _to_world(file: GltfFile, joints: Sequence[int], world: Array, inverse: Array, bind: Array) -> Array:
    """Return ``X``: of the likely ones the one that fits most joints, unless all joints agree on another."""
    above = {file.tree.parents[j] for j in joints} - set(joints) - {-1}
    likely = np.concatenate([[np.eye(4)], world[sorted(above)]])
    misfit = _misfit(likely, world[list(joints)], bind)
    fits = (misfit < _SAME).sum(axis=1)
    if not fits.any():
        own = world[list(joints)] @ inverse
        agreed = (_misfit(own, world[list(joints)], bind) < _SAME).sum(axis=1)
        if agreed.max() > 0.9 * len(joints):
            return own[int(agreed.argmax())]
    best = np.lexsort((np.median(misfit, axis=1), -fits))
    return likely[int(best[0])]


def _misfit(candidates: Array, posed: Array, bind: Array) -> Array:
    """Largest difference between a joint's posed matrix and ``X`` times its bind matrix, [candidates, joints].

    Translations count relative to the skeleton's size, the rest relative to the posed matrix's own scale.
    """
    away = np.abs(candidates[:, None] @ bind - posed)
    size = max(float(np.ptp(posed[:, :3, 3], axis=0).max()), 1e-9)
    scale = max(float(np.abs(posed[:, :3, :3]).max()), 1e-9)
    return np.maximum(away[..., :3, 3].max(axis=-1) / size, away[..., :3, :3].max(axis=(-1, -2)) / scale)


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
