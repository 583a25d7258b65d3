"""The terms of stage 1, as pure functions: tensors in, one number out. Every one is differentiable.

Formulas are those of the released ``train.py`` and ``models/semantics.py`` unless a docstring names another source.
Motions are ``Moves`` on the canonical rig; positions are in metres, [batch, frames, 22, 3].
"""

import torch
from torch import Tensor
from torch.nn.functional import binary_cross_entropy_with_logits, mse_loss

from ...datasets.body.joint_names import BODY_JOINTS, BODY_PARENTS
from ...datasets.body.rotation_6d import to_six
from .batch import Moves

_ARM_ROWS = [BODY_JOINTS.index(side + bone) for side in ("Left", "Right") for bone in ("Arm", "ForeArm")]
_ARMS = torch.tensor([name.endswith(("Shoulder", "Arm", "Hand")) for name in BODY_JOINTS])
_RELEASED_ARMS = torch.tensor([name.endswith("Arm") for name in BODY_JOINTS])
_RANGE_CM = 10.0
_FEET = [BODY_JOINTS.index(side + bone) for side in ("Left", "Right") for bone in ("Foot", "ToeBase")]
_SLOW, _LOW = 0.3, 0.08
"""Leg lengths per second and leg lengths: ``datasets.body.feet`` calls a slower and lower foot planted."""


def rotation_error(predicted: Moves, true: Moves) -> Tensor:
    """Return the mean squared error of the 6D rotations: of reconstruction, and of the way to B and back."""
    return mse_loss(to_six(predicted.local), to_six(true.local))


def root_error(predicted: Moves, true: Moves, height_m: Tensor) -> Tensor:
    """Return the mean absolute error of the root's position over height, [batch] heights."""
    return ((predicted.root_m - true.root_m).abs() / height_m[:, None, None]).mean()


def relation_paper(source_m: Tensor, target_m: Tensor) -> Tensor:
    """Return ``|eta(D_A) - eta(D_B)|^2`` per frame: D the joints' distances, eta divides each row by its sum.

    As in R2ET (Zhang et al., CVPR 2023); a division by height would change nothing after eta.
    """
    rows = [d / d.sum(dim=-1, keepdim=True).clamp(min=1e-9) for d in (_distances(source_m), _distances(target_m))]
    return (rows[0] - rows[1]).square().sum(dim=(-2, -1)).mean()


def relation_code(source_m: Tensor, target_m: Tensor) -> Tensor:
    """Return the mean squared error of four rows of nearness, those of upper arms and forearms.

    Nearness is ``exp(-D / 10 cm)``, 0 between parent and child, each row divided by its Euclidean norm.
    """
    rows = []
    for positions in (source_m, target_m):
        near = (-100 * _distances(positions) / _RANGE_CM).exp() * _unconnected(positions.device)
        rows.append(torch.nn.functional.normalize(near[..., _ARM_ROWS, :], dim=-1))
    return mse_loss(rows[1], rows[0])


def smoothness(local: Tensor, fps: float) -> Tensor:
    """Return the mean squared acceleration of the 6D rotations, in units of the released 30 frames; 0 below three.

    Args:
        local: Rotations, [batch, frames, 22, 3, 3].
        fps: Frames per second; at another rate than 30 it says the same of the same motion.
    """
    if local.shape[1] < 3:
        return local.sum() * 0
    return (to_six(local).diff(n=2, dim=1) * (fps / 30.0) ** 2).square().mean()


def keep_close(predicted: Moves, copy: Moves, leg_m: Tensor) -> tuple[Tensor, Tensor]:
    """Return how far the arms are from the copy, and how far everything else is, the root over leg length included.

    Squared 6D distances, as the keep-close terms of the released second stage.
    """
    apart = (to_six(predicted.local) - to_six(copy.local)).square().mean(dim=(0, 1, 3))
    arms = _ARMS.to(apart.device)
    root = ((predicted.root_m - copy.root_m) / leg_m[:, None, None]).square().mean()
    return apart[arms].mean(), apart[~arms].mean() + root


def keep_close_code(predicted: Moves, source: Moves) -> tuple[Tensor, Tensor]:
    """Return the released keep-close terms: squared 6D difference of target and source on (fore)arms, and elsewhere.

    ``finetune.py``: mean squared errors over LeftArm, LeftForeArm, RightArm, RightForeArm, and over all other joints.
    """
    apart = (to_six(predicted.local) - to_six(source.local)).square().mean(dim=(0, 1, 3))
    arms = _RELEASED_ARMS.to(apart.device)
    return apart[arms].mean(), apart[~arms].mean()


def planted_feet(
    source: tuple[Tensor, Tensor], target: tuple[Tensor, Tensor], rests_m: tuple[Tensor, Tensor], fps: float
) -> Tensor:
    """Return how much feet move, in leg lengths per second, and differ in height, while the source's are planted.

    How planted a foot is falls from 1 smoothly with the source's height above its own rest and with its speed.

    Args:
        source: Positions [batch, frames, 22, 3] and leg lengths [batch] of the source.
        target: The same of the target, with gradients.
        rests_m: Rest positions of both, [batch, 22, 3].
        fps: Frames per second.
    """
    feet = [p[:, :, _FEET] / leg[:, None, None, None] for p, leg in (source, target)]
    rest = [r[:, None, _FEET, 1] / leg[:, None, None] for r, (_, leg) in zip(rests_m, (source, target), strict=True)]
    if feet[0].shape[1] < 2:
        return feet[1].sum() * 0
    speed = [f.diff(dim=1)[..., (0, 2)] * fps for f in feet]
    raised = [f[:, 1:, :, 1] - r for f, r in zip(feet, rest, strict=True)]
    low = (-(raised[0].clamp(min=0) / _LOW).square()).exp()
    planted = (low * (-speed[0].square().sum(-1) / _SLOW**2).exp()).detach()
    slid = (planted * speed[1].square().sum(-1)).mean()
    # height errors are small numbers of leg lengths where speeds are large ones: in tenths they weigh alike
    return slid + (planted * (10 * (raised[1] - raised[0])).square()).mean()


def generator_loss(fake_logits: Tensor) -> Tensor:
    """Return the cross-entropy of being taken for real."""
    return binary_cross_entropy_with_logits(fake_logits, torch.ones_like(fake_logits))


def discriminator_loss(real_logits: Tensor, fake_logits: Tensor) -> Tensor:
    """Return the cross-entropies of real for real and fake for fake, added."""
    fake = binary_cross_entropy_with_logits(fake_logits, torch.zeros_like(fake_logits))
    return generator_loss(real_logits) + fake


def _distances(positions_m: Tensor) -> Tensor:
    """Pairwise distances, 0 on the diagonal with gradient 0 there, [..., joints, joints]."""
    return torch.cdist(positions_m, positions_m, compute_mode="donot_use_mm_for_euclid_dist")


def _unconnected(device: torch.device) -> Tensor:
    mask = torch.ones(len(BODY_PARENTS), len(BODY_PARENTS), device=device)
    for child, parent in enumerate(BODY_PARENTS[1:], start=1):
        mask[child, parent] = mask[parent, child] = 0.0
    return mask
