"""The outlines of a batch of pictures: where, on the screen, what is seen jumps. Two Warp passes, no gradient.

An edge is an outline where both of its triangles lie on the same side of it on the screen, or where the mesh ends.
The first pass cuts those edges at the borders of the pixels; the second asks, for the middle of every piece, which
triangle is seen just outside. That question is asked at the exact place (a z-buffer over scattered points instead of
pixel centres: each pixel keeps a list of its pieces, each triangle visits the lists under it), so that it is answered
rightly however much smaller than a pixel the triangles are.
"""

from dataclasses import dataclass

import torch
import warp as wp
from torch import Tensor

from ..body.warp_start import start_warp
from .batch import Batch
from .rasterizer import EMPTY_KEY, FlatPictures, depth_key, faces_of_keys, flat_pictures, is_drawn, twice_area

_OUTSIDE_PX = 3.0e-4
"""How far outside an outline "just outside" is; float32 places a point to a tenth of that. At ten
times as much, what a zigzag of small triangles covers again would count as open: 0.5 % of an outline's length."""
_PIECE_PX = 0.5
"""The longest piece; where one outline vanishes behind another, the end is right to half a piece."""
_HIDDEN_M = 1.0e-4
"""An outline is hidden by what is nearer than it by more than this."""


@dataclass(frozen=True, eq=False)
class Outlines:
    """The visible pieces of all outlines, each within one pixel."""

    picture: Tensor
    """The picture of each piece, [N]."""
    row: Tensor
    """The pixel it is in, [N]."""
    column: Tensor
    """The pixel it is in, [N]."""
    ends: Tensor
    """The two vertices of its edge as indices within the mesh, [N, 2]."""
    share: Tensor
    """Where the middle of the piece lies on the edge, on the screen: 0 at the first vertex, 1 at the second, [N]."""
    outward_px: Tensor
    """Unit normal that points out of the outline, times the length of the piece, x and y in pixels, [N, 2]."""
    outside_px: Tensor
    """A place just outside, x and y in pixels, [N, 2]."""
    outside_face: Tensor
    """The triangle seen there, a row of ``Batch.faces``; -1 where the background is seen, [N]."""


@wp.struct
class _Pieces:
    whole: wp.array2d(dtype=wp.int32)  # type: ignore[valid-type]  # picture, row, column, edge, next in the list
    real: wp.array2d(dtype=wp.float32)  # type: ignore[valid-type]  # share, outward x and y, outside x and y, depth
    lists: wp.array3d(dtype=wp.int32)  # type: ignore[valid-type]  # the first piece to look from, in each pixel


@wp.func  # type: ignore[untyped-decorator]  # warp ships no types
def _side(flat: FlatPictures, first: int, face: int) -> int:
    # The sign is taken from the triangle, the same for all of its edges: two edges never disagree on a thin triangle.
    a = flat.points[first + flat.faces[face, 0]]
    b = flat.points[first + flat.faces[face, 1]]
    c = flat.points[first + flat.faces[face, 2]]
    side = -1
    if twice_area(a, b, c[0], c[1]) > 0.0:
        side = 1
    return side


@wp.func  # type: ignore[untyped-decorator]  # warp ships no types
def _outline_side(flat: FlatPictures, picture: int, edge: int) -> int:
    """The side of the edge on which its triangles lie, 1 or -1; 0 where they lie on both."""
    first = flat.table[picture, 0]
    first_face = flat.table[picture, 1]
    side = flat.edges[edge, 4] * _side(flat, first, first_face + flat.edges[edge, 2])
    if flat.edges[edge, 3] >= 0:
        other = flat.edges[edge, 5] * _side(flat, first, first_face + flat.edges[edge, 3])
        if other != side:
            side = 0
    return side


@wp.func  # type: ignore[untyped-decorator]  # warp ships no types
def _inside(a: wp.vec3, b: wp.vec3, size_px: wp.vec2) -> wp.vec2:
    """The part of the edge that is inside the picture, from and to; empty where from >= to (Liang and Barsky)."""
    start = float(0.0)  # noqa: UP018  # a variable to Warp, not a constant
    stop = float(1.0)  # noqa: UP018
    for axis in range(2):
        size = size_px[axis]
        along = b[axis] - a[axis]
        if wp.abs(along) < 1.0e-9:
            if a[axis] <= 0.0 or a[axis] >= size:
                stop = 0.0
        else:
            low = -a[axis] / along
            high = (size - a[axis]) / along
            start = wp.max(start, wp.min(low, high))
            stop = wp.min(stop, wp.max(low, high))
    return wp.vec2(start, stop)


@wp.func  # type: ignore[untyped-decorator]  # warp ships no types
def _crossings(start: float, stop: float) -> int:
    return wp.abs(int(wp.floor(stop)) - int(wp.floor(start)))


