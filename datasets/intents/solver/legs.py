"""Legs in closed form from where the hips and the feet are: a planted foot cannot slide, a knee bends one way only."""

from dataclasses import dataclass

import torch
from torch import Tensor

from .turns import apply, orthonormal_frame, turn_about_axis, unit

LEG_PARTS = ("UpLeg", "Leg", "Foot", "ToeBase")
"""Hip, knee, ankle and ball of the foot, without the side."""

_MOST_STRETCHED = 0.9992
"""Largest cosine in the knee's law of cosines: a leg is never quite straight, where the knee would flip."""


@dataclass(frozen=True, eq=False)
class LegBatch:
    """Left and right legs of bodies side by side, [bodies, 1, 2, 3] each, in metres."""

    hip: Tensor
    """Of the hip joint from the root."""
    thigh: Tensor
    shin: Tensor
    foot: Tensor
    """Of the ball from the ankle."""
    rest_ball: Tensor
    """Rest position of the ball."""
    length: Tensor
    """L, [bodies, 1, 1, 1]."""


def solve_legs(legs: LegBatch, hips: Tensor, root_m: Tensor, feet: Tensor, knees: Tensor) -> tuple[Tensor, Tensor]:
    """Return the legs' local rotations, left before right per joint, [clips, F, 8, 3, 3], and their stretch.

    Args:
        legs: One body per clip.
        hips: World rotation of the hips, [clips, F, 3, 3].
        root_m: World position of the hips, [clips, F, 3].
        feet: The style's foot track, [F, 2, 6]: ball in L, yaw, pitch, and how far its rest place is carried around.
        knees: Outward turn of the knees, [clips, F, 2].

    Returns:
        The rotations of hips, knees, ankles and toes, and the distance from hip to ankle over the leg's length,
        [clips, F, 2]; above 1 the foot is out of reach.
    """
    around = turn_about_axis(1, feet[..., 5])
    yaw = around @ turn_about_axis(1, feet[..., 3])
    foot = yaw @ turn_about_axis(0, feet[..., 4])
    ball_at = apply(around, legs.rest_ball) + legs.length * feet[..., :3]
    hips = hips[:, :, None]
    hip_at = root_m[:, :, None] + apply(hips, legs.hip)
    reach = ball_at - apply(foot, legs.foot) - hip_at
    distance = reach.norm(dim=-1)
    flexion, straight = _knee_flexion(legs.thigh, legs.shin, distance)
    shin_turn = turn_about_axis(0, flexion)
    chain = legs.thigh + apply(shin_turn, legs.shin)
    turn = turn_about_axis(1, knees * knees.new_tensor([1.0, -1.0]))
    sideways = apply(turn, unit(hips[..., 0] + 1.2 * yaw[..., 0]))
    x = torch.tensor([1.0, 0.0, 0.0], device=root_m.device)
    thigh = orthonormal_frame(reach, sideways) @ orthonormal_frame(chain, x.expand_as(chain)).mT
    # Toes stay on the ground while the heel rises, and follow the foot while it is pitched up.
    toes = turn_about_axis(0, -feet[..., 4].clamp_min(0.0)).expand_as(thigh)
    local = [hips.mT @ thigh, shin_turn, (thigh @ shin_turn).mT @ foot, toes]
    return torch.cat(local, dim=2), distance / straight


def _knee_flexion(thigh: Tensor, shin: Tensor, distance: Tensor) -> tuple[Tensor, Tensor]:
    """Law of cosines for a hinge about x whose bones may stick out sideways; also the straight leg's length."""
    flat_thigh, flat_shin = thigh[..., 1:].norm(dim=-1), shin[..., 1:].norm(dim=-1)
    bend = torch.atan2(
        thigh[..., 1] * shin[..., 2] - thigh[..., 2] * shin[..., 1], (thigh[..., 1:] * shin[..., 1:]).sum(-1)
    )
    sideways = thigh[..., 0] + shin[..., 0]
    cosine = ((distance**2 - sideways**2) - flat_thigh**2 - flat_shin**2) / (2 * flat_thigh * flat_shin)
    flexion = torch.arccos(cosine.clamp(-0.95, _MOST_STRETCHED)) - bend
    return flexion, ((flat_thigh + flat_shin) ** 2 + sideways**2).sqrt()
