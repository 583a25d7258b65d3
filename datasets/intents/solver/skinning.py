"""Skin only the vertices that a loss looks at: gathered joint transforms instead of the whole mesh."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from ...body import Character
from ...body.kinematics import Pose
from .turns import apply


@dataclass(frozen=True, eq=False)
class SkinBatch:
    """Meshes of one topology side by side, with their vertex normals in the rest pose."""

    rest_vertices_m: Tensor
    rest_normals: Tensor
    joint_indices: Tensor
    weights: Tensor
    rest_positions_m: Tensor
    height_m: Tensor

    @classmethod
    def of(cls, bodies: Sequence[Character], device: torch.device | str = "cpu") -> "SkinBatch":
        """Stack bodies that share their vertex order."""

        def stack(arrays: Sequence[object], dtype: torch.dtype = torch.float32) -> Tensor:
            """Stack one array per body."""
            return torch.tensor(np.stack([np.asarray(a) for a in arrays]), dtype=dtype, device=device)

        vertices = stack([b.rest_vertices_m for b in bodies])
        faces = torch.tensor(np.asarray(bodies[0].faces), dtype=torch.int64, device=device)
        return cls(
            vertices,
            vertex_normals(vertices, faces),
            stack([b.joint_indices for b in bodies], torch.int64),
            stack([b.weights for b in bodies]),
            stack([b.skeleton.rest_positions_m for b in bodies]),
            stack([b.height_m for b in bodies]),
        )

    def transforms(self, pose: Pose) -> Tensor:
        """Return what moves rest points with each joint, [clips, frames, joints, 3, 4]."""
        shift = pose.positions_m - apply(pose.rotations, self.rest_positions_m[:, None])
        return torch.cat([pose.rotations, shift[..., None]], dim=-1)

    def points(self, clip: Tensor, frame: Tensor, vertex: Tensor, frame_count: int) -> "SkinPoints":
        """Return single vertices at single frames, [N] each, ready to be posed again and again."""
        joints = self.joint_indices[clip, vertex]
        rows = (clip * frame_count + frame)[:, None] * self.rest_positions_m.shape[1] + joints
        rest, normals = self.rest_vertices_m[clip, vertex], self.rest_normals[clip, vertex]
        return SkinPoints(rows.flatten(), self.weights[clip, vertex], rest, normals)

    def all_vertices_m(self, transforms: Tensor, clip: int) -> Tensor:
        """Return a clip's whole mesh in every frame, [frames, vertices, 3]; no gradient."""
        with torch.no_grad():
            joints = transforms.shape[2]
            dense = torch.zeros(self.weights.shape[1], joints, device=transforms.device)
            dense.scatter_add_(1, self.joint_indices[clip], self.weights[clip])
            blended = (dense @ transforms[clip].flatten(-2)).unflatten(-1, (3, 4))
            return (blended[..., :3] @ self.rest_vertices_m[clip][..., None])[..., 0] + blended[..., 3]


@dataclass(frozen=True, eq=False)
class SkinPoints:
    """Vertices at frames: which transforms move each of them, and how much."""

    rows: Tensor
    """Into the transforms of all clips, frames and joints in a row, [N * influences]."""
    weights: Tensor
    rest_m: Tensor
    rest_normals: Tensor

    def blended(self, transforms: Tensor) -> Tensor:
        """Return what moves each point, [clips, frames, joints, 3, 4] -> [N, 3, 4]."""
        gathered = transforms.reshape(-1, 12).index_select(0, self.rows).unflatten(0, self.weights.shape)
        return (gathered * self.weights[..., None]).sum(dim=1).unflatten(-1, (3, 4))

    def positions_m(self, blended: Tensor) -> Tensor:
        """Return where the points are, [N, 3]."""
        return apply(blended[..., :3], self.rest_m) + blended[..., 3]

    def normals(self, blended: Tensor) -> Tensor:
        """Return their normals, not quite of unit length, [N, 3]."""
        return apply(blended[..., :3], self.rest_normals)


def vertex_normals(vertices_m: Tensor, faces: Tensor) -> Tensor:
    """Return unit vertex normals, area-weighted, [..., vertices, 3]."""
    corners = vertices_m[..., faces, :]
    normals = torch.linalg.cross(corners[..., 1, :] - corners[..., 0, :], corners[..., 2, :] - corners[..., 0, :])
    total = torch.zeros_like(vertices_m)
    for corner in range(3):
        total.index_add_(-2, faces[:, corner], normals)
    return total / total.norm(dim=-1, keepdim=True).clamp_min(1e-12)
