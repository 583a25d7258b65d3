"""The training loop: steps, checkpoints, and going on after a stop to the same numbers.

What is learned and how is the learner's affair. All that is random in a step follows from the seed and the number of
the step, so the step is the generators' state.
"""

import io
import math
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import torch

from ...datasets.files import write_atomically
from .distributed import any_process, is_first
from .errors import OtherRun

CHECKPOINT = "checkpoint.pt"


class Learner(Protocol):
    """A model under training, with its optimisers and its data."""

    def draw(self, step: int) -> Any:
        """Return the batch of a step; called in a thread, ahead of time."""

    def learn(self, step: int, drawn: Any) -> dict[str, float]:
        """Take one step and return the parts of its loss by name."""

    def state(self) -> dict[str, Any]:
        """Return what a checkpoint holds of it: tensors, numbers and containers of them."""

    def restore(self, state: dict[str, Any]) -> None:
        """Go on from what ``state`` returned."""


@dataclass(frozen=True)
class Run:
    """Where and how long a learner learns."""

    folder: Path
    """Where checkpoints go."""
    steps: int
    identity: str
    """What makes this run another than others; a checkpoint of another run is refused."""
    save_every: int = 200
    """Steps between two checkpoints."""
    device: str = "cpu"


def run_learner(
    learner: Learner, run: Run, *, stop_after_s: float = math.inf, tell: Callable[[int, dict[str, float]], None]
) -> int:
    """Train until the last step or until the time is over, and return the number of steps that are done.

    Args:
        learner: Who learns.
        run: Where and how long.
        stop_after_s: Wall-clock seconds after which to stop; the same call goes on.
        tell: Called after each step with its number and the parts of its loss.

    Raises:
        OtherRun: If the folder holds a checkpoint of another run.
    """
    begun = time.monotonic()
    step = saved = _resume(learner, run)
    with ThreadPoolExecutor(1) as ahead:  # the next batch is drawn while this one is learned from
        batch = ahead.submit(learner.draw, step)
        while step < run.steps and not any_process(time.monotonic() - begun >= stop_after_s, run.device):
            drawn = batch.result()
            if step + 1 < run.steps:
                batch = ahead.submit(learner.draw, step + 1)
            losses = learner.learn(step, drawn)
            step += 1
            tell(step, losses)
            if step % run.save_every == 0 or step == run.steps:
                _save(learner, run, step)
                saved = step
    if step != saved:
        _save(learner, run, step)
    return step


def steps_done(folder: Path) -> int:
    """Return how many steps the checkpoint of a folder has behind it, 0 without one."""
    path = folder / CHECKPOINT
    return int(torch.load(path, map_location="cpu", weights_only=True)["step"]) if path.is_file() else 0


def _save(learner: Learner, run: Run, step: int) -> None:
    if not is_first():  # all processes hold the same weights
        return
    content = io.BytesIO()
    kept = {"identity": run.identity, "step": step, "torch": torch.get_rng_state()}
    torch.save({**learner.state(), **kept}, content)
    write_atomically(run.folder / CHECKPOINT, content.getvalue())


def _resume(learner: Learner, run: Run) -> int:
    path = run.folder / CHECKPOINT
    if not path.is_file():
        return 0
    state = torch.load(path, map_location=run.device, weights_only=True)
    if state["identity"] != run.identity:
        raise OtherRun(
            f"{path} belongs to a run with other settings, data or steps; go on with the command that began it, "
            "or name another folder with --out."
        )
    learner.restore(state)
    torch.set_rng_state(state["torch"].cpu())
    return int(state["step"])
