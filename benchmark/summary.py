"""From the rows of ``samples.csv`` to the scores of ``result.json``."""

from collections.abc import Sequence

import numpy as np

from ..metrics.declarations import find_metric
from .records import Clusters, Score
from .samples import Sample, SampleTable
from .statistics import ClipValues, estimate_mean, seed_from

ALL = "all"


def split_names(table: SampleTable) -> tuple[str, ...]:
    """Return ``all`` followed by the splits that occur, sorted."""
    return (ALL, *sorted({sample.split for sample in table.samples} - {ALL}))


def in_split(table: SampleTable, split: str) -> tuple[Sample, ...]:
    """Return the rows of a split; ``all`` means every row."""
    return tuple(sample for sample in table.samples if split in {ALL, sample.split})


def summarise(table: SampleTable, *, data: str) -> dict[str, dict[str, Score]]:
    """Return every score: split -> metric key -> mean with its interval.

    A metric that applies to no clip of a split is absent from it.

    Args:
        table: The rows, as they are written.
        data: The data version. The bootstrap's seed follows from it, so that every method on the same data is judged
            by the same draws, and a last bit that differs on another machine does not change an interval.
    """
    seed = seed_from(data)
    return {split: _scores(in_split(table, split), table.keys, seed) for split in split_names(table)}


def _scores(samples: Sequence[Sample], keys: Sequence[str], seed: int) -> dict[str, Score]:
    scores = {}
    for key in keys:
        rows = [sample for sample in samples if key in sample.values]
        if rows:
            scores[key] = _score(rows, key, seed)
    return scores


def _score(rows: Sequence[Sample], key: str, seed: int) -> Score:
    estimate = estimate_mean(clip_values(rows, [row.values[key] for row in rows]), seed=seed)
    metric = find_metric(key)
    return Score(
        value=estimate.value,
        lo=estimate.lo,
        hi=estimate.hi,
        n=estimate.n,
        clusters=Clusters(motions=estimate.motions, bodies=estimate.bodies),
        unit=metric.unit,
        direction=metric.direction,
        note=estimate.note,
    )


def clip_values(rows: Sequence[Sample], values: Sequence[float]) -> ClipValues:
    """Return values of clips together with the clips' clusters."""
    return ClipValues(
        np.asarray(values, dtype=np.float64),
        motions=[row.motion_cluster for row in rows],
        bodies=[row.body_cluster for row in rows],
    )
