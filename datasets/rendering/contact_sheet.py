"""Contact sheets: motions as rows of frames, one under the other, so that source and results can be compared."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont
from torch import Tensor

from ..body import Character, Motion
from ..body.kinematics import motion_vertices_m
from ..errors import UnknownName
from .camera import VIEWS, Camera, orbit
from .pictures import PictureStyle, draw
from .shading import CLAY, SKY

_FOV_Y_DEG, _ELEVATION_DEG = 24.0, 10.0
_EDGE = 0.03
"""Share of half a picture that stays empty along its edges."""


@dataclass(frozen=True, eq=False)
class SheetRow:
    """One row of a contact sheet: a character doing a motion."""

    label: str
    character: Character
    motion: Motion
    colour: tuple[float, float, float] | None = None
    """RGB between 0 and 1; ``None``: clay for the first row, sky for the others."""


@dataclass(frozen=True)
class SheetStyle:
    """Size and view of a contact sheet."""

    frames: int = 8
    """How many frames are shown, evenly spread from the first to the last."""
    at: tuple[int, ...] = ()
    """Frame numbers to show instead; beyond a motion's end its last frame is shown."""
    size_px: int = 160
    """Height of a frame; its width is ``aspect`` times as much."""
    aspect: float = 0.85
    view: str = "three-quarter"
    """One of ``VIEWS``."""
    margin: float = 1.35
    """Least height of the view over the body height; where a hand or a foot would still be cut off, it grows."""
    look: PictureStyle = field(default_factory=lambda: PictureStyle(samples=2))
    numbered: bool = True
    """Write the frame's number into its lower left corner; in small pictures it hides feet."""

    def __post_init__(self) -> None:
        if self.view not in VIEWS:
            raise UnknownName("view", self.view, VIEWS)

    @property
    def width_px(self) -> int:
        """Width of a frame in pixels."""
        return round(self.size_px * self.aspect)


def contact_sheet(rows: Sequence[SheetRow], path: Path | str, style: SheetStyle | None = None) -> None:
    """Write a contact sheet as a PNG or JPEG file, by the ending of its name.

    Args:
        rows: What to show, top down; the first is usually the source.
        path: The file to write; its folder must exist.
        style: Number and size of the frames, and the view.
    """
    image = Image.fromarray(sheet_image(rows, style))
    image.save(path, **({"quality": 88} if str(path).lower().endswith((".jpg", ".jpeg")) else {"optimize": True}))


def sheet_image(rows: Sequence[SheetRow], style: SheetStyle | None = None) -> NDArray[np.uint8]:
    """Return a contact sheet as an image, [height, width, 3] uint8.

    Every row has the same number of frames at the same moments (as shares of its length); the camera follows the
    character over the floor but not up or down, so that a foot off the floor is seen. Its distance, the same for all
    rows in body heights, shows every character whole in every frame, raised hands included.
    """
    chosen = style or SheetStyle()
    shown = [_shown(row, chosen) for row in rows]
    if not shown:
        return np.zeros((0, 0, 3), dtype=np.uint8)
    heights = max([_margin_distance(chosen), *(fitting_distance(one, chosen) for one in shown)])
    strips = [_strip(one, chosen, heights, CLAY if index == 0 else SKY) for index, one in enumerate(shown)]
    return np.concatenate(strips, axis=0)


def shown_frames(frame_count: int, style: SheetStyle) -> list[int]:
    """Return the frame numbers that a sheet shows of a motion."""
    if style.at:
        return [min(max(int(f), 0), frame_count - 1) for f in style.at]
    return [round(float(f)) for f in np.linspace(0, frame_count - 1, style.frames)]


@dataclass(frozen=True, eq=False)
class Shown:
    """What a row shows: the chosen frames of its character."""

    row: SheetRow
    frames: list[int]
    vertices_m: Tensor
    """Posed vertices, [frames, vertices, 3]."""


def _shown(row: SheetRow, style: SheetStyle) -> Shown:
    frames = shown_frames(row.motion.frame_count, style)
    motion = Motion(
        row.motion.skeleton,
        row.motion.local_rotations_wxyz[frames],
        row.motion.root_translation_m[frames],
        row.motion.fps,
    )
    return Shown(row, frames, motion_vertices_m(row.character, motion))


def follow_camera(shown: Shown, style: SheetStyle, distance: float) -> Camera:
    """Return one camera per frame that follows the root over the floor and looks at half the body height.

    Args:
        shown: The character and the frames.
        style: The view.
        distance: From the root's place, in body heights.
    """
    height = shown.row.character.height_m
    targets = torch.tensor(shown.row.motion.root_translation_m[shown.frames])
    targets[:, 1] = height * 0.5
    azimuth = VIEWS[style.view]
    return orbit(targets, distance * height, azimuth_deg=azimuth, elevation_deg=_ELEVATION_DEG, fov_y_deg=_FOV_Y_DEG)


def fitting_distance(shown: Shown, style: SheetStyle) -> float:
    """Return the least distance, in body heights, from which every shown frame is inside the picture."""
    camera = follow_camera(shown, style, 1.0)
    right, up, forward = ((shown.vertices_m - camera.position_m[:, None]) @ camera.axes.mT).unbind(dim=-1)
    height = shown.row.character.height_m
    half = math.tan(math.radians(_FOV_Y_DEG / 2)) * (1 - _EDGE)
    sideways = (right.abs() / (half * style.width_px / style.size_px)).maximum(up.abs() / half)
    return float((sideways - forward).max()) / height + 1.0


def _margin_distance(style: SheetStyle) -> float:
    return style.margin / (2 * math.tan(math.radians(_FOV_Y_DEG / 2)))


def _strip(shown: Shown, style: SheetStyle, distance: float, colour: tuple[float, float, float]) -> NDArray[np.uint8]:
    row = shown.row
    pictures = draw(
        shown.vertices_m,
        row.character.faces,
        follow_camera(shown, style, distance),
        size=(style.size_px, style.width_px),
        colour=row.colour or colour,
        style=style.look,
    )
    strip = Image.fromarray(np.concatenate(list(pictures), axis=1))
    pen = ImageDraw.Draw(strip)
    small, large = ImageFont.load_default(size=10), ImageFont.load_default(size=13)
    for index, frame in enumerate(shown.frames):
        pen.line([(index * style.width_px, 0), (index * style.width_px, style.size_px)], fill=(255, 255, 255), width=1)
        if style.numbered:
            pen.text((index * style.width_px + 5, style.size_px - 15), str(frame), fill=(120, 120, 126), font=small)
    pen.line([(0, 0), (strip.width, 0)], fill=(255, 255, 255), width=2)
    pen.text((6, 4), row.label, fill=(40, 40, 46), font=large, stroke_width=2, stroke_fill=(244, 244, 246))
    return np.asarray(strip)
