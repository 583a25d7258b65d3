"""The outlines of a batch of pictures: where, on the screen, what is seen jumps. Warp, no gradient.

For the middle of every piece of an outline (``outline_pieces``) one question is asked: which triangle is seen just
outside? It is asked at the exact place (a z-buffer over scattered points instead of pixel centres: the points are
sorted by pixel, each triangle visits those under it), so that it is answered rightly however much smaller than a pixel
the triangles are.
"""

from dataclasses import dataclass

import torch
import warp as wp
from torch import Tensor

from ..body.warp_start import start_warp
from .batch import Batch
from .outline_pieces import Pieces, cut_outlines
from .rasterizer import EMPTY_KEY, FlatPictures, depth_key, face_corners, faces_of_keys, flat_pictures, is_drawn

_HIDDEN_M = 1.0e-4
"""An outline is hidden by what is nearer than it by more than this."""


@dataclass(frozen=True, eq=False)
class Outlines:
    """The visible stretches of all outlines, each of one edge within one pixel."""

    picture: Tensor
    """The picture of each stretch, [N]."""
    row: Tensor
    """The pixel it is in, [N]."""
    column: Tensor
    """The pixel it is in, [N]."""
    ends: Tensor
    """The two vertices of its edge as indices within the mesh, [N, 2]."""
    share: Tensor
    """Where the middle of the stretch lies on the edge, on the screen: 0 at the first vertex, 1 at the second, [N]."""
    outward_px: Tensor
    """Unit normal that points out of the outline, times the length of the stretch, x and y in pixels, [N, 2]."""
    middle_px: Tensor
    """Its middle, x and y in pixels, [N, 2]."""
    outside_px: Tensor
    """A place just outside, x and y in pixels, [N, 2]."""
    outside_face: Tensor
    """The triangle seen there, a row of ``Batch.faces``; -1 where the background is seen, [N]."""


@wp.struct
class _Asked:
    outside: wp.array(dtype=wp.vec2)  # type: ignore[valid-type]
    edge: wp.array(dtype=wp.int32)  # type: ignore[valid-type]
    starts: wp.array(dtype=wp.int32)  # type: ignore[valid-type]  # the first point of each pixel, and the end
    width: int
    height: int


@wp.kernel(enable_backward=False)  # type: ignore[untyped-decorator]  # warp ships no types
def _look_outside(flat: FlatPictures, asked: _Asked, keys: wp.array(dtype=wp.int64)) -> None:  # type: ignore[valid-type]
    picture, number = wp.tid()  # type: ignore[misc]  # as many indices as the launch has axes
    if number >= flat.table[picture, 2]:
        return
    face = flat.table[picture, 1] + number
    a, b, c = face_corners(flat, picture, face)
    if not is_drawn(a, b, c, flat.near_m):
        return
    least = wp.vec2(wp.min(wp.min(a[0], b[0]), c[0]), wp.min(wp.min(a[1], b[1]), c[1]))
    most = wp.vec2(wp.max(wp.max(a[0], b[0]), c[0]), wp.max(wp.max(a[1], b[1]), c[1]))
    left = wp.max(int(wp.floor(least[0])), 0)
    right = wp.min(int(wp.floor(most[0])), asked.width - 1)
    if left > right:
        return
    top = wp.max(int(wp.floor(least[1])), 0)
    bottom = wp.min(int(wp.floor(most[1])), asked.height - 1)
    for row in range(top, bottom + 1):
        begin = (picture * asked.height + row) * asked.width
        for point in range(asked.starts[begin + left], asked.starts[begin + right + 1]):
            place = asked.outside[point]
            if place[0] >= least[0] and place[0] <= most[0] and place[1] >= least[1] and place[1] <= most[1]:
                key = depth_key(a, b, c, place, face)
                if key < keys[point]:
                    # The edge's own triangles lie inside, whatever rounding says.
                    edge = asked.edge[point]
                    if flat.edges[edge, 2] != number and flat.edges[edge, 3] != number:
                        wp.atomic_min(keys, point, key)


def find_outlines(batch: Batch) -> Outlines:
    """Return the visible pieces of all outlines of a batch of pictures.

    Two surfaces that go through each other meet in a line that is no edge of either; it is not listed.
    """
    start_warp()
    device, (height, width) = batch.points_px.device, batch.size_px
    flat = flat_pictures(batch)
    found = cut_outlines(batch, flat)
    keys = torch.full((len(found.edge),), EMPTY_KEY, dtype=torch.int64, device=device)
    if len(keys):
        order = torch.argsort(found.beside)
        outside, edges = found.outside_px.index_select(0, order), found.edge.index_select(0, order)
        starts = torch.zeros(batch.picture_count * height * width + 1, dtype=torch.int32, device=device)
        torch.cumsum(torch.bincount(found.beside, minlength=len(starts) - 1), 0, dtype=torch.int32, out=starts[1:])
        asked = _Asked()
        asked.outside, asked.edge = wp.from_torch(outside, dtype=wp.vec2), wp.from_torch(edges)
        asked.starts, asked.height, asked.width = wp.from_torch(starts), height, width
        shape, on = (batch.picture_count, batch.most_faces), wp.device_from_torch(device)
        wp.launch(_look_outside, dim=shape, inputs=[flat, asked, wp.from_torch(keys)], device=on)
        keys = torch.empty_like(keys).index_copy_(0, order, keys)
    return _visible(batch, found, keys)


def _visible(batch: Batch, found: Pieces, keys: Tensor) -> Outlines:
    """Leave out the pieces in front of which something is seen, and join what is left of an edge within a pixel."""
    outside_m = (keys >> 32).to(torch.float64) * 1e-6
    kept = torch.nonzero(outside_m > found.line[:, 1] - _HIDDEN_M)[:, 0]
    face, pixel, edge = (
        faces_of_keys(keys.index_select(0, kept)),
        found.pixel.index_select(0, kept),
        found.edge.index_select(0, kept),
    )
    starts = torch.ones_like(kept, dtype=torch.bool)
    # The next piece of the same edge in the same pixel, before the same kind of thing.
    starts[1:] = (kept[1:] != kept[:-1] + 1) | (pixel[1:] != pixel[:-1]) | (edge[1:] != edge[:-1])
    starts[1:] |= (face[1:] < 0) != (face[:-1] < 0)
    first = torch.nonzero(starts)[:, 0]
    run = starts.cumsum(0) - 1
    count = torch.diff(first, append=first.new_tensor([len(kept)]))
    line = torch.cat([found.line, found.outside_px], dim=1).index_select(0, kept)
    line = line.new_zeros((len(first), 6)).index_add_(0, run, line)
    one = first + count // 2
    middle = kept.index_select(0, one)
    height, width = batch.size_px
    pixel = pixel.index_select(0, one)
    across, column = pixel // width, pixel % width
    return Outlines(
        picture=(across // height).long(),
        row=(across % height).long(),
        column=column.long(),
        ends=batch.edges.index_select(0, edge.index_select(0, one))[:, :2].long(),
        share=line[:, 0] / count,
        outward_px=line[:, 2:4],
        middle_px=line[:, 4:] / count[:, None],
        outside_px=found.outside_px.index_select(0, middle),
        outside_face=face.index_select(0, one).long(),
    )
