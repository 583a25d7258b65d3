"""A motion as numbers for the network and back: 6D rotations of the 22 body joints, and the path of the hips.

**Where this differs from the release.** There: 24 rotations (two finger joints in place of the hands) and a row that is
named translation but was computed without the root's path, so that only motion in place is modelled; the global
orientation is overwritten when a motion is generated. Here: 22 rotations, fingers at rest, and three more numbers per
frame, the hips' path in leg lengths. The heading of a window's first frame is turned away, so that every window begins
at the origin facing +z and what it does from there on, turns included, is kept.
"""

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from ...datasets.body import Character, Motion, Skeleton
from ...datasets.body.alignment import align_rotations
from ...datasets.body.joint_names import BODY_JOINTS, require_joints
from ...datasets.body.kinematics import matrices_to_quaternions
from ...datasets.body.resampling import resample
from ...datasets.body.rotation_6d import from_six
from ...datasets.rotations import compose, to_matrices
from ..baselines.root_path import hips_path_m
from ..training.places import MIRRORED

Floats = NDArray[np.floating]

JOINTS = len(BODY_JOINTS)
FEATURES = 6 * JOINTS + 3
"""Numbers per frame: the 6D rotations joint by joint, then x, y, z of the hips."""
FPS = 30.0
_FLIPPED = np.array([1, -1, -1, -1, 1, 1], dtype=np.float32)
"""With M = diag(-1, 1, 1), M R M is the mirrored rotation: what becomes of the first two columns of R."""
_UPRIGHT = 0.1
"""Least horizontal share of the hips' left axis that still says where a body faces."""


def leg_length_m(skeleton: Skeleton) -> float:
    """Return what a body's path is measured in: the hips' height above the ground, at rest."""
    return max(float(skeleton.rest_positions_m[require_joints(skeleton)["Hips"], 1]), 1e-3)


def scaled_path(hips_m: Floats, leg_m: float) -> Floats:
    """Return the hips' path in leg lengths, [frames, 3]: height 0 is standing upright, whatever the body."""
    return np.asarray(hips_m / leg_m - np.array([0.0, 1.0, 0.0]))


def window_features(rotations_wxyz: Floats, path: Floats) -> NDArray[np.float32]:
    """Return windows as the network sees them, float32 [windows, frames, 135].

    Args:
        rotations_wxyz: Local rotations of the 22 body joints on a body that rests in the canonical T-pose,
            [windows, frames, 22, 4].
        path: Of the hips in leg lengths, from ``scaled_path``, [windows, frames, 3].
    """
    matrices = to_matrices(rotations_wxyz.astype(np.float64))
    turn = _turn_back(matrices[:, 0, 0])
    matrices[:, :, 0] = compose(turn[:, None], matrices[:, :, 0])
    moved = path.astype(np.float64).copy()
    moved[..., [0, 2]] -= moved[:, :1, [0, 2]]
    moved = np.einsum("nij,nfj->nfi", turn, moved)
    six = np.swapaxes(matrices[..., :2], -1, -2).reshape(*matrices.shape[:3], 6)
    return np.concatenate([six.reshape(*six.shape[:2], -1), moved], axis=-1).astype(np.float32)


def motion_windows(motion: Motion, standard: Skeleton, frames: int) -> NDArray[np.float32]:
    """Return any humanoid's motion as overlapping windows from its first to its last frame, [windows, frames, 135].

    Half of each window is the next one's too. A motion that is shorter than a window holds its last pose.

    Args:
        motion: The motion; it is taken at 30 frames per second.
        standard: The standard body's joints, whose rest pose the rotations are brought to.
        frames: Length of a window.

    Raises:
        UnmappedJoints: If the skeleton is no humanoid.
    """
    sampled = resample(motion, FPS)
    rotations = align_rotations(sampled, standard)[:, :JOINTS]
    path = scaled_path(hips_path_m(sampled), leg_length_m(motion.skeleton))
    stride, latest = max(frames // 2, 1), max(sampled.frame_count - frames, 0)
    begins = np.minimum(stride * np.arange(-(-latest // stride) + 1), latest)
    at = np.minimum(begins[:, None] + np.arange(frames), sampled.frame_count - 1)
    return window_features(rotations[at], path[at])


def mirrored_features(features: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return what a mirror shows, left and right exchanged, [..., 135] -> [..., 135]."""
    six = features[..., :-3].reshape(*features.shape[:-1], JOINTS, 6)[..., MIRRORED, :] * _FLIPPED
    path = features[..., -3:] * np.array([-1, 1, 1], dtype=np.float32)
    return np.concatenate([six.reshape(*features.shape[:-1], -1), path], axis=-1)


def motion_of(features: Tensor, body: Character) -> Motion:
    """Return features as a motion of a body with the standard joints: fingers at rest, its path in its own legs.

    Args:
        features: [frames, 135].
        body: A built-in body.
    """
    leg = leg_length_m(body.skeleton)
    six, path = features[:, :-3].detach().cpu().double(), features[:, -3:].detach().cpu().double().numpy()
    rotations = np.zeros((len(features), body.skeleton.joint_count, 4))
    rotations[..., 0] = 1.0
    rotations[:, :JOINTS] = matrices_to_quaternions(from_six(six.unflatten(-1, (JOINTS, 6)))).numpy()
    root = (path + np.array([0.0, 1.0, 0.0])) * leg
    return Motion(body.skeleton, rotations.astype(np.float32), root.astype(np.float32), FPS)


def matrices_of(features: Tensor) -> Tensor:
    """Return the rotations of features as matrices, differentiable, [..., 135] -> [..., 22, 3, 3]."""
    return from_six(features[..., :-3].unflatten(-1, (JOINTS, 6)))


def _turn_back(hips: Floats) -> Floats:
    """Rotations about the vertical that make hips [n, 3, 3] face +z; +x is a body's left."""
    left, front = hips[:, :, 0], hips[:, :, 2]
    across = np.stack([-left[:, 2], left[:, 0]], axis=-1)  # left x up, its x and z
    lying = np.linalg.norm(across, axis=-1) < _UPRIGHT
    facing = np.where(lying[:, None], front[:, [0, 2]], across)
    angle = -np.arctan2(facing[:, 0], facing[:, 1])
    turn = np.zeros((len(hips), 3, 3))
    turn[:, 0, 0] = turn[:, 2, 2] = np.cos(angle)
    turn[:, 0, 2], turn[:, 2, 0] = np.sin(angle), -np.sin(angle)
    turn[:, 1, 1] = 1.0
    return turn
