"""The submission folder of a recognition track: what lies where, and how it is written.

``method.toml`` (the method card) and one of ``scores.csv`` (id, then a column per class: higher is likelier) and
``ranking.csv`` (id,1,2,...: the likeliest class, the next one, as many as are known); optional: ``failures.csv``
(motions without an answer, declared) and ``run.json`` (which run wrote the folder).
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...datasets.files import write_atomically
from ...metrics.recognition.data import RecognitionData
from ..submission.folder import CARD
from ..submission.method_card import MethodCard, card_text
from ..submission.tables import FAILURES, Failure, csv_text, failures_text
from .errors import WrongScores

SCORES, RANKING = "scores.csv", "ranking.csv"
ID = "id"


@dataclass(frozen=True, eq=False)
class ClassSubmission:
    """A submission that has been read and checked."""

    card: MethodCard
    scores: NDArray[np.float64]
    """Higher is likelier, in the order of the track's motions and classes, [motions, classes]; failed ones are NaN."""
    failures: Mapping[str, Failure]
    """Id of a motion -> why there is no answer."""

    def predictions_sha256(self) -> str:
        """Return one hash over all scores and declared failures, whatever the order of lines and columns was."""
        digest = hashlib.sha256(f"{self.scores.shape}\n".encode())
        digest.update(np.ascontiguousarray(self.scores, dtype="<f8").tobytes())
        for name in sorted(self.failures):
            digest.update(f"failed\t{name}\n".encode())
        return digest.hexdigest()


def write_scores(folder: Path, card: MethodCard, data: RecognitionData, scores: NDArray[Any]) -> None:
    """Write a whole submission folder.

    Args:
        folder: Created when it does not exist; files of an earlier submission in it are replaced.
        card: The method card.
        data: The track's data: ``open_recognition("recognition/intents")``.
        scores: Floating, higher is likelier, [motions, classes] in the order of ``data.ids`` and ``data.classes``. A
            row with NaN or infinity declares that the method failed on that motion: it counts the worst case.

    Raises:
        WrongScores: If the shape is another one.
    """
    expected = [len(data.ids), len(data.classes)]
    if list(np.shape(scores)) != expected:
        raise WrongScores(f"the scores are {list(np.shape(scores))}; expected {expected}, [motions, classes].")
    fine = np.isfinite(scores).all(axis=1)
    failed = [
        Failure(name, "declared", "no finite scores")
        for name, ok in zip(data.ids, fine.tolist(), strict=True)
        if not ok
    ]
    digits = 17 if scores.dtype == np.float64 else 9  # as many as give the same number back
    lines = [
        [data.ids[row], *(f"{value:.{digits}g}" for value in scores[row].tolist())] for row in np.flatnonzero(fine)
    ]
    folder.mkdir(parents=True, exist_ok=True)
    for name in (FAILURES, RANKING):
        (folder / name).unlink(missing_ok=True)
    if failed:
        write_atomically(folder / FAILURES, failures_text(failed).encode())
    write_atomically(folder / CARD, card_text(card).encode())
    write_atomically(folder / SCORES, csv_text([ID, *data.classes], lines).encode())
