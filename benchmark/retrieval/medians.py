"""The median rank with its interval: the one figure of a search that is no mean over queries."""

import numpy as np
from numpy.typing import NDArray

from ...metrics.retrieval.resampling import resampled_medians
from ...metrics.retrieval.searched import Searched
from ..records import Clusters, Score
from ..statistics import FEWEST_CLUSTERS, LEVEL, cluster_counts

MEDIAN_DRAWS = 2_000
"""Draws of a median's interval: sorting costs more than summing, and ranks are coarse."""
_AT_ONCE = 250


def median_score(searched: Searched, motions: NDArray[np.str_], bodies: NDArray[np.str_], *, seed: int) -> Score:
    """Return MedR with its 95 % percentile interval, by the two-way bootstrap over motions and bodies.

    In a draw a query counts as often as its motion's structure was drawn times as often as its body was. The mean of
    the batches' medians (``batches-32``) has no interval: a query that is drawn twice belongs to no batch of 32.

    Args:
        searched: One direction in one protocol.
        motions: Structure of each query's motion, [queries].
        bodies: Body of each query's motion, [queries].
        seed: Same seed, same draws as of the other figures of the table.
    """
    metric = next(metric for metric in searched.metrics if metric.per == "set")
    names, motion = np.unique(motions, return_inverse=True)
    body_names, body = np.unique(bodies, return_inverse=True)
    lo, hi, note = None, None, None
    if searched.batch is not None:
        note = "no interval of MedR in batches: a mean of medians"
    elif min(len(names), len(body_names)) < FEWEST_CLUSTERS:
        counted = f"{len(names)} motions and {len(body_names)} bodies"
        note = f"no interval: {counted}, at least {FEWEST_CLUSTERS} of each are needed"
    else:
        of_motions = cluster_counts(len(names), seed=seed, side=0)[:MEDIAN_DRAWS]
        of_bodies = cluster_counts(len(body_names), seed=seed, side=1)[:MEDIAN_DRAWS]
        rank = searched.ranks()
        medians = [
            resampled_medians(rank, of_motions[part][:, motion] * of_bodies[part][:, body])
            for part in (slice(start, start + _AT_ONCE) for start in range(0, MEDIAN_DRAWS, _AT_ONCE))
        ]
        quantiles = np.quantile(np.concatenate(medians), [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
        lo, hi = float(quantiles[0]), float(quantiles[1])
    return Score(
        value=searched.scores()[metric.key],
        lo=lo,
        hi=hi,
        n=len(motion),
        clusters=Clusters(motions=len(names), bodies=len(body_names)),
        unit=metric.unit,
        direction=metric.direction,
        note=note,
    )
