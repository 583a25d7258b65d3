"""How far joints turn: ranges of adults' active motion, a little generous, as one differentiable excess in radians.

Ranges follow the AAOS tables of joint motion (elbow 0-150, wrist 80/70 and 20/30, shoulder extension 60, clavicle
elevation 30 degrees); the axes are those of the canonical T-pose with palms down.
"""

import math

import roma
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
    """Return by how much joints are out of range, in radians, [clips, frames, checks]; 0 within range."""
    excess = [
        _beyond(posed.elbows[..., 0], *ELBOW_FLEXION_DEG),
        _beyond(posed.elbows[..., 1], -ELBOW_TWIST_DEG, ELBOW_TWIST_DEG),
    ]
    small = posed.local[:, :, [skeleton.index(n) for n in _SMALL_TURNS_DEG]]
    limits = small.new_tensor([math.radians(d) for d in _SMALL_TURNS_DEG.values()])
    excess.append(torch.relu(_angle(small) - limits))
    for side, sign in (("Left", 1.0), ("Right", -1.0)):
        excess.append(_wrist_excess(posed.local[:, :, skeleton.index(f"{side}Hand")], sign))
        collar = posed.local[:, :, skeleton.index(f"{side}Shoulder")]
        excess.append(_arm_excess(collar @ posed.local[:, :, skeleton.index(f"{side}Arm")], sign))
    return torch.cat(excess, dim=-1)


def _beyond(angle: Tensor, low_deg: float, high_deg: float) -> Tensor:
    return torch.relu(angle - math.radians(high_deg)) + torch.relu(math.radians(low_deg) - angle)


def _angle(matrices: Tensor) -> Tensor:
    """Rotation angle, safe at the identity."""
    return roma.rotmat_to_rotvec(matrices).square().sum(-1).clamp_min(1e-12).sqrt()


def _wrist_excess(hand: Tensor, sign: float) -> Tensor:
    vector = roma.rotmat_to_rotvec(hand) * hand.new_tensor([1.0, sign, sign])
    # On the left, flexion towards the palm turns the hand about -z.
    checks = [_beyond(vector[..., axis], *limits) for axis, limits in enumerate(_WRIST_DEG)]
    return torch.stack(checks, dim=-1)


def _arm_excess(arm: Tensor, sign: float) -> Tensor:
    """The upper arm's direction in the chest, and its twist away from the shortest way there."""
    direction = arm[..., 0] * sign
    back = torch.relu(_FURTHEST_BACK - direction[..., 2])
    across = torch.relu(_FURTHEST_ACROSS - sign * direction[..., 0])
    # Twist of the swing-twist split about the arm's own axis: atan2 of the quaternion's x and w.
    w = (1 + arm.diagonal(dim1=-2, dim2=-1).sum(-1)).clamp_min(1e-4)
    twist = 2 * torch.atan2(arm[..., 2, 1] - arm[..., 1, 2], w)
    return torch.stack([back, across, _beyond(twist, -_ARM_TWIST_DEG, _ARM_TWIST_DEG)], dim=-1)
