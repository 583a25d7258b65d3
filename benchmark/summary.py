"""From the rows of ``samples.csv`` to the scores of ``result.json``."""

from collections.abc import Mapping, Sequence

import numpy as np

from ..metrics.declarations import find_metric
from ..metrics.retrieval.declarations import is_retrieval_key
from ..metrics.semantics.declarations import NOT_VALIDATED
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


def rests_on_clips(key: str) -> bool:
    """Whether a score is the mean of a number per clip; ``fid`` and the median rank of a search are not."""
    return not key.startswith("fid@") and not (is_retrieval_key(key) and find_metric(key).per == "set")


def values_in(sample: Sample, split: str) -> Mapping[str, float]:
    """Return what a clip adds to each metric's value in a split that it is in, by key.

    Of a metric of whole sets that is another number for all clips than for the clip's own split.
    """
    if split == ALL:
        return sample.values
    of_clips = {key: value for key, value in sample.values.items() if find_metric(key).per == "clip"}
    return {**of_clips, **sample.split_values}


def summarise(table: SampleTable, *, data: str) -> dict[str, dict[str, Score]]:
    """Return every score: split -> metric key -> mean with its interval.

    A metric that applies to no clip of a split is absent from it.

    Args:
        table: The rows, as they are written.
        data: The data version. The bootstrap's seed follows from it, so that every method on the same data is judged
            by the same draws, and a last bit that differs on another machine does not change an interval.
    """
    seed = seed_from(data)
    return {split: _scores(in_split(table, split), table.keys, split, seed) for split in split_names(table)}


def _scores(samples: Sequence[Sample], keys: Sequence[str], split: str, seed: int) -> dict[str, Score]:
    scores = {}
    found = [(sample, values_in(sample, split)) for sample in samples]
    for key in keys:
        rows = [(sample, values[key]) for sample, values in found if key in values]
        if rows:
            scores[key] = _score(rows, key, seed)
    return scores


def _score(rows: Sequence[tuple[Sample, float]], key: str, seed: int) -> Score:
    estimate = estimate_mean(clip_values([row for row, _ in rows], [value for _, value in rows]), seed=seed)
    metric = find_metric(key)
    cautions = [NOT_VALIDATED if metric.family == "semantics" else None, estimate.note]
    return Score(
        value=estimate.value,
        lo=estimate.lo,
        hi=estimate.hi,
        n=estimate.n,
        clusters=Clusters(motions=estimate.motions, bodies=estimate.bodies),
        unit=metric.unit,
        direction=metric.direction,
        note="; ".join(filter(None, cautions)) or None,
    )


def clip_values(rows: Sequence[Sample], values: Sequence[float]) -> ClipValues:
    """Return values of clips together with the clips' clusters."""
    return ClipValues(
        np.asarray(values, dtype=np.float64),
        motions=[row.motion_cluster for row in rows],
        bodies=[row.body_cluster for row in rows],
    )
