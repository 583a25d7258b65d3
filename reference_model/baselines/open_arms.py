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

    Each upper arm is turned a share of the way from where it points to straight sideways, and each forearm the same
    share of the way to a straight elbow: one share for both arms and the whole clip, so that nothing shakes that did
    not. The smallest of 0, 0.1, ..., 1 without penetration is taken; where none is, the one with least of it. A copy
    without penetration stays a copy.
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
    """Return a motion with upper arms turned towards their sides and elbows towards straight.

    With ``u`` the direction of a bone and ``s`` the one it is turned to, both in the axes of the joint above: a
    rotation about ``u x s`` by ``share`` times the angle between them. For an upper arm ``s`` is the body's side at
    rest, for a forearm the direction of the upper arm.

    Args:
        motion: Any motion of a humanoid.
        share: From 0, nothing changes, to 1, the arms are held straight sideways.
    """
    skeleton, rotations = motion.skeleton, motion.local_rotations_wxyz.astype(np.float64)
    joints = require_joints(skeleton)
    for side, sign in _SIDES:
        arm, elbow, hand = (joints[side + name] for name in ("Arm", "ForeArm", "Hand"))
        upper, lower = _rest_direction(skeleton, arm, elbow), _rest_direction(skeleton, elbow, hand)
        outwards = np.array([sign, 0.0, 0.0])
        for joint, at_rest, towards in ((arm, upper, outwards), (elbow, lower, upper)):
            turn = share * _way(to_matrices(rotations[:, joint]) @ at_rest, towards, np.array([0.0, sign, 0.0]))
            rotations[:, joint] = multiply(from_rotation_vectors(turn), rotations[:, joint])
    return Motion(skeleton, rotations.astype(np.float32), motion.root_translation_m, motion.fps)


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


def _way(pointing: Array, towards: Array, otherwise: Array) -> Array:
    """Rotation vectors of the smallest rotations from directions to one, [frames, 3]; opposite ones go ``otherwise``.

    That is the axis of an arm straight across the chest, which so goes round the front.
    """
    axis = np.cross(pointing, towards)
    sine = np.linalg.norm(axis, axis=-1, keepdims=True)
    angle = np.arctan2(sine, (pointing @ towards)[:, None])
    return np.asarray(angle * np.where(sine > 1e-9, axis / np.maximum(sine, 1e-9), otherwise))


def _rest_direction(skeleton: Skeleton, joint: int, child: int) -> Array:
    bone = skeleton.rest_positions_m[child].astype(np.float64) - skeleton.rest_positions_m[joint]
    return np.asarray(bone / max(float(np.linalg.norm(bone)), 1e-9))
