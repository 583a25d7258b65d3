"""The floor at y = 0: tiles that fade with distance, and the shadow that shows whether a foot stands."""

import torch
from torch import Tensor

from .camera import Camera

TILE_M = 0.5
_DARKNESS, _TILE_DARKNESS, _SHADOW = 0.06, 0.045, 0.30


def floor_colours(camera: Camera, height_px: int, width_px: int, background: tuple[float, float, float]) -> Tensor:
    """Return the colour of floor and sky in each pixel, [height, width, 3] or, with a camera per frame, with frames.

    Args:
        camera: One camera, or one per frame; one below the floor sees no floor.
        height_px: Height of the picture.
        width_px: Width of the picture.
        background: RGB of the sky, into which the floor fades.
    """
    rays = camera.rays(height_px, width_px)
    eye_m = camera.position_m[..., None, None, :]
    depth = eye_m[..., 1] / (-rays[..., 1]).clamp(min=1e-6)
    hit = (eye_m[..., [0, 2]] + depth[..., None] * rays[..., [0, 2]]) / TILE_M
    tiles = torch.floor(hit).sum(dim=-1).remainder(2)
    # The tiles fade before they become finer than a pixel; at the horizon the depth is so large that nothing is left.
    fade = torch.exp(-((depth / (2.2 * eye_m[..., 1] + 5)) ** 2)) * (rays[..., 1] < 0) * (eye_m[..., 1] > 0)
    darkness = fade * (_DARKNESS + _TILE_DARKNESS * tiles)
    return torch.tensor(background) * (1 - darkness[..., None])


def in_shadow(colours: Tensor) -> Tensor:
    """Return what floor colours become in the shadow."""
    return colours * (1 - _SHADOW)


def pressed_onto_floor(vertices_m: Tensor, to_light: Tensor) -> Tensor:
    """Return the mesh pressed onto the floor along the light, [frames, vertices, 3]: the shape of its shadow.

    Args:
        vertices_m: World positions; what is below the floor casts its shadow straight up.
        to_light: Unit direction towards the light, upwards, [3] or [frames, 3].
    """
    slope = (to_light / to_light[..., 1:2])[..., None, :]
    up = vertices_m[..., 1:2].clamp(min=0)
    pressed = vertices_m - up * slope
    return torch.cat([pressed[..., :1], torch.zeros_like(up), pressed[..., 2:]], dim=-1)
