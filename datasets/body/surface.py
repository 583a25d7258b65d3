"""Is a point inside an animated mesh, how far is the surface, and where is the closest point?

Inside means that the generalised winding number is above 0.5. Parity and normals fail on animated characters: these
overlap themselves and consist of many shells, and only the winding number counts a doubly covered point as inside.
Warp meshes are refitted from frame to frame; the same kernels run on the CPU and on CUDA.
"""

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import torch
import warp as wp
from numpy.typing import ArrayLike
from torch import Tensor

from ._winding_kernel import HitArrays, closest_kernel, inside_kernel
from .bounds import PieceBounds
from .warp_start import start_warp


@dataclass(frozen=True, eq=False)
class SurfaceHits:
    """Where points lie relative to a mesh, frame by frame; no gradient flows through any of it."""

    inside: Tensor
    """Whether the winding number is above 0.5, [frames, points]."""
    distance_m: Tensor
    """Distance to the closest point of the surface, never negative; infinite beyond the reach of the query,
    [frames, points]."""
    face: Tensor
    """Index of the face with the closest point, int32, [frames, points]."""
    barycentrics: Tensor
    """Weights of that face's three vertices in the closest point, [frames, points, 3]."""

    @property
    def depth_m(self) -> Tensor:
        """Distance to the surface of the points inside, 0 for those outside, [frames, points]."""
        return torch.where(self.inside, self.distance_m, torch.zeros_like(self.distance_m))


class AnimatedSurface:
    """A mesh of fixed faces whose vertices move from frame to frame."""

    def __init__(
        self,
        faces: ArrayLike,
        rest_vertices_m: ArrayLike,
        device: torch.device | str = "cpu",
        bounds: PieceBounds | None = None,
    ) -> None:
        """Build the search trees once, on a pose in which they are well balanced.

        Args:
            faces: Vertex indices of triangles, counter-clockwise seen from outside, [faces, 3], at least one.
            rest_vertices_m: Vertices of any ordinary pose, [vertices, 3].
            device: Where queries run.
            bounds: Of a closed mesh: its pieces; they save time and change no answer.
        """
        start_warp()
        self.device = torch.device(device)
        self.faces = torch.tensor(np.asarray(faces), dtype=torch.int64, device=self.device)
        self._bounds = None if bounds is None else PieceBounds(tuple(p.to(self.device) for p in bounds.pieces))
        self._rest = torch.tensor(np.asarray(rest_vertices_m), dtype=torch.float32, device=self.device)
        self._buffer = self._rest.clone()
        # Two trees over the same vertices: refitting the one that knows winding numbers costs ten times the other.
        self._plain = self._tree(winding=False)

    def _tree(self, *, winding: bool) -> wp.Mesh:
        self._buffer.copy_(self._rest)
        points = wp.from_torch(self._buffer, dtype=wp.vec3)
        indices = wp.from_torch(self.faces.to(torch.int32).flatten().contiguous())
        return wp.Mesh(points=points, indices=indices, support_winding_number=winding)

    @cached_property
    def _winding(self) -> wp.Mesh:
        return self._tree(winding=True)

    def query(
        self, vertices_m: Tensor, points_m: Tensor, *, sides: bool = True, reach_m: float = math.inf
    ) -> SurfaceHits:
        """Find the closest surface point of every point in every frame, and whether the point is inside.

        A frame in which nothing has moved takes the answers of the frame before.

        Args:
            vertices_m: The mesh's vertices, [frames, vertices, 3].
            points_m: The points, [frames, points, 3].
            sides: Whether to work out which points are inside; without, none is, and the query takes half the time.
            reach_m: Points outside that are further away than this get no closest point. With ``bounds`` most of them
                cost next to nothing then; 0 is enough for ``SurfaceHits.depth_m``.
        """
        points = points_m.detach().to(self.device, torch.float32).contiguous()
        poses = vertices_m.detach().to(self.device, torch.float32)
        moved = _moved(poses, points)
        found = self._search(poses[moved], points[moved], sides=sides, reach_m=reach_m)
        frame = torch.cumsum(moved, dim=0) - 1
        return SurfaceHits(found.inside[frame], found.distance_m[frame], found.face[frame], found.barycentrics[frame])

    def _search(self, poses: Tensor, points_m: Tensor, *, sides: bool, reach_m: float) -> SurfaceHits:
        """Answer ``query``: what the bounds leave open gets its closest point, what then is open a winding number."""
        shape = points_m.shape[:2]
        found = SurfaceHits(
            inside=torch.zeros(shape, dtype=torch.bool, device=self.device),
            distance_m=torch.full(shape, math.inf, device=self.device),
            face=torch.zeros(shape, dtype=torch.int32, device=self.device),
            barycentrics=torch.zeros(*shape, 3, device=self.device),
        )
        if not points_m.numel():
            return found
        slabs = None if self._bounds is None else self._bounds.slabs(poses)
        outside_by_m = torch.zeros(shape, device=self.device) if slabs is None else slabs.outside_by_m(points_m)
        self._launch(closest_kernel, self._plain, poses, points_m, outside_by_m <= reach_m, found)
        if sides:
            undecided = outside_by_m <= 0
            if slabs is not None:
                undecided = slabs.balls_may_be_inside(points_m, found.distance_m, undecided)
            self._launch(inside_kernel, self._winding, poses, points_m, undecided, found)
        found.distance_m[(found.distance_m > reach_m) & ~found.inside] = math.inf
        return found

    def _launch(
        self, kernel: wp.Kernel, tree: wp.Mesh, poses: Tensor, points_m: Tensor, asked: Tensor, found: SurfaceHits
    ) -> None:
        """Let a kernel answer for the asked points of each frame; a frame without any costs nothing."""
        rows = wp.from_torch(torch.nonzero(asked.flatten())[:, 0].to(torch.int32))
        points = wp.from_torch(points_m.view(-1, 3), dtype=wp.vec3)
        inputs = [tree.id, points, rows, 0, _hit_arrays(found)]
        launch = wp.launch(kernel, dim=1, inputs=inputs, device=wp.device_from_torch(self.device), record_cmd=True)
        first = 0
        for frame, size in enumerate(asked.sum(dim=1).tolist()):
            if size:
                self._buffer.copy_(poses[frame])
                tree.refit()
                launch.set_param_at_index(3, first)
                launch.set_dim(size)
                launch.launch()
                first += size


