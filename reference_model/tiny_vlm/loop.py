"""How a judge learns: AdamW under a falling learning rate. Checkpoints and resuming are ``training.loop``'s."""

import json
import math
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from ..training.distributed import average_gradients
from ..training.loop import Run, run_learner
from .batches import Batch


@dataclass(frozen=True)
class Schedule:
    """How long and how fast a model learns."""

    steps: int
    rate: float = 8e-4
    """Highest learning rate; it rises over the first 4 % of the steps and falls as a cosine to a hundredth."""
    decay: float = 0.05
    """Weight decay of AdamW, for matrices."""
    clip: float = 1.0
    """Largest norm of the gradient."""
    seed: int = 1
    save_every: int = 200
    """Steps between two checkpoints."""

    def rate_at(self, step: int) -> float:
        """Return the learning rate of a step."""
        warm = max(round(0.04 * self.steps), 1)
        if step < warm:
            return self.rate * (step + 1) / warm
        done = (step - warm) / max(self.steps - warm, 1)
        return self.rate * (0.01 + 0.99 * 0.5 * (1 + math.cos(math.pi * done)))


@dataclass(frozen=True)
class Task:
    """What the loop runs."""

    trainee: nn.Module
    """A ``Trainee``."""
    draw: Callable[[int], Batch]
    """The batch of a step."""
    folder: Path
    """Where checkpoints go."""
    run: Mapping[str, Any]
    """What makes this run another than others; a checkpoint of another run is refused."""
    device: str = "cpu"


def run_steps(
    task: Task,
    schedule: Schedule,
    *,
    until: int | None = None,
    stop_after_s: float = math.inf,
    tell: Callable[[int, dict[str, float]], None],
) -> int:
    """Train until the last step or until the time is over, and return the number of steps that are done.

    Args:
        task: What is trained on what.
        schedule: How long and how fast.
        until: Stop after this step; the same call without it goes on.
        stop_after_s: Wall-clock seconds after which to stop; the same call goes on.
        tell: Called after each step with its number and the parts of its loss.

    Raises:
        OtherRun: If the folder holds a checkpoint of another run.
    """
    last = schedule.steps if until is None else min(until, schedule.steps)
    run = Run(task.folder, last, _identity(task, schedule), schedule.save_every, task.device)
    task.trainee.train()
    return run_learner(_JudgeLearner(task, schedule), run, stop_after_s=stop_after_s, tell=tell)


class _JudgeLearner:
    """A trainee with its optimiser; a ``Learner``."""

    def __init__(self, task: Task, schedule: Schedule) -> None:
        self._task, self._schedule = task, schedule
        self._optimiser = _optimiser(task.trainee, schedule)

    def draw(self, step: int) -> Batch:
        """The batch of a step."""
        return self._task.draw(step)

    def learn(self, step: int, drawn: Batch) -> dict[str, float]:
        """One step of AdamW."""
        task, schedule, optimiser = self._task, self._schedule, self._optimiser
        draws = np.random.default_rng([schedule.seed, step, 1]).uniform(size=len(drawn.images))
        for group in optimiser.param_groups:
            group["lr"] = schedule.rate_at(step)
        kind = task.device.partition(":")[0]
        with torch.autocast(kind, torch.bfloat16, enabled=kind == "cuda"):
            parts: dict[str, Tensor] = task.trainee.losses(drawn, torch.from_numpy(draws).float())  # type: ignore[operator]
            total = torch.stack(list(parts.values())).sum()
        optimiser.zero_grad(set_to_none=True)
        total.backward()
        average_gradients(p for p in task.trainee.parameters() if p.requires_grad)
        nn.utils.clip_grad_norm_(task.trainee.parameters(), schedule.clip)
        optimiser.step()
        return {"total": float(total.detach()), **{name: float(part.detach()) for name, part in parts.items()}}

    def state(self) -> dict[str, Any]:
        """Weights and moments."""
        return {"trainee": self._task.trainee.state_dict(), "optimiser": self._optimiser.state_dict()}

    def restore(self, state: dict[str, Any]) -> None:
        """Take them back."""
        self._task.trainee.load_state_dict(state["trainee"])
        self._optimiser.load_state_dict(state["optimiser"])


def _optimiser(trainee: nn.Module, schedule: Schedule) -> torch.optim.Optimizer:
    trained = [p for p in trainee.parameters() if p.requires_grad]
    groups = [
        {"params": [p for p in trained if p.ndim >= 2], "weight_decay": schedule.decay},
        {"params": [p for p in trained if p.ndim < 2], "weight_decay": 0.0},
    ]
    return torch.optim.AdamW(groups, lr=schedule.rate, betas=(0.9, 0.98))


def _identity(task: Task, schedule: Schedule) -> str:
    settings = {key: value for key, value in asdict(schedule).items() if key != "save_every"}
    return json.dumps({"run": dict(task.run), "schedule": settings}, sort_keys=True, default=str)
