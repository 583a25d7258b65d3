"""A program on bodies, and its cost at some of the frames."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ..programs import Program
from .collision import Planes
from .rig import Posed, RigBatch, StyleTensors, pose_batch
from .settings import SolverSettings
from .skinning import SkinBatch
from .terms import GoalTerms, body_loss, speed_loss, style_loss


@dataclass(frozen=True, eq=False)
class Scene:
    """What stays the same while the knots move; one clip per body."""

    program: Program
    keys: Mapping[str, int]
    """Key vertex name -> vertex, the same on every body."""
    settings: SolverSettings
    rig: RigBatch
    skins: SkinBatch
    style: StyleTensors
    """The program's style at all frames."""
    basis: Tensor
    """Weights of the spline's knots, [frames, knots]."""

    @property
    def device(self) -> torch.device:
        """Where everything is computed."""
        return self.basis.device


class Window:
    """A scene seen at some of the frames."""

    def __init__(self, scene: Scene, frames: NDArray[np.intp]) -> None:
        """Choose the frames, in order."""
        self._scene, self.frames = scene, frames
        rows = torch.tensor(frames, device=scene.device)
        basis = scene.basis[rows]
        # Four knots reach each frame: adding these up gives the same bits in a batch of any size.
        first = (basis > 0).to(torch.uint8).argmax(dim=1).clamp(max=basis.shape[1] - 4)
        self._knots = (first[:, None] + torch.arange(4, device=scene.device)).flatten()
        self._shares = basis.gather(1, self._knots.view(-1, 4))[..., None]
        self._style = scene.style.at(rows)

    @cached_property
    def _goals(self) -> GoalTerms:
        """What the program asks for at the frames; not needed to pose."""
        return GoalTerms(self._scene.program, self._scene.keys, self.frames, self._scene.skins)

    def pose(self, knots: Tensor) -> tuple[Posed, Tensor]:
        """Return the poses and the departures at the frames."""
        reached = knots.index_select(1, self._knots).unflatten(1, (-1, 4))
        departure = (reached * self._shares).sum(dim=2)
        return pose_batch(self._scene.rig, self._style, departure), departure

    def cost(self, knots: Tensor, pose: tuple[Posed, Tensor], weights: Tensor, planes: Planes) -> Tensor:
        """Return the sum of all terms per clip, [clips]."""
        return torch.stack(list(self.terms(knots, pose, weights, planes).values())).sum(0)

    def terms(self, knots: Tensor, pose: tuple[Posed, Tensor], weights: Tensor, planes: Planes) -> dict[str, Tensor]:
        """Return every group of terms per clip, [clips] each."""
        scene, settings = self._scene, self._scene.settings
        posed, departure = pose
        transforms = scene.skins.transforms(posed.pose)
        depth = planes.cost(transforms, settings.clearance_h, settings.penetration_scale_h)
        return {
            "goals": self._goals.loss(posed, transforms, settings),
            "penetration": settings.penetration * depth / len(self.frames),
            "body": body_loss(posed, scene.rig, settings),
            "speed": settings.speed * speed_loss(scene.program, scene.rig, posed, self.frames),
            "style": style_loss(knots, departure, weights, settings),
        }


def half_of_the_frames(program: Program) -> NDArray[np.intp]:
    """Every second frame, and all those of contacts too short to be seen in every second one."""
    chosen = np.arange(program.frame_count) % 2 == 0
    for contact in program.contacts:
        span = program.frames(contact.from_s, contact.to_s)
        if span.sum() < 6:
            chosen |= span
    return np.flatnonzero(chosen)
