"""Scores of a whole set that are no mean over its items, with their intervals: a median rank, a mean over classes."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ...metrics.declarations import Metric
from ..records import Clusters, Score
from ..statistics import LEVEL, body_count, cluster_counts, sides_note

SET_DRAWS = 2_000
"""Draws of such an interval: they cost more than those of a mean."""
_AT_ONCE = 250

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class SetClusters:
    """What of the items is not independent, and the seed that they are drawn by."""

    motions: NDArray[np.str_]
    """Structure of each item's motion, [items]."""
    bodies: NDArray[np.str_]
    """Body of each item's motion, [items]."""
    seed: int
    """Same seed, same draws as of the other figures of a table."""


def set_score(
    metric: Metric, value: float, clusters: SetClusters, statistic: Callable[[Floats], Floats] | str
) -> Score:
    """Return a score with its 95 % percentile interval, by the two-way bootstrap over motions and bodies.

    In a draw an item counts as often as its motion's structure was drawn times as often as its body was; of data
    without bodies as often as its motion's structure was.

    Args:
        metric: Of the score.
        value: Of all items, each counted once.
        clusters: Of the items.
        statistic: Gives the value of each draw, [draws], from how often each item counts in it, [draws, items]; or why
            there is no interval.
    """
    names, motion = np.unique(clusters.motions, return_inverse=True)
    body_names, body = np.unique(clusters.bodies, return_inverse=True)
    lo, hi, bodies = None, None, body_count(clusters.bodies)
    enough, note = sides_note(len(names), bodies)
    if isinstance(statistic, str):
        note = statistic
    elif enough:
        of_motions = cluster_counts(len(names), seed=clusters.seed, side=0)[:SET_DRAWS]
        of_bodies = cluster_counts(len(body_names), seed=clusters.seed, side=1)[:SET_DRAWS]
        drawn = [
            statistic(of_motions[part][:, motion] * of_bodies[part][:, body])
            for part in (slice(start, start + _AT_ONCE) for start in range(0, SET_DRAWS, _AT_ONCE))
        ]
        quantiles = np.quantile(np.concatenate(drawn), [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
        lo, hi = float(quantiles[0]), float(quantiles[1])
    return Score(
        value=value,
        lo=lo,
        hi=hi,
        n=len(motion),
        clusters=Clusters(motions=len(names), bodies=bodies),
        unit=metric.unit,
        direction=metric.direction,
        note=note,
    )
