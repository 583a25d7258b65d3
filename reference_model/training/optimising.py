"""How networks are moved: AdamW or Muon, a falling rate, a clipped gradient, the same on every process."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, Protocol

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


class Optimiser(Protocol):
    """What ``take_step`` asks of an optimiser: one of torch's, or several as one."""

    @property
    def param_groups(self) -> list[dict[str, Any]]:
        """Groups of parameters with their learning rates; ``times``: this group's rate in units of the others'."""

    def zero_grad(self) -> None:
        """Forget all gradients."""

    def step(self) -> Any:
        """Move the parameters."""


def adam(modules: Iterable[nn.Module], decay: float) -> torch.optim.AdamW:
    """Return AdamW over all that is trained; matrices decay, vectors and numbers do not."""
    return _adam([p for module in modules for p in module.parameters() if p.requires_grad], decay)


class MuonWithAdam:
    """Muon (Jordan et al. 2024) for the matrices inside stacks of layers, AdamW for all else.

    Muon makes a step's singular values all alike, so directions that few examples ask for are learned as fast as those
    that all ask for. It is meant for matrices between hidden states; embeddings, first and last layers stay AdamW's.
    """

    _TIMES = 5.0
    """Muon's rate in units of AdamW's, once its steps are as large as AdamW's (``match_rms_adamw``)."""

    def __init__(self, network: nn.Module, stacks: Iterable[nn.Module], decay: float) -> None:
        """Sort the parameters.

        Args:
            network: All that is trained.
            stacks: Those of its parts whose linear layers lie between hidden states.
            decay: Weight decay of matrices.
        """
        linear = [m for stack in stacks for m in stack.modules() if isinstance(m, nn.Linear)]
        inner = {id(layer.weight): layer.weight for layer in linear if layer.weight.requires_grad}
        self._muon = torch.optim.Muon(inner.values(), lr=0.0, weight_decay=decay, adjust_lr_fn="match_rms_adamw")
        self._muon.param_groups[0]["times"] = self._TIMES
        self._adam = _adam([p for p in network.parameters() if p.requires_grad and id(p) not in inner], decay)

    @property
    def param_groups(self) -> list[dict[str, Any]]:
        """Groups of both."""
        return [*self._muon.param_groups, *self._adam.param_groups]

    def zero_grad(self) -> None:
        """Forget all gradients."""
        self._muon.zero_grad()
        self._adam.zero_grad()

    def step(self) -> None:
        """Move the parameters of both."""
        self._muon.step()
        self._adam.step()

    def state_dict(self) -> dict[str, Any]:
        """Moments of both."""
        return {"muon": self._muon.state_dict(), "adam": self._adam.state_dict()}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Take them back."""
        self._muon.load_state_dict(state["muon"])
        self._adam.load_state_dict(state["adam"])


def set_rate(optimiser: Optimiser, rate: float) -> None:
    """Let an optimiser move at a rate from here on; a group that has ``times`` at so many times it."""
    for group in optimiser.param_groups:
        group["lr"] = rate * group.get("times", 1.0)


def take_step(optimiser: Optimiser, network: nn.Module, parts: Mapping[str, Tensor], rate: float) -> dict[str, float]:
    """Move the network down the sum of the parts, and return them as numbers, their sum first.

    Args:
        optimiser: Of the network.
        network: Whose parameters are moved.
        parts: Weighted terms of the loss.
        rate: Learning rate of this step.
    """
    total = torch.stack(list(parts.values())).sum()
    set_rate(optimiser, rate)
    optimiser.zero_grad()
    total.backward()
    trained = [p for p in network.parameters() if p.requires_grad]
    average_gradients(trained)
    nn.utils.clip_grad_norm_(trained, 1.0)
    optimiser.step()
    return {"total": float(total.detach()), **{name: float(part.detach()) for name, part in parts.items()}}


def _adam(trained: Iterable[Tensor], decay: float) -> torch.optim.AdamW:
    trained = list(trained)
    groups = [
        {"params": [p for p in trained if p.ndim >= 2], "weight_decay": decay},
        {"params": [p for p in trained if p.ndim < 2], "weight_decay": 0.0},
    ]
    return torch.optim.AdamW(groups, lr=0.0, betas=(0.9, 0.98))
