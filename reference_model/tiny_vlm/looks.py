"""How a body is shown to judges and retrievers: colours, light, camera; drawn from seeds, disjoint between purposes.

The BLIP-2, the CLIP and the test never share a colour of the body nor a direction from which it is seen: circles of
hues and azimuths are cut into cells that are dealt out in turn (``belongs``). A new colour or direction in the test is
thus always near to known ones, but never one of them. What retrieval learns from is scored by no judge: it may have
the cells of both, but none of the test's.
"""

import colorsys
from dataclasses import dataclass
from typing import Literal

import numpy as np
import torch
from torch import Tensor

from ...datasets.body import Character
from ...datasets.rendering import Camera, Crop, Framing, Light, Material, framed_cameras

Purpose = Literal["blip2", "clip", "test", "retrieval"]
"""Who is shown a picture: one of the two judges or a retriever in training, or whichever in the test."""

PURPOSES: tuple[Purpose, ...] = ("blip2", "clip", "test")
"""Those whose cells are disjoint."""
_HUE_CELLS = 24
_AZIMUTH_CELL_DEG = 4.0
_MOST_AZIMUTH_DEG = 110.0
_HUE_TURN = {"blip2": 0, "clip": 1, "test": 2}
_AZIMUTH_TURN = {"test": 0, "blip2": 1, "clip": 2}
"""The test has the cell around the front."""


@dataclass(frozen=True)
class Look:
    """One picture's colours and camera."""

    tint: tuple[float, float, float]
    clothes: tuple[tuple[float, float, float], tuple[float, float, float]] | None
    """Colours of trunk with arms and of legs; ``None``: all in ``tint``."""
    sky: tuple[float, float, float]
    ground: tuple[float, float, float]
    azimuth_deg: float
    """0 in front, 90 on the character's left."""
    elevation_deg: float
    fov_y_deg: float
    nearness: float
    """1: as the crop says; 1.1: ten percent larger."""
    shift: tuple[float, float]
    """To the right and up, in picture heights."""
    crop: Crop


