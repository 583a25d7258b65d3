"""The loss terms of the solver, each per clip: goals, ranges, nearness to the style, smoothness."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ..programs import Contact, Face, Free, Program, Reach, Speed
from .ranges import range_excess
from .rig import PARAMETERS, SLICES, Posed, RigBatch
from .settings import SolverSettings
from .skinning import SkinBatch

_DOF_WEIGHTS = {
    "Hips": 2000.0, "Spine": 1000.0, "Spine1": 1000.0, "Spine2": 1000.0, "Neck": 150.0, "Head": 150.0,
    "LeftShoulder": 8.0, "LeftArm": 1.0, "LeftHand": 1.5, "RightShoulder": 8.0, "RightArm": 1.0, "RightHand": 1.5,
}  # fmt: skip
"""Arms are there to reach; pelvis and spine give way only where arms do not suffice, or people look drunk."""


def style_weights(device: torch.device | str) -> Tensor:
    """Return how dearly each parameter departs from the style, [PARAMETERS]."""
    weights = torch.ones(PARAMETERS, device=device)
    weights[SLICES["free"]] = torch.tensor([w for w in _DOF_WEIGHTS.values() for _ in range(3)], device=device)
    weights[SLICES["elbows"]] = torch.tensor([0.7, 1.5, 0.7, 1.5], device=device)
    weights[SLICES["curls"]] = 1.0
    weights[SLICES["root"]] = 4000.0
    weights[SLICES["knees"]] = 10.0
    return weights


@dataclass(frozen=True, eq=False)
class _Pairing:
    """Two key vertices in some of the frames."""

    vertex: int
    place: int
    frames: Tensor
    offset_h: Tensor | None = None
    at_least_h: float = 0.0
    faces_skin: bool = False


class GoalTerms:
    """A program's goals at the frames that are looked at."""

    def __init__(
        self, program: Program, keys: Mapping[str, int], frames: NDArray[np.intp], device: torch.device | str
    ) -> None:
        """Find the frames of each goal.

        Args:
            program: What is asked.
            keys: Key vertex name -> vertex.
            frames: The frames that are looked at, ascending.
            device: Where the terms are computed.
        """
        self._program, self._frames = program, torch.tensor(frames, device=device)
        self._contacts: list[_Pairing] = []
        self._frees: list[_Pairing] = []
        self._reaches: list[_Pairing] = []
        for goal in program.goals:
            if not isinstance(goal, Contact | Free | Reach):
                continue
            rows = torch.tensor(np.flatnonzero(program.frames(goal.from_s, goal.to_s)[frames]), device=device)
            if not len(rows):
                continue
            vertex, place = keys[goal.vertex], keys[goal.place]
            if isinstance(goal, Contact):
                self._contacts.append(_Pairing(vertex, place, rows, faces_skin=goal.faces_skin))
            elif isinstance(goal, Free):
                self._frees.append(_Pairing(vertex, place, rows, at_least_h=goal.at_least_h))
            else:
                offset = torch.tensor(goal.offset_h, device=device)
                self._reaches.append(_Pairing(vertex, place, rows, offset_h=offset))

    def loss(self, posed: Posed, transforms: Tensor, skins: SkinBatch, settings: SolverSettings) -> Tensor:
        """Return the goals' cost per clip, [clips]."""
        total = torch.zeros(len(transforms), device=transforms.device)
        for pairing in self._contacts:
            gap, facing = _gap(pairing, transforms, skins)
            scaled = gap.square().sum(-1) / settings.contact_scale_h**2
            total = total + settings.contact * ((1 + scaled).sqrt() - 1).mean(1)
            if pairing.faces_skin:
                short = torch.relu(facing + math.cos(math.radians(settings.facing_within_deg)))
                total = total + settings.facing * short.square().mean(1)
        for pairing in self._frees:
            gap, _ = _gap(pairing, transforms, skins)
            distance = gap.square().sum(-1).clamp_min(1e-8).sqrt()
            short = torch.relu(pairing.at_least_h + settings.free_margin_h - distance)
            total = total + settings.free * short.square().mean(1)
        for pairing in self._reaches:
            gap, _ = _gap(pairing, transforms, skins)
            total = total + settings.reach * ((1 + (gap / 0.01).square().sum(-1)).sqrt() - 1).mean(1)
        return total + self._heading_loss(posed, skins, settings)

    def _heading_loss(self, posed: Posed, skins: SkinBatch, settings: SolverSettings) -> Tensor:
        total = torch.zeros(len(posed.root_m), device=posed.root_m.device)
        frames = self._frames.cpu().numpy()
        for goal in self._program.goals:
            if isinstance(goal, Face):
                rows = torch.tensor(np.flatnonzero(self._program.frames(goal.from_s, goal.to_s)[frames]))
                joint = 3 if goal.part == "chest" else 5  # Spine2 and Head in the order of the standard joints
                forward = posed.pose.rotations[:, rows, joint, :, 2]
                yaw = math.radians(goal.yaw_deg)
                aim = forward.new_tensor([math.sin(yaw), 0.0, math.cos(yaw)])
                flat = torch.nn.functional.normalize(forward * forward.new_tensor([1.0, 0.0, 1.0]), dim=-1)
                total = total + settings.face * (1 - flat @ aim).mean(1)
        return total


