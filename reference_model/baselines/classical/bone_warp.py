"""Put one humanoid's rest mesh on another's skeleton, bone by bone: the rough start of the map between two skins.

Vertices follow their bones by their own skinning weights: each bone is turned to the target's rest direction, stretched
along itself to its length and scaled across itself by the ratio of the two limbs' thickness; the head is fitted by its
bounding box. Rigs place spine joints and clavicles by taste: a spine joint takes part only where both rigs have it at
about the same share of the trunk, and bones too short or too differently turned to be the same thing are only scaled.
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from ....datasets.body import Character
from ....datasets.body.joint_names import require_joints
from .rig import FloatArray

_TRUNK = ("Hips", "Spine", "Spine1", "Spine2", "Neck", "Head")
_LIMB_BONES = (
    ("Shoulder", "Arm"), ("Arm", "ForeArm"), ("ForeArm", "Hand"), ("Hand", "HandMiddle1"),
    ("UpLeg", "Leg"), ("Leg", "Foot"), ("Foot", "ToeBase"),
    *((f"Hand{f}{n}", f"Hand{f}{n + 1}") for f in ("Thumb", "Index", "Middle", "Ring", "Pinky") for n in (1, 2)),
)  # fmt: skip
_BONE_END = dict(pairwise(_TRUNK)) | {side + a: side + b for side in ("Left", "Right") for a, b in _LIMB_BONES}

_SAME_SHARE = 0.08
"""Spine joints at shares of the trunk further apart than this are not taken for the same."""
_SHORTEST = 0.02
"""A bone shorter than this, over H, has no direction to speak of."""
_LARGEST_TURN_COSINE = 0.8
_LARGEST_RATIO = 3.0
"""Stretch and thickness ratios stay within this factor of the ratio of heights."""


@dataclass(frozen=True, eq=False)
class _Side:
    """One of the two characters, seen through the joints that both share."""

    character: Character
    joints: dict[str, int]
    bone_of: FloatArray
    """Share of each vertex that follows each shared joint, [vertices, shared]."""

    @classmethod
    def of(cls, character: Character, shared: list[str]) -> "_Side":
        """Take the shared joints of a character."""
        joints = require_joints(character.skeleton)
        column = {joints[name]: shared.index(name) for name in shared}
        owner: list[int] = []
        for joint, parent in enumerate(character.skeleton.parents):
            owner.append(column.get(joint, owner[parent] if parent >= 0 else shared.index("Hips")))
        follows = np.eye(len(shared))[owner]
        return cls(character, joints, character.dense_weights.astype(np.float64) @ follows)

    def position_m(self, name: str) -> FloatArray:
        """Return a joint's rest position."""
        return np.asarray(self.character.skeleton.rest_positions_m[self.joints[name]], dtype=np.float64)

    def vertices_m(self, number: int) -> FloatArray:
        """Vertices that follow one shared joint more than any other."""
        return np.asarray(self.character.rest_vertices_m[self.bone_of.argmax(axis=1) == number], dtype=np.float64)


def on_targets_bones(source: Character, target: Character) -> FloatArray:
    """Return the source's rest vertices moved onto the target's skeleton and size, [source vertices, 3]."""
    shared = _shared_joints(source, target)
    ours, theirs = _Side.of(source, shared), _Side.of(target, shared)
    rest = source.rest_vertices_m.astype(np.float64)
    moved = np.zeros_like(rest)
    for number, name in enumerate(shared):
        linear, start, end = _bone_map(name, number, shared, (ours, theirs))
        moved += ours.bone_of[:, number, None] * ((rest - start) @ linear.T + end)
    return moved


def _shared_joints(source: Character, target: Character) -> list[str]:
    ours, theirs = require_joints(source.skeleton), require_joints(target.skeleton)
    shares = [_trunk_shares(source, ours), _trunk_shares(target, theirs)]
    return [
        name
        for name in ours
        if name in theirs
        and not (name.startswith("Spine") and abs(shares[0][name] - shares[1][name]) > _SAME_SHARE)
    ]  # fmt: skip


def _trunk_shares(character: Character, joints: dict[str, int]) -> dict[str, float]:
    rest = character.skeleton.rest_positions_m.astype(np.float64)
    hips = rest[joints["Hips"]]
    axis = rest[joints["Head"]] - hips
    return {name: float((rest[index] - hips) @ axis / max(float(axis @ axis), 1e-12)) for name, index in joints.items()}


def _bone_map(
    name: str, number: int, shared: list[str], sides: tuple[_Side, _Side]
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return ``M``, ``s``, ``e`` of ``v -> M (v - s) + e`` for what follows one joint."""
    ours, theirs = sides
    overall = theirs.character.height_m / ours.character.height_m
    mine, other = ours.vertices_m(number), theirs.vertices_m(number)
    start, end = ours.position_m(name), theirs.position_m(name)
    if name == "Head" and len(mine) and len(other):
        low, high, low_t, high_t = mine.min(0), mine.max(0), other.min(0), other.max(0)
        return np.diag((high_t - low_t) / np.maximum(high - low, 1e-6)), low, low_t
    following = _BONE_END.get(name)
    while following is not None and following not in shared:
        following = _BONE_END.get(following)
    if following is None:
        return overall * np.eye(3), start, end
    bone, wanted = ours.position_m(following) - start, theirs.position_m(following) - end
    length, wanted_length = float(np.linalg.norm(bone)), float(np.linalg.norm(wanted))
    shortest = min(length / ours.character.height_m, wanted_length / theirs.character.height_m)
    if shortest < _SHORTEST and "Hand" not in name:  # fingers are short, and honestly so
        return overall * np.eye(3), start, end
    if bone @ wanted < _LARGEST_TURN_COSINE * length * wanted_length and "Shoulder" in name:
        return overall * np.eye(3), ours.position_m(following), theirs.position_m(following)
    low_ratio, high_ratio = overall / _LARGEST_RATIO, overall * _LARGEST_RATIO
    across = _thickness(other - end, wanted) / max(_thickness(mine - start, bone), 1e-9) if len(mine) else 0.0
    across = float(np.clip(across, low_ratio, high_ratio)) if across > 0 else overall
    along = float(np.clip(wanted_length / max(length, 1e-9), low_ratio, high_ratio))
    return _turn_and_stretch(bone, wanted, along, across), start, end


def _thickness(vertices: FloatArray, bone: FloatArray) -> float:
    """Root mean square distance of vertices from the axis of a bone; 0 without vertices."""
    if not len(vertices):
        return 0.0
    axis = bone / max(float(np.linalg.norm(bone)), 1e-9)
    across = vertices - (vertices @ axis)[:, None] * axis
    return float(np.sqrt((across**2).sum(axis=1).mean()))


def _turn_and_stretch(bone: FloatArray, wanted: FloatArray, along: float, across: float) -> FloatArray:
    """Turn ``bone`` to ``wanted`` by the smallest rotation; scale by ``along`` on it and by ``across`` beside it."""
    a = bone / max(float(np.linalg.norm(bone)), 1e-9)
    b = wanted / max(float(np.linalg.norm(wanted)), 1e-9)
    v = np.cross(a, b)
    skew = np.array([[0, -v[2], v[1]], [v[2], 0, -v[0]], [-v[1], v[0], 0]])
    turn = np.eye(3) + skew + skew @ skew / max(1.0 + float(a @ b), 1e-6)
    return np.asarray(turn @ (across * np.eye(3) + (along - across) * np.outer(a, a)))
