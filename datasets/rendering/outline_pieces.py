"""Which edges are outlines, and how pixels cut them: Warp kernels, no gradient.

An edge is an outline where both of its triangles lie on the same side of it on the screen, or where the mesh ends. It
is cut at the borders of the pixels and then into pieces, so that each piece is in one pixel and what is seen beside its
middle may stand for what is seen beside all of it.
"""

from dataclasses import dataclass

import torch
import warp as wp
from torch import Tensor

from .batch import Batch
from .rasterizer import FlatPictures, face_corners, twice_area

_OUTSIDE_PX = 1.0e-4
"""How far outside an outline "just outside" is; float32 places a point to a tenth of that. At ten
times as much, what a zigzag of small triangles covers again would count as open: 0.5 % of an outline's length."""
_PIECE_PX = 0.125
"""The longest piece; where one outline vanishes behind another, the end is right to half a piece."""


@dataclass(frozen=True, eq=False)
class Pieces:
    """The pieces of all outlines, seen or not."""

    pixel: Tensor
    """The pixel each is in, numbered over all pictures, int32 [N]."""
    beside: Tensor
    """The pixel that the place just outside is in, int32 [N]."""
    edge: Tensor
    """The edge, a row of ``Batch.edges``, int32 [N]."""
    line: Tensor
    """Share of the edge at the middle, depth there, and the outward normal times the length, x and y, [N, 4]."""
    outside_px: Tensor
    """The place just outside the middle, x and y, [N, 2]."""


@wp.struct
class _Room:
    sides: wp.array2d(dtype=wp.int8)  # type: ignore[valid-type]  # 1 or -1 of each triangle
    counts: wp.array2d(dtype=wp.int32)  # type: ignore[valid-type]  # pieces of each edge
    pixel: wp.array(dtype=wp.int32)  # type: ignore[valid-type]
    beside: wp.array(dtype=wp.int32)  # type: ignore[valid-type]
    edge: wp.array(dtype=wp.int32)  # type: ignore[valid-type]
    line: wp.array(dtype=wp.vec4)  # type: ignore[valid-type]
    outside: wp.array(dtype=wp.vec2)  # type: ignore[valid-type]


@wp.kernel(enable_backward=False)  # type: ignore[untyped-decorator]  # warp ships no types
def _find_sides(flat: FlatPictures, room: _Room) -> None:
    # The sign is taken from the triangle, the same for all of its edges: two edges never disagree on a thin triangle.
    picture, number = wp.tid()  # type: ignore[misc]  # as many indices as the launch has axes
    if number >= flat.table[picture, 2]:
        return
    a, b, c = face_corners(flat, picture, flat.table[picture, 1] + number)
    side = -1
    if twice_area(a, b, c[0], c[1]) > 0.0:
        side = 1
    room.sides[picture, number] = wp.int8(side)


@wp.func  # type: ignore[untyped-decorator]  # warp ships no types
def _outline_side(flat: FlatPictures, room: _Room, picture: int, edge: int) -> int:
    """The side of the edge on which its triangles lie, 1 or -1; 0 where they lie on both."""
    side = flat.edges[edge, 4] * int(room.sides[picture, flat.edges[edge, 2]])
    if flat.edges[edge, 3] >= 0:
        other = flat.edges[edge, 5] * int(room.sides[picture, flat.edges[edge, 3]])
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
def _next_border(place: float, along: float, begin: float, t: float) -> float:
    """The share of the edge at which the pixel border after ``place`` is met."""
    share = float(2.0)  # noqa: UP018  # a variable to Warp, not a constant
    if along > 1.0e-9:
        share = (wp.floor(place) + 1.0 - begin) / along
    elif along < -1.0e-9:
        share = (wp.ceil(place) - 1.0 - begin) / along
    return wp.max(share, t)


@wp.func  # type: ignore[untyped-decorator]  # warp ships no types
def _pixel_end(a: wp.vec3, b: wp.vec3, begin: float, stop: float) -> float:
    """The share of the edge at which the pixel that it is in at ``begin`` ends."""
    x = b[0] - a[0]
    y = b[1] - a[1]
    # Looking from a little ahead keeps a part that begins on a border from being cut there again.
    ahead = begin + 1.0e-4 / wp.max(wp.length(wp.vec2(x, y)), 1.0e-9)
    border = wp.min(
        _next_border(a[0] + ahead * x, x, a[0], begin),
        _next_border(a[1] + ahead * y, y, a[1], begin),
    )
    if border <= begin:
        border = ahead
    return wp.min(border, stop)


@wp.func  # type: ignore[untyped-decorator]  # warp ships no types
def _cuts(length: float) -> int:
    return wp.max(int(wp.ceil(length / _PIECE_PX)), 1)


@wp.kernel(enable_backward=False)  # type: ignore[untyped-decorator]  # warp ships no types
def _count_pieces(flat: FlatPictures, room: _Room) -> None:
    picture, number = wp.tid()  # type: ignore[misc]  # as many indices as the launch has axes
    if number >= flat.table[picture, 4]:
        return
    edge = flat.table[picture, 3] + number
    if _outline_side(flat, room, picture, edge) == 0:
        return
    first = flat.table[picture, 0]
    a = flat.points[first + flat.edges[edge, 0]]
    b = flat.points[first + flat.edges[edge, 1]]
    if wp.min(a[2], b[2]) < flat.near_m:
        return
    part = _inside(a, b, flat.size_px)
    length = wp.length(wp.vec2(b[0] - a[0], b[1] - a[1]))
    begin = part[0]
    while begin < part[1]:
        end = _pixel_end(a, b, begin, part[1])
        room.counts[picture, number] += _cuts((end - begin) * length)
        begin = end


