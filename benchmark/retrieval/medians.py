"""The median rank with its interval: the one figure of a search that is no mean over queries."""

import numpy as np
from numpy.typing import NDArray

from ...metrics.retrieval.resampling import resampled_medians
from ...metrics.retrieval.searched import Searched
from ..one_file.set_scores import SetClusters, set_score
from ..records import Score


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
    value, clusters = searched.scores()[metric.key], SetClusters(motions, bodies, seed)
    if searched.batch is not None:
        return set_score(metric, value, clusters, "no interval of MedR in batches: a mean of medians")
    rank = searched.ranks()
    return set_score(metric, value, clusters, lambda counts: resampled_medians(rank, counts))
