"""Stage 1 as a learner: what is drawn, what each term is computed on, a step of the network and the discriminator."""

import json
import math
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from ..training.distributed import average_gradients, process_number
from ..training.optimising import MuonWithAdam, Optimiser, Rate, set_rate
from . import losses
from .batch import Rigs, motion_features
from .build import build_network
from .drawn import Drawn, moves_of, with_answers
from .network import Retargeter
from .paired_clips import Pair, Pairs
from .profiles import Profile
from .released import Discriminator
from .sources import SourceClips
from .targets import TargetBodies

_MEASURED_WINDOWS = 128


@dataclass(frozen=True)
class Training:
    """How a profile is trained this time."""

    profile: Profile
    steps: int
    seed: int
    device: str = "cpu"

    def rate_at(self, step: int) -> float:
        """Return the network's learning rate in a step."""
        if not self.profile.falling_rate:
            return self.profile.rate
        return Rate(self.profile.rate, self.steps).at(step)


class Stage1:
    """The network, the discriminator, their optimisers and the data; a ``training.loop.Learner``."""

    def __init__(
        self, training: Training, sources: SourceClips, targets: TargetBodies, pairs: Pairs | None = None
    ) -> None:
        """Build the network and measure what it normalises with.

        Args:
            training: How.
            sources: Source clips of training.
            targets: Bodies to retarget to where no answer is known.
            pairs: Where the pairs of ``smt-paired`` come from, half of every batch; ``None``: no answer is ever seen.

        Raises:
            ShortClips: If no clip is as long as a window.
        """
        self.training, self._sources, self._targets, self._pairs = training, sources, targets, pairs
        profile = training.profile
        self.network: Retargeter = build_network(profile, training.seed)
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(training.seed + 1)
            self.discriminator = Discriminator()
        self._measure()
        self.network.to(training.device).train()
        self.discriminator.to(training.device).train()
        self._optimiser: Optimiser = (
            MuonWithAdam(self.network, self.network.stacks(), decay=0.0)
            if profile.muon
            else torch.optim.Adam(self.network.parameters(), lr=profile.rate, betas=profile.betas)
        )
        self._rms = torch.optim.RMSprop(self.discriminator.parameters(), lr=profile.discriminator_rate)

    def draw(self, step: int) -> Drawn:
        """Return the pairs of a step: two generators, one for the sources and one for the bodies."""
        seed, profile = [self.training.seed, step, process_number()], self.training.profile
        windows = self._sources.draw(profile.batch, profile.frames, np.random.default_rng([*seed, 0]))
        drawn = Drawn(windows, self._targets.draw(profile.batch, np.random.default_rng([*seed, 1])))
        return drawn if self._pairs is None else with_answers(drawn, drawn_pairs(self._pairs, self.training, step))

    def learn(self, step: int, drawn: Drawn) -> dict[str, float]:
        """Take one step; dropout follows from the seed and the step."""
        devices = [torch.device(self.training.device)] if self.training.device.startswith("cuda") else []
        with torch.random.fork_rng(devices=devices):
            torch.manual_seed(int(np.random.default_rng([self.training.seed, step, 3]).integers(2**31)))
            parts, real, fake = self._parts(drawn)
            total = torch.stack(list(parts.values())).sum()
            set_rate(self._optimiser, self.training.rate_at(step))
            self._move(self._optimiser, self.network, total, self.training.profile.clip)
            told = {"total": total.detach(), **{name: part.detach() for name, part in parts.items()}}
            if self.training.profile.weights.adversarial:
                told["discriminator"] = self._learn_to_tell(real, fake)
        return {name: float(value) for name, value in told.items()}

    def state(self) -> dict[str, Any]:
        """Weights and moments of both networks."""
        return {name: part.state_dict() for name, part in self._kept().items()}

    def restore(self, state: dict[str, Any]) -> None:
        """Take them back."""
        for name, part in self._kept().items():
            part.load_state_dict(state[name])

    def identity(self, clips: str) -> str:
        """Return what makes this run another than others.

        Args:
            clips: What names the data.
        """
        settings = {**asdict(self.training), "clips": clips}
        settings.pop("device")  # a run may move
        return json.dumps(settings, sort_keys=True)

    def _kept(self) -> dict[str, Any]:
        names = {"network": self.network, "discriminator": self.discriminator}
        return {**names, "optimiser": self._optimiser, "rms": self._rms}

    def _parts(self, drawn: Drawn) -> tuple[dict[str, Tensor], tuple[Tensor, Rigs], tuple[Tensor, Rigs]]:
        """The weighted terms, and what the discriminator compares: features of real and of made motions."""
        device, weights = self.training.device, self.training.profile.weights
        moves = moves_of(drawn.windows, device)
        source, target = Rigs.of([w.rig for w in drawn.windows], device), Rigs.of(drawn.targets, device)
        made = self.network(moves, source, target)
        here, there = source.pose(moves), target.pose(made)
        parts = drawn.terms((moves, source, here), (made, target, there), self.training.profile)
        few = slice(0, max(1, round(self.training.profile.extra_share * len(drawn.windows))))
        for name, onto, begin in (("reconstruction", source, (moves, source)), ("cycle", source, (made, target))):
            weight, root_weight = getattr(weights, name), getattr(weights, f"{name}_root")
            if weight:
                back = self.network(begin[0][few], begin[1][few], onto[few])
                parts[name] = weight * losses.rotation_error(back, moves[few])
                parts[f"{name} root"] = root_weight * losses.root_error(back, moves[few], source.height_m[few])
        normalise = self.network.normalisation.motion
        real = normalise(motion_features(moves, here, source)), source
        fake = normalise(motion_features(made, there, target)), target
        if weights.adversarial:
            self.discriminator.requires_grad_(False)
            parts["adversarial"] = weights.adversarial * losses.generator_loss(self.discriminator(*fake))
            self.discriminator.requires_grad_(True)
        return parts, real, (fake[0].detach(), target)

    def _learn_to_tell(self, real: tuple[Tensor, Rigs], fake: tuple[Tensor, Rigs]) -> Tensor:
        loss = losses.discriminator_loss(self.discriminator(real[0].detach(), real[1]), self.discriminator(*fake))
        self._move(self._rms, self.discriminator, loss, math.inf)
        return loss.detach()

    @staticmethod
    def _move(optimiser: Optimiser, network: nn.Module, loss: Tensor, clip: float) -> None:
        optimiser.zero_grad()
        loss.backward()
        average_gradients(network.parameters())
        nn.utils.clip_grad_norm_(network.parameters(), clip)
        optimiser.step()

    def _measure(self) -> None:
        profile, generator = self.training.profile, np.random.default_rng([self.training.seed, 4])
        count = min(_MEASURED_WINDOWS, 4 * len(self._sources))
        windows = self._sources.draw(count, profile.frames, generator)
        moves, rigs = moves_of(windows, "cpu"), Rigs.of([w.rig for w in windows])
        self.network.normalisation.measure(motion_features(moves, rigs.pose(moves), rigs), rigs.shape)


def drawn_pairs(pairs: Pairs, training: Training, step: int) -> list[Pair]:
    """Return the pairs with answers of a step: half of a batch, of an odd one the larger half."""
    generator = np.random.default_rng([training.seed, step, process_number(), 10])
    return pairs.draw_pairs((training.profile.batch + 1) // 2, generator)
