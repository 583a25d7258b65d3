"""Keeping limbs out of the body: exact closest points, found now and then and held in between.

Winding numbers say which limb vertices are inside the rest of the body, or nearly, and the closest points of the
surface say which way is out. Between two queries each such vertex is pushed behind the plane through its closest point.
A frame is asked about again only when the body has moved in it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ...body import Character
from ...body.kinematics import Pose
from ...body.limbs import LimbBody, limb_bodies
from ...body.surface import AnimatedSurface, closest_points
from .skinning import SkinBatch, SkinPoints

_NEAR_H = 0.08
"""Limb vertices further than this from every body vertex that is looked at are not asked about exactly."""
_ACTIVE_H = 0.012
"""Limb vertices nearer than this to the surface, or inside, are kept out until the next query."""
_COARSE_STRIDE = 3
_MOVED_H = 0.0012
"""A frame in which no vertex has moved further than this keeps its planes."""


@dataclass(frozen=True, eq=False)
class Planes:
    """Limb vertices near or inside the body at the frames of a window, each with the plane it must stay behind."""

    clip: Tensor
    points: SkinPoints
    anchor_m: Tensor
    normal: Tensor
    """Unit, pointing out of the body, [N, 3]."""
    height_m: Tensor

    def depth_h(self, transforms: Tensor, clearance_h: float) -> Tensor:
        """Return how far each vertex is behind where it should be, in H, [N]; 0 for those that are clear."""
        position = self.points.positions_m(self.points.blended(transforms))
        outside = ((position - self.anchor_m) * self.normal).sum(-1) / self.height_m
        return torch.relu(clearance_h - outside)

    def deepest_h(self, transforms: Tensor) -> Tensor:
        """Return how deep each clip's deepest vertex is inside the body, in H, [clips]; 0 if none is."""
        none = torch.zeros(len(transforms), device=transforms.device)
        return none.scatter_reduce(0, self.clip, self.depth_h(transforms, 0.0), "amax")

    def cost(self, transforms: Tensor, clearance_h: float, scale_h: float) -> Tensor:
        """Return the summed, scaled depth behind the planes per clip, [clips]; quadratic, then linear."""
        behind = self.depth_h(transforms, clearance_h) / scale_h
        none = torch.zeros(len(transforms), device=transforms.device)
        return none.index_add(0, self.clip, torch.sqrt(1 + behind**2) - 1)


class LimbCollisions:
    """The limbs of every body of a batch, ready to be asked."""

    def __init__(
        self, bodies: Sequence[Character], skins: SkinBatch, limbs: Sequence[str], frame_count: int, *, alone: bool
    ) -> None:
        """Cut the bodies (each distinct one once) and keep the limbs that are asked for.

        Args:
            bodies: One per clip.
            skins: Of the same bodies.
            limbs: Names of the limbs to keep out of the body.
            frame_count: Frames per clip.
            alone: The clips are one clip, next to itself: what is found for the first holds for all.
        """
        device = skins.height_m.device
        distinct: dict[int, tuple[tuple[LimbBody, AnimatedSurface], ...]] = {}
        for body in bodies:
            if id(body) not in distinct:
                chosen = [b for b in limb_bodies(body) if b.name in limbs and len(b.counted)]
                on_cpu = device.type == "cpu"
                distinct[id(body)] = tuple((b, b.surface if on_cpu else b.surface_on(device)) for b in chosen)
        self._asked = [
            _ClipLimbs(distinct[id(body)], frame_count, float(skins.height_m[clip]))
            for clip, body in enumerate(bodies[:1] if alone else bodies)
        ]
        self._rows = [0 if alone else clip for clip in range(len(bodies))]
        """Which of those says what was found in a clip."""
        self._skins = skins

    def planes(self, pose: Pose, frames: NDArray[np.intp]) -> Planes:
        """Find the limb vertices to keep out, with the planes to keep them behind; no gradient.

        Args:
            pose: Of every clip at the frames.
            frames: Which of the clip's frames they are, ascending.
        """
        with torch.no_grad():
            transforms = self._skins.transforms(pose)
            asked = [
                limbs.renewed(self._skins.all_vertices_m(transforms, clip), frames)
                for clip, limbs in enumerate(self._asked)
            ]
            found = [asked[row] for row in self._rows]
        device = transforms.device
        clip = torch.cat([torch.full((len(f.frame),), i, device=device) for i, f in enumerate(found)])
        frame, vertex = torch.cat([f.frame for f in found]), torch.cat([f.vertex for f in found])
        return Planes(
            clip,
            self._skins.points(clip, frame, vertex, len(frames)),
            torch.cat([f.anchor_m for f in found]),
            torch.cat([f.normal for f in found]),
            self._skins.height_m[clip],
        )


