"""The solver: Adam over spline knots of the departures from a program's style, for many bodies at once."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ...body import Character, Motion
from ...body.kinematics import matrices_to_quaternions
from ..programs import Program
from .collision import LimbCollisions, Planes
from .rig import PARAMETERS, Posed, RigBatch, StyleTensors, pose_batch
from .settings import SolverSettings
from .skinning import SkinBatch
from .splines import basis_matrix
from .terms import GoalTerms, body_loss, speed_loss, style_loss, style_weights

_ARMS = ("left_arm", "right_arm")


@dataclass(frozen=True)
class ClipReport:
    """What the solver believes it reached on one body; the checker measures it again on its own."""

    body: str
    loss: float
    terms: Mapping[str, float]
    """Cost of each group of terms at the end."""
    stretch: float
    """Largest distance from hip to ankle over the leg's length; above 1 a planted foot was out of reach."""
    departure_deg: float
    """Mean departure from the style over all free joints and frames."""


@dataclass(frozen=True, eq=False)
class Solution:
    """One program solved on several bodies."""

    program: Program
    motions: tuple[Motion, ...]
    """One per body, in the order given."""
    reports: tuple[ClipReport, ...]
    seed: int


def solve(
    program: Program,
    bodies: Sequence[Character],
    *,
    keys: Mapping[str, int],
    seed: int,
    settings: SolverSettings | None = None,
    device: torch.device | str = "cpu",
) -> Solution:
    """Solve a program on bodies that share their joints and their vertex order.

    The same arguments give the same motions on one machine. A body may be given several times: each time it starts
    elsewhere and weighs the style differently, so the solutions are different right answers.

    Args:
        program: Goals and style.
        bodies: One clip is solved per entry.
        keys: Key vertex name -> vertex, the same on every body.
        seed: Draws the starts and the style's weights of all clips.
        settings: Weights and schedule; ``None``: the usual ones.
        device: Where tensors live; closest points are found on the CPU.
    """
    problem = _Problem(program, bodies, keys, settings or SolverSettings(), device)
    knots, weights = problem.start(np.random.default_rng([seed, 0x1A7E]))
    knots = problem.descend(knots, weights)
    return problem.solution(knots, weights, seed)


