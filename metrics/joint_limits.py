"""Which joint angles no human body reaches.

Angles are taken between the rest directions of bones and world rotations relative to the anatomical parent, so that
they mean the same in any rig and any rest pose (T or A), as long as the character rests upright facing +z. A straight
limb has flexion 0 whatever the rest pose bends. The limits are those of clinical range-of-motion tables (American
Academy of Orthopaedic Surgeons, Joint Motion, 1965; elbow 0 to 150, knee 0 to 135 actively and 160 passively, hip 120
flexion and 30 extension, wrist 80, forearm rotation 80 each way), widened by 10 to 40 degrees: capture, rigs that
share rotations between clavicle and shoulder, and dancers go beyond the table, and only what is plainly broken shall
count.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..datasets.body import Skeleton
from ..datasets.body.joint_names import standard_joints

Floats = NDArray[np.float64]

LIMITS_DEG: dict[str, tuple[float, float]] = {
    "elbow_flexion": (-15, 160),
    "elbow_sideways": (-35, 35),
    "knee_flexion": (-15, 165),
    "knee_sideways": (-30, 30),
    "hip_swing": (0, 150),
    "hip_backwards": (-90, 50),
    "hip_inwards": (-90, 50),
    "hip_twist": (-70, 70),
    "shoulder_backwards": (-90, 80),
    "shoulder_inwards": (-90, 80),
    "shoulder_twist": (-130, 130),
    "forearm_twist": (-120, 120),
    "wrist_bend": (0, 100),
    "ankle": (0, 80),
    "head": (0, 110),
    "trunk": (0, 120),
}
"""Least and greatest angle in degrees; see ``joint_angles_deg`` for what each one is."""

_UP, _FRONT = np.array([0.0, 1.0, 0.0]), np.array([0.0, 0.0, 1.0])


@dataclass(frozen=True, eq=False)
class _Body:
    """World rotations and rest directions, by standard joint name."""

    joints: dict[str, int]
    rotations: Floats
    rest: Floats

    def relative(self, parent: str, child: str) -> Floats:
        """Rotation of a joint seen from another one, [frames, 3, 3]."""
        return np.swapaxes(self.rotations[:, self.joints[parent]], -1, -2) @ self.rotations[:, self.joints[child]]

    def direction(self, start: str, end: str) -> Floats:
        """Unit rest direction between two joints, [3]."""
        bone = self.rest[self.joints[end]] - self.rest[self.joints[start]]
        return np.asarray(bone / max(float(np.linalg.norm(bone)), 1e-9))

    def first(self, *names: str) -> str:
        """The first of the named joints that the skeleton has."""
        return next(name for name in names if name in self.joints)


def joint_limits(skeleton: Skeleton, world_rotations: Floats) -> float:
    """Return the share of joint angles outside ``LIMITS_DEG``, over frames and angles, in percent.

    Args:
        skeleton: A humanoid's skeleton.
        world_rotations: World rotation matrices relative to the rest pose, [frames, joints, 3, 3].
    """
    outside = []
    for name, angles in joint_angles_deg(skeleton, world_rotations):
        low, high = LIMITS_DEG[name]
        outside.append((angles < low) | (angles > high))
    return float(100 * np.mean(outside))


def joint_angles_deg(skeleton: Skeleton, world_rotations: Floats) -> Iterator[tuple[str, Floats]]:
    """Yield the name of a limit and the angle it bounds over time, [frames], once per side where there are two.

    Flexion bends an elbow forwards and a knee backwards; ``sideways`` is the bend out of that plane. ``backwards`` and
    ``inwards`` are how far thigh (seen from the pelvis) and upper arm (from the chest) point behind the body and across
    its middle. Twists turn about the bone; ``swing``, ``bend``, ``ankle``, ``head`` and ``trunk`` are plain angles.
    """
    body = _Body(standard_joints(skeleton), world_rotations, skeleton.rest_positions_m.astype(np.float64))
    chest = body.first("Spine2", "Spine1", "Spine", "Hips")
    yield "head", _angle(body.relative(chest, "Head"))
    yield "trunk", _angle(body.relative("Hips", chest))
    for side, outwards in (("Left", 1.0), ("Right", -1.0)):
        yield from _arm(body, side, chest, outwards)
        yield from _leg(body, side, outwards)


def _arm(body: _Body, side: str, chest: str, outwards: float) -> Iterator[tuple[str, Floats]]:
    arm, forearm, hand = f"{side}Arm", f"{side}ForeArm", f"{side}Hand"
    upper, lower = body.direction(arm, forearm), body.direction(forearm, hand)
    elbow = body.relative(arm, forearm) @ lower
    flexion, sideways = _hinge(elbow, upper, _FRONT)
    yield "elbow_flexion", flexion
    yield "elbow_sideways", sideways
    pointing = body.relative(chest, arm) @ upper
    yield "shoulder_backwards", _degrees_towards(pointing, -_FRONT)
    yield "shoulder_inwards", _degrees_towards(pointing, np.array([-outwards, 0.0, 0.0]))
    yield "shoulder_twist", _twist(body.relative(body.first(f"{side}Shoulder", chest), arm), upper)
    yield "forearm_twist", _twist(body.relative(arm, forearm), lower)
    middle = f"{side}HandMiddle1"
    along = body.direction(hand, middle) if middle in body.joints else lower
    yield "wrist_bend", _between(body.relative(forearm, hand) @ along, along)


def _leg(body: _Body, side: str, outwards: float) -> Iterator[tuple[str, Floats]]:
    thigh, shin, foot = f"{side}UpLeg", f"{side}Leg", f"{side}Foot"
    upper, lower = body.direction(thigh, shin), body.direction(shin, foot)
    flexion, sideways = _hinge(body.relative(thigh, shin) @ lower, upper, -_FRONT)
    yield "knee_flexion", flexion
    yield "knee_sideways", sideways
    hip = body.relative("Hips", thigh)
    pointing = hip @ upper
    yield "hip_swing", _between(pointing, -_UP)
    yield "hip_backwards", _degrees_towards(pointing, -_FRONT)
    yield "hip_inwards", _degrees_towards(pointing, np.array([-outwards, 0.0, 0.0]))
    yield "hip_twist", _twist(hip, upper)
    yield "ankle", _angle(body.relative(shin, foot))


def _hinge(pointing: Floats, straight: Floats, bends_to: Floats) -> tuple[Floats, Floats]:
    """Flexion in the plane of a bone and the direction it bends to, and the angle out of that plane, in degrees."""
    axis = np.cross(straight, bends_to)
    axis = axis / max(float(np.linalg.norm(axis)), 1e-9)
    flexion = np.degrees(np.arctan2(pointing @ np.cross(axis, straight), pointing @ straight))
    return np.asarray(flexion), _degrees_towards(pointing, axis)


def _degrees_towards(pointing: Floats, direction: Floats) -> Floats:
    return np.asarray(np.degrees(np.arcsin(np.clip(pointing @ direction, -1, 1))))


def _between(pointing: Floats, rest: Floats) -> Floats:
    sine = np.linalg.norm(np.cross(pointing, rest), axis=-1)
    return np.asarray(np.degrees(np.arctan2(sine, pointing @ rest)))


def _angle(rotations: Floats) -> Floats:
    cosine = (np.trace(rotations, axis1=-2, axis2=-1) - 1) / 2
    return np.asarray(np.degrees(np.arccos(np.clip(cosine, -1, 1))))


def _twist(rotations: Floats, axis: Floats) -> Floats:
    """Turn about an axis in the swing-twist decomposition, in degrees; the swing is the smallest rotation left."""
    vector = np.stack([rotations[..., 2, 1] - rotations[..., 1, 2], rotations[..., 0, 2] - rotations[..., 2, 0],
                       rotations[..., 1, 0] - rotations[..., 0, 1]], axis=-1)  # fmt: skip
    # tan(twist / 2) = (v . a) / w with v = vector / 4w and w^2 = (1 + trace) / 4, written without the division by w.
    twist = 2 * np.arctan2(vector @ axis, 1 + np.trace(rotations, axis1=-2, axis2=-1))
    return np.asarray(np.degrees(twist))
