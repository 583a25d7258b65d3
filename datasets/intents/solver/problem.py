"""A program on bodies: what solving it looks at, how it goes down, and the motions that come of it."""

import math
from collections.abc import Mapping, Sequence
from functools import cached_property

import numpy as np
import torch
from torch import Tensor

from ...body import Character, Motion
from ...body.kinematics import matrices_to_quaternions
from ..programs import Contact, Face, Free, Program, Reach
from .calm import ARM_TURNS, calm_weights
from .collision import LimbCollisions, Planes
from .lbfgs import Descent
from .rig import PARAMETERS, RigBatch, StyleTensors
from .settings import SolverSettings
from .skinning import SkinBatch
from .splines import basis_matrix
from .terms import bends, style_weights
from .window import Scene, Window, half_of_the_frames

_ARMS = ("left_arm", "right_arm")
_LEGS = ("left_leg", "right_leg")
_LOWERED_L, _LIFTED_L = -0.12, 0.2
"""Hips this low or feet this high, in L: the legs are folded and may meet the trunk or each other."""
_SOLVED_GOALS = (Contact, Free, Reach, Face)
_CONTENT_DEPTH_H, _CONTENT_COST = 0.0025, 1e-3
"""A style that goes no deeper into the body and misses ranges and speeds by no more is taken as it is."""


