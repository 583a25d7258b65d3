"""Forward kinematics in NumPy, float64: for what runs in a process that must not wait for torch.

``kinematics`` has the same formula in torch: batched, differentiable, on any device.
"""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from ..rotations import Array, compose, unit_to_matrices
from .motion import Motion


def world_poses(
    parents: Sequence[int], rest_offsets_m: Array, local_rotations_wxyz: Array, root_translation_m: Array
) -> tuple[Array, Array]:
    """Return the world rotations and positions of every joint.

    ``R_j = R_parent L_j`` and ``p_j = p_parent + R_parent o_j``; the root sits at ``root_translation_m``.

    Args:
        parents: Parent of each joint, -1 for the root, parents before children.
        rest_offsets_m: Rest position minus the parent's, [joints, 3]; row 0 is not used.
        local_rotations_wxyz: Unit quaternions relative to the parent, [frames, joints, 4].
        root_translation_m: World position of the root, [frames, 3].

    Returns:
        Rotations relative to the rest orientation, [frames, joints, 3, 3], and positions, [frames, joints, 3].
    """
    local = unit_to_matrices(np.asarray(local_rotations_wxyz, dtype=np.float64))
    offsets = np.asarray(rest_offsets_m, dtype=np.float64)
    rotations, positions = np.empty_like(local), np.empty((*local.shape[:2], 3))
    rotations[:, 0], positions[:, 0] = local[:, 0], root_translation_m
    for joints, above in _levels(tuple(parents)):
        held = rotations[:, above]
        rotations[:, joints] = compose(held, local[:, joints])
        positions[:, joints] = positions[:, above] + (held @ offsets[joints][..., None])[..., 0]
    return rotations, positions


@lru_cache(maxsize=256)
def _levels(parents: tuple[int, ...]) -> tuple[tuple[list[int], list[int]], ...]:
    """Joints and their parents, those equally far below the root together: they can be posed at once."""
    depth = [0]
    for parent in parents[1:]:
        depth.append(depth[parent] + 1)
    levels = [[joint for joint, deep in enumerate(depth) if deep == level] for level in range(1, max(depth) + 1)]
    return tuple((joints, [parents[joint] for joint in joints]) for joints in levels)


def motion_poses(motion: Motion) -> tuple[Array, Array]:
    """Return the world rotations, [frames, joints, 3, 3], and positions, [frames, joints, 3], of a motion's joints."""
    skeleton = motion.skeleton
    return world_poses(
        skeleton.parents, skeleton.rest_offsets_m, motion.local_rotations_wxyz, motion.root_translation_m
    )
