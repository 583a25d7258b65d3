"""The pictures, and what they gain and lose when the mesh moves.

The box-filtered picture is ``I = integral of f over a pixel``, f being what is seen. Three things change it:

* the light on a material point (autograd, through ``shade``, with the point's place on its triangle fixed);
* surfaces that slide under the pixel at the speed u: ``-grad f . u``. Where the pixels around show the same triangle,
  ``grad f`` is the triangle's (``footing.sliding_weights``); elsewhere it is measured on the picture (``slopes``);
* outlines. Along them f jumps from ``f_in`` to ``f_out``, and by Reynolds' transport theorem
  ``dI = integral over the outline of (f_in - f_out) (v . n) dl``, with v the speed at which the outline moves over the
  screen and n its outward normal. Li, Aittala, Durand and Lehtinen, "Differentiable Monte Carlo Ray Tracing through
  Edge Sampling" (2018), sample that integral at random; here it is added up over every visible edge.
"""

from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor
from torch.autograd.function import once_differentiable

from .outlines import Outlines
from .rasterizer import Fragments
from .slopes import Sides


@dataclass(frozen=True, eq=False)
class Canvas:
    """What the covered samples are painted on."""

    size_px: tuple[int, int]
    """Height and width of the pictures, in pixels."""
    samples: int
    """Samples per pixel along each axis."""
    found: Fragments
    """The covered samples."""

    def pixels(self, at: Fragments | Outlines) -> tuple[Tensor, Tensor, Tensor]:
        """Return picture, row and column of the pixels that samples are in, [N] each."""
        n = self.samples
        return (at.picture, at.row, at.column) if n == 1 else (at.picture, at.row // n, at.column // n)


@dataclass(frozen=True, eq=False)
class Motion:
    """What moves over the pictures when the points do."""

    sides: Sides
    """The outlines with the colours on both sides."""
    bare: Tensor
    """1 where the background is outside of an outline, otherwise 0, [N]."""
    ends: Tensor
    """Rows of ``Batch.points_px`` of the two ends of each outline's edge, [N, 2]."""
    slopes: Tensor
    """The change of the picture per pixel to the right and down at the covered samples, 0 where that of the triangle
    is taken, [2, N, 3]."""


def paint(lit: Tensor, background: Tensor, canvas: Canvas) -> tuple[Tensor, Tensor]:
    """Return images [pictures, height, width, 3] and masks [pictures, height, width].

    Args:
        lit: The colours of the covered samples, [N, 3].
        background: What is behind them, [pictures, height, width, 3].
        canvas: Where they go.
    """
    found, share = canvas.found, 1 / canvas.samples**2
    picture, row, column = canvas.pixels(found)
    pixels = (picture * canvas.size_px[0] + row) * canvas.size_px[1] + column
    mask = lit.new_zeros(background.shape[:-1])
    images = background.clone(memory_format=torch.contiguous_format)
    if canvas.samples == 1:
        mask.view(-1)[pixels] = 1
        images.view(-1, 3).index_copy_(0, pixels, lit)
        return images, mask
    mask.view(-1).index_add_(0, pixels, lit.new_full((len(pixels),), share))
    # Equal shares add up to 1 but for rounding.
    mask = (mask / share).round_().mul_(share)
    images *= (1 - mask)[..., None]
    images.view(-1, 3).index_add_(0, pixels, lit * share)
    return images, mask


class _Painted(torch.autograd.Function):
    """``paint``, whose backward pass knows what moves."""

    @staticmethod
    def forward(ctx: Any, lit: Tensor, background: Tensor, points_px: Tensor, painting: tuple[Canvas, Motion]) -> Any:
        """Paint."""
        ctx.canvas, ctx.motion = painting
        ctx.like = points_px.detach()
        images, mask = paint(lit, background, ctx.canvas)
        ctx.save_for_backward(mask)
        return images, mask

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, to_images: Tensor, to_mask: Tensor) -> tuple[Tensor | None, Tensor | None, Tensor, None]:
        """Collect the gradient of the pixels at the samples and at the outlines."""
        canvas, motion, (mask,) = ctx.canvas, ctx.motion, ctx.saved_tensors
        found, around, share = canvas.found, motion.sides.outlines, 1 / canvas.samples**2
        to_lit = to_images[canvas.pixels(found)] * share
        points = torch.zeros_like(ctx.like)
        found.footing.push(-(to_lit * motion.slopes).sum(dim=-1), points)
        pixels = canvas.pixels(around)
        wanted = (to_images[pixels] * (motion.sides.inner - motion.sides.outer)).sum(dim=-1)
        wanted += to_mask[pixels] * motion.bare
        _push_ends(motion, wanted[:, None] * share, points)
        behind = None
        if ctx.needs_input_grad[1]:
            behind = to_images * (1 - mask)[..., None]
        return to_lit, behind, points, None


def _push_ends(motion: Motion, wanted: Tensor, points: Tensor) -> None:
    """Add the integral over the outlines to the gradient of the points."""
    push = wanted * motion.sides.outlines.outward_px
    share = motion.sides.outlines.share[:, None]
    for end, part in ((0, 1 - share), (1, share)):
        points[:, :2].index_add_(0, motion.ends[:, end], (push * part).to(points.dtype))


def painted(
    lit: Tensor, background: Tensor, points_px: Tensor, canvas: Canvas, motion: Motion
) -> tuple[Tensor, Tensor]:
    """Return what ``paint`` does, with a gradient that knows what moves.

    Args:
        lit: The colours of the covered samples, [N, 3].
        background: What is behind them, [pictures, height, width, 3].
        points_px: ``Batch.points_px``, [points, 3].
        canvas: Where they go.
        motion: What moves over the pictures; not differentiable itself.
    """
    images, mask = _Painted.apply(lit, background, points_px, (canvas, motion))
    return images, mask
