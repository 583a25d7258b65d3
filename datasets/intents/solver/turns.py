"""Rotation matrices from turns about fixed axes and from small rotation vectors, in few operations."""

import torch
from torch import Tensor


def turns_about(axes: Tensor, angle: Tensor) -> Tensor:
    """Return rotations about axes that need not be of unit length, by their length times the angle.

    Args:
        axes: Fixed axes, [..., 3], of the angle's last dimensions.
        angle: In radians, [..., *axes.shape[:-1]].
    """
    length = axes.norm(dim=-1, keepdim=True)[..., None]
    cross = _cross_matrices(axes) / length
    scaled = (angle * length[..., 0, 0])[..., None, None]
    eye = torch.eye(3, device=axes.device)
    return eye + scaled.sin() * cross + (1 - scaled.cos()) * (cross @ cross)


def small_turns(vectors: Tensor) -> Tensor:
    """Return rotation matrices of rotation vectors (Rodrigues), smooth at zero, [..., 3] -> [..., 3, 3]."""
    squared = vectors.square().sum(-1) + 1e-12
    angle = squared.sqrt()
    along, around = angle.sin() / angle, (1 - angle.cos()) / squared
    outer = vectors[..., :, None] * vectors[..., None, :]
    eye = torch.eye(3, device=vectors.device)
    cosine = angle.cos()[..., None, None]
    return cosine * eye + along[..., None, None] * _cross_matrices(vectors) + around[..., None, None] * outer


def turn_about_axis(axis: int, angle: Tensor) -> Tensor:
    """Return rotations about one of the world axes, [...] -> [..., 3, 3]."""
    unit = torch.zeros(3, device=angle.device)
    unit[axis] = 1.0
    cross = _cross_matrices(unit)
    scaled = angle[..., None, None]
    return torch.eye(3, device=angle.device) + scaled.sin() * cross + (1 - scaled.cos()) * (cross @ cross)


def orthonormal_frame(main: Tensor, second: Tensor) -> Tensor:
    """Frames whose first column is along ``main`` and whose second is as near ``second`` as can be, [..., 3, 3]."""
    first = unit(main)
    side = unit(second - first * (first * second).sum(-1, keepdim=True))
    return torch.stack([first, side, torch.linalg.cross(first, side)], dim=-1)


def unit(vectors: Tensor) -> Tensor:
    """Return vectors over their length, [..., 3]; zero stays zero."""
    return vectors / vectors.norm(dim=-1, keepdim=True).clamp_min(1e-9)


def apply(matrices: Tensor, vectors: Tensor) -> Tensor:
    """Return matrices times vectors, [..., 3, 3] and [..., 3] -> [..., 3]."""
    return (matrices * vectors[..., None, :]).sum(-1)


def _cross_matrices(vectors: Tensor) -> Tensor:
    """Return K with K w = v x w, [..., 3] -> [..., 3, 3]."""
    generators = vectors.new_tensor(
        [[0, 0, 0, 0, 0, -1, 0, 1, 0], [0, 0, 1, 0, 0, 0, -1, 0, 0], [0, -1, 0, 1, 0, 0, 0, 0, 0]]
    )
    return (vectors[..., :, None] * generators).sum(-2).unflatten(-1, (3, 3))
