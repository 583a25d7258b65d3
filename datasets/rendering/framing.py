"""Cameras that follow a body: named views and angles, the whole body or its upper half."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import torch
from torch import Tensor

from ..body import Character
from ..errors import UnknownName
from .camera import VIEWS, Camera, orbit

Crop = Literal["full", "upper"]

_SHOWN = {"full": 1.25, "upper": 0.8}
"""Height of the picture in body heights: a jump or raised hands fit; of the upper half, hands at the hips do."""
_UPPER_PARTS = ("torso", "head")
"""What the upper crop follows. Not the arms: the picture would swing with every gesture."""


@dataclass(frozen=True)
class Framing:
    """From where a body is seen, and how much of it."""

    views: tuple[str | float, ...] = ("front", "left", "right")
    """Names of ``VIEWS``, or azimuths of an orbit in degrees: 0 in front, 90 on the character's left."""
    crop: Crop = "full"
    """``full``: the whole body; ``upper``: hips to head, larger."""
    elevation_deg: float = 8.0
    """Height of the cameras over the horizon."""
    fov_y_deg: float = 30.0
    """Vertical opening angle."""

    def __post_init__(self) -> None:
        for view in self.views:
            if isinstance(view, str) and view not in VIEWS:
                raise UnknownName("view", view, VIEWS)
        if self.crop not in _SHOWN:
            raise UnknownName("crop", self.crop, _SHOWN)


def framed_cameras(vertices_m: Tensor, character: Character, framing: Framing | None = None) -> tuple[Camera, ...]:
    """Return one camera per view that follows the body from frame to frame.

    The middle of the picture is the middle of the bounding box of what is shown, frame by frame, so that a frame looks
    the same in every batch; the distance depends on the rest pose's height only, so that a body never seems to grow. No
    gradient passes through the placement: otherwise a loss could be lowered by moving the camera, which is not part of
    the motion, and where the whole body moves the picture would rightly not change.

    Args:
        vertices_m: Posed vertices, [frames, vertices, 3].
        character: Whose they are; gives the height and the parts.
        framing: The views and the crop; by default the whole body from the front, the left and the right.
    """
    chosen = framing or Framing()
    shown = vertices_m.detach()
    if chosen.crop == "upper":
        parts = torch.from_numpy(np.array(character.part_vertices(*_UPPER_PARTS), dtype=np.int64))
        # Some meshes (a hand, a hat) have neither; they are shown whole.
        shown = shown[:, parts.to(shown.device)] if len(parts) else shown
    middle = (shown.amin(dim=1) + shown.amax(dim=1)) / 2
    half = torch.deg2rad(torch.tensor(chosen.fov_y_deg / 2, dtype=torch.float64))
    distance = _SHOWN[chosen.crop] * character.height_m / (2 * float(torch.tan(half)))
    return tuple(
        orbit(
            middle,
            distance,
            azimuth_deg=azimuth,
            elevation_deg=chosen.elevation_deg,
            fov_y_deg=chosen.fov_y_deg,
        )
        for azimuth in azimuths_deg(chosen.views)
    )


def azimuths_deg(views: Sequence[str | float]) -> list[float]:
    """Return the azimuths of views, names looked up in ``VIEWS``."""
    return [VIEWS[view] if isinstance(view, str) else float(view) for view in views]
