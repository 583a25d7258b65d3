"""Is a point inside an animated mesh, how far is the surface, and where is the closest point?

Inside means that the generalised winding number is above 0.5. Parity and normals fail on animated characters: these
overlap themselves and consist of many shells, and only the winding number counts a doubly covered point as inside.
One Warp mesh is refitted from frame to frame; the same kernel runs on the CPU and on CUDA.
"""

from dataclasses import dataclass

import numpy as np
import torch
import warp as wp
from numpy.typing import ArrayLike
from torch import Tensor

from ._winding_kernel import HitArrays, query_kernel
from .warp_start import start_warp


@dataclass(frozen=True, eq=False)
class SurfaceHits:
    """Where points lie relative to a mesh, frame by frame; no gradient flows through any of it."""

    inside: Tensor
    """Whether the winding number is above 0.5, [frames, points]."""
    distance_m: Tensor
    """Distance to the closest point of the surface, never negative, [frames, points]."""
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

    def __init__(self, faces: ArrayLike, rest_vertices_m: ArrayLike, device: torch.device | str = "cpu") -> None:
        """Build the search tree once, on a pose in which it is well balanced.

        Args:
            faces: Vertex indices of triangles, counter-clockwise seen from outside, [faces, 3], at least one.
            rest_vertices_m: Vertices of any ordinary pose, [vertices, 3].
            device: Where queries run.
        """
        start_warp()
        self.device = torch.device(device)
        self.faces = torch.tensor(np.asarray(faces), dtype=torch.int64, device=self.device)
        self._buffer = torch.tensor(np.asarray(rest_vertices_m), dtype=torch.float32, device=self.device)
        self._mesh = wp.Mesh(
            points=wp.from_torch(self._buffer, dtype=wp.vec3),
            indices=wp.from_torch(self.faces.to(torch.int32).flatten().contiguous()),
            support_winding_number=True,
        )

    def query(self, vertices_m: Tensor, points_m: Tensor) -> SurfaceHits:
        """Find the closest surface point of every point in every frame, and whether the point is inside.

        A frame in which nothing has moved takes the answers of the frame before.

        Args:
            vertices_m: The mesh's vertices, [frames, vertices, 3].
            points_m: The points, [frames, points, 3].
        """
        frames, count = points_m.shape[:2]
        points = points_m.detach().to(self.device, torch.float32).reshape(-1, 3).contiguous()
        poses = vertices_m.detach().to(self.device, torch.float32)
        inside = torch.zeros(frames * count, dtype=torch.bool, device=self.device)
        distance = torch.zeros(frames * count, device=self.device)
        face = torch.zeros(frames * count, dtype=torch.int32, device=self.device)
        barycentrics = torch.zeros(frames * count, 3, device=self.device)
        if frames and count:
            hits = HitArrays()
            hits.inside, hits.distance = wp.from_torch(inside), wp.from_torch(distance)
            hits.face, hits.barycentrics = wp.from_torch(face), wp.from_torch(barycentrics, dtype=wp.vec3)
            moved = _moved(poses, points.view(frames, -1))
            self._launch(poses, moved.tolist(), wp.from_torch(points, dtype=wp.vec3), hits)
            asked = torch.cummax(torch.arange(frames, device=self.device) * moved, dim=0).values
        else:
            asked = torch.arange(frames, device=self.device)
        return SurfaceHits(
            inside.view(frames, count)[asked],
            distance.view(frames, count)[asked],
            face.view(frames, count)[asked],
            barycentrics.view(frames, count, 3)[asked],
        )

    def _launch(self, poses: Tensor, moved: list[bool], points: wp.array, hits: HitArrays) -> None:
        count = len(points) // len(poses)
        inputs = [self._mesh.id, points, 0, hits]
        where = wp.device_from_torch(self.device)
        command = wp.launch(query_kernel, dim=count, inputs=inputs, device=where, record_cmd=True)
        for frame, pose in enumerate(poses):
            if moved[frame]:
                self._buffer.copy_(pose)
                self._mesh.refit()
                command.set_param_at_index(2, frame * count)
                command.launch()


def _moved(poses: Tensor, points_m: Tensor) -> Tensor:
    """Whether a frame's vertices or points differ from those of the frame before; the first always does, [frames]."""
    differs = (poses[1:] != poses[:-1]).flatten(1).any(1) | (points_m[1:] != points_m[:-1]).any(1)
    return torch.cat([torch.ones(1, dtype=torch.bool, device=poses.device), differs])


def closest_points(surface: AnimatedSurface, vertices_m: Tensor, hits: SurfaceHits) -> Tensor:
    """Return the closest surface points, [frames, points, 3], with gradients to the vertices.

    Face and barycentric weights are held fixed: by the envelope theorem the gradient of the distance is right.
    """
    corners = surface.faces[hits.face.long()]
    frames = torch.arange(len(vertices_m), device=vertices_m.device)[:, None, None]
    return (vertices_m[frames, corners] * hits.barycentrics[..., None].to(vertices_m.dtype)).sum(dim=-2)


def signed_distance(surface: AnimatedSurface, vertices_m: Tensor, points_m: Tensor) -> Tensor:
    """Return the distance from points to an animated mesh, negative inside, [frames, points].

    Differentiable in the vertices and in the points; where a point lies on the surface the gradient is zero.

    Args:
        surface: The mesh; its device is where the query runs.
        vertices_m: Its vertices, [frames, vertices, 3].
        points_m: The points, [frames, points, 3].
    """
    hits = surface.query(vertices_m, points_m)
    gap = points_m - closest_points(surface, vertices_m, hits)
    squared = (gap * gap).sum(dim=-1)
    apart = squared > 0
    distance = torch.where(apart, torch.where(apart, squared, torch.ones_like(squared)).sqrt(), squared)
    return torch.where(hits.inside, -distance, distance)
