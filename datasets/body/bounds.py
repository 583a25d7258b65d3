"""Where the inside of a closed mesh can be at all: cheap bounds that spare most points the winding number.

Cut a closed mesh into pieces and close each with a cap over its open edge, a cone from one of the edge's own vertices.
Two caps over one edge cancel, so the mesh's winding number is the sum of the pieces'. A closed piece winds only around
points within its convex hull, and its caps add nothing to that hull. So a point outside the hulls of all pieces is
outside of the mesh, exactly. Hulls are bounded by slabs here, which are cheap when a mesh moves.
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
class PieceBounds:
    """The vertices of each piece of a closed mesh."""

    pieces: tuple[Tensor, ...]
    """Vertex indices of each piece, int64."""

    def may_be_inside(self, vertices_m: Tensor, points_m: Tensor, distance_m: Tensor) -> Tensor:
        """Return which points cannot be ruled out, bool [frames, points].

        Ruled out are points outside the slabs of every piece, and points whose distance from the surface reaches out of
        the whole mesh's slabs: the ball of that radius holds no surface, so all of it is on one side.

        Args:
            vertices_m: The mesh's vertices, [frames, vertices, 3].
            points_m: The points, [frames, points, 3].
            distance_m: Their distances from the surface, [frames, points].
        """
        directions = _DIRECTIONS.to(vertices_m.device, vertices_m.dtype)
        along, at = (directions @ x.transpose(1, 2) for x in (vertices_m, points_m))  # [frames, directions, points]
        slabs = [torch.aminmax(along[..., piece], dim=-1, keepdim=True) for piece in self.pieces]
        low, high = (torch.stack(ends).aminmax(dim=0) for ends in zip(*slabs, strict=True))
        padding = _PADDING * (high.max - low.min).amax()
        within = torch.zeros_like(distance_m, dtype=torch.bool)
        for slab in slabs:
            within |= ((at >= slab.min - padding) & (at <= slab.max + padding)).all(dim=1)
        radius = distance_m[:, None] - padding
        reaches_out = (at - radius < low.min) | (at + radius > high.max)
        return within & ~reaches_out.any(dim=1)


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
