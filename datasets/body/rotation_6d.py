"""The continuous 6D form of rotations that networks read and write (Zhou et al., CVPR 2019)."""

import roma
from torch import Tensor


def to_six(matrices: Tensor) -> Tensor:
    """Return the first two columns of rotations, [..., 3, 3] -> [..., 6]."""
    return matrices[..., :2].transpose(-1, -2).flatten(-2)


def from_six(six: Tensor) -> Tensor:
    """Return the rotations of their 6D form by Gram-Schmidt, [..., 6] -> [..., 3, 3]."""
    return roma.special_gramschmidt(six.unflatten(-1, (2, 3)).transpose(-1, -2))
