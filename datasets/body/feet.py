"""Feet: where they are, how fast they slide, and when a motion has them planted."""

import numpy as np
from numpy.typing import NDArray

from .character import Character
from .joint_names import require_joints, standard_joints
from .kinematics import motion_pose
from .motion import Motion
from .skeleton import Skeleton

Floats = NDArray[np.floating]

SIDES = ("Left", "Right")

_PLANTED_HEIGHT = 0.08  # over leg length, above the foot's own lowest level; a heel rises this far on planted toes
_PLANTED_SPEED = 0.3  # leg lengths per second
_SHORTEST_PLANT_S = 0.1


def leg_length_m(skeleton: Skeleton) -> float:
    """Return thigh plus shin, averaged over both sides."""
    joints = require_joints(skeleton)
    places = skeleton.rest_positions_m.astype(np.float64)
    lengths = [
        np.linalg.norm(places[joints[f"{side}{a}"]] - places[joints[f"{side}{b}"]])
        for side in SIDES
        for a, b in (("UpLeg", "Leg"), ("Leg", "Foot"))
    ]
    return float(np.sum(lengths) / 2)


def foot_points_m(skeleton: Skeleton, positions_m: Floats) -> Floats:
    """Return ankle and toe-base positions of both feet, [frames, 2 sides, 2 points, 3].

    A rig without toe bases gives its ankle twice.
    """
    joints = standard_joints(skeleton)
    rows = [[joints[f"{side}Foot"], joints.get(f"{side}ToeBase", joints[f"{side}Foot"])] for side in SIDES]
    return np.asarray(positions_m[:, np.array(rows)])


def slide_speed(foot_points: Floats, fps: float) -> Floats:
    """Return how fast each foot slides in every step, in metres per second, [frames - 1, 2].

    Of ankle and toe base the slower one counts: a foot that rolls over its toes or its heel does not slide.
    """
    steps = np.diff(foot_points[..., (0, 2)], axis=0) * fps
    return np.asarray(np.linalg.norm(steps, axis=-1).min(axis=-1))


def planted_from_source(character: Character, motion: Motion) -> NDArray[np.bool_]:
    """Return when each foot of a source motion is planted, [frames, 2].

    Planted: ankle or toe base within 8 % of the leg length of its own lowest level in the clip (its 2nd percentile, so
    that a floor above or below y = 0 does not matter) while the foot slides slower than 0.3 leg lengths per second, in
    runs of at least 0.1 s. A clip of one frame judges by height alone.
    """
    positions = motion_pose(motion, character.skeleton).positions_m.numpy().astype(np.float64)
    feet = foot_points_m(character.skeleton, positions)
    leg = leg_length_m(character.skeleton)
    height = feet[..., 1]
    level = np.percentile(height, 2, axis=0).min(axis=0)  # both sides stand on one floor
    planted = ((height - level) <= _PLANTED_HEIGHT * leg).any(axis=-1)
    if motion.frame_count > 1:
        speed = slide_speed(feet, motion.fps)
        around = np.minimum(np.concatenate([speed[:1], speed]), np.concatenate([speed, speed[-1:]]))
        planted &= around < _PLANTED_SPEED * leg
    shortest = min(int(np.ceil(_SHORTEST_PLANT_S * motion.fps)), motion.frame_count)
    for side in range(2):
        edges = np.flatnonzero(np.diff(np.concatenate([[False], planted[:, side], [False]]).astype(np.int8)))
        for start, stop in edges.reshape(-1, 2):
            if stop - start < shortest:
                planted[start:stop, side] = False
    return np.asarray(planted)
