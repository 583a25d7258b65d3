"""Intervals of what raters say: raters and motions are resampled together.

Votes of one rater are not independent, nor are votes on one motion. A draw takes as many raters and as many motions as
there are, with replacement; a vote counts as often as its rater was drawn times as often as its motion was drawn (the
pigeonhole bootstrap, as in ``benchmark.statistics``).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..statistics import FEWEST_CLUSTERS, LEVEL, cluster_counts

DRAWS = 2000


@dataclass(frozen=True)
class Measured:
    """A number with its 95 % interval."""

    value: float | None
    """``None``: it is not defined, for example a correlation of values that are all equal."""
    lo: float | None = None
    hi: float | None = None
    """Both ``None`` with too few raters or motions."""
    n: int = 0
    """Votes, comparisons or whatever was averaged."""


@dataclass(frozen=True, eq=False)
class Draws:
    """How often each rater and each motion is drawn; the first row is the data itself, all ones."""

    raters: NDArray[np.float64]
    """[1 + draws, raters]"""
    clusters: NDArray[np.float64]
    """[1 + draws, motions]"""
    note: str | None
    """Why there are no intervals; ``None`` where there are."""

    def of_trials(self, clusters: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return how often each trial counts, [1 + draws, trials]."""
        return self.clusters[:, clusters]

    def measured(self, values: NDArray[np.float64], n: int) -> Measured:
        """Return the first value with the percentile interval of the others; draws that gave NaN are left out."""
        value = float(values[0])
        if not np.isfinite(value):
            return Measured(None, n=n)
        drawn = values[1:][np.isfinite(values[1:])]
        if self.note is not None or len(drawn) < len(values) / 2:
            return Measured(value, n=n)
        lo, hi = np.quantile(drawn, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
        return Measured(value, float(lo), float(hi), n)


def draw(raters: int, clusters: int, *, seed: int, draws: int = DRAWS) -> Draws:
    """Return draws of raters and motions; none but the data itself where there are fewer than 8 on a side."""
    note = None
    if min(raters, clusters) < FEWEST_CLUSTERS:
        note = f"no intervals: {raters} raters and {clusters} motions, at least {FEWEST_CLUSTERS} of each are needed"
        draws = 0
    counted = []
    for side, count in enumerate((raters, clusters)):
        drawn = [cluster_counts(count, seed=seed, side=side, draws=draws)] if draws else []
        counted.append(np.concatenate([np.ones((1, count)), *drawn]))
    return Draws(counted[0], counted[1], note)


def weighted_mean(values: NDArray[np.float64], draws: Draws, clusters: NDArray[np.int64]) -> Measured:
    """Return the mean of values of raters and trials, those that are NaN left out.

    Args:
        values: [raters, trials].
        draws: Draws of the raters and of the trials' motions.
        clusters: The motion of each trial, [trials].
    """
    held = np.isfinite(values)
    of_trials = draws.of_trials(clusters)
    total = ((draws.raters @ np.where(held, values, 0.0)) * of_trials).sum(axis=1)
    count = ((draws.raters @ held.astype(np.float64)) * of_trials).sum(axis=1)
    means = np.divide(total, count, out=np.full_like(total, np.nan), where=count > 0)
    return draws.measured(means, int(held.sum()))
