"""From visible triangles to pictures: vertex normals, light, a floor with a shadow, uint8 images."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor

from .camera import Camera
from .floor import floor_colours, in_shadow, pressed_onto_floor
from .rasterizer import Fragments, fragments, visible_faces

CLAY = (0.80, 0.72, 0.64)
SKY = (0.56, 0.70, 0.84)
"""Two quiet colours that tell a source (clay) from a result (sky) in every picture of the project."""

_BELOW_FLOOR = (0.85, 0.25, 0.20)
_PIXELS_AT_ONCE = 1_000_000


@dataclass(frozen=True)
class Look:
    """How a picture is made; every colour is RGB between 0 and 1."""

    background: tuple[float, float, float] = (0.95, 0.95, 0.96)
    floor: bool = True
    """Draw the floor at y = 0, with tiles of half a metre and the shadow, so that feet can be judged. What is below
    the floor shows through in red."""
    samples: int = 1
    """Samples per pixel along each axis; 2 or 3 smooth the edges."""


def vertex_normals(vertices_m: Tensor, faces: Tensor) -> Tensor:
    """Return unit normals, the area-weighted mean of the adjacent triangles', [..., vertices, 3]; differentiable.

    A vertex without any triangle of an area gets the zero vector.
    """
    index = faces.long()
    a, b, c = (vertices_m[..., index[:, k], :] for k in range(3))
    face_normals = torch.linalg.cross(b - a, c - a)
    total = torch.zeros_like(vertices_m)
    for k in range(3):
        total = total.index_add(vertices_m.ndim - 2, index[:, k], face_normals)
    return torch.nn.functional.normalize(total, dim=-1, eps=1e-12)


def render(
    vertices_m: NDArray[np.float32] | Tensor,
    faces: NDArray[np.int32] | Tensor,
    camera: Camera,
    *,
    size: int | tuple[int, int] = 224,
    colour: tuple[float, float, float] | NDArray[np.float32] = CLAY,
    look: Look | None = None,
) -> NDArray[np.uint8]:
    """Return one picture per frame of a moving mesh, [frames, height, width, 3] uint8.

    Args:
        vertices_m: World positions, y up, floor at y = 0, [frames, vertices, 3].
        faces: Vertex indices, counter-clockwise from outside, [faces, 3].
        camera: One camera, or one per frame.
        size: Side of a square picture in pixels, or (height, width).
        colour: RGB between 0 and 1, for the whole mesh or per vertex, [vertices, 3].
        look: Background, floor and smoothing; the default has a floor and one sample per pixel.
    """
    chosen = look or Look()
    height, width = (size, size) if isinstance(size, int) else size
    vertices = torch.as_tensor(np.asarray(vertices_m), dtype=torch.float32)
    triangles = torch.as_tensor(np.array(faces), dtype=torch.int64)
    per_frame = height * width * chosen.samples**2
    at_once = max(_PIXELS_AT_ONCE // max(per_frame, 1), 1)
    pictures = np.empty((len(vertices), height, width, 3), dtype=np.uint8)
    with torch.no_grad(), _one_thread():
        for start in range(0, len(vertices), at_once):
            chunk = slice(start, start + at_once)
            eye = camera if camera.axes.ndim == 2 else _part(camera, chunk)
            scene = _Scene(vertices[chunk], triangles, eye, height * chosen.samples, width * chosen.samples)
            drawn = _draw(scene, torch.as_tensor(np.asarray(colour), dtype=torch.float32), chosen)
            pictures[chunk] = _smoothed(drawn, chosen.samples)
    return pictures


@contextmanager
def _one_thread() -> Iterator[None]:
    """Keep torch to one thread: pictures are many small operations, and on a busy machine a second one costs time."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)


@dataclass(frozen=True)
class _Scene:
    vertices_m: Tensor
    faces: Tensor
    camera: Camera
    height_px: int
    width_px: int

    def seen(self, vertices_m: Tensor) -> tuple[Tensor, Tensor]:
        """Return vertices in pixels, and which face is visible where."""
        points = self.camera.project(vertices_m, self.height_px, self.width_px)
        return points, visible_faces(points, self.faces, self.height_px, self.width_px)


