"""MotionCLIP as a learner: what is drawn, the loss, a step."""

import hashlib
import json
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from ..training.distributed import average_gradients, process_number
from ..training.optimising import Rate, set_rate
from .losses import alignment_terms, reconstruction_terms, weighted
from .network import MotionAutoEncoder
from .pose import mirrored_features
from .presets import Preset
from .standard_body import StandardPlaces
from .windows import Batch, Windows

_REAL_PART = 4
"""One window of so many is a real one."""
_CLIP = 1.0
"""Largest norm of a gradient where the learning rate falls; the release has no limit."""


@dataclass(frozen=True)
class Training:
    """How a preset is trained this time."""

    preset: Preset
    seed: int
    device: str = "cpu"
    mirror: bool = False
    """Whether every second window is drawn as a mirror shows it."""

    def rate_at(self, step: int) -> float:
        """Return the learning rate in a step."""
        preset = self.preset
        if not preset.falling_rate:
            return preset.rate
        return Rate(preset.rate, preset.steps).at(step)


class MotionClipLearner:
    """The network, its optimiser and its data; a ``training.loop.Learner``."""

    def __init__(self, training: Training, windows: Windows, real: NDArray[np.float32] | None = None) -> None:
        """Build the network.

        Args:
            training: How.
            windows: What it learns from; the width of its embeddings is the latent's.
            real: Windows of real motions without words, [n, frames, 135]; where there are some, every fourth of a batch
                is one of them.
        """
        self.training, self._windows, self._real = training, windows, real
        self.network = build_network(training.preset, windows.latent, training.seed).to(training.device).train()
        self._places = StandardPlaces.of(training.preset.places, training.device)
        self._adam = torch.optim.AdamW(self.network.parameters(), lr=training.preset.rate)

    def draw(self, step: int) -> Batch:
        """Return the windows of a step; those without words come last."""
        generator = np.random.default_rng([self.training.seed, step, process_number()])
        count, mirror = self.training.preset.batch, self.training.mirror
        if self._real is None:
            return self._windows.draw(count, generator, mirror=mirror)
        drawn = self._windows.draw(count - count // _REAL_PART, generator, mirror=mirror)
        wordless = self._real[generator.integers(len(self._real), size=count // _REAL_PART)]
        if mirror and generator.random() < 0.5:
            wordless = mirrored_features(wordless)
        return replace(drawn, features=np.concatenate([drawn.features, wordless]))

    def learn(self, step: int, drawn: Batch) -> dict[str, float]:
        """Take one step; dropout follows from the seed and the step."""
        device = self.training.device
        features, texts, images = (
            torch.from_numpy(array).to(device) for array in (drawn.features, drawn.texts, drawn.images)
        )
        devices = [torch.device(device)] if device.startswith("cuda") else []
        with torch.random.fork_rng(devices=devices):
            torch.manual_seed(int(np.random.default_rng([self.training.seed, step, 1]).integers(2**31)))
            latents = self.network.encode(features)
            made = self.network.decode(latents, features.shape[1])
        self.network.note_norms(latents.detach())
        told = latents[: len(texts)]
        terms = {**reconstruction_terms(made, features, self._places), **alignment_terms(told, texts, images)}
        total = torch.stack(list(weighted(terms, self.training.preset.weights).values())).sum()
        set_rate(self._adam, self.training.rate_at(step))
        self._adam.zero_grad(set_to_none=True)
        total.backward()
        average_gradients(self.network.parameters())
        if self.training.preset.falling_rate:
            nn.utils.clip_grad_norm_(self.network.parameters(), _CLIP)
        self._adam.step()
        return {name: float(value.detach()) for name, value in {"total": total, **terms}.items()}

    def state(self) -> dict[str, Any]:
        """Weights and moments."""
        return {"network": self.network.state_dict(), "adam": self._adam.state_dict()}

    def restore(self, state: dict[str, Any]) -> None:
        """Take them back."""
        self.network.load_state_dict(state["network"])
        self._adam.load_state_dict(state["adam"])

    def identity(self) -> str:
        """Return what makes this run another than others; the device does not, a run may move."""
        windows = self._windows
        data = {"acts": len(windows), "clips": windows.clip_count, "clip": windows.clip.fingerprint}
        drawn = {"seed": self.training.seed, "mirror": self.training.mirror}
        if self._real is not None:
            data["real"] = hashlib.sha256(self._real.tobytes()).hexdigest()
        return json.dumps({"preset": asdict(self.training.preset), **drawn, **data}, sort_keys=True)


def build_network(preset: Preset, latent: int, seed: int) -> MotionAutoEncoder:
    """Return an untrained network.

    Args:
        preset: Whose sizes.
        latent: Width of the CLIP's embeddings.
        seed: Of its first weights.
    """
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return MotionAutoEncoder(preset.sizes, latent)