@wp.func  # type: ignore[untyped-decorator]  # warp ships no types
def _pixels_met(a: wp.vec3, b: wp.vec3, part: wp.vec2) -> int:
    """The number of pixels that the part of the edge goes through."""
    along = b - a
    across = _crossings(a[0] + part[0] * along[0], a[0] + part[1] * along[0])
    return 1 + across + _crossings(a[1] + part[0] * along[1], a[1] + part[1] * along[1])


@wp.func  # type: ignore[untyped-decorator]  # warp ships no types
def _next_border(place: float, along: float, begin: float, t: float) -> float:
    """The share of the edge at which the pixel border after ``place`` is met."""
    share = float(2.0)  # noqa: UP018  # a variable to Warp, not a constant
    if along > 1.0e-9:
        share = (wp.floor(place) + 1.0 - begin) / along
    elif along < -1.0e-9:
        share = (wp.ceil(place) - 1.0 - begin) / along
    return wp.max(share, t)


@wp.kernel(enable_backward=False)  # type: ignore[untyped-decorator]  # warp ships no types
def _count_pieces(flat: FlatPictures, counts: wp.array2d(dtype=wp.int32)) -> None:  # type: ignore[valid-type]
    picture, number = wp.tid()  # type: ignore[misc]  # as many indices as the launch has axes
    if number >= flat.table[picture, 4]:
        return
    first = flat.table[picture, 0]
    edge = flat.table[picture, 3] + number
    a = flat.points[first + flat.edges[edge, 0]]
    b = flat.points[first + flat.edges[edge, 1]]
    if wp.min(a[2], b[2]) < flat.near_m:
        return
    if _outline_side(flat, picture, edge) == 0:
        return
    part = _inside(a, b, flat.size_px)
    if part[0] >= part[1]:
        return
    pixels = _pixels_met(a, b, part)
    longest = wp.min(wp.length(wp.vec2(b[0] - a[0], b[1] - a[1])), 1.415)  # within one pixel
    counts[picture, number] = pixels * wp.max(int(wp.ceil(longest / _PIECE_PX)), 1)


@wp.func  # type: ignore[untyped-decorator]  # warp ships no types
def _note_piece(flat: FlatPictures, pieces: _Pieces, which: wp.vec3i, t: float, push: wp.vec2, outward: wp.vec2):  # type: ignore[no-untyped-def]  # noqa: ANN202
    """Write down the piece of an edge around ``t`` and put it into the list of the pixel just outside."""
    picture = which[0]  # type: ignore[index]  # warp ships no types
    edge = which[1]  # type: ignore[index]  # warp ships no types
    piece = which[2]  # type: ignore[index]  # warp ships no types
    a = flat.points[flat.table[picture, 0] + flat.edges[edge, 0]]
    b = flat.points[flat.table[picture, 0] + flat.edges[edge, 1]]
    last_px = flat.size_px - wp.vec2(1.0e-3, 1.0e-3)
    px = wp.clamp(a[0] + t * (b[0] - a[0]), 0.0, last_px[0])
    py = wp.clamp(a[1] + t * (b[1] - a[1]), 0.0, last_px[1])
    ox = wp.clamp(px + _OUTSIDE_PX * outward[0], 0.0, last_px[0])
    oy = wp.clamp(py + _OUTSIDE_PX * outward[1], 0.0, last_px[1])
    pieces.whole[piece, 0] = picture
    pieces.whole[piece, 1] = int(py)
    pieces.whole[piece, 2] = int(px)
    pieces.whole[piece, 3] = edge
    pieces.whole[piece, 4] = wp.atomic_exch(pieces.lists, picture, int(oy), int(ox), piece)
    pieces.real[piece, 0] = t
    pieces.real[piece, 1] = push[0]
    pieces.real[piece, 2] = push[1]
    pieces.real[piece, 3] = ox
    pieces.real[piece, 4] = oy
    pieces.real[piece, 5] = 1.0 / ((1.0 - t) / a[2] + t / b[2])


@wp.kernel(enable_backward=False)  # type: ignore[untyped-decorator]  # warp ships no types
def _cut_edges(flat: FlatPictures, asked: wp.array2d(dtype=wp.int32), pieces: _Pieces) -> None:  # type: ignore[valid-type]
    row = wp.tid()
    picture = asked[row, 0]
    first = flat.table[picture, 0]
    edge = flat.table[picture, 3] + asked[row, 1]
    a = flat.points[first + flat.edges[edge, 0]]
    b = flat.points[first + flat.edges[edge, 1]]
    along = wp.vec2(b[0] - a[0], b[1] - a[1])
    length = wp.max(wp.length(along), 1.0e-12)
    # Triangles on side 1 lie at +90 degrees from the edge (x towards y); outside is the other way.
    outward = wp.vec2(along[1], -along[0]) * (float(_outline_side(flat, picture, edge)) / length)
    part = _inside(a, b, flat.size_px)
    pixels = _pixels_met(a, b, part)
    cuts = asked[row, 3] // pixels
    border = part[0]
    for number in range(pixels):
        begin = border
        # Stepping from a little ahead keeps a piece that begins on a border from being cut there again.
        ahead = begin + 1.0e-4 / length
        border = wp.min(
            _next_border(a[0] + ahead * along[0], along[0], a[0], begin),
            _next_border(a[1] + ahead * along[1], along[1], a[1], begin),
        )
        if number == pixels - 1 or border > part[1]:
            border = part[1]
        step = (border - begin) / float(cuts)
        for cut in range(cuts):
            piece = asked[row, 2] + number * cuts + cut
            middle = begin + (float(cut) + 0.5) * step
            _note_piece(flat, pieces, wp.vec3i(picture, edge, piece), middle, outward * (length * step), outward)


