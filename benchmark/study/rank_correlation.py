"""Does a metric prefer what people prefer? Rank correlation of its differences with the votes, paired by comparison.

For each comparison of methods A and B on a clip: how much better the metric finds A than B on that clip, against how
much more raters preferred A (the mean of their votes, 1 for A, 0, -1 for B). Which method is called A is arbitrary, so
every comparison counts in both orders; a metric then correlates with the votes only when its sign is right, too. The
correlation is Spearman's (C. Spearman, The proof and measurement of association between two things, American Journal
of Psychology 15, 1904): Pearson's, of ranks, with the mean rank for equal values.
"""

import numpy as np
from numpy.typing import NDArray

from .resampling import Draws, Measured

FEWEST = 5
"""Comparisons below which a rank correlation says nothing."""
_CELLS_AT_ONCE = 20_000_000


def rank_correlation(
    differences: NDArray[np.float64], preferences: NDArray[np.float64], draws: Draws, clusters: NDArray[np.int64]
) -> Measured:
    """Return Spearman's correlation of a metric's differences with the mean votes.

    Args:
        differences: How much better the metric finds the trial's first method; NaN where it does not apply, [trials].
        preferences: Votes, 1 for the first method, 0, -1; NaN where there is none, [raters, trials].
        draws: Draws of raters and motions.
        clusters: The motion of each trial, [trials].
    """
    held = np.isfinite(differences)
    if int(held.sum()) < FEWEST:
        return Measured(None, n=int(held.sum()))
    given = np.isfinite(preferences[:, held])
    total = draws.raters @ np.where(given, preferences[:, held], 0.0)
    count = draws.raters @ given.astype(np.float64)
    means = np.divide(total, count, out=np.zeros_like(total), where=count > 0)
    weights = draws.of_trials(clusters)[:, held] * (count > 0)
    trials = int(held.sum())
    at_once = max(1, _CELLS_AT_ONCE // (2 * trials) ** 2)
    parts = [
        _both_orders(differences[held], means[start : start + at_once], weights[start : start + at_once])
        for start in range(0, len(means), at_once)
    ]
    return draws.measured(np.concatenate(parts), trials)


def _both_orders(
    differences: NDArray[np.float64], votes: NDArray[np.float64], weights: NDArray[np.float64]
) -> NDArray[np.float64]:
    x = np.concatenate([differences, -differences])
    y = np.concatenate([votes, -votes], axis=1)
    w = np.concatenate([weights, weights], axis=1)
    return weighted_spearman(np.broadcast_to(x, y.shape), y, w)


def weighted_spearman(
    x: NDArray[np.float64], y: NDArray[np.float64], weights: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return Spearman's correlation of values that occur ``weights`` times each, row by row; NaN where undefined.

    Args:
        x: [rows, values].
        y: [rows, values].
        weights: How often each value occurs, [rows, values].
    """
    ranks = [_weighted_ranks(values, weights) for values in (x, y)]
    total = weights.sum(axis=1, keepdims=True)
    centred = [r - (weights * r).sum(axis=1, keepdims=True) / np.maximum(total, 1e-12) for r in ranks]
    covariance = (weights * centred[0] * centred[1]).sum(axis=1)
    spread = np.sqrt((weights * centred[0] ** 2).sum(axis=1) * (weights * centred[1] ** 2).sum(axis=1))
    flat = spread <= 1e-9 * np.maximum(total[:, 0], 1.0)
    return np.where(flat, np.nan, covariance / np.where(flat, 1.0, spread))


def _weighted_ranks(values: NDArray[np.float64], weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """The mean rank of each value among values that occur several times, up to a constant, [rows, values]."""
    below = (values[:, None, :] < values[:, :, None]).astype(np.float32)
    equal = (values[:, None, :] == values[:, :, None]).astype(np.float32)
    return np.asarray(np.einsum("rik,rk->ri", below + 0.5 * equal, weights), dtype=np.float64)