@wp.func  # type: ignore[untyped-decorator]  # warp ships no types
def _note_piece(flat: FlatPictures, room: _Room, which: wp.vec3i, t: float, push: wp.vec2):  # type: ignore[no-untyped-def]  # noqa: ANN202
    """Write down the piece of an edge around ``t``."""
    picture = which[0]  # type: ignore[index]  # warp ships no types
    edge = which[1]  # type: ignore[index]  # warp ships no types
    piece = which[2]  # type: ignore[index]  # warp ships no types
    a = flat.points[flat.table[picture, 0] + flat.edges[edge, 0]]
    b = flat.points[flat.table[picture, 0] + flat.edges[edge, 1]]
    last_px = flat.size_px - wp.vec2(1.0e-3, 1.0e-3)
    height = int(flat.size_px[1])
    width = int(flat.size_px[0])
    px = wp.clamp(a[0] + t * (b[0] - a[0]), 0.0, last_px[0])
    py = wp.clamp(a[1] + t * (b[1] - a[1]), 0.0, last_px[1])
    outward = wp.normalize(push)
    ox = wp.clamp(px + _OUTSIDE_PX * outward[0], 0.0, last_px[0])
    oy = wp.clamp(py + _OUTSIDE_PX * outward[1], 0.0, last_px[1])
    room.pixel[piece] = (picture * height + int(py)) * width + int(px)
    room.beside[piece] = (picture * height + int(oy)) * width + int(ox)
    room.edge[piece] = edge
    room.line[piece] = wp.vec4(t, 1.0 / ((1.0 - t) / a[2] + t / b[2]), push[0], push[1])
    room.outside[piece] = wp.vec2(ox, oy)


@wp.kernel(enable_backward=False)  # type: ignore[untyped-decorator]  # warp ships no types
def _cut_edges(flat: FlatPictures, asked: wp.array2d(dtype=wp.int32), room: _Room) -> None:  # type: ignore[valid-type]
    row = wp.tid()
    picture = asked[row, 0]
    first = flat.table[picture, 0]
    edge = flat.table[picture, 3] + asked[row, 1]
    piece = asked[row, 2]
    a = flat.points[first + flat.edges[edge, 0]]
    b = flat.points[first + flat.edges[edge, 1]]
    along = wp.vec2(b[0] - a[0], b[1] - a[1])
    length = wp.length(along)
    # Triangles on side 1 lie at +90 degrees from the edge (x towards y); outside is the other way.
    outward = wp.vec2(along[1], -along[0]) * float(_outline_side(flat, room, picture, edge))
    part = _inside(a, b, flat.size_px)
    begin = part[0]
    while begin < part[1]:
        end = _pixel_end(a, b, begin, part[1])
        cuts = _cuts((end - begin) * length)
        step = (end - begin) / float(cuts)
        for cut in range(cuts):
            middle = begin + (float(cut) + 0.5) * step
            _note_piece(flat, room, wp.vec3i(picture, edge, piece), middle, outward * step)
            piece += 1
        begin = end


def cut_outlines(batch: Batch, flat: FlatPictures) -> Pieces:
    """Return the pieces of all outlines of a batch, whether they are seen or hidden.

    Args:
        batch: The pictures.
        flat: Their tables.
    """
    device = batch.points_px.device
    on, shape = wp.device_from_torch(device), (batch.picture_count, batch.most_edges)
    sides = torch.empty((batch.picture_count, batch.most_faces), dtype=torch.int8, device=device)
    counts = torch.zeros(shape, dtype=torch.int32, device=device)
    room = _Room()
    room.sides, room.counts = wp.from_torch(sides), wp.from_torch(counts)
    if counts.numel() and sides.numel():
        wp.launch(_find_sides, dim=tuple(sides.shape), inputs=[flat, room], device=on)
        wp.launch(_count_pieces, dim=shape, inputs=[flat, room], device=on)
    asked = torch.nonzero(counts)
    of_each = counts.view(-1)[asked[:, 0] * shape[1] + asked[:, 1]]
    ends = of_each.cumsum(0)
    total = int(ends[-1]) if len(ends) else 0
    whole = torch.empty((3, total), dtype=torch.int32, device=device)
    line = torch.empty((total, 4), dtype=torch.float32, device=device)
    outside = torch.empty((total, 2), dtype=torch.float32, device=device)
    if total:
        rows = torch.cat([asked, (ends - of_each)[:, None]], dim=1).to(torch.int32)
        room.pixel, room.beside, room.edge = (wp.from_torch(column) for column in whole)
        room.line, room.outside = wp.from_torch(line, dtype=wp.vec4), wp.from_torch(outside, dtype=wp.vec2)
        wp.launch(_cut_edges, dim=len(rows), inputs=[flat, wp.from_torch(rows), room], device=on)
    return Pieces(whole[0], whole[1], whole[2], line, outside)
