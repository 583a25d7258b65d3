"""Forward kinematics and linear blend skinning: batched, differentiable, on any device and dtype.

All functions are pure: tensors in, tensors out. Leading batch axes (clips, characters, frames) broadcast.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import roma
import torch
from torch import Tensor

from .character import Character
from .motion import Motion
from .skeleton import Skeleton


@dataclass(frozen=True)
class Pose:
    """World pose of all joints."""

    rotations: Tensor
    """World rotation of each joint relative to its rest orientation, matrices, [..., joints, 3, 3]."""
    positions_m: Tensor
    """World positions of the joints, [..., joints, 3]."""


def quaternions_to_matrices(quaternions_wxyz: Tensor) -> Tensor:
    """Return rotation matrices of unit quaternions, [..., 4] wxyz -> [..., 3, 3]."""
    return roma.unitquat_to_rotmat(roma.quat_wxyz_to_xyzw(quaternions_wxyz))


def matrices_to_quaternions(matrices: Tensor) -> Tensor:
    """Return unit quaternions (wxyz, w >= 0) of rotation matrices, [..., 3, 3] -> [..., 4]."""
    quaternions = roma.quat_xyzw_to_wxyz(roma.rotmat_to_unitquat(matrices))
    return torch.where(quaternions[..., :1] < 0, -quaternions, quaternions)


def multiply_quaternions(left_wxyz: Tensor, right_wxyz: Tensor) -> Tensor:
    """Return the Hamilton product: first ``right``, then ``left``, [..., 4] each."""
    product = roma.quat_product(roma.quat_wxyz_to_xyzw(left_wxyz), roma.quat_wxyz_to_xyzw(right_wxyz))
    return roma.quat_xyzw_to_wxyz(product)


def forward_kinematics(
    parents: Sequence[int], rest_offsets_m: Tensor, local_rotations: Tensor, root_translation_m: Tensor
) -> Pose:
    """Return the world pose of every joint.

    ``R_j = R_parent L_j`` and ``p_j = p_parent + R_parent o_j``; the root sits at ``root_translation_m``.

    Args:
        parents: Parent of each joint, -1 for the root, parents before children.
        rest_offsets_m: Rest position minus the parent's, [..., joints, 3]; row 0 is not used.
        local_rotations: Unit quaternions wxyz [..., joints, 4] or matrices [..., joints, 3, 3], relative to the parent.
        root_translation_m: World position of the root, [..., 3].
    """
    # A plain loop over joints beats level-parallel scatter on the CPU and keeps autograd simple.
    local = local_rotations if local_rotations.shape[-1] == 3 else quaternions_to_matrices(local_rotations)
    # NumPy's function: torch's own imports a symbolic algebra package at its first call (0.6 s in every process)
    batch = np.broadcast_shapes(local.shape[:-3], root_translation_m.shape[:-1], rest_offsets_m.shape[:-2])
    rotations = [local[..., 0, :, :].expand(*batch, 3, 3)]
    positions = [root_translation_m.expand(*batch, 3)]
    for joint, parent in enumerate(parents[1:], start=1):
        rotations.append(rotations[parent] @ local[..., joint, :, :])
        step = rotations[parent] @ rest_offsets_m[..., joint, :, None]
        positions.append(positions[parent] + step[..., 0])
    return Pose(torch.stack(rotations, dim=-3), torch.stack(positions, dim=-2))


def skin(rest_vertices_m: Tensor, dense_weights: Tensor, rest_positions_m: Tensor, pose: Pose) -> Tensor:
    """Return the vertices moved by linear blend skinning, [..., vertices, 3].

    ``v' = sum_j w_vj (R_j (v - r_j) + p_j)`` with rest joint positions ``r_j``.

    Args:
        rest_vertices_m: Vertices in the rest pose, world axes, [..., vertices, 3].
        dense_weights: Weights, rows sum to 1, [vertices, joints].
        rest_positions_m: Rest positions of the joints, [..., joints, 3].
        pose: World pose of the joints.
    """
    shift = pose.positions_m - (pose.rotations @ rest_positions_m[..., None])[..., 0]
    transforms = torch.cat([pose.rotations, shift[..., None]], dim=-1)
    blended = (dense_weights @ transforms.flatten(-2)).unflatten(-1, (3, 4))
    return (blended[..., :3] @ rest_vertices_m[..., None])[..., 0] + blended[..., 3]


@dataclass(frozen=True)
class SkinTensors:
    """What ``skin`` and ``forward_kinematics`` need of one character, as tensors on one device."""

    parents: tuple[int, ...]
    rest_offsets_m: Tensor
    rest_positions_m: Tensor
    rest_vertices_m: Tensor
    dense_weights: Tensor

    @classmethod
    def of(
        cls, character: Character, device: torch.device | str = "cpu", dtype: torch.dtype = torch.float32
    ) -> "SkinTensors":
        """Copy a character's arrays to a device."""
        arrays = (
            character.skeleton.rest_offsets_m,
            character.skeleton.rest_positions_m,
            character.rest_vertices_m,
            character.dense_weights,
        )
        tensors = (torch.tensor(array, dtype=dtype, device=device) for array in arrays)
        return cls(character.skeleton.parents, *tensors)

    def pose(self, local_rotations: Tensor, root_translation_m: Tensor) -> Pose:
        """Forward kinematics on this character's skeleton."""
        return forward_kinematics(self.parents, self.rest_offsets_m, local_rotations, root_translation_m)

    def vertices_m(self, pose: Pose) -> Tensor:
        """Skin this character's mesh, [..., vertices, 3]."""
        return skin(self.rest_vertices_m, self.dense_weights, self.rest_positions_m, pose)


def motion_pose(motion: Motion, skeleton: Skeleton | None = None, dtype: torch.dtype = torch.float32) -> Pose:
    """Return the world pose of a motion on its own skeleton, or on another one with the same joints."""
    chosen = skeleton or motion.skeleton
    return forward_kinematics(
        chosen.parents,
        torch.tensor(chosen.rest_offsets_m, dtype=dtype),
        torch.tensor(motion.local_rotations_wxyz, dtype=dtype),
        torch.tensor(motion.root_translation_m, dtype=dtype),
    )


def motion_vertices_m(character: Character, motion: Motion, dtype: torch.dtype = torch.float32) -> Tensor:
    """Return the character's vertices in every frame of a motion on its skeleton, [frames, vertices, 3]."""
    return SkinTensors.of(character, dtype=dtype).vertices_m(motion_pose(motion, character.skeleton, dtype))
