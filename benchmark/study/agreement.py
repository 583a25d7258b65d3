"""How far raters agree with each other and with themselves.

Krippendorff's alpha for nominal answers: 1 - (observed disagreement) / (disagreement by chance). 1 is full agreement,
0 is what independent answers of the same frequencies give (K. Krippendorff, Computing Krippendorff's alpha-reliability,
2011, University of Pennsylvania; Content Analysis, 4th edition, chapter 12). Any number of raters, answers may lack.
"""

import numpy as np
from numpy.typing import NDArray

from .resampling import Draws, Measured

_PREFERENCES = (-1.0, 0.0, 1.0)


def coincidences(answers: NDArray[np.float64], categories: tuple[float, ...]) -> NDArray[np.float64]:
    """Return each unit's coincidences: ordered pairs of answers of different raters, over the answers less one.

    Args:
        answers: NaN where there is none, [raters, units].
        categories: Every answer that occurs.

    Returns:
        [units, categories, categories]; zero for units with fewer than two answers.
    """
    chosen = np.stack([(answers == category).sum(axis=0) for category in categories], axis=-1).astype(np.float64)
    pairs = chosen[:, :, None] * chosen[:, None, :] - np.eye(len(categories)) * chosen[:, None, :]
    others = chosen.sum(axis=-1) - 1
    return np.where(others[:, None, None] > 0, pairs / np.maximum(others, 1)[:, None, None], 0.0)


def alpha_of(total: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return nominal alpha from summed coincidences, [..., categories, categories] -> [...]; NaN where undefined.

    It is undefined where all answers are the same, or no unit has two.
    """
    marginals = total.sum(axis=-1)
    n = marginals.sum(axis=-1)
    observed = n - np.trace(total, axis1=-2, axis2=-1)
    expected = n**2 - (marginals**2).sum(axis=-1)
    ratio = np.divide((n - 1) * observed, expected, out=np.full_like(n, np.nan), where=expected > 0)
    return np.asarray(1.0 - ratio)


def krippendorff_alpha(answers: NDArray[np.float64]) -> float:
    """Return Krippendorff's alpha of nominal answers, [raters, units], NaN where there is none."""
    categories = tuple(np.unique(answers[np.isfinite(answers)]).tolist())
    return float(alpha_of(coincidences(answers, categories).sum(axis=0)))


def preference_alpha(preferences: NDArray[np.float64], draws: Draws, clusters: NDArray[np.int64]) -> Measured:
    """Return alpha of preferences between two sides, with an interval over motions.

    Which of two methods is called the first is arbitrary, but alpha's chance agreement depends on it (if all raters
    prefer the first everywhere, alpha is undefined). Every comparison therefore counts in both orders. Only motions are
    resampled: a rater drawn twice would agree with himself.

    Args:
        preferences: 1, 0 or -1, [raters, trials].
        draws: Their motions' part is used.
        clusters: The motion of each trial, [trials].
    """
    units = coincidences(preferences, _PREFERENCES)
    both_orders = units + units[:, ::-1, ::-1]
    totals = np.einsum("dt,tab->dab", draws.of_trials(clusters), both_orders)
    return draws.measured(alpha_of(totals), preferences.shape[1])


def same_again(preferences: NDArray[np.float64], again: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return 1 where a rater answered a repeated trial as before, 0 where not, NaN where it was not repeated."""
    return np.where(np.isfinite(again), (preferences == again).astype(np.float64), np.nan)


def same_by_chance(preferences: NDArray[np.float64]) -> float:
    """Return how often a second answer would equal the first by chance, given how often raters see no difference."""
    ties = float((preferences == 0).sum() / max(np.isfinite(preferences).sum(), 1))
    return ties**2 + (1 - ties) ** 2 / 2
