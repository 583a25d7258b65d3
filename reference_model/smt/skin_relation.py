"""Where forearms and hands are relative to the skin near them: what a loss asks to be kept, and a network to be shown.

The places on the skin are MeshRet's sensors (``metrics.sensors``): found by casting rays from the bones of any mesh,
the same number with the same meaning on every character. Nothing of a program, a goal or a key vertex is in them.
"""

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from ...datasets.body.joint_names import BODY_JOINTS
from ...metrics.sensors import ZONES

PER_BONE = 16
BONES = {"trunk": 4, "head": 2, "left_arm": 3, "right_arm": 3, "left_leg": 3, "right_leg": 3}
"""Bones of each zone, in the order of the places; an arm's are upper arm, forearm, hand."""
PLACE_ZONES = np.repeat(np.arange(len(ZONES)), [PER_BONE * BONES[zone] for zone in ZONES])
"""Zone of each place, [places]."""
NEAR = 0.05
"""Distance over height at which a pair of places has lost 63 % of its weight."""
SCALES = (0.05, 0.15)
"""The same for the two views that the network is given."""
FEATURES = 28
_FEW = 0.5
_NOTHING = -30.0


def _bone_places(zone: str, bone: int) -> list[int]:
    first = int(np.searchsorted(PLACE_ZONES, ZONES.index(zone))) + bone * PER_BONE
    return list(range(first, first + PER_BONE))


