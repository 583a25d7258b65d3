"""Postures: what a style is written in. Directions and small angles that mean the same on every T-posed body.

Everything here is NumPy only. Left and right arms are written alike: directions are (outwards, up, front), so that the
same numbers mirror.
"""

from dataclasses import dataclass, fields
from functools import lru_cache
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.spatial.transform import Rotation

FREE_JOINTS = (
    "Hips", "Spine", "Spine1", "Spine2", "Neck", "Head",
    "LeftShoulder", "LeftArm", "LeftHand", "RightShoulder", "RightArm", "RightHand",
)  # fmt: skip
"""Joints that turn about all three axes. Elbows are a hinge with a twist, legs follow from where the feet stand."""

_SPINE_SHARES = (("Spine", 0.30), ("Spine1", 0.35), ("Spine2", 0.35))
_HEAD_SHARES = (("Neck", 0.4), ("Head", 0.6))
_HAND_TWIST = 0.3
"""Share of a forearm's twist that the wrist takes; the rest is the forearm's own."""

Vec3 = tuple[float, float, float]


@dataclass(frozen=True)
class Arm:
    """Where an arm points, in axes of the chest: (outwards, up, front)."""

    upper: Vec3
    """Direction of the upper arm."""
    fore: Vec3
    """Direction of the forearm; with ``upper`` it spans the plane the elbow bends in."""
    palm: Vec3 | None = None
    """Where the palm faces; ``None``: no twist, thumb on the side the elbow bends to."""
    wrist: tuple[float, float] = (0.0, 0.0)
    """Degrees: flexion towards the palm, deviation towards the little finger."""
    shoulder: tuple[float, float] = (0.0, 0.0)
    """Degrees the collar bone is raised, and brought forward."""


@dataclass(frozen=True)
class Foot:
    """Where the ball of a foot is, from where it rests: in L, the leg length; angles in degrees."""

    out: float = 0.0
    up: float = 0.0
    front: float = 0.0
    toe_out: float = 0.0
    heel_up: float = 0.0
    around: float = 0.0
    """How far the foot's rest place is carried around the body's vertical axis, to this foot's side: a turn to the
    left by 90 degrees is 90 for the left foot and -90 for the right one. Offsets come on top; the toes turn along."""


@dataclass(frozen=True)
class Posture:
    """A reference posture. ``None`` leaves a channel to the keys before and after it."""

    hips: Vec3 | None = None
    """Pitch (forward), yaw (to the left) and roll (to the left) of the pelvis in degrees."""
    spine: Vec3 | None = None
    """The same for the spine as a whole, on top of the pelvis."""
    head: Vec3 | None = None
    """The same for neck and head together."""
    root: Vec3 | None = None
    """Offset of the hips from standing straight, to the left, up, to the front, in L."""
    left_arm: Arm | None = None
    right_arm: Arm | None = None
    left_fingers: tuple[float, float] | None = None
    """Degrees each finger joint, and each thumb joint, is curled."""
    right_fingers: tuple[float, float] | None = None
    left_foot: Foot | None = None
    right_foot: Foot | None = None
    knees: tuple[float, float] | None = None
    """Degrees the left and the right knee are turned outwards."""


CHANNELS = tuple(f.name for f in fields(Posture))


def channel_values(channel: str, value: object) -> NDArray[np.float64]:
    """Return a posture's channel as the numbers that are interpolated over time.

    Arms are 14 numbers: rotations of collar bone, upper arm and hand (three quaternions), flexion and twist of the
    elbow. Everything else is its own numbers in radians and L.
    """
    if isinstance(value, Arm):
        return _arm_values(value, "left" if channel.startswith("left") else "right")
    if isinstance(value, Foot):
        side = 1.0 if channel.startswith("left") else -1.0
        angles = np.radians([side * value.toe_out, value.heel_up, side * value.around])
        return np.array([side * value.out, value.up, value.front, *angles])
    numbers = np.asarray(value, dtype=np.float64)
    return numbers if channel == "root" else np.radians(numbers)


def torso_rotations(values: NDArray[np.float64], part: Literal["hips", "spine", "head"]) -> dict[str, Rotation]:
    """Spread pitch, yaw and roll, [frames, 3] in radians, over the joints of a part."""
    shares: tuple[tuple[str, float], ...] = (("Hips", 1.0),)
    if part == "spine":
        shares = _SPINE_SHARES
    elif part == "head":
        shares = _HEAD_SHARES
    order = values[:, [1, 0, 2]] * np.array([1.0, 1.0, -1.0])
    return {joint: Rotation.from_euler("YXZ", order * share) for joint, share in shares}


@lru_cache(maxsize=4096)
def _arm_values(arm: Arm, side: Literal["left", "right"]) -> NDArray[np.float64]:
    """Work out an arm on the left and mirror it: 3 quaternions wxyz (collar bone, arm, hand), flexion, twist."""
    upper, fore = _unit(arm.upper), _unit(arm.fore)
    flexion = float(np.arccos(np.clip(upper @ fore, -1, 1)))
    bend = fore if flexion > np.radians(8) else _straight_bend(upper)
    hinge = _unit(np.cross(bend, upper))
    turn = Rotation.from_matrix(np.stack([upper, hinge, np.cross(upper, hinge)], axis=1))
    twist = 0.0
    if arm.palm is not None:
        palm = np.asarray(arm.palm, dtype=np.float64)
        palm = _unit(palm - fore * (fore @ palm))
        twist = float(np.arctan2(np.cross(-hinge, palm) @ fore, -hinge @ palm))
    raise_rad, front_rad = np.radians(arm.shoulder)
    collar = Rotation.from_euler("YZ", [-front_rad, raise_rad])
    flex_rad, deviate_rad = np.radians(arm.wrist)
    hand = Rotation.from_euler("XZY", [_HAND_TWIST * twist, -flex_rad, deviate_rad])
    parts = [collar, collar.inv() * turn, hand]
    quaternions = [r.as_quat(canonical=True, scalar_first=True) for r in parts]
    if side == "right":  # mirrored through the midline: the axis' x stays, y and z change sign
        quaternions = [q * np.array([1.0, 1.0, -1.0, -1.0]) for q in quaternions]
    values = np.concatenate([*quaternions, [flexion, (1 - _HAND_TWIST) * twist]])
    values.flags.writeable = False  # it is handed out again and again
    return values


def _straight_bend(upper: NDArray[np.float64]) -> NDArray[np.float64]:
    """Where a straight arm would bend to: forwards, or up when it points forwards."""
    forward = np.array([0.0, 0.0, 1.0])
    return np.array([0.0, 1.0, 0.0]) if abs(upper @ forward) > 0.85 else forward


def _unit(vector: object) -> NDArray[np.float64]:
    array = np.asarray(vector, dtype=np.float64)
    return np.asarray(array / max(float(np.linalg.norm(array)), 1e-9))
