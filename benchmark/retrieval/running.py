"""Run a retrieval method: the one thing it does is to write a folder of embeddings.

The method is called once for each kind of items. It is given captions, motions and videos; no ids, no meanings, no
structures, no bodies' names. Kinds that are done are not done again.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from ...metrics.retrieval.data import RetrievalData
from ...metrics.retrieval.declarations import Modality
from ..one_file.running import OneFilePlan, OneFileSummary, Question, ask, own_folder, started
from ..running.errors import BadMethod
from ..submission.tables import INDEX
from .embeddings_file import KINDS
from .folder import write_embeddings


def run_retriever(plan: OneFilePlan[RetrievalData]) -> OneFileSummary:
    """Run a retrieval method and write its embeddings.

    Raises:
        BadPlugin: If the plug-in cannot be imported.
        BadMethod: If the method embeds fewer than two kinds that the data has, cannot be called, or has a wrong card.
        MethodDoesNotStart: If its process dies while it is imported.
        MethodFailed: If it fails on a kind of items; what was finished is kept.
        NoGroundTruth: If ground truth is asked for.
        OtherRun: If the output folder holds another run; it is left as it is.
        FolderInUse: If another process is writing into it.
    """
    data = plan.data
    with started(plan) as worker:
        kinds = [kind for kind in KINDS if kind in data.item_ids and kind in worker.about["kinds"]]
        if len(kinds) < 2:
            variant = f"{plan.track}, variant {plan.variant}, has {', '.join(data.item_ids)}"
            raise BadMethod(
                f"'{plan.method.name}' embeds {', '.join(worker.about['kinds'])}, and {variant}; expected two kinds in "
                "common: take a variant that has them, or let the method embed one more."
            )
        count = sum(len(data.item_ids[kind]) for kind in kinds)
        with own_folder(plan, worker, data.data_sha256, count) as card:
            already = (plan.out / INDEX).is_file()
            asked = {kind: Question(kind, items_of(data, kind), KINDS.index(kind)) for kind in kinds}
            arrays = {kind: ask(plan, worker, question) for kind, question in asked.items()}
            write_embeddings(plan.out, card, data, arrays)
    lost = sum(int((~np.isfinite(array).all(axis=1)).sum()) for array in arrays.values())
    return OneFileSummary(plan.out, card, {kind: len(array) for kind, array in arrays.items()}, lost, already)


def items_of(data: RetrievalData, kind: Modality) -> Sequence[Any]:
    """Return what a method is given of a kind, in the set's order: captions, motions or videos."""
    given: dict[Modality, Sequence[Any]] = {"text": data.items.captions, "motion": data.motions, "video": data.videos}
    return given[kind]