def _part(camera: Camera, chunk: slice) -> Camera:
    return Camera(camera.position_m[chunk], camera.axes[chunk], camera.fov_y_deg)


def _draw(scene: _Scene, colour: Tensor, look: Look) -> NDArray[np.uint8]:
    """Draw floor, shadow and mesh, [frames, height, width, 3], still with all samples of a pixel side by side."""
    points, seen = scene.seen(scene.vertices_m)
    covered = fragments(points, scene.faces, seen)
    light = light_behind(scene.camera)
    lit = shade(covered, scene.vertices_m, scene.faces, colour, light)
    shape = (len(scene.vertices_m), scene.height_px, scene.width_px, 3)
    if look.floor:
        size = scene.height_px // look.samples, scene.width_px // look.samples
        floor = floor_colours(scene.camera, *size, look.background)
        floor = floor.repeat_interleave(look.samples, dim=-3).repeat_interleave(look.samples, dim=-2)
        picture = _to_bytes(floor).expand(shape).clone()
        _, shadowed = scene.seen(pressed_onto_floor(scene.vertices_m, light))
        pixels = torch.nonzero(shadowed >= 0, as_tuple=True)
        picture[pixels] = _to_bytes(in_shadow(picture[pixels] / 255))
        lit = _reddened_below_floor(covered, scene, lit)
    else:
        picture = _to_bytes(torch.tensor(look.background)).expand(shape).clone()
    picture[covered.frame, covered.row, covered.column] = _to_bytes(lit)
    return np.asarray(picture.numpy())


def light_behind(camera: Camera) -> Tensor:
    """Return the direction towards a light high behind the camera's right shoulder, unit, [3] or [frames, 3].

    It follows the camera, so that every view shows a lit side, and so does the shadow.
    """
    right, _, forward = camera.axes.unbind(dim=-2)
    level = torch.tensor([1.0, 0.0, 1.0], device=forward.device)
    up = torch.tensor([0.0, 1.0, 0.0], device=forward.device)
    backward = torch.nn.functional.normalize(-forward * level, dim=-1)
    return torch.nn.functional.normalize(0.9 * up + 0.5 * backward + 0.3 * right, dim=-1)


def shade(covered: Fragments, vertices_m: Tensor, faces: Tensor, colour: Tensor, to_light: Tensor) -> Tensor:
    """Return the colour of every covered pixel, [N, 3]: Lambert from one light, and light from the sky; differentiable.

    Args:
        covered: The fragments of the picture.
        vertices_m: World positions, [frames, vertices, 3].
        faces: Vertex indices, [faces, 3].
        colour: RGB, [3] or per vertex [vertices, 3].
        to_light: Unit direction towards the light, [3] or [frames, 3].
    """
    corners = faces.long()[covered.face]
    normals = vertex_normals(vertices_m, faces)[covered.frame[:, None], corners]
    normal = torch.nn.functional.normalize((normals * covered.weights[..., None]).sum(dim=1), dim=-1, eps=1e-12)
    base = colour if colour.ndim == 1 else (colour[corners] * covered.weights[..., None]).sum(dim=1)
    light = to_light if to_light.ndim == 1 else to_light[covered.frame]
    lambert = (normal * light).sum(dim=-1).clamp(min=0)
    sky = 0.5 + 0.5 * normal[:, 1]
    return (base * (0.34 + 0.22 * sky + 0.58 * lambert)[:, None]).clamp(0, 1)


def _reddened_below_floor(covered: Fragments, scene: _Scene, lit: Tensor) -> Tensor:
    """Tint what lies below the floor; the floor would hide it."""
    heights = scene.vertices_m[covered.frame[:, None], scene.faces[covered.face], 1]
    below = (heights * covered.weights).sum(dim=1) < -1e-3
    return torch.where(below[:, None], 0.35 * lit + 0.65 * torch.tensor(_BELOW_FLOOR), lit)


def _to_bytes(colours: Tensor) -> Tensor:
    return (colours * 255).round().clamp(0, 255).to(torch.uint8)


def _smoothed(pictures: NDArray[np.uint8], samples: int) -> NDArray[np.uint8]:
    """The mean over each pixel's samples."""
    if samples == 1:
        return pictures
    return np.stack([np.asarray(Image.fromarray(picture).reduce(samples)) for picture in pictures])
