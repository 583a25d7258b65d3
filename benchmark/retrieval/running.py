"""Run a retrieval method: the one thing it does is to write a folder of embeddings.

The method is called once for each kind of items, in a process of its own. It is given captions and motions, each kind
in an order of its own, so that a place in the list says nothing; no ids, no meanings, no structures, no bodies' names.
The same call continues a run that was stopped; kinds that are done are not done again.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...datasets.files import write_atomically
from ...metrics.retrieval.data import RetrievalData
from ...metrics.retrieval.declarations import Modality
from ..running.errors import MethodFailed, NoGroundTruth
from ..running.identity import RunIdentity, command_line, method_identity
from ..running.memory import ProcessTable
from ..running.methods import MethodSource
from ..running.run_folder import open_run_folder
from ..running.worker_process import ClipFailed, Limits, WorkerProcess
from ..submission.method_card import MethodCard
from ..submission.tables import INDEX
from .embeddings_file import KINDS
from .folder import write_embeddings

_ORDER_SEED = 20_261_121
"""Of the order in which items are given. Public: it hides nothing from a method that looks for it, and keeps an honest
one from taking a place in a list for a meaning."""


@dataclass(frozen=True, eq=False)
class SearchPlan:
    """What to run."""

    data: RetrievalData
    track: str
    variant: str
    method: MethodSource
    out: Path
    seed: int = 0
    limits: Limits = field(default_factory=Limits)


@dataclass(frozen=True)
class SearchSummary:
    """What a run has done."""

    out: Path
    card: MethodCard
    counts: dict[Modality, int]
    """How many items of each kind have embeddings."""
    lost: int
    """Items for which the method gave no finite embedding; they count the worst case."""
    already: bool
    """Whether all had been done before."""


def run_retriever(plan: SearchPlan) -> SearchSummary:
    """Run a retrieval method and write its embeddings.

    Raises:
        BadPlugin: If the plug-in cannot be imported.
        BadMethod: If the method embeds fewer than two kinds, cannot be called, or has a wrong card.
        MethodDoesNotStart: If its process dies while it is imported.
        MethodFailed: If it fails on a kind of items; what was finished is kept.
        NoGroundTruth: If ground truth is asked for.
        OtherRun: If the output folder holds another run; it is left as it is.
        FolderInUse: If another process is writing into it.
    """
    if plan.method.kind == "oracle":
        raise NoGroundTruth(f"{plan.method.name} makes motions; a retrieval track has none. Run a method.")
    data = plan.data
    with WorkerProcess(plan.method, plan.limits, ProcessTable()) as worker:
        card, method = method_identity(plan.method, worker.about)
        kinds = [kind for kind in KINDS if kind in data.item_ids and kind in worker.about["kinds"]]
        if len(kinds) < 2:
            raise MethodFailed(
                f"'{plan.method.name}' embeds {', '.join(worker.about['kinds'])}, {plan.track} has "
                f"{', '.join(data.item_ids)}; two kinds in common are needed."
            )
        command = command_line(plan.method, plan.track, plan.variant, plan.seed)
        count = sum(len(data.item_ids[kind]) for kind in kinds)
        identity = RunIdentity(plan.track, plan.variant, data.data_sha256, count, method, plan.seed, None, command)
        with open_run_folder(plan.out, identity, card, inside=()):
            already = (plan.out / INDEX).is_file()
            arrays = {kind: _embedded(plan, worker, kind) for kind in kinds}
            write_embeddings(plan.out, card, data, arrays)
    lost = sum(int((~np.isfinite(array).all(axis=1)).sum()) for array in arrays.values())
    return SearchSummary(plan.out, card, {kind: len(array) for kind, array in arrays.items()}, lost, already)


def items_of(data: RetrievalData, kind: Modality) -> Sequence[Any]:
    """Return what a method is given of a kind, in the set's order: captions or motions."""
    return data.items.captions if kind == "text" else data.motions


def _embedded(plan: SearchPlan, worker: WorkerProcess, kind: Modality) -> NDArray[Any]:
    """The embeddings of a kind in the set's order: those of an earlier call, or new ones."""
    kept = plan.out / "kinds" / f"{kind}.npy"
    if kept.is_file():
        return np.asarray(np.load(kept, allow_pickle=False))
    items = items_of(plan.data, kind)
    order = np.random.default_rng([_ORDER_SEED, KINDS.index(kind)]).permutation(len(items))
    try:
        output, _ = worker.embed(kind, [items[place] for place in order.tolist()], plan.seed)
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
