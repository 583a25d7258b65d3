"""A declared stand-in skin for a skeleton without a mesh, such as motion capture.

Contacts and penetration of a source need a surface. The proxy takes a body that has one and moves it onto the bare
skeleton: each joint of the body goes to the skeleton's joint of the same standard name, each bone is turned to the
skeleton's rest direction and stretched along itself to its length, the trunk as one bone, and the mesh follows by its
own skinning weights.
A number that depends on a proxy is reported apart.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .character import Character
from .joint_names import require_joints
from .skeleton import Skeleton

_BONE_END = {
    side + start: side + end
    for side in ("Left", "Right")
    for start, end in (("UpLeg", "Leg"), ("Leg", "Foot"), ("Foot", "ToeBase"), ("Arm", "ForeArm"), ("ForeArm", "Hand"))
} | {"Neck": "Head"}
_TRUNK = ("Hips", "Spine", "Spine1", "Spine2", "LeftShoulder", "RightShoulder")
"""Joints that move as one bone from the hips to the neck: skeletons disagree on where their spine joints lie, and a
chest stretched between two of them would be no chest."""


@dataclass(frozen=True)
class _BoneMap:
    """How the vertices of one joint of the body move onto the skeleton."""

    linear: NDArray[np.float64]
    start_m: NDArray[np.float64]
    end_m: NDArray[np.float64]


def proxy_skin(skeleton: Skeleton, body: Character, name: str) -> Character:
    """Return a character on ``skeleton`` that wears the stretched mesh of ``body``.

    Args:
        skeleton: A humanoid skeleton in a standing rest pose, any limb directions.
        body: The body that lends its mesh; the choice is part of a data set's declaration.
        name: Name of the new character.

    Raises:
        UnmappedJoints: If the skeleton or the body is no humanoid.
    """
    bare, lent = require_joints(skeleton), require_joints(body.skeleton)
    bare_m, lent_m = skeleton.rest_positions_m.astype(float), body.skeleton.rest_positions_m.astype(float)
    scale = _leg_length(bare, bare_m) / _leg_length(lent, lent_m)
    shared_of = _nearest_shared_joint(body.skeleton, lent, bare)
    maps = {n: _bone_map(n, (lent, lent_m), (bare, bare_m), scale) for n in set(shared_of)}
    vertices = np.zeros((body.vertex_count, 3))
    weights = np.zeros((body.vertex_count, skeleton.joint_count))
    for joint, shared in enumerate(shared_of):
        share = body.dense_weights[:, joint].astype(float)
        moved = (body.rest_vertices_m - maps[shared].start_m) @ maps[shared].linear.T + maps[shared].end_m
        vertices += share[:, None] * moved
        weights[:, bare[shared]] += share
    strongest = np.argsort(-weights, axis=1, kind="stable")[:, :8].astype(np.int32)
    picked = np.take_along_axis(weights, strongest, axis=1).astype(np.float32)
    shares = picked / picked.sum(axis=1, keepdims=True)
    return Character(name, skeleton, vertices.astype(np.float32), body.faces, strongest, shares, body.parts)


def _nearest_shared_joint(body: Skeleton, lent: dict[str, int], bare: dict[str, int]) -> list[str]:
    """For each joint of the body the standard name, its own or an ancestor's, that the bare skeleton has."""
    name_of = {index: name for name, index in lent.items()}
    shared: list[str] = []
    for joint, parent in enumerate(body.parents):
        name = name_of.get(joint, "")
        shared.append(name if name in bare else (shared[parent] if parent >= 0 else "Hips"))
    return shared


def _bone_map(
    name: str,
    lent: tuple[dict[str, int], NDArray[np.float64]],
    bare: tuple[dict[str, int], NDArray[np.float64]],
    scale: float,
) -> _BoneMap:
    """Turn and stretch the bone that starts at a joint; joints without a bone of their own only move and scale."""
    neck = "Neck" if "Neck" in bare[0] and "Neck" in lent[0] else "Head"
    start, end = ("Hips", neck) if name in _TRUNK else (name, _BONE_END.get(name, ""))
    ours, theirs = lent[1][lent[0][start]], bare[1][bare[0][start]]
    if end not in bare[0] or end not in lent[0]:
        return _BoneMap(scale * np.eye(3), ours, theirs)
    linear = _turn_and_stretch(lent[1][lent[0][end]] - ours, bare[1][bare[0][end]] - theirs, scale)
    return _BoneMap(linear, ours, theirs)


def _turn_and_stretch(ours: NDArray[np.float64], theirs: NDArray[np.float64], scale: float) -> NDArray[np.float64]:
    """The map that takes ``ours`` to ``theirs``: smallest rotation, own length along the bone, ``scale`` across."""
    length, wanted = float(np.linalg.norm(ours)), float(np.linalg.norm(theirs))
    if length < 1e-6 or wanted < 1e-6:
        return scale * np.eye(3)
    a, b = ours / length, theirs / wanted
    v, c = np.cross(a, b), float(a @ b)
    k = np.array([[0, -v[2], v[1]], [v[2], 0, -v[0]], [-v[1], v[0], 0]])
    turn = np.eye(3) + k + k @ k / max(1 + c, 1e-6)
    stretch = scale * np.eye(3) + (wanted / length - scale) * np.outer(a, a)
    return np.asarray(turn @ stretch)


def _leg_length(joints: dict[str, int], positions_m: NDArray[np.float64]) -> float:
    hip, knee, foot = (positions_m[joints[f"Left{name}"]] for name in ("UpLeg", "Leg", "Foot"))
    return float(np.linalg.norm(knee - hip) + np.linalg.norm(foot - knee))
