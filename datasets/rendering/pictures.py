"""Pictures for people: the built-in renderer over a floor with a shadow, as uint8 images."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from .batch import Subject, lay_out
from .camera import Camera
from .floor import floor_colours, in_shadow, pressed_onto_floor
from .rasterizer import visible_faces
from .renderer import RenderSettings
from .shading import CLAY, Colour, light_behind
from .warp_renderer import WarpRenderer

_BELOW_FLOOR = (0.85, 0.25, 0.20)
_PIXELS_AT_ONCE = 1_000_000


@dataclass(frozen=True)
class PictureStyle:
    """How a picture for people is made; every colour is RGB between 0 and 1."""

    background: Colour = (0.95, 0.95, 0.96)
    floor: bool = True
    """Draw the floor at y = 0, with tiles of half a metre and the shadow, so that feet can be judged. What is below
    the floor shows through in red."""
    samples: int = 1
    """Samples per pixel along each axis; 2 or 3 smooth the edges."""


def draw(
    vertices_m: NDArray[np.float32] | Tensor,
    faces: NDArray[np.int32] | Tensor,
    camera: Camera,
    *,
    size: int | tuple[int, int] = 224,
    colour: Colour | NDArray[np.float32] = CLAY,
    style: PictureStyle | None = None,
) -> NDArray[np.uint8]:
    """Return one picture per frame of a moving mesh, [frames, height, width, 3] uint8; no gradient.

    Args:
        vertices_m: World positions, y up, floor at y = 0, [frames, vertices, 3].
        faces: Vertex indices, counter-clockwise from outside, [faces, 3].
        camera: One camera, or one per frame.
        size: Side of a square picture in pixels, or (height, width).
        colour: RGB between 0 and 1, for the whole mesh or per vertex, [vertices, 3].
        style: Background, floor and smoothing; the default has a floor and one sample per pixel.
    """
    chosen = style or PictureStyle()
    height, width = (size, size) if isinstance(size, int) else size
    below = _BELOW_FLOOR if chosen.floor else None
    settings = RenderSettings(height, width, chosen.samples, chosen.background, below_floor=below)
    vertices = torch.as_tensor(np.asarray(vertices_m), dtype=torch.float32)
    triangles = torch.as_tensor(np.array(faces), dtype=torch.int64)
    colours = torch.as_tensor(np.asarray(colour), dtype=torch.float32)
    at_once = max(_PIXELS_AT_ONCE // (height * width * chosen.samples**2), 1)
    pictures = np.empty((len(vertices), height, width, 3), dtype=np.uint8)
    with torch.no_grad(), _one_thread():
        for start in range(0, len(vertices), at_once):
            chunk = slice(start, start + at_once)
            eye = camera if camera.axes.ndim == 2 else camera.part(chunk)
            behind = _floor(vertices[chunk], triangles, eye, settings) if chosen.floor else None
            subject = Subject(vertices[chunk], triangles, (eye,), colours, behind)
            images = WarpRenderer(settings).render_many([subject])[0].images[:, 0]
            pictures[chunk] = (images.movedim(1, -1) * 255).round().to(torch.uint8).numpy()
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


def _floor(vertices_m: Tensor, faces: Tensor, camera: Camera, settings: RenderSettings) -> Tensor:
    """The floor under a mesh, with its shadow, [frames, 1, 3, height, width]."""
    height, width, n = settings.height_px, settings.width_px, settings.samples
    floor = floor_colours(camera, height, width, settings.background)
    pressed = pressed_onto_floor(vertices_m, light_behind(camera.axes))
    batch = lay_out([Subject(pressed, faces, (camera,))], (height * n, width * n))
    covered = (visible_faces(batch) >= 0).reshape(-1, height, n, width, n).to(floor.dtype)
    share = covered.mean(dim=(2, 4))[..., None]
    return torch.lerp(floor.expand(*share.shape[:3], 3), in_shadow(floor), share).movedim(-1, 1)[:, None]
