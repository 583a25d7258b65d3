"""What is behind and below a filmed body: plain colours, or a floor in perspective with a grid or tiles and a shadow.

On a patterned floor a following camera shows how far somebody walks; and the frame encoder learns that lines are no
limbs.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import torch
from torch import Tensor

from ...datasets.rendering import Camera
from ..tiny_vlm.looks import Look, backdrop

_PLAIN_SHARE = 0.4
_FAR_M = 12.0
"""Where the floor has faded into the sky."""


@dataclass(frozen=True)
class Scenery:
    """One video's floor."""

    pattern: Literal["plain", "grid", "tiles"]
    cell_m: float
    """Distance of two lines, or side of a tile."""
    turned_deg: float
    contrast: float
    """How much darker or, if negative, lighter lines and tiles are than the ground; 0 to 1."""
    shadow: float
    """How dark it is below the body, 0 to 1."""


def draw_scenery(generator: np.random.Generator) -> Scenery:
    """Draw a floor; two in five have none and show the look's plain backdrop."""
    plain = generator.uniform() < _PLAIN_SHARE
    return Scenery(
        "plain" if plain else ("grid" if generator.uniform() < 0.6 else "tiles"),
        cell_m=float(generator.uniform(0.3, 1.2)),
        turned_deg=float(generator.uniform(0.0, 90.0)),
        contrast=float(generator.uniform(0.15, 0.7) * generator.choice([-1.0, 1.0])),
        shadow=float(generator.uniform(0.0, 0.6)),
    )


def behind(scenery: Scenery, look: Look, camera: Camera, feet_m: Tensor, size_px: int) -> Tensor:
    """Return the picture behind the body, [frames or 1, 1, 3, size, size].

    Args:
        scenery: The floor.
        look: Colours of sky and ground.
        camera: One place per frame.
        feet_m: What casts the shadow: the middle of the body, world, of which x and z count, [frames, 3].
        size_px: Side of the picture.
    """
    if scenery.pattern == "plain":
        return backdrop(look, size_px)
    rays = camera.rays(size_px, size_px)
    down = rays[..., 1] < -1e-3
    far = torch.where(down, -camera.position_m[:, 1, None, None] / rays[..., 1].clamp(max=-1e-3), _FAR_M)
    far = far.clamp(0.0, _FAR_M)
    floor_m = camera.position_m[:, None, None] + far[..., None] * rays
    cell_px = far * 2 * float(np.tan(np.radians(look.fov_y_deg / 2))) / size_px / scenery.cell_m
    marked = _tiles(scenery, floor_m) if scenery.pattern == "tiles" else _lines(scenery, floor_m, cell_px)
    marked = marked * (1 - (cell_px * 4).clamp(0.0, 1.0))  # cells smaller than a few pixels are an even grey
    shade = (floor_m - feet_m[:, None, None])[..., [0, 2]].square().sum(dim=-1)
    dark = scenery.shadow * torch.exp(-shade / 0.12)
    light = (1 - scenery.contrast * marked) * (1 - dark)
    ground = (torch.tensor(look.ground) * light[..., None]).clamp(0.0, 1.0)
    fade = torch.where(down, (far / _FAR_M) ** 2, torch.ones_like(far)).clamp(0.0, 1.0)[..., None]
    return torch.lerp(ground, torch.tensor(look.sky).expand_as(ground), fade).movedim(-1, 1)[:, None]


def _cells(scenery: Scenery, floor_m: Tensor) -> Tensor:
    """Places on the floor in cells of the turned pattern, [..., 2]."""
    flat_m = floor_m[..., [0, 2]]
    angle = np.radians(scenery.turned_deg)
    turn = torch.tensor([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]], dtype=flat_m.dtype)
    return flat_m @ turn.T / scenery.cell_m


def _tiles(scenery: Scenery, floor_m: Tensor) -> Tensor:
    """1 on every other tile."""
    return _cells(scenery, floor_m).floor().sum(dim=-1).remainder(2)


def _lines(scenery: Scenery, floor_m: Tensor, cell_px: Tensor) -> Tensor:
    """1 on the lines of a grid, about a pixel wide."""
    cells = _cells(scenery, floor_m)
    off = (cells - cells.round()).abs().amin(dim=-1)
    return (1.2 - off / cell_px.clamp(min=1e-6)).clamp(0.0, 1.0)
