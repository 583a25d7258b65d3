"""Run a classifier: the one thing it does is to write a folder of class scores.

It is called once with all motions, in an order of their own, and the names of the classes; no ids, no structures, no
bodies' names.
"""

import numpy as np

from ...metrics.recognition.data import RecognitionData
from ..one_file.running import OneFilePlan, OneFileSummary, Question, ask, own_folder, started
from .folder import SCORES, write_scores


def run_classifier(plan: OneFilePlan[RecognitionData]) -> OneFileSummary:
    """Run a classifier and write its scores.

    Raises:
        BadPlugin: If the plug-in cannot be imported.
        BadMethod: If the method does not classify, cannot be called, or has a wrong card.
        MethodDoesNotStart: If its process dies while it is imported.
        MethodFailed: If it fails.
        NoGroundTruth: If ground truth is asked for.
        OtherRun: If the output folder holds another run; it is left as it is.
        FolderInUse: If another process is writing into it.
    """
    data = plan.data
    with started(plan) as worker, own_folder(plan, worker, data.data_sha256, len(data.ids)) as card:
        already = (plan.out / SCORES).is_file()
        scores = ask(plan, worker, Question("motion", data.motions, more={"classes": data.classes}))
        write_scores(plan.out, card, data, scores)
    lost = int((~np.isfinite(scores).all(axis=1)).sum())
    return OneFileSummary(plan.out, card, {"motion": len(scores)}, lost, already)
