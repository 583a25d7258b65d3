"""What R2ET asks for and SMT does not: no twisted bones, and hands that stay near the body they are near."""

import math

import numpy as np
import torch
from torch import Tensor

from ...datasets.body.joint_names import BODY_PARENTS
from ...datasets.body.surface import signed_distance
from .figure import Figure

TWIST_LIMIT_DEG = 100.0
NEARBY = 0.12
"""Distance over height beyond which a hand is not drawn to the body; the released field ends there on a T-pose."""


def twist_excess(local: Tensor, offsets_m: Tensor) -> Tensor:
    """Return the mean square by which bones are twisted beyond 100 degrees, in radians.

    The twist of a rotation R about an axis a is ``2 atan2(a . vee(R - R^T), 1 + tr R)``; the axis is the bone at rest,
    the hips have none. In the release it is the second of three Euler angles, which is the twist of legs and spine.

    Args:
        local: Rotations, [batch, frames, 22, 3, 3].
        offsets_m: Rest offsets, [batch, 22, 3].
    """
    axes = torch.nn.functional.normalize(_bones(offsets_m), dim=-1)[:, None]
    turned = local[:, :, 1:]
    skew = turned - turned.transpose(-1, -2)
    vee = torch.stack([skew[..., 2, 1], skew[..., 0, 2], skew[..., 1, 0]], dim=-1)
    trace = turned.diagonal(dim1=-2, dim2=-1).sum(-1)
    angle = 2 * torch.atan2((vee * axes).sum(-1), (1 + trace).clamp(min=1e-6))
    return torch.relu(angle.abs() - math.radians(TWIST_LIMIT_DEG)).square().mean()


def attraction(figure: Figure, vertices_m: Tensor) -> Tensor:
    """Return how far hands are from the body, over height: the mean over their vertices, those far away counting 0.

    The body is the mesh without the hand's arm, as in penetration; the release takes the convex hull of the torso.

    Args:
        figure: Who.
        vertices_m: Its posed mesh, [frames, vertices, 3].
    """
    reach_m, height_m = NEARBY * figure.character.height_m, figure.character.height_m
    hands = figure.character.part_vertices("left_hand", "right_hand")
    distances = [vertices_m.sum(dim=(1, 2), keepdim=True)[..., 0] * 0]
    for limb, surface in figure.limb_surfaces(vertices_m.device):
        own = np.intersect1d(limb.counted, hands)
        if len(own):
            points = vertices_m[:, torch.from_numpy(own).to(vertices_m.device)]
            distance = signed_distance(surface, limb.vertices_m(vertices_m), points, reach_m=reach_m)
            distances.append(torch.where(distance <= reach_m, distance.clamp(min=0), torch.zeros_like(distance)))
    return torch.cat(distances[1:] or distances, dim=1).mean() / height_m


def _bones(offsets_m: Tensor) -> Tensor:
    """Where each joint's bone points at rest: to its first child, of the last of a chain on; [batch, 21, 3]."""
    child = {parent: joint for joint, parent in reversed(list(enumerate(BODY_PARENTS)))}
    return offsets_m[:, [child.get(joint, joint) for joint in range(1, len(BODY_PARENTS))]]
