"""Keeping limbs out of the body: exact closest points, found now and then and held in between.

Winding numbers say which limb vertices are inside the rest of the body, or nearly, and the closest points of the
surface say which way is out. Between two queries each such vertex is pushed behind the plane through its closest point.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from ...body import Character
from ...body.kinematics import Pose
from ...body.limbs import LimbBody, limb_bodies
from ...body.surface import closest_points
from .skinning import SkinBatch

_NEAR_H = 0.03
"""Limb vertices further than this from every body vertex that is looked at are not asked about exactly."""
_ACTIVE_H = 0.012
"""Limb vertices nearer than this to the surface, or inside, are kept out until the next query."""
_COARSE_STRIDE = 3


@dataclass(frozen=True, eq=False)
class Planes:
    """Limb vertices near or inside the body, each with the plane it must stay behind, [N] and [N, 3]."""

    clip: Tensor
    frame: Tensor
    vertex: Tensor
    anchor_m: Tensor
    normal: Tensor
    """Unit, pointing out of the body."""


class LimbCollisions:
    """The four limbs of every body of a batch, ready to be asked."""

    def __init__(self, bodies: Sequence[Character], skins: SkinBatch, limbs: Sequence[str]) -> None:
        """Cut the bodies (each distinct one once) and keep the limbs that are asked for."""
        distinct: dict[int, tuple[LimbBody, ...]] = {}
        for body in bodies:
            if id(body) not in distinct:
                distinct[id(body)] = tuple(b for b in limb_bodies(body) if b.name in limbs and len(b.counted))
        self._limbs = [distinct[id(body)] for body in bodies]
        self._skins = skins

    def planes(self, pose: Pose) -> Planes:
        """Find the limb vertices to keep out, with the planes to keep them behind; no gradient."""
        with torch.no_grad():
            transforms = self._skins.transforms(pose)
            found = [
                _limb_planes(limb, clip, vertices, float(self._skins.height_m[clip]))
                for clip, limbs in enumerate(self._limbs)
                for vertices in [self._skins.all_vertices_m(transforms, clip)]
                for limb in limbs
            ]
        return _joined([f for f in found if f is not None], pose.positions_m.device)

    def depth_term(self, transforms: Tensor, planes: Planes, clearance_h: float, scale_h: float) -> Tensor:
        """Return the summed, scaled depth behind the planes per clip, [clips]; quadratic, then linear."""
        position, _ = self._skins.points(transforms, planes.clip, planes.frame, planes.vertex)
        height = self._skins.height_m[planes.clip]
        outside = ((position - planes.anchor_m) * planes.normal).sum(-1) / height
        behind = torch.relu(clearance_h - outside) / scale_h
        cost = torch.sqrt(1 + behind**2) - 1
        return torch.zeros(len(self._limbs), device=cost.device).index_add(0, planes.clip, cost)


def _limb_planes(limb: LimbBody, clip: int, vertices_m: Tensor, height_m: float) -> Planes | None:
    body = limb.vertices_m(vertices_m)
    others = np.setdiff1d(limb.faces, limb.vertices)[::_COARSE_STRIDE]
    counted = torch.from_numpy(limb.counted)
    # A coarse net of body vertices says which frames and vertices are worth an exact query.
    gaps = torch.cdist(vertices_m[:, counted], body[:, torch.from_numpy(others)]).amin(dim=-1)
    near = gaps < (_NEAR_H + 0.05) * height_m
    frames, points = torch.nonzero(near.any(1))[:, 0], torch.nonzero(near.any(0))[:, 0]
    if not len(frames):
        return None
    chosen = counted[points]
    at = vertices_m[frames][:, chosen]
    hits = limb.surface.query(body[frames], at)
    anchor = closest_points(limb.surface, body[frames], hits)
    signed = torch.where(hits.inside, -hits.distance_m, hits.distance_m)
    which_frame, which_point = torch.nonzero(signed < _ACTIVE_H * height_m, as_tuple=True)
    normal = _outward(limb, body[frames], hits.face.long(), at - anchor, hits.inside)[which_frame, which_point]
    return Planes(
        torch.full_like(which_frame, clip), frames[which_frame], chosen[which_point],
        anchor[which_frame, which_point], normal,
    )  # fmt: skip


def _outward(limb: LimbBody, body_m: Tensor, face: Tensor, gap_m: Tensor, inside: Tensor) -> Tensor:
    """Direction out of the body at closest points: along the gap, and the face's normal where there is none."""
    corners = limb.surface.faces[face]
    rows = torch.arange(len(body_m))[:, None, None]
    a, b, c = body_m[rows, corners].unbind(dim=-2)
    normal = torch.nn.functional.normalize(torch.linalg.cross(b - a, c - a), dim=-1)
    length = gap_m.norm(dim=-1, keepdim=True)
    along = gap_m / length.clamp_min(1e-9) * torch.where(inside, -1.0, 1.0)[..., None]
    return torch.where(length > 1e-4, along, normal)


def _joined(parts: list[Planes], device: torch.device) -> Planes:
    if not parts:
        none = torch.zeros(0, dtype=torch.int64, device=device)
        return Planes(none, none, none, torch.zeros(0, 3, device=device), torch.zeros(0, 3, device=device))
    names = ("clip", "frame", "vertex", "anchor_m", "normal")
    return Planes(*(torch.cat([getattr(p, n) for p in parts]).to(device) for n in names))
