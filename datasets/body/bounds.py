"""Where the inside of a closed mesh can be at all: cheap bounds that spare most points the winding number.

Cut a closed mesh into pieces and close each with a cap over its open edge, a cone from one of the edge's own vertices.
Two caps over one edge cancel, so the mesh's winding number is the sum of the pieces'. A closed piece winds only around
points within its convex hull, and its caps add nothing to that hull. So a point outside the hulls of all pieces is
outside of the mesh, exactly. Hulls are bounded by slabs here, which are cheap when a mesh moves. What the slabs leave
open is looked at again once the distance from the surface is known: it is a ball around the point that is all inside or
all outside.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from .cut_loops import net_edges

_DIRECTIONS = torch.tensor([[1, 0, 0], [0, 1, 0], [0, 0, 1], [0.5**0.5, 0, 0.5**0.5], [0.5**0.5, 0, -(0.5**0.5)]])
"""Normals of the slabs: upright bodies that may be turned about the vertical."""

_PADDING = 1e-5
"""Widening of the slabs against rounding, over the mesh's extent."""


@dataclass(frozen=True, eq=False)
class Slabs:
    """Where each piece of a mesh lies in each frame, between pairs of parallel planes."""

    low: Tensor
    """Where each slab begins along its normal, less a padding against rounding, [frames, pieces, directions]."""
    high: Tensor
    """Where it ends, plus the padding, [frames, pieces, directions]."""

    def outside_by_m(self, points_m: Tensor) -> Tensor:
        """Return how far at least points are from the mesh, [frames, points]; above 0 they are outside.

        Args:
            points_m: The points, [frames, points, 3].
        """
        at = _along(points_m)[:, None]  # [frames, 1, directions, points]
        beyond = torch.maximum(self.low[..., None] - at, at - self.high[..., None])
        return beyond.amax(dim=2).amin(dim=1)

    def balls_may_be_inside(self, points_m: Tensor, radius_m: Tensor, asked: Tensor) -> Tensor:
        """Return which points cannot be ruled out by the ends of their balls' diameters, bool [frames, points].

        A ball that reaches no further than the surface holds none of it, so all of it is on one side: if an end of a
        diameter is outside of the mesh, so is the centre. The diameters taken are those along the slabs' normals.

        Args:
            points_m: Centres, [frames, points, 3].
            radius_m: Their distances from the surface, [frames, points].
            asked: Which points to look at; the others count as ruled out, bool [frames, points].
        """
        frame, point = torch.nonzero(asked, as_tuple=True)
        padding = _PADDING * (self.high - self.low).amax()
        radii = _DIRECTIONS.to(points_m) * (radius_m[frame, point] - padding).clamp(min=0)[:, None, None]
        centres = points_m[frame, point][:, None]
        ends = torch.cat([centres + radii, centres - radii], dim=1)
        possible = asked.clone()
        possible[frame, point] = (Slabs(self.low[frame], self.high[frame]).outside_by_m(ends) <= 0).all(dim=1)
        return possible


@dataclass(frozen=True, eq=False)
class PieceBounds:
    """The vertices of each piece of a closed mesh."""

    pieces: tuple[Tensor, ...]
    """Vertex indices of each piece, int64."""

    def slabs(self, vertices_m: Tensor) -> Slabs:
        """Bound the pieces of a posed mesh, [frames, vertices, 3]."""
        along = _along(vertices_m)
        pieces = [along.index_select(-1, piece) for piece in self.pieces]
        low = torch.stack([piece.amin(dim=-1) for piece in pieces], dim=1)
        high = torch.stack([piece.amax(dim=-1) for piece in pieces], dim=1)
        padding = _PADDING * (high.amax() - low.amin())
        return Slabs(low - padding, high + padding)


def _along(points_m: Tensor) -> Tensor:
    """Return how far along each normal points are, [frames, points, 3] -> [frames, directions, points]."""
    return _DIRECTIONS.to(points_m) @ points_m.transpose(1, 2)


def piece_bounds(
    faces: NDArray[np.integer], welded: NDArray[np.intp], groups: Sequence[NDArray[np.intp]]
) -> PieceBounds | None:
    """Return the bounds of a mesh cut into groups of vertices and the rest; ``None`` for a mesh that is not closed.

    Args:
        faces: The mesh, counter-clockwise seen from outside, [faces, 3].
        welded: For each vertex the one that stands for its place, [vertices].
        groups: Vertices of the pieces; a face belongs to a group if all of its corners do.
    """
    corners = welded[faces]
    if not len(faces) or net_edges(corners):
        return None
    owner = np.full(len(faces), len(groups))
    touched = np.zeros(len(faces), dtype=np.int64)
    for number, group in enumerate(groups):
        member = np.zeros(len(welded), dtype=bool)
        member[welded[group]] = True
        owner[member[corners].all(axis=1)] = number
        touched += member[corners].any(axis=1)
    if (touched > 1).any():  # groups that share a face share edges that no cap of the rest would cancel
        owner[:] = len(groups)
    pieces = [np.unique(faces[owner == number]) for number in range(len(groups) + 1)]
    return PieceBounds(tuple(torch.from_numpy(piece.astype(np.int64)) for piece in pieces if len(piece)))
