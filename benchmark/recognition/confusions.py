"""``confusion.csv`` beside the records of a recognition run: how often each class is taken for each other one."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ..records import BadRecord
from ..submission.tables import csv_text

CONFUSION = "confusion.csv"
_COLUMNS = ("right", "answered", "motions")


@dataclass(frozen=True, eq=False)
class Confusion:
    """A confusion matrix of the classes that are right or answered somewhere."""

    classes: tuple[str, ...]
    counts: NDArray[np.float64]
    """Motions of a class (row) that are taken for a class (column), [classes, classes]."""


def confusion_text(counts: NDArray[np.float64], classes: Sequence[str]) -> str:
    """Return ``confusion.csv``: a line per pair of classes that occurs, ``%.9g``, LF.

    Args:
        counts: From ``metrics.recognition.accuracy.confusion``, [classes, classes].
        classes: Their names.
    """
    found = np.argwhere(counts > 0)
    rows = [(classes[right], classes[answer], f"{counts[right, answer]:.9g}") for right, answer in found.tolist()]
    return csv_text(_COLUMNS, rows)


def read_confusion(path: Path) -> Confusion:
    """Read a ``confusion.csv``.

    Raises:
        BadRecord: If it is none.
    """
    try:
        rows = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8"))))
        if tuple(rows[0]) != _COLUMNS:
            raise ValueError(f"its first line is {','.join(rows[0])[:80]}")
        entries = [(right, answer, float(count)) for right, answer, count in rows[1:]]
    except (OSError, ValueError, IndexError, csv.Error) as error:
        raise BadRecord(f"{path} cannot be read ({error}); score the predictions again.") from error
    classes = tuple(sorted({name for right, answer, _ in entries for name in (right, answer)}))
    place = {name: number for number, name in enumerate(classes)}
    counts = np.zeros((len(classes), len(classes)))
    for right, answer, count in entries:
        counts[place[right], place[answer]] += count
    return Confusion(classes, counts)
