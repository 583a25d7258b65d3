"""How a judge learns: Muon under a falling learning rate. Checkpoints and resuming are ``training.loop``'s."""

import json
import math
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch

from ..training.loop import Run, run_learner
from ..training.optimising import MuonWithAdam, Rate, take_step
from .batches import Batch
from .trainees import Trainee


@dataclass(frozen=True)
class Schedule:
    """How long and how fast a model learns."""

    steps: int
    rate: float = 8e-4
    """Highest learning rate."""
    decay: float = 0.05
    """Weight decay of matrices."""
    seed: int = 1
    save_every: int = 200
    """Steps between two checkpoints."""


@dataclass(frozen=True)
class Task:
    """What the loop runs."""

    trainee: Trainee
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
        self._optimiser = MuonWithAdam(task.trainee, task.trainee.stacks(), schedule.decay)
        self._rate = Rate(schedule.rate, schedule.steps)

    def draw(self, step: int) -> Batch:
        """The batch of a step."""
        return self._task.draw(step)

    def learn(self, step: int, drawn: Batch) -> dict[str, float]:
        """One step."""
        trainee, kind = self._task.trainee, self._task.device.partition(":")[0]
        draws = np.random.default_rng([self._schedule.seed, step, 1]).uniform(size=len(drawn.images))
        with torch.autocast(kind, torch.bfloat16, enabled=kind == "cuda"):
            parts = trainee.losses(drawn, torch.from_numpy(draws).float())
        return take_step(self._optimiser, trainee, parts, self._rate.at(step))

    def state(self) -> dict[str, Any]:
        """Weights and moments."""
        return {"trainee": self._task.trainee.state_dict(), "optimiser": self._optimiser.state_dict()}

    def restore(self, state: dict[str, Any]) -> None:
        """Take them back."""
        self._task.trainee.load_state_dict(state["trainee"])
        self._optimiser.load_state_dict(state["optimiser"])


def _identity(task: Task, schedule: Schedule) -> str:
    settings = {key: value for key, value in asdict(schedule).items() if key != "save_every"}
    return json.dumps({"run": dict(task.run), "schedule": settings}, sort_keys=True, default=str)
