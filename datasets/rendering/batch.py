"""Many pictures laid out as flat tables, so that all frames, views and characters are drawn by one launch."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

import torch
from torch import Tensor

from ..errors import BenchError
from .camera import Camera
from .topology import mesh_topology


class BadSubject(BenchError):
    """A mesh that cannot be drawn: arrays whose shapes or cameras do not belong together."""

    rule = "M021"


@dataclass(frozen=True, eq=False)
class Subject:
    """A moving mesh and the cameras that look at it."""

    vertices_m: Tensor
    """World positions, y up, [frames, vertices, 3]; pictures are differentiable in them."""
    faces: Tensor
    """Vertex indices, counter-clockwise from outside, [faces, 3]. Pass the same tensor again where you can: what is
    known of its edges is kept."""
    cameras: Sequence[Camera]
    """One per view; each for all frames, or with a place per frame."""
    colours: Tensor | None = None
    """RGB between 0 and 1 per vertex, [vertices, 3], or for all of them, [3]; ``None``: the tint of the settings."""
    background: Tensor | None = None
    """RGB behind the mesh, broadcastable to [frames, views, 3, height, width]; ``None``: that of the settings."""

    def __post_init__(self) -> None:
        if self.vertices_m.ndim != 3 or self.vertices_m.shape[-1] != 3:
            shape = tuple(self.vertices_m.shape)
            raise BadSubject(f"vertices_m has the shape {shape}; expected [frames, vertices, 3].")
        if self.faces.ndim != 2 or self.faces.shape[-1] != 3:
            raise BadSubject(f"faces has the shape {tuple(self.faces.shape)}; expected [faces, 3].")
        if not self.cameras:
            raise BadSubject("there is no camera; give one per view, for example orbit(target_m, distance_m).")
        for number, camera in enumerate(self.cameras):
            if camera.axes.ndim == 3 and len(camera.axes) != len(self.vertices_m):
                there, here = len(camera.axes), len(self.vertices_m)
                raise BadSubject(f"camera {number} has {there} places for {here} frames; give one place, or {here}.")

    @property
    def picture_count(self) -> int:
        """Number of pictures: frames times views."""
        return len(self.vertices_m) * len(self.cameras)


@dataclass(frozen=True, eq=False)
class Batch:
    """The pictures of several subjects, subject by subject, frame by frame, view by view."""

    world_m: Tensor
    """World positions of all vertices of all frames, [points, 3]; differentiable."""
    points_px: Tensor
    """Pixel coordinates and depth of the vertices of each picture (``Camera.project``), [..., 3]; differentiable."""
    faces: Tensor
    """Vertex indices within a mesh, of all meshes, int32 [faces, 3]."""
    edges: Tensor
    """``Topology.edges`` of all meshes, int32 [edges, 6]."""
    table: Tensor
    """Per picture: first row of ``points_px``, first triangle, triangles, first edge, edges; int32 [pictures, 5]."""
    first_vertex: Tensor
    """Per picture: first row of ``world_m``, [pictures]."""
    eye_m: Tensor
    """Per picture: where the camera stands, [pictures, 3]."""
    axes: Tensor
    """Per picture: the camera's right, up and forward, [pictures, 3, 3]."""
    size_px: tuple[int, int]
    """Height and width of the pictures."""
    most_faces: int
    """Triangles of the largest mesh."""
    most_edges: int
    """Edges of the largest mesh."""

    @property
    def picture_count(self) -> int:
        """Number of pictures."""
        return len(self.table)


def lay_out(subjects: Sequence[Subject], size_px: tuple[int, int]) -> Batch:
    """Project the vertices of all subjects and lay them out flat.

    Args:
        subjects: What to draw; all on one device, of one dtype.
        size_px: Height and width of the pictures.
    """
    device = subjects[0].vertices_m.device
    placed = [tuple(_placed(camera, subject) for camera in subject.cameras) for subject in subjects]
    points = [
        torch.stack([camera.project(s.vertices_m, *size_px) for camera in cameras], dim=1).flatten(0, 2)
        for s, cameras in zip(subjects, placed, strict=True)
    ]
    edges = [mesh_topology(s.faces).edges for s in subjects]
    eyes = [torch.stack([c.position_m for c in cameras], dim=1).flatten(0, 1) for cameras in placed]
    axes = [torch.stack([c.axes for c in cameras], dim=1).flatten(0, 1) for cameras in placed]
    table, first_vertex = _tables(subjects, [len(e) for e in edges])
    return Batch(
        world_m=torch.cat([s.vertices_m.flatten(0, 1) for s in subjects]),
        points_px=torch.cat(points),
        faces=torch.cat([s.faces.to(device=device, dtype=torch.int32) for s in subjects]).contiguous(),
        edges=torch.cat([e.to(device) for e in edges]).contiguous(),
        table=table.to(device),
        first_vertex=first_vertex.to(device),
        eye_m=torch.cat(eyes),
        axes=torch.cat(axes),
        size_px=size_px,
        most_faces=max(len(s.faces) for s in subjects),
        most_edges=max(len(e) for e in edges),
    )


def _placed(camera: Camera, subject: Subject) -> Camera:
    """The camera with a place per frame, where and as the vertices are."""
    frames = len(subject.vertices_m)
    return Camera(
        camera.position_m.detach().to(subject.vertices_m).expand(frames, 3),
        camera.axes.detach().to(subject.vertices_m).expand(frames, 3, 3),
        camera.fov_y_deg,
    )


def _tables(subjects: Sequence[Subject], edge_counts: Sequence[int]) -> tuple[Tensor, Tensor]:
    """The tables of ``Batch``: where the points, triangles, edges and vertices of each picture begin."""
    vertices = [s.vertices_m.shape[1] for s in subjects]
    faces = [len(s.faces) for s in subjects]
    first_point = [0, *accumulate(s.picture_count * v for s, v in zip(subjects, vertices, strict=True))]
    first_face, first_edge = [0, *accumulate(faces)], [0, *accumulate(edge_counts)]
    first_world = [0, *accumulate(len(s.vertices_m) * v for s, v in zip(subjects, vertices, strict=True))]
    tables, worlds = [], []
    for k, subject in enumerate(subjects):
        picture = torch.arange(subject.picture_count)
        table = torch.empty((subject.picture_count, 5), dtype=torch.int32)
        table[:, 0] = first_point[k] + picture * vertices[k]
        table[:, 1:] = torch.tensor([first_face[k], faces[k], first_edge[k], edge_counts[k]], dtype=torch.int32)
        tables.append(table)
        worlds.append(first_world[k] + picture // len(subject.cameras) * vertices[k])
    return torch.cat(tables), torch.cat(worlds)
