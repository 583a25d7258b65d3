"""Intervals of what is measured: a two-way bootstrap over the structures of motions and the bodies.

In a draw an act counts as often as its structure was drawn times as often as its body was (the pigeonhole bootstrap: A.
B. Owen, Annals of Applied Statistics 1, 2007), as in the tables of the tracks.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

DRAWS, SEED, LEVEL = 2000, 0, 0.95
FEWEST = 8
"""With fewer structures or fewer bodies there is no interval."""


@dataclass(frozen=True, eq=False)
class Clusters:
    """What of some acts is not independent."""

    structures: Sequence[str]
    """Of the motion that each act is part of."""
    bodies: Sequence[str] = ()
    """Nothing where all acts are of one person, or bodies are part of the structures: only those are then drawn."""

    def interval(self, statistic: Callable[[Floats], Floats]) -> tuple[float, float] | None:
        """Return the 95 % percentile interval; ``None`` where there are too few clusters.

        Args:
            statistic: Gives the value of each draw, [draws], from how often each act counts in it, [draws, acts].
        """
        generator, counts = np.random.default_rng(SEED), np.ones((DRAWS, len(self.structures)))
        for names in (self.structures, self.bodies) if self.bodies else (self.structures,):
            known, cluster = np.unique(np.asarray(names), return_inverse=True)
            if len(known) < FEWEST:
                return None
            drawn = generator.multinomial(len(known), np.full(len(known), 1 / len(known)), size=DRAWS)
            counts *= drawn[:, cluster]
        lo, hi = np.quantile(statistic(counts[counts.any(axis=1)]), [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
        return float(lo), float(hi)


def mean_scores(name: str, values: Floats, clusters: Clusters) -> dict[str, float]:
    """Return a mean by its name, and its interval as ``NAME, lo`` and ``NAME, hi`` where there is one.

    Args:
        name: Of the figure.
        values: Of each act, [acts].
        clusters: Of the acts.
    """
    found = clusters.interval(lambda counts: (counts @ values) / counts.sum(axis=1))
    return {name: float(values.mean())} | _ends(name, found)


def macro_scores(name: str, hits: Floats, right: NDArray[np.int64], clusters: Clusters) -> dict[str, float]:
    """Return the mean over classes of the mean hits of their acts, with its interval, as ``mean_scores`` does.

    A class that is not drawn is left out of that draw.

    Args:
        name: Of the figure.
        hits: Of each act, [acts].
        right: Number of its class, [acts].
        clusters: Of the acts.
    """
    truth = np.eye(int(right.max()) + 1)[right]
    (value,) = _class_means(np.ones((1, len(hits))), hits, truth)
    return {name: float(value)} | _ends(name, clusters.interval(lambda counts: _class_means(counts, hits, truth)))


def _class_means(counts: Floats, hits: Floats, truth: Floats) -> Floats:
    """The mean over the classes of each draw, [draws, acts], [acts], [acts, classes] -> [draws]."""
    shown, found = counts @ truth, (counts * hits) @ truth
    there = shown > 0
    return np.asarray((found / np.where(there, shown, 1.0)).sum(axis=1) / there.sum(axis=1))


def _ends(name: str, found: tuple[float, float] | None) -> dict[str, float]:
    return {} if found is None else {f"{name}, lo": found[0], f"{name}, hi": found[1]}
