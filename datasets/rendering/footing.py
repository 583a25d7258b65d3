"""Where on its triangle a place of the screen lies, and how that changes when the triangle moves.

Two questions look alike and are not. The *weights* of a place that stays: they slide over the triangle as it moves
away under the place. The *speed* of a material point: weights fixed, its place on the screen moves. With ``u`` that
speed, the weights at the fixed place change by ``-(dw/dplace) u``; everything here is built on ``u``, because a body's
motion is smooth in it, however small its triangles are on the screen.
"""

from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor
from torch.autograd.function import once_differentiable

_NO_AREA = 1e-12
"""Of triangles so thin that the area, which was not 0 when they were drawn, is so in another order of summation."""


@dataclass(frozen=True, eq=False)
class Footing:
    """Places of the screen, each on a triangle. The places come last: what is done to all of them is one long run."""

    rows: Tensor
    """The triangles' corners, rows of ``Batch.points_px``, [3, N]."""
    corners_px: Tensor
    """Their pixel coordinates and depths, [x y depth, 3, N]."""
    place_px: Tensor
    """The places, x and y, [2, N]."""
    shares: Tensor
    """Barycentric coordinates on the screen, [3, N]."""
    weights: Tensor
    """Perspective-correct barycentric coordinates, [3, N]."""
    depth_m: Tensor
    """Depth along the viewing direction, [N]."""
    slopes: Tensor
    """Change of ``shares`` per pixel to the right and down, 1 over the altitudes, [2, 3, N]."""

    def part(self, which: Tensor) -> "Footing":
        """Return the footing of some of the places, by index."""
        return Footing(*(value.index_select(-1, which) for value in vars(self).values()))

    def push(self, wanted: Tensor, out: Tensor) -> None:
        """Add to ``out``, [points, 3], the gradient of ``sum(wanted * place of the material points)`` by the corners.

        The material point is ``x = sum(w z x_i) / sum(w z)`` with fixed weights.

        Args:
            wanted: x and y, [2, N].
            out: A gradient of ``Batch.points_px``; changed.
        """
        from_place = (self.corners_px[0] - self.place_px[0]) * wanted[0]
        from_place += (self.corners_px[1] - self.place_px[1]) * wanted[1]
        to_depth = from_place * self.weights / self.depth_m
        pushes = torch.stack([self.shares * wanted[0], self.shares * wanted[1], to_depth], dim=-1)
        out.index_add_(0, self.rows.flatten(), pushes.flatten(0, 1))


def footing(points_px: Tensor, rows: Tensor, place_px: Tensor) -> Footing:
    """Return where places of the screen lie on triangles.

    With the screen-space shares ``s_i`` of a place and the corners' depths ``z_i``, the depth is
    ``z = 1 / sum(s_i / z_i)`` and the perspective-correct weights are ``w_i = z s_i / z_i``.

    Args:
        points_px: ``Batch.points_px``, [points, 3]; no gradient.
        rows: The corners of each place's triangle, [3, N].
        place_px: x and y of places in the triangles, [2, N].
    """
    corners = points_px.index_select(0, rows.flatten()).view(3, -1, 3).permute(2, 0, 1).contiguous()
    x, y, z = corners
    next_x, next_y = x.roll(-1, 0), y.roll(-1, 0)
    # From the next corner to the one after it: the side across from this corner.
    along_x, along_y = next_x.roll(-1, 0) - next_x, next_y.roll(-1, 0) - next_y
    area = along_x[0] * along_y[1] - along_y[0] * along_x[1]
    area = torch.where(area == 0, _NO_AREA, area)
    slopes = torch.stack([-along_y, along_x]) / area
    # The place is in the triangle; of a very thin one, rounding may say otherwise.
    shares = (slopes[0] * (place_px[0] - next_x) + slopes[1] * (place_px[1] - next_y)).clamp_(min=0)
    inverse = shares / z
    depth = 1 / inverse.sum(dim=0)
    return Footing(rows, corners, place_px, shares, inverse * depth, depth, slopes)


class _Weights(torch.autograd.Function):
    """The perspective-correct weights, as a function of the points."""

    @staticmethod
    def forward(ctx: Any, points_px: Tensor, on: Footing, which: Tensor | None) -> Tensor:
        """Hand the weights through."""
        ctx.on, ctx.which = on, which
        ctx.like = points_px.detach()
        return on.weights.t().contiguous()

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor, None, None]:
        """``dw = -(dw/dplace) u``."""
        on, gradient = ctx.on, gradient.t()
        if ctx.which is not None:
            on, gradient = on.part(ctx.which), gradient.index_select(1, ctx.which)
        # dw_i/dx = d_i - w_i sum(d), with d_i = z ds_i/dx / z_i
        change = on.slopes * (on.depth_m / on.corners_px[2])
        change = change - on.weights * change.sum(dim=1, keepdim=True)
        answer = torch.zeros_like(ctx.like)
        on.push(-(change * gradient).sum(dim=1), answer)
        return answer, None, None


def sliding_weights(points_px: Tensor, on: Footing, which: Tensor | None = None) -> Tensor:
    """Return the weights of a footing, [N, 3], as a function of the points.

    Args:
        points_px: ``Batch.points_px``, [points, 3].
        on: Their footing.
        which: The places at which the weights are to be differentiable, by index; ``None``: all.
    """
    return _Weights.apply(points_px, on, which)
