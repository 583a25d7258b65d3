"""What a picture gains and loses when an outline moves: the part of its gradient that sampling cannot see.

The box-filtered picture is ``I = integral of f over a pixel``, f being what is seen. Where f is smooth, its derivative
is that of f at the samples. Along an outline f jumps from ``f_in`` to ``f_out``, and by Reynolds' transport theorem
``dI = integral over the outline of (f_in - f_out) (v . n) dl``, with v the speed at which the outline moves over the
screen and n its outward normal. Li, Aittala, Durand and Lehtinen, "Differentiable Monte Carlo Ray Tracing through Edge
Sampling" (2018), sample that integral at random; here it is added up piece by piece, exactly, over every visible edge.
"""

from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor
from torch.autograd.function import once_differentiable

from .outlines import Outlines


@dataclass(frozen=True, eq=False)
class Jumps:
    """The visible pieces of the outlines, with what is seen on both sides."""

    outlines: Outlines
    points: Tensor
    """Rows of ``Batch.points_px`` of the two ends of each piece's edge, [N, 2]."""
    jump: Tensor
    """What is seen just inside minus what is seen just outside, [N, channels]."""


class _MovingEdges(torch.autograd.Function):
    """The identity of the picture; its backward pass adds the integral over the outlines to the points."""

    @staticmethod
    def forward(ctx: Any, picture: Tensor, points_px: Tensor, jumps: Jumps) -> Tensor:
        """Keep what the backward pass needs; the picture goes through."""
        ctx.jumps = jumps
        ctx.like = points_px.detach()[:0]
        ctx.count = len(points_px)
        return picture.view_as(picture)

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor, Tensor, None]:
        """Add the integral over the outlines to the gradient of the points."""
        found = ctx.jumps.outlines
        wanted = gradient[found.picture, found.row, found.column]
        push = (wanted * ctx.jumps.jump).sum(dim=-1, keepdim=True) * found.outward_px
        share = found.share[:, None]
        shares = torch.stack([push * (1 - share), push * share], dim=1).to(ctx.like.dtype)
        on_screen = ctx.like.new_zeros((ctx.count, 2))
        on_screen.index_add_(0, ctx.jumps.points.flatten(), shares.flatten(0, 1))
        return gradient, torch.nn.functional.pad(on_screen, (0, 1)), None


def with_moving_edges(picture: Tensor, points_px: Tensor, jumps: Jumps) -> Tensor:
    """Return the pictures unchanged, with a gradient that knows what moving outlines do to them.

    Args:
        picture: What is seen in each pixel, [pictures, height, width, channels].
        points_px: ``Batch.points_px``, [points, 3].
        jumps: The outlines; not differentiable themselves.
    """
    return _MovingEdges.apply(picture, points_px, jumps)
