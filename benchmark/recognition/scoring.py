"""What comes out of class scores on a recognition track: the figures motion by motion, and who is taken for whom."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ...metrics.recognition.accuracy import confusion, macro_weights, r_precision, top_1_and_5
from ...metrics.recognition.data import RecognitionData
from ...metrics.recognition.declarations import recognition_metrics
from ..one_file.check import FileCheck
from ..one_file.scoring import Figures
from ..one_file.set_scores import SetClusters, set_score
from ..samples import Sample, SampleTable, as_written
from ..statistics import seed_from
from ..summary import ALL
from .check import check_folder
from .confusions import CONFUSION, confusion_text
from .folder import ClassSubmission

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class RecognitionTask:
    """What class scores are scored on; ``one_file.scoring.score_file`` does it."""

    track_id: str
    variant: str
    data: RecognitionData

    @property
    def data_sha256(self) -> str:
        """The data version."""
        return self.data.data_sha256

    def check(self, folder: Path) -> FileCheck[ClassSubmission]:
        """Judge a submission folder, and read it."""
        return check_folder(folder, self.data)

    def figures(self, submission: ClassSubmission) -> Figures:
        """Return a row per motion, macro with its own interval, and the confusion matrix as a file."""
        data, lost = self.data, np.asarray(np.isnan(submission.scores).any(axis=1))
        scores = np.where(lost[:, None], 0.0, submission.scores)
        hits = {k: np.where(lost, 0.0, found) for k, found in top_1_and_5(scores, data.truth).items()}
        weights = macro_weights(data.truth)
        top1, top5, macro, both = recognition_metrics(len(data.classes))
        columns = {
            top1.key: hits[1],
            top5.key: hits[5],
            macro.key: hits[1] * weights * len(weights),  # what it adds to the mean over classes
            both.key: np.where(lost, 0.0, r_precision(scores, data.truth)),
        }
        table = SampleTable(tuple(columns), tuple(_samples(data, columns, submission)))
        clusters = SetClusters(np.asarray(data.structures), np.asarray(data.bodies), seed_from(data.data_sha256))
        mean = float(np.mean([sample.values[macro.key] for sample in table.samples]))
        of_classes = set_score(macro, mean, clusters, lambda counts: resampled_macro(hits[1], data.truth, counts))
        matrix = confusion(scores[~lost], data.truth[~lost])
        return Figures(table, {macro.key: of_classes}, {CONFUSION: confusion_text(matrix, data.classes).encode()})


def resampled_macro(hits: Floats, truth: NDArray[np.bool_], counts: Floats) -> Floats:
    """Return the mean over classes of the mean hits of each draw, [draws]; a class that is not drawn is left out.

    Args:
        hits: Top-1 of each motion, [n].
        truth: The classes that each motion shows, [n, classes].
        counts: How often each motion counts in each draw, [draws, n].
    """
    right = truth.astype(np.float64)
    # einsum without BLAS: the same bits whatever the number of threads
    shown = np.einsum("dn,nc->dc", counts, right)
    found = np.einsum("dn,nc->dc", counts * hits, right)
    there = shown > 0
    drawn = there.any(axis=1)  # a draw in which no motion is left says nothing
    means = np.divide(found, shown, out=np.zeros_like(found), where=there)
    return np.asarray((means.sum(axis=1)[drawn]) / there.sum(axis=1)[drawn])


def _samples(data: RecognitionData, columns: dict[str, Floats], submission: ClassSubmission) -> list[Sample]:
    return [
        Sample(
            clip_id=name,
            split=ALL,
            motion_cluster=data.structures[row],
            body_cluster=data.bodies[row],
            failed=name in submission.failures,
            values={key: as_written(float(column[row])) for key, column in columns.items()},
        )
        for row, name in sorted(enumerate(data.ids), key=lambda numbered: numbered[1])
    ]
