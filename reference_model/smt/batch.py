"""Rigs and motions of a batch of pairs as tensors, and what every network and loss works out from them."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from functools import cached_property

import numpy as np
import torch
from torch import Tensor

from ...datasets.body.joint_names import BODY_PARENTS
from ...datasets.body.kinematics import Pose, forward_kinematics
from ...datasets.body.rotation_6d import to_six
from .rig import Rig


@dataclass(frozen=True)
class Rigs:
    """One rig per pair; the fields of ``Rig`` with the batch before them."""

    offsets_m: Tensor
    rest_m: Tensor
    points_m: Tensor
    weights: Tensor
    found: Tensor
    shape: Tensor
    height_m: Tensor
    """[batch]."""
    leg_m: Tensor
    """[batch]."""

    @classmethod
    def of(cls, rigs: Sequence[Rig], device: torch.device | str = "cpu") -> "Rigs":
        """Stack rigs."""
        arrays = {f.name: np.stack([np.asarray(getattr(rig, f.name)) for rig in rigs]) for f in fields(cls)}
        return cls(**{n: torch.from_numpy(a).to(device) if n == "found" else torch.from_numpy(a).to(device).float()
                      for n, a in arrays.items()})  # fmt: skip

    def __getitem__(self, pairs: slice) -> "Rigs":
        return Rigs(**{f.name: getattr(self, f.name)[pairs] for f in fields(self)})

    def pose(self, moves: "Moves") -> Pose:
        """Forward kinematics: rotations [batch, frames, 22, 3, 3] and positions [batch, frames, 22, 3]."""
        return forward_kinematics(BODY_PARENTS, self.offsets_m[:, None], moves.local, moves.root_m)

    def skin_points(self, pose: Pose) -> Tensor:
        """Return where the places on the skin are, [batch, frames, places, 3]; the formula of ``kinematics.skin``."""
        transforms = torch.cat([pose.rotations, pose.positions_m[..., None]], dim=-1)
        rows = transforms.transpose(2, 3).flatten(3).flatten(1, 2)  # [batch, frames * 3, 22 * 4]
        return (rows @ self._blend.transpose(1, 2)).unflatten(1, (-1, 3)).transpose(2, 3)

    @cached_property
    def _blend(self) -> Tensor:
        """Linear blend skinning as one matrix a body, ``w_vj (v - r_j, 1)``, [batch, places, 22 * 4].

        The places are few and the frames many: so a batch is skinned by one product of matrices per body.
        """
        away = self.points_m[:, :, None] - self.rest_m[:, None]
        return (self.weights[..., None] * torch.cat([away, torch.ones_like(away[..., :1])], dim=-1)).flatten(2)


@dataclass(frozen=True)
class Moves:
    """Motions on the canonical rig."""

    local: Tensor
    """Rotations relative to the parent, matrices, [batch, frames, 22, 3, 3]."""
    root_m: Tensor
    """World position of the hips, [batch, frames, 3]."""

    def __getitem__(self, pairs: slice) -> "Moves":
        return Moves(self.local[pairs], self.root_m[pairs])

    def detach(self) -> "Moves":
        """The same without gradients."""
        return Moves(self.local.detach(), self.root_m.detach())


def copied(moves: Moves, source: Rigs, target: Rigs) -> Moves:
    """Return the rotation copy on the targets: the same rotations, the root's path scaled to the legs.

    The formula of ``baselines.root_path.target_hips_path_m``, batched and with gradients.
    """
    ratio = (target.leg_m / source.leg_m)[:, None, None]
    start = moves.root_m[:, :1]
    level = torch.stack([start[..., 0], source.rest_m[:, None, 0, 1], start[..., 2]], dim=-1)
    onto = torch.stack([start[..., 0], target.rest_m[:, None, 0, 1], start[..., 2]], dim=-1)
    return Moves(moves.local, ratio * (moves.root_m - level) + onto)


def motion_features(moves: Moves, pose: Pose, rigs: Rigs) -> Tensor:
    """Return nine numbers per joint: 6D local rotation, and position over height, [batch, frames, 22, 9].

    Positions are taken horizontally from the hips, vertically from the ground, so that clips of any length that walk
    anywhere look alike.
    """
    level = moves.root_m * moves.root_m.new_tensor([1.0, 0.0, 1.0])
    places = (pose.positions_m - level[:, :, None]) / rigs.height_m[:, None, None, None]
    return torch.cat([to_six(moves.local), places], dim=-1)
