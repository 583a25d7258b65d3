"""A motion as the network sees it: 263 numbers a frame, in the layout of HumanML3D's vector, on any humanoid skeleton.

Layout (Guo et al., CVPR 2022, ``motion_representation.ipynb``): half the yaw turned per frame (1), velocity of the hips
over the floor in the heading's frame (2), height of the hips (1), the 21 other joints' places (63), their rotations as
6D (126), the velocities of all 22 joints (66), contacts of the feet (4: left foot, left toe, right foot, right toe).

What differs from HumanML3D's: lengths are in heights of the resting head, so that no body has to be carried over to a
reference skeleton; rotations are the motion's own, aligned to a T-posed rest, where HumanML3D fits them to positions;
the heading follows hips and shoulders of each frame without smoothing.
"""

import numpy as np
from numpy.typing import NDArray

from ...datasets.body import Motion, Skeleton
from ...datasets.body.alignment import align_rotations
from ...datasets.body.joint_names import BODY_JOINTS, STANDARD_JOINTS
from ...datasets.body.resampling import resample
from ...datasets.intents.bodies import load_body
from ...datasets.rotations import Array, to_matrices
from ...datasets.text_motion.feature_motions import FeatureMotion
from ...datasets.text_motion.to_motion import motion_of
from ..training.places import MIRRORED, about_y, body_places, yaw_of

FPS = 20.0
"""Frames per second of the features, as HumanML3D's."""
LONGEST = 196
"""Most frames; the rest of a longer motion is cut off, as in Guo's loaders."""
WIDTH = 263
GROUPS = (1, 2, 1, 63, 126, 66, 4)
"""Widths of the parts of the vector, in order; one deviation is measured for each, as in HumanML3D's ``Std``."""

_JOINTS = len(BODY_JOINTS)
_STILL = 0.002 / 1.6**2
"""HumanML3D's bound on the squared displacement per frame of a planted foot, in squared heights of a head at 1.6 m."""
_FEET = [BODY_JOINTS.index(name) for name in ("LeftFoot", "LeftToeBase", "RightFoot", "RightToeBase")]
_FLIP = np.array([-1.0, 1.0, 1.0], np.float32)


def motion_features(motion: Motion | FeatureMotion) -> NDArray[np.float32]:
    """Return the features of a motion at 20 frames per second, [frames - 1, 263], at least one row, at most 196.

    Args:
        motion: On any humanoid skeleton in the canonical pose convention (y up, rest facing +z, metres), or of
            HumanML3D: its joints are read, not its features, which are others.

    Raises:
        UnmappedJoints: If the skeleton is no humanoid.
        BadJoints: If it is of KIT-ML.
    """
    if isinstance(motion, FeatureMotion):
        motion = motion_of(motion, _t_posed())
    slower = resample(motion, FPS)
    slower = slower.window(0, min(slower.frame_count, LONGEST + 1))
    places, turned = body_places(slower), _body_rotations(slower)
    if len(places) == 1:  # a still picture: a motion that does not move
        places, turned = places.repeat(2, axis=0), turned.repeat(2, axis=0)
    yaw = yaw_of(places)
    heading = about_y(-yaw[:-1])[:, None]
    moved = (heading @ (places[1:] - places[:-1])[..., None])[..., 0]
    here = places[:-1].copy()
    here[..., [0, 2]] -= places[:-1, :1, [0, 2]]
    here = (heading @ here[..., None])[..., 0]
    still = (moved[:, _FEET] ** 2).sum(axis=-1) < _STILL
    rows = [
        np.diff(yaw)[:, None] / 2, moved[:, 0, [0, 2]], here[:, :1, 1], here[:, 1:].reshape(len(here), -1),
        turned[:-1, 1:, :, :2].swapaxes(-1, -2).reshape(len(here), -1), moved.reshape(len(here), -1), still,
    ]  # fmt: skip
    return np.concatenate(rows, axis=1).astype(np.float32)


def mirrored_features(features: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the features of the motion seen in a mirror: left and right swapped.

    Args:
        features: From ``motion_features``, [..., 263].
    """
    yaw, over_floor, height, places, turned, moved, still = np.split(features, np.cumsum(GROUPS)[:-1], axis=-1)
    lead = features.shape[:-1]
    other = [joint - 1 for joint in MIRRORED[1:]]
    # with M = diag(-1, 1, 1): M R M is the mirrored rotation; its columns are what 6D holds
    flips = np.stack([_FLIP * _FLIP[0], _FLIP * _FLIP[1]])
    rows = [
        -yaw, over_floor * [-1, 1], height,
        (places.reshape(*lead, 21, 3)[..., other, :] * _FLIP).reshape(*lead, -1),
        (turned.reshape(*lead, 21, 2, 3)[..., other, :, :] * flips).reshape(*lead, -1),
        (moved.reshape(*lead, 22, 3)[..., MIRRORED, :] * _FLIP).reshape(*lead, -1),
        still[..., [2, 3, 0, 1]],
    ]  # fmt: skip
    return np.concatenate(rows, axis=-1).astype(np.float32)


def feature_statistics(rows: NDArray[np.float32]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return the mean of each number and the deviation of its group, [263] each.

    Args:
        rows: Features of training, [rows, 263].
    """
    spread, edges = rows.std(axis=0), np.cumsum([0, *GROUPS])
    grouped = [
        np.full(width, spread[start : start + width].mean()) for start, width in zip(edges, GROUPS, strict=False)
    ]
    return rows.mean(axis=0), np.maximum(np.concatenate(grouped), 1e-4).astype(np.float32)


def _body_rotations(motion: Motion) -> Array:
    """Local rotations of the 22 body joints against a T-posed rest, [frames, 22, 3, 3]."""
    reference = _t_posed()
    if motion.skeleton.same_joints(reference):  # the built-in bodies all rest alike
        return to_matrices(motion.local_rotations_wxyz[:, :_JOINTS].astype(np.float64))
    return to_matrices(align_rotations(motion, reference)[:, :_JOINTS].astype(np.float64))


def _t_posed() -> Skeleton:
    skeleton = load_body("average_man").skeleton
    assert skeleton.joint_names == STANDARD_JOINTS
    return skeleton
