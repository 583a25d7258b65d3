"""The training loop: steps, checkpoints, and going on after a stop to the same numbers.

All that is random in a step follows from the seed and the number of the step, so the step is the generators' state.
"""

import io
import json
import math
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from ...datasets.files import write_atomically
from .batches import Batch
from .errors import OtherRun

CHECKPOINT = "checkpoint.pt"


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
    task: Task, schedule: Schedule, *, stop_after_s: float = math.inf, tell: Callable[[int, dict[str, float]], None]
) -> int:
    """Train until the last step or until the time is over, and return the number of steps that are done.

    Args:
        task: What is trained on what.
        schedule: How long and how fast.
        stop_after_s: Wall-clock seconds after which to stop; the same call goes on.
        tell: Called after each step with its number and the parts of its loss.

    Raises:
        OtherRun: If the folder holds a checkpoint of another run.
    """
    begun = time.monotonic()
    optimiser = _optimiser(task.trainee, schedule)
    step = _resume(task, schedule, optimiser)
    task.trainee.train()
    with ThreadPoolExecutor(1) as ahead:  # the next batch is drawn while this one is learned from
        batch = ahead.submit(task.draw, step)
        while step < schedule.steps and time.monotonic() - begun < stop_after_s:
            drawn = batch.result()
            if step + 1 < schedule.steps:
                batch = ahead.submit(task.draw, step + 1)
            losses = _learn(task, schedule, optimiser, (step, drawn))
            step += 1
            tell(step, losses)
            if step % schedule.save_every == 0 or step == schedule.steps:
                _save(task, schedule, optimiser, step)
    if step % schedule.save_every and step != schedule.steps:
        _save(task, schedule, optimiser, step)
    return step


def _learn(task: Task, schedule: Schedule, optimiser: torch.optim.Optimizer, at: tuple[int, Batch]) -> dict[str, float]:
    step, batch = at
    draws = np.random.default_rng([schedule.seed, step, 1]).uniform(size=len(batch.captions))
    for group in optimiser.param_groups:
        group["lr"] = schedule.rate_at(step)
    with torch.autocast(task.device, torch.bfloat16, enabled=task.device.startswith("cuda")):
        parts: dict[str, Tensor] = task.trainee.losses(batch, torch.from_numpy(draws).float())  # type: ignore[operator]
        total = torch.stack(list(parts.values())).sum()
    optimiser.zero_grad(set_to_none=True)
    total.backward()
    nn.utils.clip_grad_norm_(task.trainee.parameters(), schedule.clip)
    optimiser.step()
    return {"total": float(total.detach()), **{name: float(part.detach()) for name, part in parts.items()}}


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


def _save(task: Task, schedule: Schedule, optimiser: torch.optim.Optimizer, step: int) -> None:
    content = io.BytesIO()
    state = {
        "identity": _identity(task, schedule),
        "step": step,
        "trainee": task.trainee.state_dict(),
        "optimiser": optimiser.state_dict(),
        "torch": torch.get_rng_state(),
    }
    torch.save(state, content)
    write_atomically(task.folder / CHECKPOINT, content.getvalue())


def _resume(task: Task, schedule: Schedule, optimiser: torch.optim.Optimizer) -> int:
    path = task.folder / CHECKPOINT
    if not path.is_file():
        return 0
    state = torch.load(path, map_location=task.device, weights_only=True)
    if state["identity"] != _identity(task, schedule):
        raise OtherRun(
            f"{path} belongs to a run with other settings, pictures or steps; go on with the command that began it, "
            "or name another folder with --out."
        )
    task.trainee.load_state_dict(state["trainee"])
    optimiser.load_state_dict(state["optimiser"])
    torch.set_rng_state(state["torch"].cpu())
    return int(state["step"])
