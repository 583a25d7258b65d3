"""The loss terms of the solver, each per clip: goals, ranges, nearness to the style, smoothness."""

import math
from collections.abc import Mapping, Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ..programs import Contact, Face, Free, Program, Reach, Speed
from .ranges import range_excess
from .rig import PARAMETERS, SLICES, Posed, RigBatch
from .settings import SolverSettings
from .skinning import SkinBatch
from .turns import unit

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


class GoalTerms:
    """A program's goals at the frames that are looked at, all pairs of vertices in one row per clip."""

    def __init__(self, program: Program, keys: Mapping[str, int], frames: NDArray[np.intp], skins: SkinBatch) -> None:
        """Find the frames of each goal.

        Args:
            program: What is asked.
            keys: Key vertex name -> vertex.
            frames: The frames that are looked at, ascending.
            skins: The bodies; their device is where the terms are computed.
        """
        self._program, self._frames = program, frames
        self._clips, device = len(skins.height_m), skins.height_m.device
        goals = [g for kind in (Contact, Free, Reach) for g in program.goals if isinstance(g, kind)]
        spans = [np.flatnonzero(program.frames(g.from_s, g.to_s)[frames]) for g in goals]
        asked = [(g, rows) for g, rows in zip(goals, spans, strict=True) if len(rows)]
        self._counts = [sum(len(rows) for g, rows in asked if isinstance(g, kind)) for kind in (Contact, Free, Reach)]
        if not asked:
            return

        def row(values: Sequence[float | tuple[float, ...]]) -> Tensor:
            """Spread one value per goal over that goal's frames."""
            each = [
                np.repeat(np.array([v], dtype=np.float32), len(rows), axis=0)
                for v, (_, rows) in zip(values, asked, strict=True)
            ]
            return torch.tensor(np.concatenate(each), device=device)

        self._share = torch.tensor(np.concatenate([_shares(goal, rows) for goal, rows in asked]), device=device)
        self._faces_skin = row([float(isinstance(g, Contact) and g.faces_skin) for g, _ in asked])
        self._at_least_h = row([g.at_least_h if isinstance(g, Free) else 0.0 for g, _ in asked])
        self._offset_h = row([g.offset_h if isinstance(g, Reach) else (0.0, 0.0, 0.0) for g, _ in asked])
        frame = np.concatenate([rows for _, rows in asked])
        ends = [np.concatenate([np.full(len(r), keys[name(g)]) for g, r in asked]) for name in (_vertex, _place)]
        clip = torch.arange(self._clips, device=device).repeat_interleave(2 * len(frame))
        both = (np.concatenate([frame, frame]), np.concatenate(ends))
        frames_of, vertices = (torch.tensor(np.tile(x, self._clips), device=device) for x in both)
        self._points = skins.points(clip, frames_of, vertices, len(frames))
        self._height_m = skins.height_m[:, None, None]

    def loss(self, posed: Posed, transforms: Tensor, settings: SolverSettings) -> Tensor:
        """Return the goals' cost per clip, [clips]."""
        total = self._heading_loss(posed, settings)
        if not sum(self._counts):
            return total
        blended = self._points.blended(transforms)
        vertex, place = self._points.positions_m(blended).unflatten(0, (self._clips, 2, -1)).unbind(1)
        gap = (vertex - place) / self._height_m - self._offset_h
        squared = gap.square().sum(-1)
        contacts, frees, reaches = squared.split(self._counts, dim=1)
        held, free, reached = self._share.split(self._counts)
        if self._counts[0]:
            apart = torch.relu((contacts + 1e-12).sqrt() - settings.contact_slack_h) / settings.contact_scale_h
            pull = settings.contact * ((1 + apart.square()).sqrt() - 1)
            total = total + ((pull + settings.facing * self._facing(blended, settings)) * held).sum(1)
        if self._counts[1]:
            distance = frees.clamp_min(1e-8).sqrt()
            margin = self._at_least_h.split(self._counts)[1] + settings.free_margin_h
            total = total + settings.free * (torch.relu(margin - distance).square() * free).sum(1)
        if self._counts[2]:
            total = total + settings.reach * (((1 + reaches / 0.01**2).sqrt() - 1) * reached).sum(1)
        return total

    def _facing(self, blended: Tensor, settings: SolverSettings) -> Tensor:
        """By how much palms on the skin do not face it, squared, [clips, contact rows]."""
        vertex, place = unit(self._points.normals(blended)).unflatten(0, (self._clips, 2, -1)).unbind(1)
        cosine = (vertex * place).sum(-1)[:, : self._counts[0]]
        short = torch.relu(cosine + math.cos(math.radians(settings.facing_within_deg)))
        return short.square() * self._faces_skin[: self._counts[0]]

    def _heading_loss(self, posed: Posed, settings: SolverSettings) -> Tensor:
        total = torch.zeros(len(posed.root_m), device=posed.root_m.device)
        frames = self._frames
        for goal in self._program.goals:
            if isinstance(goal, Face):
                rows = torch.tensor(
                    np.flatnonzero(self._program.frames(goal.from_s, goal.to_s)[frames]), device=posed.root_m.device
                )
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
            if len(rows) < 2:  # a single moment has no speed
                continue
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
    bend = bends(knots).square().mean(1)
    return settings.style * near + settings.smooth * (bend * weights).sum(-1)


def bends(knots: Tensor) -> Tensor:
    """Return second differences of rows of knots that are mirrored at both ends, [clips, knots, P] both.

    Mirrored, a departure arrives and leaves without speed. The last frames are held by no later ones: without it an
    arm that is in the way there is flung out of it.
    """
    inner = knots[:, 2:] - 2 * knots[:, 1:-1] + knots[:, :-2]
    first, last = knots[:, :1] - knots[:, 2:3], knots[:, -1:] - knots[:, -3:-2]
    return torch.cat([first, inner, last], dim=1)


def _shares(goal: Contact | Free | Reach, rows: NDArray[np.intp]) -> NDArray[np.float32]:
    """How much each of a goal's frames counts, adding up to 1.

    A contact's first and last frames count three times: there the style still comes or leaves already.
    """
    shares = np.ones(len(rows), dtype=np.float32)
    if isinstance(goal, Contact):
        shares[[0, -1]] = 3.0
    return shares / shares.sum()


def _vertex(goal: Contact | Free | Reach) -> str:
    return goal.vertex


def _place(goal: Contact | Free | Reach) -> str:
    return goal.place