@dataclass(frozen=True, eq=False)
class _Found:
    frame: Tensor
    vertex: Tensor
    anchor_m: Tensor
    normal: Tensor

    def at(self, chosen: Tensor, frame: Tensor | None = None) -> "_Found":
        """Return the chosen ones, with their frames."""
        rows = self.frame if frame is None else frame
        return _Found(rows[chosen], self.vertex[chosen], self.anchor_m[chosen], self.normal[chosen])


class _ClipLimbs:
    """One clip's limbs, with what was found last in each frame."""

    def __init__(self, limbs: tuple[tuple[LimbBody, AnimatedSurface], ...], frame_count: int, height_m: float) -> None:
        self._limbs, self._height_m, self._frame_count = limbs, height_m, frame_count
        self._seen: Tensor | None = None
        self._found: _Found | None = None

    def renewed(self, vertices_m: Tensor, frames: NDArray[np.intp]) -> _Found:
        """Return what is near or inside at the frames (numbered within them), asking where something has moved."""
        device = vertices_m.device
        if self._seen is None or self._found is None:
            self._seen = torch.full((self._frame_count, *vertices_m.shape[1:]), torch.inf, device=device)
            none = torch.zeros(0, dtype=torch.int64, device=device)
            self._found = _Found(none, none, torch.zeros(0, 3, device=device), torch.zeros(0, 3, device=device))
        at = torch.tensor(frames, device=device)
        moved = (vertices_m - self._seen[at]).abs().amax(dim=(1, 2)) > _MOVED_H * self._height_m
        asked = at[moved]
        if len(asked):
            self._seen[asked] = vertices_m[moved]
            fresh = [_limb_planes(*limb, vertices_m[moved], self._height_m) for limb in self._limbs]
            kept = self._found.at(~torch.isin(self._found.frame, asked))
            parts = [kept, *(f.at(torch.arange(len(f.frame), device=device), asked[f.frame]) for f in fresh if f)]
            fields = ("frame", "vertex", "anchor_m", "normal")
            self._found = _Found(*(torch.cat([getattr(p, name) for p in parts]) for name in fields))
        within = torch.full((self._frame_count,), -1, device=device)
        within[at] = torch.arange(len(at), device=device)
        rows = within[self._found.frame]
        return self._found.at(rows >= 0, rows)


def _limb_planes(limb: LimbBody, surface: AnimatedSurface, vertices_m: Tensor, height_m: float) -> _Found | None:
    device = vertices_m.device
    body = limb.vertices_m(vertices_m)
    others = torch.from_numpy(np.setdiff1d(limb.faces, limb.vertices)[::_COARSE_STRIDE]).to(device)
    counted = torch.from_numpy(limb.counted).to(device)
    # A coarse net of body vertices says which frames and vertices are worth an exact query.
    gaps = torch.cdist(vertices_m[:, counted], body[:, others])
    near = gaps.amin(dim=-1) < _NEAR_H * height_m
    frames, points = torch.nonzero(near.any(1))[:, 0], torch.nonzero(near.any(0))[:, 0]
    if not len(frames):
        return None
    chosen = counted[points]
    at = vertices_m[frames][:, chosen]
    hits = surface.query(body[frames], at, reach_m=_ACTIVE_H * height_m)
    anchor = closest_points(surface, body[frames], hits)
    signed = torch.where(hits.inside, -hits.distance_m, hits.distance_m)
    which_frame, which_point = torch.nonzero(signed < _ACTIVE_H * height_m, as_tuple=True)
    normal = _outward(surface, body[frames], hits.face.long(), at - anchor, hits.inside)
    active = (which_frame, which_point)
    return _Found(frames[which_frame], chosen[which_point], anchor[active], normal[active])


def _outward(surface: AnimatedSurface, body_m: Tensor, face: Tensor, gap_m: Tensor, inside: Tensor) -> Tensor:
    """Direction out of the body at closest points: along the gap, and the face's normal where there is none."""
    rows = torch.arange(len(body_m), device=body_m.device)[:, None, None]
    a, b, c = body_m[rows, surface.faces[face]].unbind(dim=-2)
    normal = torch.nn.functional.normalize(torch.linalg.cross(b - a, c - a), dim=-1)
    length = gap_m.norm(dim=-1, keepdim=True)
    along = gap_m / length.clamp_min(1e-9) * torch.where(inside, -1.0, 1.0)[..., None]
    return torch.where(length > 1e-4, along, normal)
