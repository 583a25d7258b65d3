"""Open arms: a control that buys penetration 0 by pushing the elbows out, and shows what that alone is worth."""

import numpy as np
import torch

from ...datasets.body import Character, Motion, Skeleton
from ...datasets.body.joint_names import require_joints
from ...datasets.body.kinematics import SkinTensors
from ...datasets.body.limbs import LimbBody, limb_bodies
from ...datasets.rotations import Array, from_rotation_vectors, multiply, to_matrices
from ...metrics.clip_geometry import CHUNK_FRAMES
from .cards import with_card
from .rotation_copy import retarget as rotation_copy

STEPS = 10
"""The shares that are tried: 0, 1/10, ..., 1."""
_SIDES = (("Left", 1.0), ("Right", -1.0))


@with_card("open-arms", "1", trained_on_metrics=("pen_arm@1", "pen_limb@1"))
def retarget(source: Character, motion: Motion, target: Character, *, seed: int) -> Motion:
    """Push the elbows of a rotation copy outwards until no arm is inside the body, as ``pen_arm`` counts it.

    Each upper arm is turned a share of the way from where it points to straight sideways, forearm and hand with it:
    one share for both arms and the whole clip, so that nothing shakes that did not. The smallest of 0, 0.1, ..., 1
    without penetration is taken; where none is, the one with least of it. A copy without penetration stays a copy.
    What the hands touched is not looked at.

    Args:
        source: The character that performs the motion.
        motion: The motion on the source.
        target: The character that receives it.
        seed: Not used: nothing here is random.
    """
    copied = rotation_copy(source, motion, target, seed=seed)
    arms = [limb for limb in limb_bodies(target) if limb.name.endswith("arm") and len(limb.counted) and len(limb.faces)]
    best, fewest = copied, -1
    for step in range(STEPS + 1):
        tried = opened(copied, step / STEPS)
        count = vertices_inside(target, tried, arms)
        if fewest < 0 or count < fewest:
            best, fewest = tried, count
        if not count:
            break
    return best


def opened(motion: Motion, share: float) -> Motion:
    """Return a motion with each upper arm turned towards its side.

    With ``u`` the direction of the upper arm and ``s`` that of its side, both in the axes of the joint above the upper
    arm: a rotation about ``u x s`` by ``share`` times the angle between them.

    Args:
        motion: Any motion of a humanoid.
        share: From 0, nothing changes, to 1, the upper arms point straight sideways.
    """
    joints, rotations = require_joints(motion.skeleton), motion.local_rotations_wxyz.astype(np.float64)
    for side, sign in _SIDES:
        arm = joints[f"{side}Arm"]
        at_rest = _rest_direction(motion.skeleton, arm, joints[f"{side}ForeArm"])
        pointing = to_matrices(rotations[:, arm]) @ at_rest
        axis = np.cross(pointing, [sign, 0.0, 0.0])
        sine = np.linalg.norm(axis, axis=-1, keepdims=True)
        angle = np.arctan2(sine, sign * pointing[:, :1])
        # straight across the chest every way out is as long: it goes round the front
        axis = np.where(sine > 1e-9, axis / np.maximum(sine, 1e-9), [0.0, sign, 0.0])
        rotations[:, arm] = multiply(from_rotation_vectors(share * angle * axis), rotations[:, arm])
    return Motion(motion.skeleton, rotations.astype(np.float32), motion.root_translation_m, motion.fps)


def vertices_inside(target: Character, motion: Motion, limbs: list[LimbBody]) -> int:
    """Return how many counted limb vertices are inside the rest of the body, over all frames.

    The functions of the metric: ``pen_arm`` is this over all counted vertices of both arms.

    Args:
        target: The character.
        motion: A motion on it.
        limbs: Which of its limbs are looked at.
    """
    body, count = SkinTensors.of(target), 0
    rotations, root = torch.tensor(motion.local_rotations_wxyz), torch.tensor(motion.root_translation_m)
    for start in range(0, motion.frame_count, CHUNK_FRAMES):
        part = slice(start, start + CHUNK_FRAMES)
        vertices = body.vertices_m(body.pose(rotations[part], root[part]))
        for limb in limbs:
            points = vertices[:, torch.from_numpy(limb.counted)]
            count += int(limb.surface.query(limb.vertices_m(vertices), points, reach_m=0.0).inside.sum())
    return count


def _rest_direction(skeleton: Skeleton, joint: int, child: int) -> Array:
    bone = skeleton.rest_positions_m[child].astype(np.float64) - skeleton.rest_positions_m[joint]
    return np.asarray(bone / max(float(np.linalg.norm(bone)), 1e-9))
