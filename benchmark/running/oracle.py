"""The reserved predictions source ``oracle:ground-truth``: the ceiling of a track, not a method."""

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from ...datasets.body import Motion
from ...datasets.clip_set import ClipSet
from ...datasets.readers.clip_npz import write_clip
from .errors import NoGroundTruth
from .methods import GROUND_TRUTH
from .pool import Job, Outcome, Outcomes, Save

CARD = {"name": GROUND_TRUTH, "version": "1", "parameters": 0}


def require_ground_truth(clips: ClipSet, jobs: Sequence[Job]) -> None:
    """Refuse a track without right answers before anything is written.

    Raises:
        NoGroundTruth: If the first clip has none.
    """
    if jobs:
        _last_truth(clips, jobs[0])


def predict_ground_truth(clips: ClipSet, jobs: Sequence[Job], save: Save) -> Outcomes:
    """Write the last of each pair's solved right answers as its prediction.

    Where a pair was solved several times that answer is a left-out one: the scorer leaves it out of the references.

    Raises:
        NoGroundTruth: If the track has no right answers.
    """
    with TemporaryDirectory(prefix="retargetbench-") as folder:
        file = Path(folder) / "output.npz"
        for job in jobs:
            write_clip(file, _last_truth(clips, job))
            save(job.number, file)
            yield Outcome(job)


def _last_truth(clips: ClipSet, job: Job) -> Motion:
    truths = clips.load(job.spec.clip_id).ground_truths
    if not truths:
        raise NoGroundTruth(f"{GROUND_TRUTH} needs right answers, but '{job.spec.clip_id}' has none; run a method.")
    return truths[-1]