EFFECTORS = tuple(_bone_places(f"{side}_arm", bone) for side in ("left", "right") for bone in (1, 2))
"""Places of the left forearm, left hand, right forearm, right hand."""
ARM_PLACES = [place for places in EFFECTORS for place in places if (place // 4 + place) % 2 == 0]
"""Every second of them, as on a chessboard: what is asked of these, their neighbours obey."""
ARM_JOINTS = tuple(
    [BODY_JOINTS.index(side + bone) for bone in ("Shoulder", "Arm", "ForeArm", "Hand")] for side in ("Left", "Right")
)


def skin_relation(source: tuple[Tensor, Tensor], target: tuple[Tensor, Tensor], found: Tensor) -> Tensor:
    """Return how much forearms and hands have moved relative to the skin that is near them on the source.

    With ``u`` the positions over height of source (s) and target (t), ``delta_i = u_i^t - u_i^s``: the mean over frames
    and arm places ``a`` of ``sum_k w_ak |delta_a - delta_k|^2 / (1 + sum_k w_ak)`` over the places ``k`` of all other
    zones, ``w = exp(-(|u_a^s - u_k^s| / 0.05)^2)``. Zero if and only if every vector from an arm to skin near it is the
    source's, scaled; an arm far from everything costs nothing. The idea is MeshRet's (Ye et al., NeurIPS 2024).

    Args:
        source: Positions of the places, [batch, frames, places, 3], and heights, [batch].
        target: The same of the target, with gradients.
        found: Which places both have, [batch, places].
    """
    mine, theirs = _over_height(*source), _over_height(*target)
    chosen = torch.tensor(ARM_PLACES, device=found.device)
    with torch.no_grad():
        allowed = _pairs(found, [[place] for place in ARM_PLACES])[:, None]
        weight = _nearness(mine.index_select(2, chosen), mine, NEAR).mul_(allowed)
    delta = theirs - mine
    delta = delta - delta.mean(dim=2, keepdim=True)  # what is common cancels, and costs digits
    arms, squares = delta.index_select(2, chosen), delta.square().sum(-1, keepdim=True)
    # the sum over k multiplied out: three sums, by one product of matrices, in place of a number for each pair
    sums = weight @ torch.cat([delta, squares, torch.ones_like(squares)], dim=-1)
    total = sums[..., 4]
    apart = total * arms.square().sum(-1) + sums[..., 3] - 2 * (arms * sums[..., :3]).sum(-1)
    return (apart / (1 + total)).mean()


@dataclass(frozen=True)
class Surroundings:
    """How near the places on the source's skin are to the middle of each forearm and hand."""

    places: Tensor
    """Where they are, over height, [batch, frames, places, 3]."""
    weights: Tensor
    """``exp(-(distance / scale)^2)``, 0 in the own zone, [batch, frames, 2 scales * 4, places]."""


@dataclass(frozen=True)
class Misses:
    """Where forearms and hands should move, as far as the skin near them tells."""

    centres: Tensor
    """Middle of each effector, over height, [batch, frames, 4, 3]."""
    ways: Tensor
    """Displacement asked for, over height, at each scale, [batch, frames, 4, 2, 3]."""
    strength: Tensor
    """How near the skin is: 0 far away, towards 1, [batch, frames, 4, 2]."""


def surroundings(source: tuple[Tensor, Tensor], found: Tensor) -> Surroundings:
    """Return what is near the source's forearms and hands.

    Args:
        source: Positions of the places, [batch, frames, places, 3], and heights, [batch].
        found: Which places source and target both have, [batch, places].
    """
    mine = _over_height(*source)
    centres, allowed = _centres(mine), _pairs(found, EFFECTORS)[:, None]
    weights = [_nearness(centres, mine, scale) * allowed for scale in SCALES]
    return Surroundings(mine, torch.cat(weights, dim=2))


def misses(near: Surroundings, target: tuple[Tensor, Tensor]) -> Misses:
    """Return for the middle of each forearm and hand the weighted mean of how the vectors to other skin have changed.

    ``sum_k w_k (delta_k - delta_middle) / (0.5 + sum_k w_k)``, with ``delta`` as in ``skin_relation``.

    Args:
        near: From ``surroundings``.
        target: The places of what the target does so far, [batch, frames, places, 3], and heights, [batch].
    """
    theirs = _over_height(*target)
    delta = theirs - near.places
    delta = delta - delta.mean(dim=2, keepdim=True)
    pulled = (near.weights @ delta).unflatten(2, (len(SCALES), -1)).transpose(2, 3)
    total = near.weights.sum(-1).unflatten(2, (len(SCALES), -1)).transpose(2, 3)
    ways = (pulled - total[..., None] * _centres(delta)[:, :, :, None]) / (total + _FEW)[..., None]
    return Misses(_centres(theirs), ways, total / (total + _FEW))


def arm_features(found: Misses, rotations: Tensor, joints: Tensor) -> Tensor:
    """Return what each arm joint is told of the misses of its forearm and hand, [batch, frames, 22, 28]; else zeros.

    In the joint's own axes: the displacement asked for, and its cross product with the lever from the joint, which is
    the turn that gradient descent would take.

    Args:
        found: From ``misses``.
        rotations: World rotations of the joints, [batch, frames, 22, 3, 3].
        joints: Their positions over height, [batch, frames, 22, 3].
    """
    told = joints.new_zeros(*joints.shape[:-1], FEATURES)
    for side, own in enumerate(ARM_JOINTS):
        effectors = slice(2 * side, 2 * side + 2)
        back = rotations[:, :, own].transpose(-1, -2)[:, :, :, None, None]
        lever = found.centres[:, :, None, effectors] - joints[:, :, own, None]
        way = (back @ found.ways[:, :, None, effectors, :, :, None])[..., 0]
        turn = torch.linalg.cross((back @ lever[..., None, :, None])[..., 0].expand_as(way), way)
        strength = found.strength[:, :, None, effectors, :, None].expand(-1, -1, len(own), -1, -1, -1)
        # a displacement of a hundredth of the height matters: it is brought to the size of the other features
        told[:, :, own] = torch.cat([10 * way, 30 * turn, strength], dim=-1).flatten(-3)
    return told


def _centres(places: Tensor) -> Tensor:
    """Middle of each effector, [batch, frames, 4, 3]; an effector's places are numbered without a gap."""
    return torch.stack([places[:, :, own[0] : own[-1] + 1].mean(dim=2) for own in EFFECTORS], dim=2)


def _nearness(points: Tensor, places: Tensor, scale: float) -> Tensor:
    """``exp(-(distance / scale)^2)`` of points and places, [..., points, places]; at least ``exp(-30)``.

    By one product of matrices. Less than that is nothing, and numbers too small for all their digits are slow.
    """
    middle = places.mean(dim=-2, keepdim=True)  # near the origin no digits are lost
    here, there = (points - middle) / scale, (places - middle) / scale
    squares = [-u.square().sum(-1, keepdim=True) for u in (here, there)]
    left = torch.cat([2 * here, squares[0], torch.ones_like(squares[0])], dim=-1)
    right = torch.cat([there, torch.ones_like(squares[1]), squares[1]], dim=-1)
    return (left @ right.transpose(-1, -2)).clamp_(_NOTHING, 0.0).exp_()


def _over_height(points_m: Tensor, height_m: Tensor) -> Tensor:
    return points_m / height_m[:, None, None, None]


def _pairs(found: Tensor, groups: list[list[int]] | tuple[list[int], ...]) -> Tensor:
    """Which places each group is compared with: those of other zones that both have, [batch, groups, places]."""
    zones = torch.from_numpy(PLACE_ZONES).to(found.device)
    own = zones[[group[0] for group in groups]]
    there = torch.stack([found[:, group].any(-1) for group in groups], dim=1)
    return (own[:, None] != zones) & there[..., None] & found[:, None]