@wp.kernel(enable_backward=False)  # type: ignore[untyped-decorator]  # warp ships no types
def _look_outside(flat: FlatPictures, pieces: _Pieces, keys: wp.array(dtype=wp.int64)) -> None:  # type: ignore[valid-type]
    picture, number = wp.tid()  # type: ignore[misc]  # as many indices as the launch has axes
    if number >= flat.table[picture, 2]:
        return
    first = flat.table[picture, 0]
    face = flat.table[picture, 1] + number
    a = flat.points[first + flat.faces[face, 0]]
    b = flat.points[first + flat.faces[face, 1]]
    c = flat.points[first + flat.faces[face, 2]]
    if not is_drawn(a, b, c, flat.near_m):
        return
    left = wp.max(int(wp.floor(wp.min(wp.min(a[0], b[0]), c[0]))), 0)
    right = wp.min(int(wp.floor(wp.max(wp.max(a[0], b[0]), c[0]))), pieces.lists.shape[2] - 1)
    top = wp.max(int(wp.floor(wp.min(wp.min(a[1], b[1]), c[1]))), 0)
    bottom = wp.min(int(wp.floor(wp.max(wp.max(a[1], b[1]), c[1]))), pieces.lists.shape[1] - 1)
    for row in range(top, bottom + 1):
        for column in range(left, right + 1):
            piece = pieces.lists[picture, row, column]
            while piece >= 0:
                # The edge's own triangles lie inside, whatever rounding says.
                edge = pieces.whole[piece, 3]
                if flat.edges[edge, 2] != number and flat.edges[edge, 3] != number:
                    key = depth_key(a, b, c, wp.vec2(pieces.real[piece, 3], pieces.real[piece, 4]), face)
                    if key < keys[piece]:
                        wp.atomic_min(keys, piece, key)
                piece = pieces.whole[piece, 4]


def find_outlines(batch: Batch) -> Outlines:
    """Return the visible pieces of all outlines of a batch of pictures.

    Two surfaces that go through each other meet in a line that is no edge of either; it is not listed.
    """
    start_warp()
    device = batch.points_px.device
    flat, on = flat_pictures(batch), wp.device_from_torch(device)
    counts = torch.zeros((batch.picture_count, batch.most_edges), dtype=torch.int32, device=device)
    if counts.numel():
        wp.launch(_count_pieces, dim=tuple(counts.shape), inputs=[flat, wp.from_torch(counts)], device=on)
    asked = torch.nonzero(counts)
    of_each = counts[asked[:, 0], asked[:, 1]].long()
    ends = of_each.cumsum(0)
    total = int(ends[-1]) if len(ends) else 0
    asked = torch.cat([asked, (ends - of_each)[:, None], of_each[:, None]], dim=1).to(torch.int32)
    whole = torch.empty((total, 5), dtype=torch.int32, device=device)
    real = torch.empty((total, 6), dtype=torch.float32, device=device)
    keys = torch.full((total,), EMPTY_KEY, dtype=torch.int64, device=device)
    if total:
        lists = torch.full((batch.picture_count, *batch.size_px), -1, dtype=torch.int32, device=device)
        pieces = _Pieces()
        pieces.whole, pieces.real, pieces.lists = wp.from_torch(whole), wp.from_torch(real), wp.from_torch(lists)
        wp.launch(_cut_edges, dim=len(asked), inputs=[flat, wp.from_torch(asked), pieces], device=on)
        inputs = [flat, pieces, wp.from_torch(keys)]
        wp.launch(_look_outside, dim=(batch.picture_count, batch.most_faces), inputs=inputs, device=on)
    return _visible(batch, whole, real, keys)


def _visible(batch: Batch, pieces: Tensor, places: Tensor, keys: Tensor) -> Outlines:
    """Leave out the pieces in front of which something is seen."""
    outside_m = (keys >> 32).to(torch.float64) * 1e-6
    kept = torch.nonzero(outside_m > places[:, 5] - _HIDDEN_M)[:, 0]
    pieces, places = pieces[kept].long(), places[kept]
    return Outlines(
        picture=pieces[:, 0],
        row=pieces[:, 1],
        column=pieces[:, 2],
        ends=batch.edges[pieces[:, 3], :2].long(),
        share=places[:, 0],
        outward_px=places[:, 1:3],
        outside_px=places[:, 3:5],
        outside_face=faces_of_keys(keys[kept]).long(),
    )
