"""The skeleton network as a learner: what is drawn, the loss, a step."""

import json
from dataclasses import asdict
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn.functional import cross_entropy

from ..training.distributed import process_number
from ..training.optimising import Rate, adam, take_step
from .network import SkeletonGcnNetwork
from .samples import Samples
from .settings import Preset

Batch = tuple[NDArray[np.float32], NDArray[np.float32]]


class SkeletonGcnLearner:
    """The network, its optimiser and its data; a ``training.loop.Learner``.

    The loss is the cross-entropy with a motion's classes in equal shares.
    """

    def __init__(self, preset: Preset, samples: Samples, seed: int, device: str = "cpu") -> None:
        """Build the network.

        Args:
            preset: How large, and how it is trained.
            samples: What it learns from.
            seed: Of everything that is drawn.
            device: Where it computes.
        """
        self._preset, self._samples, self._seed, self._device = preset, samples, seed, device
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            network = SkeletonGcnNetwork(preset.sizes, len(samples.classes))
        network.learn_scale(torch.from_numpy(samples.places.astype(np.float32)))
        self.network = network.to(device).train()
        self._adam = adam([self.network], preset.decay)
        self._rate = Rate(preset.rate, preset.steps)

    def draw(self, step: int) -> Batch:
        """Return the motions of a step."""
        generator = np.random.default_rng([self._seed, step, process_number()])
        return self._samples.draw(self._preset.batch, generator)

    def learn(self, step: int, drawn: Batch) -> dict[str, float]:
        """Take one step; dropout follows from the seed and the step."""
        places, shares = (torch.from_numpy(array).to(self._device) for array in drawn)
        devices = [torch.device(self._device)] if self._device.startswith("cuda") else []
        with torch.random.fork_rng(devices=devices):
            torch.manual_seed(int(np.random.default_rng([self._seed, step, 1]).integers(2**31)))
            loss = cross_entropy(self.network(places), shares)
        return take_step(self._adam, self.network, {"cross-entropy": loss}, self._rate.at(step))

    def state(self) -> dict[str, Any]:
        """Weights, running means and moments."""
        return {"network": self.network.state_dict(), "adam": self._adam.state_dict()}

    def restore(self, state: dict[str, Any]) -> None:
        """Take them back."""
        self.network.load_state_dict(state["network"])
        self._adam.load_state_dict(state["adam"])

    def identity(self) -> str:
        """Return what makes this run another than others; the device does not, a run may move."""
        return json.dumps({"preset": asdict(self._preset), "seed": self._seed, "data": self._samples.sha256})