class Problem:
    """A program on bodies: everything that stays the same while the knots move."""

    def __init__(
        self,
        program: Program,
        bodies: Sequence[Character],
        keys: Mapping[str, int],
        settings: SolverSettings,
        device: torch.device | str,
    ) -> None:
        # Vectorised arithmetic rounds one clip alone otherwise than several, so one alone is solved next to itself.
        alone = len(bodies) == 1
        bodies = [*bodies, *bodies] if alone else list(bodies)
        self.bodies, self.settings = bodies, settings
        rig, skins = RigBatch.of([b.skeleton for b in bodies], device), SkinBatch.of(bodies, device)
        basis = torch.tensor(basis_matrix(program.frame_count, program.fps), device=device)
        self.scene = Scene(program, keys, settings, rig, skins, StyleTensors.of(program.track(), device), basis)
        self.usual = style_weights(basis.device) * calm_weights(program, basis.device)
        """How dearly each parameter departs from the style, [PARAMETERS]."""
        self._alone = alone

    @cached_property
    def whole(self) -> Window:
        """All frames."""
        return Window(self.scene, np.arange(self.scene.program.frame_count))

    @cached_property
    def collisions(self) -> LimbCollisions:
        """The limbs that must stay out of the body; cutting a body takes a tenth of a second."""
        program = self.scene.program
        limbs = _ARMS + (_LEGS if _legs_matter(program) else ())
        return LimbCollisions(self.bodies, self.scene.skins, limbs, program.frame_count, alone=self._alone)

    @property
    def has_goals(self) -> bool:
        """Whether the program asks for more than its style has already."""
        return any(isinstance(goal, _SOLVED_GOALS) for goal in self.scene.program.goals)

    def at(self, rows: Tensor) -> tuple["Problem", Tensor]:
        """Return the problem of some of the clips, one alone next to itself, and which clips it holds."""
        if len(rows) == len(self.bodies) and bool((rows.cpu() == torch.arange(len(rows))).all()):
            return self, rows
        chosen = [self.bodies[row] for row in rows.tolist()]
        asked = Problem(self.scene.program, chosen, self.scene.keys, self.settings, self.scene.device)
        return asked, rows.repeat(2) if len(rows) == 1 else rows

    def start(self, clips: Sequence[tuple[int, int]]) -> tuple[Tensor, Tensor, Tensor]:
        """Draw from the seed and the answer of each clip.

        Returns:
            The knots that the way is looked for from, by the seed alone; the push that an answer's own start is away
            from where that way ends; both [clips, knots, P]; and the answer's weights of the style, [clips, P].
        """
        settings, count = self.settings, self.scene.basis.shape[1]
        ways = [np.random.default_rng([seed, 0x1A7E]) for seed, _ in clips]
        own = [np.random.default_rng([seed, answer, 0xA25E]) for seed, answer in clips]
        scales = np.stack([g.uniform(1 - settings.spread, 1 + settings.spread, PARAMETERS) for g in own])
        weights = self.usual * torch.tensor(scales, dtype=torch.float32, device=self.scene.device)

        def pushes(generators: Sequence[np.random.Generator]) -> Tensor:
            """Return a small departure from the style per generator, [clips, knots, P]."""
            # All knots of a clip start together: a smooth push, not a tremor.
            drawn = np.stack([g.normal(0.0, settings.start_noise, PARAMETERS) for g in generators]).astype(np.float32)
            return (torch.tensor(drawn, device=self.scene.device) / self.usual.sqrt())[:, None].repeat(1, count, 1)

        return pushes(ways), pushes(own), weights

    def content(self, knots: Tensor, weights: Tensor) -> Tensor:
        """Whether there is nothing to solve: no goal but the style's own, which fits the body as it is, [clips]."""
        if self.has_goals:
            return torch.zeros(len(self.bodies), dtype=torch.bool, device=self.scene.device)
        with torch.no_grad():
            posed, departure = self.whole.pose(knots)
            planes = self.collisions.planes(posed.pose, self.whole.frames)
            terms = self.whole.terms(knots, (posed, departure), weights, planes)
            deepest = planes.deepest_h(self.scene.skins.transforms(posed.pose))
        return (deepest < _CONTENT_DEPTH_H) & (terms["body"] < _CONTENT_COST) & (terms["speed"] < _CONTENT_COST)

    def descend(self, knots: Tensor, pushes: Tensor, weights: Tensor) -> Tensor:
        """Go down: Adam on every second frame finds the way, L-BFGS on all of them the bottom, each answer its own."""
        window = Window(self.scene, half_of_the_frames(self.scene.program))
        found = self.explore(knots, window, self.settings.learning_rate)
        cost, at_ends_deg = self._seen(found, window)
        flung = torch.nonzero(at_ends_deg > self.settings.flung_deg)[:, 0]
        if len(flung):
            asked, rows = self.at(flung)
            few = Window(asked.scene, window.frames)
            calm = asked.explore(knots[rows], few, self.settings.calm_learning_rate)
            calm_cost, _ = asked._seen(calm, few)
            good = calm_cost <= self.settings.calm_may_cost * cost[rows]
            better = torch.where(good[:, None, None], calm, found[rows])
            found = found.index_copy(0, flung, better[: len(flung)])
        return self._polish(found + pushes, weights)

    def explore(self, knots: Tensor, window: Window, learning_rate: float) -> Tensor:
        """Return the knots that Adam finds, [clips, knots, P].

        Args:
            knots: Where it sets out, of the same shape.
            window: The frames that it looks at.
            learning_rate: Of its first steps.
        """
        settings = self.settings
        weights = self.usual.expand(len(knots), -1)
        # Adam moves every parameter at the same pace: those that are dear to move are scaled to move less.
        scale = self.usual.rsqrt()
        scaled = (knots / scale).detach().clone().requires_grad_(True)
        adam = torch.optim.Adam([scaled], betas=(0.9, 0.98))
        planes: Planes | None = None
        for step in range(settings.iterations):
            fall = 0.5 * (1 + math.cos(math.pi * step / settings.iterations))
            adam.param_groups[0]["lr"] = learning_rate * (0.02 + 0.98 * fall)
            posed, departure = window.pose(scaled * scale)
            if planes is None or step % settings.query_every == 0:
                planes = self.collisions.planes(posed.pose, window.frames)
            cost = window.cost(scaled * scale, (posed, departure), weights, planes)
            (scaled.grad,) = torch.autograd.grad(cost.sum(), scaled)
            adam.step()
        return (scaled * scale).detach()

    def _seen(self, found: Tensor, window: Window) -> tuple[Tensor, Tensor]:
        """Return what a search has come to.

        Returns:
            The cost, [clips]; and how far the upper arms are turned from the style in the first and the last frame,
            where they have nothing to reach for, the largest in degrees, [clips].
        """
        with torch.no_grad():
            posed, departure = window.pose(found)
            planes = self.collisions.planes(posed.pose, window.frames)
            cost = window.cost(found, (posed, departure), self.usual.expand(len(found), -1), planes)
        ends = torch.stack([departure[:, [0, -1], first : first + 3] for first in ARM_TURNS.values()])
        return cost, torch.rad2deg(ends.norm(dim=-1)).amax(dim=(0, 2))

    def _polish(self, knots: Tensor, weights: Tensor) -> Tensor:
        settings, window, shape = self.settings, self.whole, knots.shape
        # In these variables the style's own cost is the same in all directions, and only the goals bend it.
        outer, inner = self._unit_style(window)
        descent = Descent((inner @ (knots / outer)).flatten(1))
        planes: Planes | None = None
        for step in range(settings.polish):
            ask = planes is None or step % settings.query_every == 0
            if ask:
                descent.restart()
            scaled = descent.trial.detach().requires_grad_(True)
            knots = torch.linalg.solve_triangular(inner, scaled.view(shape), upper=True) * outer
            posed, departure = window.pose(knots)
            if ask or planes is None:
                planes = self.collisions.planes(posed.pose, window.frames)
            cost = window.cost(knots, (posed, departure), weights, planes)
            (gradient,) = torch.autograd.grad(cost.sum(), scaled)
            descent.tell(cost.detach(), gradient)
        return torch.linalg.solve_triangular(inner, descent.best.view(shape), upper=True) * outer

    def _unit_style(self, window: Window) -> tuple[Tensor, Tensor]:
        """Return scales per parameter, [P], and the upper factor over knots, [knots, knots], of the style's cost."""
        basis = self.scene.basis[torch.tensor(window.frames, device=self.scene.device)].double()
        count = basis.shape[1]
        bend = bends(torch.eye(count, dtype=torch.float64, device=self.scene.device)[None])[0]
        settings = self.settings
        hessian = settings.style * basis.mT @ basis / len(basis) + settings.smooth * bend.mT @ bend / len(bend)
        factor = torch.linalg.cholesky(
            2 * hessian + 1e-6 * torch.eye(count, dtype=torch.float64, device=self.scene.device), upper=True
        )
        return self.usual.rsqrt(), factor.float()

    def motions(self, knots: Tensor, window: Window | None = None) -> tuple[Motion, ...]:
        """Return the motions of knots, one per body.

        Args:
            knots: [clips, knots, P].
            window: At which frames; ``None``: at all.
        """
        with torch.no_grad():
            posed, _ = (window or self.whole).pose(knots)
            turns = matrices_to_quaternions(posed.local).cpu().numpy()
        roots_m, fps = posed.root_m.cpu().numpy(), self.scene.program.fps
        return tuple(Motion(b.skeleton, turns[i], roots_m[i], fps) for i, b in enumerate(self.bodies))


def _legs_matter(program: Program) -> bool:
    """Whether the program folds the legs or reaches for them."""
    track = program.track()
    return bool(track.root_l[:, 1].min() < _LOWERED_L or track.feet[..., 1].max() > _LIFTED_L)
