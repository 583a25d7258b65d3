"""Run a method that is asked about all items of a kind at once, in a process of its own.

It is given the items in an order of its own, so that a place in a list says nothing, and no ids. What it has answered
is kept, so that the same call continues a run that was stopped.
"""

import io
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from ...datasets.files import write_atomically
from ..running.errors import MethodFailed, NoGroundTruth
from ..running.identity import RunIdentity, command_line, method_identity
from ..running.memory import ProcessTable
from ..running.methods import MethodSource
from ..running.run_folder import open_run_folder
from ..running.worker_process import ClipFailed, Limits, WorkerProcess
from ..submission.method_card import MethodCard

_ORDER_SEED = 20_261_121
"""Of the order in which items are given. Public: it hides nothing from a method that looks for it, and keeps an honest
one from taking a place in a list for a meaning."""

D = TypeVar("D")


@dataclass(frozen=True, eq=False)
class OneFilePlan(Generic[D]):
    """What to run."""

    data: D
    track: str
    variant: str
    method: MethodSource
    out: Path
    seed: int = 0
    limits: Limits = field(default_factory=Limits)


@dataclass(frozen=True)
class OneFileSummary:
    """What a run has done."""

    out: Path
    card: MethodCard
    counts: Mapping[str, int]
    """How many items of each kind there are answers for."""
    lost: int
    """Items for which the method gave no finite answer; they count the worst case."""
    already: bool
    """Whether all had been done before."""


@dataclass(frozen=True, eq=False)
class Question:
    """All items of a kind, and what else the method is told."""

    kind: str
    """``text``, ``motion``, ``video``: how the items travel, and what the answer is kept under."""
    items: Sequence[Any]
    number: int = 0
    """Among a method's questions; each has an order of its own."""
    more: Mapping[str, Any] = field(default_factory=dict)
    """What JSON can carry."""


@contextmanager
def started(plan: OneFilePlan[Any]) -> Iterator[WorkerProcess]:
    """Give the method's process.

    Raises:
        NoGroundTruth: If ground truth is asked for.
        BadPlugin: If the plug-in cannot be imported.
        BadMethod: If the method does not define what the track asks for.
        MethodDoesNotStart: If its process dies while it is imported.
    """
    if plan.method.kind == "oracle":
        raise NoGroundTruth(f"{plan.method.name} makes motions; {plan.track} asks for something else. Run a method.")
    with WorkerProcess(plan.method, plan.limits, ProcessTable()) as worker:
        yield worker


@contextmanager
def own_folder(plan: OneFilePlan[Any], worker: WorkerProcess, data_sha256: str, count: int) -> Iterator[MethodCard]:
    """Keep the run's folder to this process, and give the method's card.

    Args:
        plan: What is run.
        worker: The method's process.
        data_sha256: The data version.
        count: How many items the method is asked about.

    Raises:
        BadMethod: If the method has a wrong card.
        OtherRun: If the output folder holds another run; it is left as it is.
        FolderInUse: If another process is writing into it.
    """
    card, method = method_identity(plan.method, worker.about)
    command = command_line(plan.method, plan.track, plan.variant, plan.seed)
    identity = RunIdentity(plan.track, plan.variant, data_sha256, count, method, plan.seed, None, command)
    with open_run_folder(plan.out, identity, card, inside=()):
        yield card


def ask(plan: OneFilePlan[Any], worker: WorkerProcess, question: Question) -> NDArray[Any]:
    """Return what the method answers, a row per item in their order: that of an earlier call, or a new one.

    Raises:
        MethodFailed: If it fails; what was finished before is kept.
    """
    kept = plan.out / "kinds" / f"{question.kind}.npy"
    if kept.is_file():
        return np.asarray(np.load(kept, allow_pickle=False))
    order = np.random.default_rng([_ORDER_SEED, question.number]).permutation(len(question.items))
    try:
        items = [question.items[place] for place in order.tolist()]
        output, _ = worker.ask(question.kind, items, {**question.more, "seed": plan.seed})
    except ClipFailed as failed:
        words = f" Its last words: {worker.printed()[-300:]}" if worker.printed() else ""
        raise MethodFailed(f"the method '{plan.method.name}' failed: {failed}{words}") from None
    given = np.load(output, allow_pickle=False)
    array = np.empty_like(given)
    array[order] = given
    buffer = io.BytesIO()
    np.save(buffer, array)
    write_atomically(kept, buffer.getvalue())
    return array
