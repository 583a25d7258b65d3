"""How far joints turn: ranges of adults' active motion, a little generous, as one differentiable excess in radians.

Ranges follow the AAOS tables of joint motion (elbow 0-150, wrist 80/70 and 20/30, shoulder extension 60, clavicle
elevation 30 degrees); the axes are those of the canonical T-pose with palms down.
"""

import math

import torch
from torch import Tensor

from ...body import Skeleton
from .rig import Posed

_SMALL_TURNS_DEG = {"Spine": 30, "Spine1": 30, "Spine2": 30, "Neck": 40, "Head": 40,
                    "LeftShoulder": 30, "RightShoulder": 30}  # fmt: skip
ELBOW_FLEXION_DEG = (0.0, 150.0)
ELBOW_TWIST_DEG = 75.0
_WRIST_DEG = ((-35.0, 35.0), (-30.0, 35.0), (-75.0, 75.0))
"""Twist about x, deviation about y, flexion about z, on the left; mirrored on the right."""
_ARM_TWIST_DEG = 100.0
_FURTHEST_BACK = -math.sin(math.radians(58.0))
_FURTHEST_ACROSS = -math.cos(math.radians(35.0))


def range_excess(posed: Posed, skeleton: Skeleton) -> Tensor:
    """Return by how much joints are out of range, [clips, frames, checks]; 0 within range.

    In radians; for turns of the spine, the head and the collar bones to first order.
    """
    device = posed.local.device
    elbows = _beyond(posed.elbows, _radians(device, ELBOW_FLEXION_DEG, (-ELBOW_TWIST_DEG, ELBOW_TWIST_DEG)))
    small = _joints(posed, skeleton, *_SMALL_TURNS_DEG)
    limits = torch.tensor([math.radians(d) for d in _SMALL_TURNS_DEG.values()], device=device)
    cosine = (small.diagonal(dim1=-2, dim2=-1).sum(-1) - 1) / 2
    turns = torch.relu(limits.cos() - cosine) / limits.sin()
    wrists = _wrist_excess(_joints(posed, skeleton, "LeftHand", "RightHand"))
    collars = _joints(posed, skeleton, "LeftShoulder", "RightShoulder")
    arms = _arm_excess(collars @ _joints(posed, skeleton, "LeftArm", "RightArm"))
    return torch.cat([elbows.flatten(2), turns, wrists.flatten(2), arms.flatten(2)], dim=-1)


def _joints(posed: Posed, skeleton: Skeleton, *names: str) -> Tensor:
    rows = torch.tensor([skeleton.index(n) for n in names], device=posed.local.device)
    return posed.local.index_select(2, rows)


def _radians(device: torch.device, *limits_deg: tuple[float, float]) -> Tensor:
    """Lowest and highest angles, [2, angles]."""
    return torch.deg2rad(torch.tensor(limits_deg, device=device)).mT


def _beyond(angles: Tensor, limits: Tensor) -> Tensor:
    return torch.relu(angles - limits[1]) + torch.relu(limits[0] - angles)


def _wrist_excess(hands: Tensor) -> Tensor:
    """Of the left and the right wrist about three axes, [..., 2, 3, 3] -> [..., 2, 3]."""
    axis = _twice_the_sine(hands)
    sine = (axis.square().sum(-1, keepdim=True) + 1e-12).sqrt()
    cosine = hands.diagonal(dim1=-2, dim2=-1).sum(-1, keepdim=True) - 1
    # On the left, flexion towards the palm turns the hand about -z.
    mirror = hands.new_tensor([[1.0, 1.0, 1.0], [1.0, -1.0, -1.0]])
    return _beyond(axis / sine * torch.atan2(sine, cosine) * mirror, _radians(hands.device, *_WRIST_DEG))


def _arm_excess(arms: Tensor) -> Tensor:
    """The upper arms' direction in the chest, and their twist away from the shortest way there, [..., 2, 3]."""
    sign = arms.new_tensor([1.0, -1.0])
    back = torch.relu(_FURTHEST_BACK - arms[..., 2, 0] * sign)
    across = torch.relu(_FURTHEST_ACROSS - arms[..., 0, 0])
    # Twist of the swing-twist split about the arm's own axis: atan2 of the quaternion's x and w.
    w = (1 + arms.diagonal(dim1=-2, dim2=-1).sum(-1)).clamp_min(1e-4)
    twist = 2 * torch.atan2(_twice_the_sine(arms)[..., 0], w)
    return torch.stack([back, across, torch.relu(twist.abs() - math.radians(_ARM_TWIST_DEG))], dim=-1)


def _twice_the_sine(matrices: Tensor) -> Tensor:
    """Axis of rotation times twice the sine of its angle."""
    turned = matrices.flatten(-2)
    ahead = torch.tensor([7, 2, 3], device=matrices.device)
    behind = torch.tensor([5, 6, 1], device=matrices.device)
    return turned.index_select(-1, ahead) - turned.index_select(-1, behind)