def speed_loss(program: Program, rig: RigBatch, posed: Posed, frames: NDArray[np.intp]) -> Tensor:
    """Return the squared miss of the mean hip velocities per clip, in L per second, [clips]."""
    total = torch.zeros(len(posed.root_m), device=posed.root_m.device)
    for goal in program.goals:
        if isinstance(goal, Speed):
            rows = np.flatnonzero(program.frames(goal.from_s, goal.to_s)[frames])
            first, last = int(rows[0]), int(rows[-1])
            seconds = float(frames[last] - frames[first]) / program.fps
            moved = (posed.root_m[:, last] - posed.root_m[:, first]) / rig.leg_length_m[:, None] / seconds
            aim = moved.new_tensor(goal.leg_lengths_per_s)
            total = total + (moved[:, [0, 2]] - aim).square().sum(-1)
    return total


def body_loss(posed: Posed, rig: RigBatch, settings: SolverSettings) -> Tensor:
    """Return the cost of joints out of range and of feet out of the legs' reach per clip, [clips]."""
    excess = range_excess(posed, rig.skeleton).square().sum(-1).mean(1)
    stretched = torch.relu(posed.stretch - 0.992).square().sum(-1).mean(1)
    return settings.ranges * excess + settings.stretch * stretched


def style_loss(knots: Tensor, departure: Tensor, weights: Tensor, settings: SolverSettings) -> Tensor:
    """Return the cost of departing from the style, and of doing so unevenly, per clip, [clips].

    Args:
        knots: Spline knots, [clips, knots, PARAMETERS].
        departure: The curve at the frames, [clips, frames, PARAMETERS].
        weights: Of each parameter, per clip, [clips, PARAMETERS].
        settings: Weights of the two parts.
    """
    near = (departure.square().mean(1) * weights).sum(-1)
    bend = (knots[:, 2:] - 2 * knots[:, 1:-1] + knots[:, :-2]).square().mean(1)
    return settings.style * near + settings.smooth * (bend * weights).sum(-1)


def _gap(pairing: _Pairing, transforms: Tensor, skins: SkinBatch) -> tuple[Tensor, Tensor]:
    """Return the vertex minus its place in H, [clips, frames, 3], and the cosine between the two normals."""
    clips = len(transforms)
    clip = torch.arange(clips, device=transforms.device).repeat_interleave(len(pairing.frames))
    frame = pairing.frames.repeat(clips)
    both = [
        skins.points(transforms, clip, frame, torch.full_like(frame, index))
        for index in (pairing.vertex, pairing.place)
    ]
    (vertex, vertex_normal), (place, place_normal) = both
    height = skins.height_m[clip, None]
    aim = place if pairing.offset_h is None else place + pairing.offset_h * height
    unit = torch.nn.functional.normalize
    cosine = (unit(vertex_normal, dim=-1) * unit(place_normal, dim=-1)).sum(-1)
    return ((vertex - aim) / height).unflatten(0, (clips, -1)), cosine.unflatten(0, (clips, -1))
