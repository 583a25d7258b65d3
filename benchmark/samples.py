"""``samples.csv``: one row per clip, sorted by clip id, one column per metric; every score follows from it."""

import csv
import io
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from .records import BadRecord

ID_COLUMNS = ("clip_id", "split", "motion_cluster", "body_cluster", "failed")


@dataclass(frozen=True)
class Sample:
    """One clip's row."""

    clip_id: str
    split: str
    motion_cluster: str
    body_cluster: str
    failed: bool
    """Whether the method gave no motion, so that the values are the worst cases."""
    values: Mapping[str, float]
    """Metric key -> value; a metric that does not apply to the clip is absent."""


@dataclass(frozen=True)
class SampleTable:
    """All rows of a scored run."""

    keys: tuple[str, ...]
    """Metric keys in the order of the columns."""
    samples: tuple[Sample, ...]
    """Sorted by clip id."""


def as_written(value: float) -> float:
    """Return a value as it reads back from the table, which keeps nine significant digits (a float32 survives)."""
    return float(f"{value:.9g}")


def samples_text(table: SampleTable) -> str:
    """Return ``samples.csv`` as it is written: LF, ``%.9g``, empty where a metric does not apply.

    Raises:
        ValueError: If a value is NaN or infinite, which is a fault of the metric.
    """
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow([*ID_COLUMNS, *table.keys])
    for s in sorted(table.samples, key=lambda sample: sample.clip_id):
        bad = [key for key, value in s.values.items() if not math.isfinite(value)]
        if bad:
            raise ValueError(f"{bad[0]} of {s.clip_id} is {s.values[bad[0]]}; a metric must be finite or absent")
        cells = [f"{s.values[key]:.9g}" if key in s.values else "" for key in table.keys]
        writer.writerow([s.clip_id, s.split, s.motion_cluster, s.body_cluster, int(s.failed), *cells])
    return buffer.getvalue()


def read_samples(path: Path) -> SampleTable:
    """Read a ``samples.csv``.

    Raises:
        BadRecord: If it is missing, or a row or number is not one.
    """
    try:
        rows = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8"))))
    except (OSError, ValueError, csv.Error) as error:
        raise BadRecord(f"{path} cannot be read ({error}); expected a table written by score.") from error
    if not rows or tuple(rows[0][: len(ID_COLUMNS)]) != ID_COLUMNS:
        raise BadRecord(f"{path} is no samples.csv: its first columns must be {', '.join(ID_COLUMNS)}.")
    keys = tuple(rows[0][len(ID_COLUMNS) :])
    return SampleTable(keys, tuple(_sample(path, number, row, keys) for number, row in enumerate(rows[1:], start=2)))


def _sample(path: Path, number: int, row: Sequence[str], keys: Sequence[str]) -> Sample:
    if len(row) != len(ID_COLUMNS) + len(keys):
        raise BadRecord(f"{path} line {number} has {len(row)} cells; expected {len(ID_COLUMNS) + len(keys)}.")
    cells = dict(zip(keys, row[len(ID_COLUMNS) :], strict=True))
    try:
        values = {key: float(cell) for key, cell in cells.items() if cell}
    except ValueError as error:
        raise BadRecord(f"{path} line {number}: {error}; expected a number or nothing.") from error
    if not all(math.isfinite(value) for value in values.values()):
        raise BadRecord(f"{path} line {number} holds NaN or infinity; a metric that does not apply is left empty.")
    return Sample(row[0], row[1], row[2], row[3], row[4] == "1", values)
