"""Position and rotation errors against a known right answer.

Four papers print four formulas under the name "MSE"; here each has its own name and is never mixed with another. All
take joint positions in metres, [..., frames, joints, 3], and return the mean over frames and joints, one number per
leading axis. Each is differentiable. A clip of one frame is an ordinary clip.

The heights differ too. NKN, PMnet and STaR divide by the length of the joint chain from hips to head plus that of one
leg from hip joint to toe base (``joint_chain_height_m``). SAN measures hips to toe to head-top along the bones; on the
22 joints that all targets share, the same chain stands for it. MeshRet says "height of the character": H of the mesh.
"""

from collections.abc import Callable
from itertools import pairwise

import torch
from torch import Tensor

from ..datasets.body import Skeleton
from ..datasets.body.joint_names import standard_joints

_SPINE = ("Hips", "Spine", "Spine1", "Spine2", "Neck", "Head")
_LEG = ("LeftUpLeg", "LeftLeg", "LeftFoot", "LeftToeBase")


def joint_chain_height_m(skeleton: Skeleton) -> float:
    """Return NKN's height: bone lengths from hips to head plus those from the left hip joint to the toe base.

    ``get_height`` of NKN's ``results/evaluate_mixamo.py``; joints that a rig lacks are stepped over.
    """
    joints = standard_joints(skeleton)
    total = 0.0
    for chain in (_SPINE, _LEG):
        places = [skeleton.rest_positions_m[joints[name]] for name in chain if name in joints]
        steps = [torch.tensor(b - a).double().norm() for a, b in pairwise(places)]
        total += float(sum(steps))
    return total


def root_relative(positions_m: Tensor) -> Tensor:
    """Return positions minus those of joint 0 (the hips, among the 22), frame by frame: the ``[local]`` form."""
    return positions_m - positions_m[..., :1, :]


def mse_nkn(predicted_m: Tensor, true_m: Tensor, height_m: float) -> Tensor:
    """Return NKN's and PMnet's error in cm: ``(1/H) sum_xyz (p - q)^2`` with positions and H in centimetres.

    Villegas et al., CVPR 2018, ``results/evaluate_mixamo.py``; H is ``joint_chain_height_m``.
    """
    squared_cm2 = ((predicted_m - true_m) * 100).square().sum(dim=-1)
    return squared_cm2.mean(dim=(-2, -1)) / (height_m * 100)


def mse_san(predicted_m: Tensor, true_m: Tensor, height_m: float) -> Tensor:
    """Return SAN's and PAN's error, without unit: ``mean_xyz (p - q)^2 / H^2``.

    Aberman et al., SIGGRAPH 2020, ``retargeting/get_error.py``; H is ``joint_chain_height_m``.
    """
    return (predicted_m - true_m).square().mean(dim=-1).mean(dim=(-2, -1)) / height_m**2


def l2_star(predicted_m: Tensor, true_m: Tensor, height_m: float) -> Tensor:
    """Return STaR's error, without unit: ``(1/H) |p - q|``, not squared.

    Yang et al., ICCV 2025, ``test.py``; H is ``joint_chain_height_m``. At equal positions the gradient is zero.
    """
    return _distances(predicted_m, true_m).mean(dim=(-2, -1)) / height_m


def mse_meshret(predicted_m: Tensor, true_m: Tensor, height_m: float) -> Tensor:
    """Return MeshRet's error in metres: ``(1/h) |p - q|^2``.

    Ye et al., NeurIPS 2024, eq. 10; the paper states no unit, metres are our choice. H is the body height of the mesh.
    """
    return (predicted_m - true_m).square().sum(dim=-1).mean(dim=(-2, -1)) / height_m


def mpjpe_cm(predicted_m: Tensor, true_m: Tensor) -> Tensor:
    """Return the mean joint distance in centimetres."""
    return _distances(predicted_m, true_m).mean(dim=(-2, -1)) * 100


def rotation_error_deg(predicted: Tensor, true: Tensor) -> Tensor:
    """Return the mean angle between two sets of rotations in degrees.

    ``4 asin(|p - q| / 2)`` of the unit quaternions, which is exact for small angles too; q and -q are one rotation.

    Args:
        predicted: Unit quaternions wxyz relative to the parent, [..., frames, joints, 4].
        true: The same, of the right answer.
    """
    squared = torch.minimum((predicted - true).square().sum(-1), (predicted + true).square().sum(-1)).clamp(max=2.0)
    apart = squared > 0
    half_chord = torch.where(apart, squared / 4, torch.ones_like(squared)).sqrt()
    angle = torch.where(apart, 4 * torch.asin(half_chord.clamp(max=0.5**0.5)), squared)
    return torch.rad2deg(angle).mean(dim=(-2, -1))


def nearest_of_k(error: Callable[[Tensor], Tensor], answers: Tensor) -> Tensor:
    """Return the smallest error over K right answers, each taken as a whole clip.

    Args:
        error: Error of the prediction against one answer, [frames, joints, ...] -> a number.
        answers: The right answers, [K, frames, joints, ...], K at least 1.
    """
    return torch.stack([error(answer) for answer in answers]).min()


def _distances(predicted_m: Tensor, true_m: Tensor) -> Tensor:
    squared = (predicted_m - true_m).square().sum(dim=-1)
    apart = squared > 0
    return torch.where(apart, torch.where(apart, squared, torch.ones_like(squared)).sqrt(), squared)
