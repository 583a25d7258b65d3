"""Keeping the target's limbs out of its body: signed distance by winding number, linearised at the closest points.

Exact queries are the dearest part of the method. Each round queries every second frame, even and odd ones in turn;
until a frame is queried again, each of its vertices near the surface keeps its closest point, which moves with the
body, and the plane through it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from ....datasets.body import Character
from ....datasets.body.limbs import LimbBody, limb_bodies
from .geometry import face_normals, spread
from .normal_equations import Rows
from .rig import FloatArray, Posed, Rig
from .settings import Settings

_POINTS_PER_LIMB = 200
_NEARBY = 0.02
"""Vertices outside of the body but nearer than this, over H, are kept in view until the next query."""


@dataclass(frozen=True, eq=False)
class _Planes:
    """N limb vertices with their closest points on the body, and the direction out of the body there."""

    frame: NDArray[np.intp]
    vertex: NDArray[np.intp]
    corners: NDArray[np.intp]
    """Vertices of the capped body, [N, 3]."""
    barycentrics: FloatArray
    outward: FloatArray


class LimbClearance:
    """One limb of the target and the body it must stay out of."""

    def __init__(self, limb: LimbBody, target: Character, rig: Rig, settings: Settings) -> None:
        """Choose the vertices that are tested: all that count or, on a dense mesh, an even sample."""
        self._limb, self._rig, self._settings = limb, rig, settings
        self._height_m = target.height_m
        self._vertices = spread(target.rest_vertices_m, limb.counted, _POINTS_PER_LIMB)
        caps = [rig.reach[loop].mean(axis=0, keepdims=True) for loop in limb.caps]
        self._body_reach = np.concatenate([rig.reach, *caps])
        self._planes: dict[int, _Planes] = {}

    def query(self, posed: Posed, parity: int) -> None:
        """Find the closest points anew in the even (0) or the odd (1) frames."""
        frames = np.arange(parity, len(posed.vertices_m), 2)
        vertices = posed.vertices_m[torch.from_numpy(frames)]
        body = self._limb.vertices_m(vertices)
        nearby_m = _NEARBY * self._height_m
        hits = self._limb.surface.query(body, vertices[:, self._vertices], reach_m=nearby_m)
        inside, distance = hits.inside.numpy(), hits.distance_m.numpy().astype(np.float64)
        row, number = np.nonzero(inside | (distance < nearby_m))
        corners = self._limb.faces[hits.face.numpy()[row, number]].astype(np.intp)
        barycentrics = hits.barycentrics.numpy()[row, number].astype(np.float64)
        triangle = body.numpy()[row[:, None], corners].astype(np.float64)
        gap = vertices.numpy()[row, self._vertices[number]] - (triangle * barycentrics[..., None]).sum(axis=1)
        signed = np.where(inside, -distance, distance)[row, number]
        clear = np.abs(signed)[:, None] > 1e-4 * self._height_m
        outward = np.where(clear, gap / np.where(clear, signed[:, None], 1.0), face_normals(triangle))
        self._planes[parity] = _Planes(frames[row], self._vertices[number], corners, barycentrics, outward)

    def rows(self, posed: Posed) -> list[Rows]:
        """Return one row for each vertex behind its plane or nearer to it than the margin."""
        return [self._rows_of(planes, posed) for planes in self._planes.values()]

    def _rows_of(self, planes: _Planes, posed: Posed) -> Rows:
        body = self._limb.vertices_m(posed.vertices_m).numpy()
        triangle = body[planes.frame[:, None], planes.corners].astype(np.float64)
        closest = (triangle * planes.barycentrics[..., None]).sum(axis=1)
        point = body[planes.frame, planes.vertex].astype(np.float64)
        missing = ((point - closest) * planes.outward).sum(axis=1) - self._settings.penetration_margin * self._height_m
        on = np.flatnonzero(missing < 0.0)
        reach = (self._body_reach[planes.corners[on]] * planes.barycentrics[on][..., None]).sum(axis=1)
        return Rows(
            frame=planes.frame[on],
            direction=planes.outward[on],
            point_m=point[on],
            reach=self._rig.reach[planes.vertex[on]],
            residual_m=missing[on],
            weight=np.full(len(on), self._settings.penetration / self._height_m**2),
            other_m=closest[on],
            other_reach=reach,
        )


def limb_clearances(target: Character, rig: Rig, settings: Settings) -> Sequence[LimbClearance]:
    """Return the limbs of a target that have something to test and something to be tested against."""
    limbs = (limb for limb in limb_bodies(target) if len(limb.counted) and len(limb.faces))
    return [LimbClearance(limb, target, rig, settings) for limb in limbs]
