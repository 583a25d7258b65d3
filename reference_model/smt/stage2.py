"""Stage 2 as a learner: a network of stage 1 learns meaning from a frozen judge and geometry from the meshes.

Sources and targets are drawn apart from each other, as in stage 1: no result is ever compared with a paired one, and no
program, goal or key vertex is at hand.
"""

import json
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor

from ...datasets.body.kinematics import Pose
from ..training.distributed import average_gradients, process_number
from ..training.optimising import set_rate
from .batch import Rigs
from .critic import Critic
from .drawn import Drawn, moves_of, with_answers
from .figure import Figure, figures
from .fine_tuning import FineTuning
from .interpenetration import interpenetration
from .network import Retargeter
from .pair_terms import Performed
from .paired_clips import Pairs
from .pairs import Bodies, WindowPool
from .stage1 import Training, drawn_pairs

_MEASURED = 32
"""Windows by which the judge's scale is measured."""


@dataclass(frozen=True, eq=False)
class Given:
    """What stage 2 learns from."""

    windows: WindowPool
    bodies: Bodies
    critic: Critic | None
    """``None`` where the semantics loss is left out."""
    pairs: Pairs | None = None
    """Where the pairs of ``smt-paired`` come from; ``None``: no answer is ever seen."""


class Stage2:
    """The network, its optimiser and the data; a ``training.loop.Learner``."""

    def __init__(self, training: Training, tuning: FineTuning, network: Retargeter, given: Given) -> None:
        """Take a network of stage 1.

        Args:
            training: Steps, seed, device; its profile is the tuning's base.
            tuning: The terms and their weights.
            network: What stage 1 has made; it is trained in place.
            given: Windows, bodies and the critic.
        """
        self.training, self.tuning, self._given = training, tuning, given
        self.network = network.to(training.device).train()
        if tuning.frozen_root:
            for parameter in network.root_parameters():
                parameter.requires_grad_(False)
        profile = training.profile
        self._semantics = tuning.semantics / self._scale()
        self._adam = torch.optim.Adam(self._learned(), lr=profile.rate, betas=profile.betas)

    def draw(self, step: int) -> Drawn:
        """Return the pairs of a step: two generators, one for the sources and one for the bodies."""
        seed, count = [self.training.seed, step, process_number()], self.training.profile.batch
        windows = self._given.windows.draw(count, np.random.default_rng([*seed, 6]))
        drawn = Drawn(windows, self._given.bodies.draw(count, np.random.default_rng([*seed, 7])))
        pairs = self._given.pairs
        return drawn if pairs is None else with_answers(drawn, drawn_pairs(pairs, self.training, step))

    def learn(self, step: int, drawn: Drawn) -> dict[str, float]:
        """Take one step; dropout follows from the seed and the step."""
        devices = [torch.device(self.training.device)] if self.training.device.startswith("cuda") else []
        with torch.random.fork_rng(devices=devices):
            torch.manual_seed(int(np.random.default_rng([self.training.seed, step, 8]).integers(2**31)))
            parts = self.parts(drawn)
        total = torch.stack(list(parts.values())).sum()
        set_rate(self._adam, self.training.rate_at(step))
        self._adam.zero_grad(set_to_none=True)
        if total.requires_grad:  # a step in which nothing is asked for
            total.backward()
        average_gradients(self._learned())
        torch.nn.utils.clip_grad_norm_(self._learned(), self.training.profile.clip)
        self._adam.step()
        return {"total": float(total.detach()), **{name: float(part.detach()) for name, part in parts.items()}}

    def parts(self, drawn: Drawn) -> dict[str, Tensor]:
        """Return the weighted terms by name, with gradients to the network."""
        device = self.training.device
        moves = moves_of(drawn.windows, device)
        source, target = Rigs.of([w.rig for w in drawn.windows], device), Rigs.of(drawn.targets, device)
        made = self.network(moves, source, target)
        there = target.pose(made)
        parts = self.pair_parts(drawn, (moves, source, source.pose(moves)), (made, target, there))
        bodies = figures(drawn.targets)
        poses = [Pose(there.rotations[k], there.positions_m[k]) for k in range(len(bodies))]
        if self.tuning.penetration:
            inside = [self._inside(body, pose) for body, pose in zip(bodies, poses, strict=True)]
            parts["penetration"] = self.tuning.penetration * torch.stack(inside).mean()
        if self.tuning.semantics and self._given.critic is not None:
            apart = [self._given.critic.loss(*one) for one in zip(drawn.windows, bodies, poses, strict=True)]
            parts["semantics"] = self._semantics * torch.stack(apart).mean()
        return parts

    def pair_parts(self, drawn: Drawn, given: Performed, done: Performed) -> dict[str, Tensor]:
        """Return the weighted terms between sources and results; a rival may ask for something else.

        Args:
            drawn: The batch.
            given: The sources.
            done: The results, with gradients.
        """
        return drawn.terms(given, done, self.training.profile)

    def state(self) -> dict[str, Any]:
        """Weights and moments."""
        return {"network": self.network.state_dict(), "adam": self._adam.state_dict()}

    def restore(self, state: dict[str, Any]) -> None:
        """Take them back."""
        self.network.load_state_dict(state["network"])
        self._adam.load_state_dict(state["adam"])

    def identity(self, clips: str) -> str:
        """Return what makes this run another than others.

        Args:
            clips: What names data, bodies and the weights it began with.
        """
        judge = self._given.critic.judge.fingerprint if self._given.critic else ""
        settings = {**asdict(self.training), "tuning": asdict(self.tuning), "judge": judge, "clips": clips}
        settings.pop("device")  # a run may move
        return json.dumps(settings, sort_keys=True)

    def _scale(self) -> float:
        """What the semantics loss is divided by; looked at anew at every start, and kept on disk like all looks."""
        if self.tuning.semantics_form != "relative" or self._given.critic is None:
            return 1.0
        return max(self._given.critic.spread(self._given.windows.first(_MEASURED)), 1e-9)

    def _inside(self, body: Figure, pose: Pose) -> Tensor:
        every = self.tuning.geometry_every
        few = Pose(pose.rotations[::every], pose.positions_m[::every])
        return interpenetration(body, body.posed_m(few), self.tuning.penetration_form, self.tuning.allowed_depth)

    def _learned(self) -> list[torch.nn.Parameter]:
        return [parameter for parameter in self.network.parameters() if parameter.requires_grad]
