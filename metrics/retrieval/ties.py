"""Where the best right answer of a query stands, and the rules that say what equal scores count.

A query is answered at the rank of its best-scored right answer. Let ``above`` wrong items score higher, and let
``tied_wrong`` wrong and ``tied_right`` right items share its score. These counts are all that any rule needs.

* ``expected`` (default): tied items are in random order, and hits and ranks are their expected values. A scorer that
  gives everything the same score then gets exactly what chance gets, k / N where one item is right.
* ``tmr-averaging``: the rank is the mean place of all tied items, and a fractional rank below k counts as a hit
  (TMR, ``src/model/metrics.py``): of two items tied for the first place *both* are hits at 1.
* ``optimistic``: a right item comes before the wrong ones of its score. A constant scorer gets 100 %.
* ``argsort``: equal scores keep the gallery's order, as a stable sort leaves them. The figure depends on that order.
"""

from dataclasses import dataclass
from math import comb, fsum

import numpy as np
from numpy.typing import NDArray

from ...datasets.errors import UnknownName
from .declarations import TIE_RULES, TieRule


@dataclass(frozen=True, eq=False)
class Placement:
    """Counts per query, int64 [queries] each."""

    above: NDArray[np.int64]
    """Wrong items with a higher score than the best right one, and wrong items without a score."""
    tied_wrong: NDArray[np.int64]
    """Wrong items with the score of the best right one."""
    tied_right: NDArray[np.int64]
    """Right items with that score, at least 1."""
    ahead: NDArray[np.int64]
    """Of the tied wrong items those that come before the first tied right one in the gallery's order."""


def ranks(placement: Placement, ties: TieRule = "expected") -> NDArray[np.float64]:
    """Return the rank of each query's best right answer, counted from 1, float64 [queries].

    ``expected``: ``1 + above + tied_wrong / (tied_right + 1)``, the expected place of the first of ``tied_right`` items
    in a random order. ``tmr-averaging``: ``1 + above + (tied_wrong + tied_right - 1) / 2``. ``optimistic``:
    ``1 + above``. ``argsort``: ``1 + above + ahead``.

    Raises:
        UnknownName: If there is no such rule.
    """
    first = placement.above.astype(np.float64) + 1
    if ties == "expected":
        return np.asarray(first + placement.tied_wrong / (placement.tied_right + 1))
    if ties == "tmr-averaging":
        return np.asarray(first + (placement.tied_wrong + placement.tied_right - 1) / 2)
    if ties == "optimistic":
        return first
    if ties == "argsort":
        return np.asarray(first + placement.ahead)
    raise UnknownName("rule for ties", ties, TIE_RULES)


def hit_percent(placement: Placement, k: int, ties: TieRule = "expected") -> NDArray[np.float64]:
    """Return how surely each query's first k answers hold a right one, 0 to 100 %, float64 [queries].

    ``expected``: the probability over random orders; with j = k - above places left for the tied items,
    ``1 - C(tied_wrong, j) / C(tied_wrong + tied_right, j)``, which is j / (tied_wrong + 1) for one right item. It is
    the exact quotient of whole numbers, rounded once. The other rules: 100 % where the rank is at most k, else 0 (TMR:
    below k when counted from 0).

    Args:
        placement: Counts per query.
        k: How many answers are looked at; a gallery of fewer items counts as looked at whole.
        ties: The rule.

    Raises:
        UnknownName: If there is no such rule.
    """
    if ties != "expected":
        return np.where(ranks(placement, ties) < k + 1, 100.0, 0.0)
    left = k - placement.above
    found = np.where(left > 0, 100.0, 0.0)
    open_ = (left > 0) & (left <= placement.tied_wrong)
    if open_.any():
        cases = np.stack([placement.tied_wrong[open_], placement.tied_right[open_], left[open_]], axis=1)
        unlike, which = np.unique(cases, axis=0, return_inverse=True)
        found[open_] = np.array([_chance_percent(*case) for case in unlike.tolist()])[which.reshape(-1)]
    return found


def _chance_percent(wrong: int, right: int, places: int) -> float:
    """Probability that ``places`` items drawn from the tied ones hold a right one."""
    orders = comb(wrong + right, places)
    return 100 * (orders - comb(wrong, places)) / orders


def mean_over_queries(values: NDArray[np.float64]) -> float:
    """Return the mean, ``least + sum(values - least) / n`` with an exact sum.

    So the order of queries is immaterial, and the mean of equal values is that very value.
    """
    least = float(values.min())
    return least + fsum((values - least).tolist()) / len(values)


def median_rank(rank: NDArray[np.float64], batch: NDArray[np.int64] | None = None) -> float:
    """Return the median of the queries' ranks; of an even number the mean of the middle two.

    Args:
        rank: Rank of each query, counted from 1.
        batch: Number of the batch of each query; then the mean of the batches' medians. ``None``: one batch.
    """
    if batch is None:
        return float(np.median(rank))
    medians = [float(np.median(rank[batch == number])) for number in np.unique(batch)]
    return fsum(medians) / len(medians)
