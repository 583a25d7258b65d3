"""How networks are moved: AdamW, a falling rate, a clipped gradient, the same on every process."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

import torch
from torch import Tensor, nn

from .distributed import average_gradients


@dataclass(frozen=True)
class Rate:
    """A learning rate over a run."""

    highest: float
    steps: int
    falls: Literal["cosine", "late-linear"] = "cosine"

    def at(self, step: int) -> float:
        """Return the rate of a step, counted from 0."""
        if self.falls == "late-linear":
            late = max(2 * step / max(self.steps, 1) - 1, 0.0)
            return self.highest * (1 - 0.9 * late)
        warm = max(round(0.04 * self.steps), 1)
        if step < warm:
            return self.highest * (step + 1) / warm
        done = (step - warm) / max(self.steps - warm, 1)
        return self.highest * (0.01 + 0.99 * 0.5 * (1 + math.cos(math.pi * done)))


def adam(modules: Iterable[nn.Module], decay: float) -> torch.optim.AdamW:
    """Return AdamW over all that is trained; matrices decay, vectors and numbers do not."""
    trained = [p for module in modules for p in module.parameters() if p.requires_grad]
    groups = [
        {"params": [p for p in trained if p.ndim >= 2], "weight_decay": decay},
        {"params": [p for p in trained if p.ndim < 2], "weight_decay": 0.0},
    ]
    return torch.optim.AdamW(groups, lr=0.0, betas=(0.9, 0.98))


def take_step(
    optimiser: torch.optim.Optimizer, network: nn.Module, parts: Mapping[str, Tensor], rate: float
) -> dict[str, float]:
    """Move the network down the sum of the parts, and return them as numbers, their sum first.

    Args:
        optimiser: Of the network.
        network: Whose parameters are moved.
        parts: Weighted terms of the loss.
        rate: Learning rate of this step.
    """
    total = torch.stack(list(parts.values())).sum()
    for group in optimiser.param_groups:
        group["lr"] = rate
    optimiser.zero_grad(set_to_none=True)
    total.backward()
    trained = [p for p in network.parameters() if p.requires_grad]
    average_gradients(trained)
    nn.utils.clip_grad_norm_(trained, 1.0)
    optimiser.step()
    return {"total": float(total.detach()), **{name: float(part.detach()) for name, part in parts.items()}}
