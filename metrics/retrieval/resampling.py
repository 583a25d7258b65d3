"""MedR of bootstrap draws: the one figure of a table that is no mean over queries."""

import numpy as np
from numpy.typing import NDArray

_DRAWS_AT_ONCE = 256


def resampled_medians(rank: NDArray[np.float64], counts: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the median rank of each draw, float64 [draws that hold a query].

    The median of the ranks with each query repeated as often as it was drawn; of an even number the mean of the middle
    two. For a two-way draw a query's count is how often its motion was drawn times how often its body was
    (``benchmark.statistics.cluster_counts``).

    Args:
        rank: Rank of each query, [queries].
        counts: How often each query was drawn, whole numbers, [draws, queries].
    """
    order = np.argsort(rank, kind="stable")
    ordered = rank[order]
    found = []
    for start in range(0, len(counts), _DRAWS_AT_ONCE):
        up_to = np.cumsum(counts[start : start + _DRAWS_AT_ONCE][:, order], axis=1)
        drawn = up_to[:, -1:]
        held = drawn[:, 0] > 0
        lower, upper = ((up_to > place).argmax(axis=1) for place in (np.ceil(drawn / 2) - 1, np.floor(drawn / 2)))
        found.append(((ordered[lower] + ordered[upper]) / 2)[held])
    return np.concatenate(found)