def _hit_arrays(found: SurfaceHits) -> HitArrays:
    hits = HitArrays()
    hits.inside, hits.distance = wp.from_torch(found.inside.view(-1)), wp.from_torch(found.distance_m.view(-1))
    hits.face = wp.from_torch(found.face.view(-1))
    hits.barycentrics = wp.from_torch(found.barycentrics.view(-1, 3), dtype=wp.vec3)
    return hits


def _moved(poses: Tensor, points_m: Tensor) -> Tensor:
    """Whether a frame's vertices or points differ from those of the frame before; the first always does, [frames]."""
    differs = (poses[1:] != poses[:-1]).flatten(1).any(1) | (points_m[1:] != points_m[:-1]).flatten(1).any(1)
    return torch.cat([torch.ones(len(poses[:1]), dtype=torch.bool, device=poses.device), differs])


def closest_points(surface: AnimatedSurface, vertices_m: Tensor, hits: SurfaceHits) -> Tensor:
    """Return the closest surface points, [frames, points, 3], with gradients to the vertices.

    Face and barycentric weights are held fixed: by the envelope theorem the gradient of the distance is right.
    """
    corners = surface.faces[hits.face.long()]
    frames = torch.arange(len(vertices_m), device=vertices_m.device)[:, None, None]
    return (vertices_m[frames, corners] * hits.barycentrics[..., None].to(vertices_m.dtype)).sum(dim=-2)


def signed_distance(
    surface: AnimatedSurface, vertices_m: Tensor, points_m: Tensor, *, reach_m: float = math.inf
) -> Tensor:
    """Return the distance from points to an animated mesh, negative inside, [frames, points].

    Differentiable in the vertices and in the points; where a point lies on the surface the gradient is zero.

    Args:
        surface: The mesh; its device is where the query runs.
        vertices_m: Its vertices, [frames, vertices, 3].
        points_m: The points, [frames, points, 3].
        reach_m: Points outside that are further away than this are infinitely far, without gradient; 0 is enough for
            the depth of those inside, and cheap.
    """
    hits = surface.query(vertices_m, points_m, reach_m=reach_m)
    gap = points_m - closest_points(surface, vertices_m, hits)
    squared = (gap * gap).sum(dim=-1)
    apart = squared > 0
    distance = torch.where(apart, torch.where(apart, squared, torch.ones_like(squared)).sqrt(), squared)
    signed = torch.where(hits.inside, -distance, distance)
    return signed if reach_m == math.inf else signed.masked_fill(hits.distance_m.isinf(), math.inf)
