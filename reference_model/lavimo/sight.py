"""The built-in frame encoder: a small convolutional network that is first taught to see where a body's joints are.

What a frame becomes is where each joint seems to be (x, y, depth, how surely) and what the last map holds on average.
CLIP brings what it has seen elsewhere; a network of a million parameters has seen nothing, and learns from the joints'
places, which the renderer knows, a hundred times faster than from captions.
"""

import torch
from torch import Tensor, nn
from torch.nn.functional import group_norm, interpolate, silu, smooth_l1_loss

from ..tiny_vlm.drawing import POINTS

_UNIT = 20.0
"""Errors of places are counted in twentieths of the picture's side."""
_PER_GROUP = 4


class _Step(nn.Module):
    """A 3 x 3 convolution, group norm and SiLU; group norm, so that a frame's features depend on no other frame."""

    def __init__(self, given: int, width: int, stride: int = 1) -> None:
        super().__init__()
        self.convolve = nn.Conv2d(given, width, 3, stride, padding=1, bias=False)
        self.scale, self.shift = nn.Parameter(torch.ones(width)), nn.Parameter(torch.zeros(width))

    def forward(self, maps: Tensor) -> Tensor:
        """Return maps, [n, width, height, width]."""
        maps = self.convolve(maps)
        return silu(group_norm(maps, maps.shape[1] // _PER_GROUP, self.scale, self.shift))


class _Residual(nn.Module):
    """Two steps beside a shortcut."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.steps = nn.Sequential(_Step(width, width), _Step(width, width))

    def forward(self, maps: Tensor) -> Tensor:
        """Return maps of the same size."""
        return maps + self.steps(maps)


class FrameEncoder(nn.Module):
    """From pictures to features, and on the way to where each of ``POINTS`` is."""

    def __init__(self, channels: tuple[int, int, int, int]) -> None:
        """Make the layers.

        Args:
            channels: Of the maps at a half, a quarter, an eighth and a sixteenth of the picture's side; multiples of 4.
        """
        super().__init__()
        half, quarter, eighth, last = channels
        self.near = nn.Sequential(
            _Step(3, half, 2), _Step(half, quarter, 2), _Residual(quarter),
            _Step(quarter, eighth, 2), _Residual(eighth), _Residual(eighth),
        )  # fmt: skip
        self.far = nn.Sequential(_Step(eighth, last, 2), _Residual(last))
        self.back = nn.Conv2d(last, eighth, 1)
        self.joined = _Step(eighth, eighth)
        self.reads = nn.Conv2d(eighth, 2 * len(POINTS), 1)
        self.width = last + 4 * len(POINTS)
        """Numbers of a frame's features."""

    def forward(self, images: Tensor) -> Tensor:
        """Return the features of pictures, [n, width].

        Args:
            images: [n, 3, side, side], 0 to 1; any side that is a multiple of 16.
        """
        far, scores, depths = self._maps(images)
        shares = scores.flatten(2).softmax(dim=-1)
        places = _places(shares, depths)
        return torch.cat([places.flatten(1), shares.amax(dim=-1), far.mean(dim=(2, 3))], dim=1)

    def loss(self, images: Tensor, points: Tensor) -> tuple[Tensor, Tensor]:
        """Return the cross entropy of the maps and the smooth L1 error of the places.

        Args:
            images: As of ``forward``.
            points: x and y in picture sizes, depth in body heights, [n, points, 3]; joints out of the picture count
                for nothing.
        """
        _, scores, depths = self._maps(images)
        logs = scores.flatten(2).log_softmax(dim=-1)
        inside = ((points[..., :2] >= 0) & (points[..., :2] <= 1)).all(dim=-1)
        wanted = _shares(points, scores.shape[-1])
        entropy = -(wanted * logs).sum(dim=-1)
        off = smooth_l1_loss(_places(logs.exp(), depths) * _UNIT, points * _UNIT, reduction="none").mean(dim=-1)
        count = inside.sum().clamp(min=1)
        return (entropy * inside).sum() / count, (off * inside).sum() / count

    def _maps(self, images: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """The last map, and scores and depths of each point at an eighth of the picture's side."""
        near = self.near(images * 2 - 1)
        far = self.far(near)
        joined = self.joined(near + interpolate(self.back(far), near.shape[-2:]))
        scores, depths = self.reads(joined).chunk(2, dim=1)
        return far, scores, depths


def _centres(side: int, like: Tensor) -> Tensor:
    """Return x and y of the cells of a map, row by row, in picture sizes, [side * side, 2]."""
    line = (torch.arange(side, device=like.device, dtype=like.dtype) + 0.5) / side
    rows, columns = torch.meshgrid(line, line, indexing="ij")
    return torch.stack([columns, rows], dim=-1).flatten(0, 1)


def _places(shares: Tensor, depths: Tensor) -> Tensor:
    """Mean place and depth of each point, [n, points, 3]."""
    flat = shares @ _centres(depths.shape[-1], shares)
    return torch.cat([flat, (shares * depths.flatten(2)).sum(dim=-1, keepdim=True)], dim=-1)


def _shares(points: Tensor, side: int) -> Tensor:
    """How each point is shared out between the four cells around it, [n, points, side * side]."""
    gaps = (points[..., None, :2] - _centres(side, points)).abs() * side
    shares = (1 - gaps).clamp(min=0).prod(dim=-1)
    return shares / shares.sum(dim=-1, keepdim=True).clamp(min=1e-6)
