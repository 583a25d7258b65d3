"""``samples.csv``: one row per clip, sorted by clip id, one column per metric; every score follows from it.

(All but ``fid``, which no number per clip gives.) A metric of a whole set, ``kid``, has two columns: what each clip
adds to the value of all clips and, marked ``/split``, what it adds to the value of its own split. A set's value is the
mean of its column, like any other score.
"""

import csv
import io
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from .records import BadRecord

ID_COLUMNS = ("clip_id", "split", "motion_cluster", "body_cluster", "failed")
SPLIT_MARK = "/split"
"""Behind a metric's key, the head of the column that holds what clips add to the value of their own split."""


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
    split_values: Mapping[str, float] = field(default_factory=dict)
    """Key of a metric of whole sets -> what the clip adds to the value of its own split."""


@dataclass(frozen=True)
class SampleTable:
    """All rows of a scored run."""

    keys: tuple[str, ...]
    """Metric keys in the order of the columns."""
    samples: tuple[Sample, ...]
    """Sorted by clip id."""

    @property
    def split_keys(self) -> tuple[str, ...]:
        """Keys that have a second column, in the order of the columns."""
        return tuple(key for key in self.keys if any(key in sample.split_values for sample in self.samples))


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
    marked = table.split_keys
    writer.writerow([*ID_COLUMNS, *table.keys, *(key + SPLIT_MARK for key in marked)])
    for s in sorted(table.samples, key=lambda sample: sample.clip_id):
        bad = [
            f"{k} of {s.clip_id} is {v}"
            for d in (s.values, s.split_values)
            for k, v in d.items()
            if not math.isfinite(v)
        ]
        if bad:
            raise ValueError(f"{bad[0]}; a metric must be finite or absent")
        columns = [(s.values, key) for key in table.keys] + [(s.split_values, key) for key in marked]
        cells = [f"{values[key]:.9g}" if key in values else "" for values, key in columns]
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
    heads = tuple(rows[0][len(ID_COLUMNS) :])
    keys = tuple(head for head in heads if not head.endswith(SPLIT_MARK))
    return SampleTable(keys, tuple(_sample(path, number, row, heads) for number, row in enumerate(rows[1:], start=2)))


def _sample(path: Path, number: int, row: Sequence[str], heads: Sequence[str]) -> Sample:
    if len(row) != len(ID_COLUMNS) + len(heads):
        raise BadRecord(f"{path} line {number} has {len(row)} cells; expected {len(ID_COLUMNS) + len(heads)}.")
    cells = dict(zip(heads, row[len(ID_COLUMNS) :], strict=True))
    try:
        values = {key: float(cell) for key, cell in cells.items() if cell}
    except ValueError as error:
        raise BadRecord(f"{path} line {number}: {error}; expected a number or nothing.") from error
    if not all(math.isfinite(value) for value in values.values()):
        raise BadRecord(f"{path} line {number} holds NaN or infinity; a metric that does not apply is left empty.")
    of_split = {h.removesuffix(SPLIT_MARK): value for h, value in values.items() if h.endswith(SPLIT_MARK)}
    of_all = {head: value for head, value in values.items() if not head.endswith(SPLIT_MARK)}
    return Sample(row[0], row[1], row[2], row[3], row[4] == "1", of_all, of_split)