class _Problem:
    """Everything that stays the same while the knots move."""

    def __init__(
        self,
        program: Program,
        bodies: Sequence[Character],
        keys: Mapping[str, int],
        settings: SolverSettings,
        device: torch.device | str,
    ) -> None:
        self.program, self.bodies, self.keys = program, list(bodies), keys
        self.settings, self.device = settings, torch.device(device)
        self.rig = RigBatch.of([b.skeleton for b in bodies], device)
        self.skins = SkinBatch.of(bodies, device)
        self.style = StyleTensors.of(program.track(), device)
        self.basis = torch.tensor(basis_matrix(program.frame_count, program.fps), device=device)
        self.collisions = LimbCollisions(bodies, self.skins, _ARMS)

    def start(self, generator: np.random.Generator) -> tuple[Tensor, Tensor]:
        """Draw first knots and style weights, one clip after the other, [clips, knots, P] and [clips, P]."""
        size = (len(self.bodies), self.basis.shape[1], PARAMETERS)
        knots = generator.normal(0.0, self.settings.start_noise, size).astype(np.float32)
        scale = generator.uniform(1 - self.settings.spread, 1 + self.settings.spread, (size[0], PARAMETERS))
        # Neighbouring knots start together: a smooth push, not a tremor.
        knots = knots.mean(axis=1, keepdims=True).repeat(size[1], axis=1) * math.sqrt(size[1])
        usual = style_weights(self.device)
        weights = usual * torch.tensor(scale, dtype=torch.float32, device=self.device)
        return torch.tensor(knots, device=self.device) / usual.sqrt(), weights

    def descend(self, knots: Tensor, weights: Tensor) -> Tensor:
        """Run Adam: first on every second frame, at the end on all of them."""
        total = self.settings.iterations
        polish = total // 5
        half = _half_of_the_frames(self.program)
        knots = self._descend(knots, weights, half, (0, total - polish))
        return self._descend(knots, weights, np.arange(self.program.frame_count), (total - polish, total))

    def _descend(self, knots: Tensor, weights: Tensor, frames: NDArray[np.intp], steps: tuple[int, int]) -> Tensor:
        window = _Window(self, frames)
        # Adam moves every parameter at the same pace: those that are dear to move are scaled to move less.
        scale = style_weights(self.device).rsqrt()
        scaled = (knots / scale).detach().clone().requires_grad_(True)
        adam = torch.optim.Adam([scaled], lr=self.settings.learning_rate, betas=(0.9, 0.98))
        planes: Planes | None = None
        for step in range(*steps):
            progress = step / self.settings.iterations
            for group in adam.param_groups:
                group["lr"] = self.settings.learning_rate * (0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * progress)))
            knots = scaled * scale
            posed, departure = window.pose(knots)
            if planes is None or (step - steps[0]) % self.settings.query_every == 0:
                planes = self.collisions.planes(posed.pose)
            loss = sum(window.terms(knots, (posed, departure), weights, planes).values(), torch.zeros(1))
            adam.zero_grad(set_to_none=True)
            loss.sum().backward()
            adam.step()
        return (scaled * scale).detach()

    def solution(self, knots: Tensor, weights: Tensor, seed: int) -> Solution:
        """Turn the final knots into motions and say what was reached."""
        with torch.no_grad():
            window = _Window(self, np.arange(self.program.frame_count))
            posed, departure = window.pose(knots)
            planes = self.collisions.planes(posed.pose)
            terms = window.terms(knots, (posed, departure), weights, planes)
            quaternions = matrices_to_quaternions(posed.local)
        motions = tuple(
            Motion(body.skeleton, quaternions[clip].cpu().numpy(), posed.root_m[clip].cpu().numpy(), self.program.fps)
            for clip, body in enumerate(self.bodies)
        )
        reports = tuple(self._report(clip, posed, departure, terms) for clip in range(len(self.bodies)))
        return Solution(self.program, motions, reports, seed)

    def _report(self, clip: int, posed: Posed, departure: Tensor, terms: Mapping[str, Tensor]) -> ClipReport:
        costs = {name: float(term[clip]) for name, term in terms.items()}
        turned = departure[clip, :, :36].unflatten(-1, (-1, 3)).norm(dim=-1).mean()
        return ClipReport(
            body=self.bodies[clip].name,
            loss=sum(costs.values()),
            terms=costs,
            stretch=float(posed.stretch[clip].max()),
            departure_deg=math.degrees(float(turned)),
        )


def _half_of_the_frames(program: Program) -> NDArray[np.intp]:
    """Every second frame, and all those of contacts too short to be seen in every second one."""
    chosen = np.arange(program.frame_count) % 2 == 0
    for contact in program.contacts:
        span = program.frames(contact.from_s, contact.to_s)
        if span.sum() < 6:
            chosen |= span
    return np.flatnonzero(chosen)


class _Window:
    """The problem seen at some of the frames."""

    def __init__(self, problem: _Problem, frames: NDArray[np.intp]) -> None:
        self._problem, self._frames = problem, frames
        rows = torch.tensor(frames, device=problem.device)
        self._basis, self._style = problem.basis[rows], problem.style.at(rows)
        self._goals = GoalTerms(problem.program, problem.keys, frames, problem.device)

    def pose(self, knots: Tensor) -> tuple[Posed, Tensor]:
        """Return the poses and the departures at the frames."""
        departure = torch.einsum("fk,ckp->cfp", self._basis, knots)
        return pose_batch(self._problem.rig, self._style, departure), departure

    def terms(self, knots: Tensor, pose: tuple[Posed, Tensor], weights: Tensor, planes: Planes) -> dict[str, Tensor]:
        """Return every group of terms per clip, [clips] each."""
        problem, settings = self._problem, self._problem.settings
        posed, departure = pose
        transforms = problem.skins.transforms(posed.pose)
        depth = problem.collisions.depth_term(transforms, planes, settings.clearance_h, settings.penetration_scale_h)
        return {
            "goals": self._goals.loss(posed, transforms, problem.skins, settings),
            "penetration": settings.penetration * depth / len(self._frames),
            "body": body_loss(posed, problem.rig, settings),
            "speed": settings.speed * speed_loss(problem.program, problem.rig, posed, self._frames),
            "style": style_loss(knots, departure, weights, settings),
        }