def belongs(purpose: Purpose, *, hue: float | None = None, azimuth_deg: float | None = None) -> bool:
    """Return whether a hue and an azimuth are this purpose's own; mirrored azimuths belong together.

    Args:
        purpose: Who would be shown the picture.
        hue: Hue of the body's tint, 0 to 1.
        azimuth_deg: Direction of the camera.
    """
    own = ("blip2", "clip") if purpose == "retrieval" else (purpose,)
    of_hue = hue is None or int(hue * _HUE_CELLS) % len(PURPOSES) in {_HUE_TURN[name] for name in own}
    if azimuth_deg is None:
        return of_hue
    cell = int((abs(azimuth_deg) + _AZIMUTH_CELL_DEG / 2) // _AZIMUTH_CELL_DEG)
    return of_hue and cell % len(PURPOSES) in {_AZIMUTH_TURN[name] for name in own}


def draw_look(purpose: Purpose, generator: np.random.Generator, upper_share: float = 0.6) -> Look:
    """Draw colours and a camera of a purpose.

    Args:
        purpose: Who will be shown the picture.
        generator: Where the randomness comes from.
        upper_share: Share of pictures that show the upper body only.
    """
    hue = _drawn(generator, purpose, "hue")
    tint = _colour(hue, generator.uniform(0.02, 0.65), generator.uniform(0.55, 1.0))
    clothes = None
    if generator.uniform() < 0.4:
        first, second = (_colour(_drawn(generator, purpose, "hue"), *generator.uniform(0.2, 0.9, 2)) for _ in range(2))
        clothes = (first, second)
    sky = _colour(generator.uniform(), generator.uniform(0.0, 0.3), generator.uniform(0.25, 1.0))
    plain = generator.uniform() < 0.5
    ground = sky if plain else _colour(generator.uniform(), generator.uniform(0.0, 0.4), generator.uniform(0.2, 0.95))
    return Look(
        tint=tint,
        clothes=clothes,
        sky=sky,
        ground=ground,
        azimuth_deg=_drawn(generator, purpose, "azimuth_deg"),
        elevation_deg=float(generator.uniform(-4.0, 24.0)),
        fov_y_deg=float(generator.uniform(24.0, 40.0)),
        nearness=float(generator.uniform(0.9, 1.12)),
        shift=(float(generator.uniform(-0.04, 0.04)), float(generator.uniform(-0.04, 0.04))),
        crop="upper" if generator.uniform() < upper_share else "full",
    )


def draw_light(generator: np.random.Generator) -> tuple[Light, Material]:
    """Draw a light and a material; one draw in two is the renderer's own light behind the camera."""
    material = Material(
        ambient=float(generator.uniform(0.22, 0.5)),
        sky=float(generator.uniform(0.1, 0.3)),
        diffuse=float(generator.uniform(0.4, 0.75)),
        specular=float(generator.choice([0.0, 0.15])),
    )
    if generator.uniform() < 0.5:
        return Light(), material
    x, z = generator.uniform(-1.0, 1.0), generator.uniform(0.2, 1.0)
    return Light(towards=(float(x), float(generator.uniform(0.3, 1.2)), float(z))), material


def vertex_colours(look: Look, character: Character) -> Tensor:
    """Return the colour of each vertex, [vertices, 3]; hands and head keep the tint when the body is dressed."""
    colours = torch.tensor(look.tint, dtype=torch.float32).repeat(character.vertex_count, 1)
    if look.clothes is not None:
        for names, colour in zip(
            (("torso", "left_arm", "right_arm"), ("left_leg", "right_leg")), look.clothes, strict=True
        ):
            dressed = torch.from_numpy(np.array(character.part_vertices(*names), dtype=np.int64))
            colours[dressed] = torch.tensor(colour, dtype=torch.float32)
    return colours


def backdrop(look: Look, size_px: int) -> Tensor:
    """Return the picture behind the body: sky above, ground below a soft horizon, [1, 1, 3, size, size]."""
    height = torch.linspace(0.0, 1.0, size_px)
    share = ((height - 0.62 - look.shift[1]) * 8 + 0.5).clamp(0.0, 1.0)[:, None, None]
    sky, ground = torch.tensor(look.sky), torch.tensor(look.ground)
    return torch.lerp(sky, ground, share).expand(-1, size_px, -1).permute(2, 0, 1)[None, None].contiguous()


def camera_of(look: Look, vertices_m: Tensor, character: Character) -> Camera:
    """Return the camera of a look on one posed body.

    Args:
        look: Direction, opening angle, crop and jitter.
        vertices_m: Posed vertices of one frame, [1, vertices, 3].
        character: Whose they are.
    """
    framing = Framing((look.azimuth_deg,), look.crop, look.elevation_deg, look.fov_y_deg)
    (camera,) = framed_cameras(vertices_m, character, framing)
    return moved_aside(camera, (vertices_m.amin(dim=1) + vertices_m.amax(dim=1)) / 2, look)


def moved_aside(camera: Camera, target: Tensor, look: Look) -> Camera:
    """Return a camera with a look's nearness and shift.

    Args:
        camera: One place per frame.
        target: What it looks at, world, metres, [frames, 3].
        look: Says how near and how far aside.
    """
    distance = (target - camera.position_m).norm(dim=-1, keepdim=True)
    seen_m = 2 * distance * float(np.tan(np.radians(look.fov_y_deg / 2)))
    right, up, forward = camera.axes.unbind(dim=-2)
    moved = (1 - 1 / look.nearness) * distance * forward - seen_m * (look.shift[0] * right + look.shift[1] * up)
    return Camera(camera.position_m + moved, camera.axes, camera.fov_y_deg)


def _drawn(generator: np.random.Generator, purpose: Purpose, what: Literal["hue", "azimuth_deg"]) -> float:
    """Draw until the cell is the purpose's own."""
    while True:
        if what == "hue":
            hue = float(generator.uniform())
            if belongs(purpose, hue=hue):
                return hue
        else:  # denser in front, where judges look from
            azimuth = float(_MOST_AZIMUTH_DEG * generator.uniform() ** 1.6 * generator.choice([-1.0, 1.0]))
            if belongs(purpose, azimuth_deg=azimuth):
                return azimuth


def _colour(hue: float, saturation: float, value: float) -> tuple[float, float, float]:
    return colorsys.hsv_to_rgb(hue, saturation, value)
