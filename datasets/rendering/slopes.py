"""How the picture itself rises and falls from pixel to pixel, on either side of its outlines.

Where a surface slides under a pixel at the speed ``u``, the pixel changes by ``-grad f . u``, ``f`` being the colour
over the screen. On a triangle much smaller than a pixel ``grad f`` is huge and of either sign: the colour crosses it in
a hundredth of a pixel, and one sample in a pixel says nothing of its mean. But the mean of a slope over a stretch is
the difference of its ends. So ``grad f`` is measured along the lines through the pixels' centres: from one centre to
the next where the surface goes on, and up to the outline where it ends. Summed over the stretch these differences are
what ``f`` rises, exactly, however it goes up and down in between. The line in which two surfaces go through each other,
no edge of either, is counted so too: as a rise that moves with both.
"""

from dataclasses import dataclass

import torch
from torch import Tensor

from .outlines import Outlines
from .rasterizer import Fragments


@dataclass(frozen=True, eq=False)
class Sides:
    """The outlines and the colours on their two sides."""

    outlines: Outlines
    inner: Tensor
    """Colour just inside, [N, 3]."""
    outer: Tensor
    """Colour just outside, [N, 3]."""


@dataclass(frozen=True, eq=False)
class _Crossings:
    """Where outlines cross the lines through the pixels' centres along one axis."""

    pixel: Tensor
    """The pixel whose centre comes before the crossing, numbered over all pictures, [N]."""
    place: Tensor
    """Its place along the axis, from -1, [N]."""
    beyond: Tensor
    """How far beyond that centre the crossing is, 0 to 1, [N]."""
    before: Tensor
    """Colour just before the crossing, [N, 3]."""
    after: Tensor
    """Colour just after it, [N, 3]."""


def picture_slopes(found: Fragments, lit: Tensor, sides: Sides, shape: tuple[int, int, int]) -> Tensor:
    """Return the mean change of colour per pixel, to the right and down, in each covered pixel, [2, N, 3].

    Args:
        found: The covered pixels.
        lit: Their colours, [N, 3]; no gradient.
        sides: The outlines.
        shape: Number, height and width of the pictures.
    """
    pictures, height, width = shape
    pixel = (found.picture * height + found.row) * width + found.column
    # One more than there are, so that the pixel after the last may be asked for.
    fragment = pixel.new_full((pictures * height * width + 1,), -1)
    fragment[pixel] = torch.arange(len(pixel), device=pixel.device)
    slopes = []
    for axis, (place, step, size) in enumerate(((found.column, 1, width), (found.row, width, height))):
        crossings = _crossings(sides, axis, (height, width))
        rise, crossed = torch.zeros_like(lit), torch.zeros_like(place, dtype=torch.bool)
        for way in (1, -1):
            to, colours = _nearest(crossings, (way, step, size), fragment, len(lit))
            # Copied, not added: of two crossings at the same place to the last bit one counts.
            rise += torch.zeros_like(lit).index_copy_(0, to, way * (colours - lit.index_select(0, to)))
            if way == 1:
                crossed[to] = True
        neighbour = fragment.index_select(0, (pixel + step).clamp(max=len(fragment) - 1))
        goes_on = torch.nonzero((neighbour >= 0) & (place < size - 1) & ~crossed)[:, 0]
        neighbour = neighbour.index_select(0, goes_on)
        half = 0.5 * (lit.index_select(0, neighbour) - lit.index_select(0, goes_on))
        slopes.append(rise.index_add_(0, goes_on, half).index_add_(0, neighbour, half))
    return torch.stack(slopes)


def _crossings(sides: Sides, axis: int, size_px: tuple[int, int]) -> _Crossings:
    """Cut the pieces of the outlines with the lines."""
    found, other = sides.outlines, 1 - axis
    # Turned by a right angle, the outward normal times the length is the way along the piece.
    across = found.outward_px[:, axis] * (-1 if axis else 1)
    centre, middle = (found.column, found.row)[other] + 0.5, found.middle_px[:, other]
    met = torch.nonzero((middle - across / 2 < centre) != (middle + across / 2 < centre))[:, 0]
    outward = found.outward_px.index_select(0, met)
    along = outward[:, other] * (1 if axis else -1)
    at = found.middle_px[met, axis] + (centre[met] - middle[met]) / across[met] * along - 0.5
    place = torch.floor(at)
    row, column = (found.row[met], place.long()) if axis == 0 else (place.long(), found.column[met])
    ahead = outward[:, axis : axis + 1] > 0
    inner, outer = sides.inner.index_select(0, met), sides.outer.index_select(0, met)
    return _Crossings(
        pixel=(found.picture[met] * size_px[0] + row) * size_px[1] + column,
        place=place.long(),
        beyond=at - place,
        before=torch.where(ahead, inner, outer),
        after=torch.where(ahead, outer, inner),
    )


def _nearest(crossings: _Crossings, line: tuple[int, int, int], fragment: Tensor, count: int) -> tuple[Tensor, Tensor]:
    """The covered pixels that have a crossing before the next centre, and the colour at the nearest one.

    Args:
        crossings: All of them.
        line: 1 for crossings after the pixel, -1 for those before it; the step from pixel to pixel; pixels along it.
        fragment: The number of each covered pixel.
        count: How many there are.
    """
    way, step, size = line
    beside = (1 - way) // 2
    place = crossings.place + beside
    inside = torch.nonzero((place >= 0) & (place < size))[:, 0]
    to = fragment[crossings.pixel[inside] + beside * step]
    inside, to = inside[to >= 0], to[to >= 0]
    far = crossings.beyond[inside] if way > 0 else 1 - crossings.beyond[inside]
    nearest = far.new_full((count,), 2.0).scatter_reduce_(0, to, far, "amin")
    won = torch.nonzero(far == nearest[to])[:, 0]
    colours = (crossings.before if way > 0 else crossings.after).index_select(0, inside[won])
    return to[won], colours
