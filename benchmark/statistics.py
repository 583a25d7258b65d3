"""Intervals for means over clips: a two-way cluster bootstrap over motions and target bodies.

Clips that share a motion or a body are not independent. Both are therefore resampled: a draw takes as many motions and
as many bodies as there are, with replacement, and a clip counts as often as its motion was drawn times as often as its
body was drawn (the pigeonhole bootstrap: A. B. Owen, The pigeonhole bootstrap, Annals of Applied Statistics 1, 2007).
It needs no model of the two effects and errs on the safe side: its variance is at least the true one, at most about
three times the part of it that neither side explains.

Data that has no bodies (every clip's is ``NO_BODY``: real animations of a handful of rigs) is resampled over motions
alone, a one-way cluster bootstrap, and the note of every interval says so.
"""

import hashlib
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

DRAWS = 10_000
LEVEL = 0.95
FEWEST_CLUSTERS = 8
"""With fewer motions or fewer bodies than this, resampling them says nothing, and no interval is given."""
NO_BODY = ""
"""The body of every clip of data that has none."""


@dataclass(frozen=True)
class Estimate:
    """A mean with its interval."""

    value: float
    lo: float | None
    hi: float | None
    standard_error: float | None
    p_value: float | None
    """Two-sided, of the hypothesis that the mean is 0; only asked for when means are differences."""
    n: int
    motions: int
    bodies: int
    note: str | None


@dataclass(frozen=True)
class ClipValues:
    """The values of one metric, with the clusters of each clip."""

    values: NDArray[np.float64]
    """[clips], finite."""
    motions: Sequence[str]
    bodies: Sequence[str]


def seed_from(*identity: str) -> int:
    """Return a 64-bit seed that depends on nothing but the given words, in their order."""
    return int.from_bytes(hashlib.sha256("\n".join(identity).encode()).digest()[:8], "big")


def estimate_mean(clips: ClipValues, *, seed: int, draws: int = DRAWS) -> Estimate:
    """Return the mean over clips with its 95 % percentile interval and the p-value of a zero mean.

    The order of the clips does not matter. Draws in which no clip is left (a sparse design) are left out. With fewer
    than ``FEWEST_CLUSTERS`` motions or bodies there is no interval, and the note says so; without bodies it is one-way.

    Args:
        clips: The values; at least one.
        seed: Same seed, same draws.
        draws: Number of bootstrap draws.
    """
    value = math.fsum(clips.values.tolist()) / len(clips.values)
    sums, counts = _cells(clips)
    motions, bodies = sums.shape[0], body_count(clips.bodies)
    enough, note = sides_note(motions, bodies)
    if not enough:
        return Estimate(value, None, None, None, None, len(clips.values), motions, bodies, note)
    means = resampled_means(sums, counts, seed=seed, draws=draws)
    lo, hi = np.quantile(means, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return Estimate(
        value=value,
        lo=float(lo),
        hi=float(hi),
        standard_error=float(means.std(ddof=1)),
        p_value=_p_value(means, value),
        n=len(clips.values),
        motions=motions,
        bodies=bodies,
        note=note,
    )


def body_count(bodies: Sequence[str] | NDArray[np.str_]) -> int:
    """Return how many bodies there are; 0 where all are ``NO_BODY``."""
    names = {str(body) for body in bodies}
    return 0 if names == {NO_BODY} else len(names)


def sides_note(motions: int, bodies: int) -> tuple[bool, str | None]:
    """Return whether so many clusters are enough for an interval, and what must be said of it.

    Args:
        motions: How many.
        bodies: How many; 0 for data without bodies, which is resampled over motions alone.
    """
    if bodies == 0 and motions >= FEWEST_CLUSTERS:
        return True, "one-way interval: over motions alone, since the data has no bodies"
    if bodies == 0:
        return False, f"no interval: {motions} motions, at least {FEWEST_CLUSTERS} are needed"
    if min(motions, bodies) < FEWEST_CLUSTERS:
        counted = f"{motions} motions and {bodies} bodies"
        return False, f"no interval: {counted}, at least {FEWEST_CLUSTERS} of each are needed"
    return True, None


def _p_value(means: NDArray[np.float64], value: float) -> float:
    """Share of draws, recentred on 0, that lie at least as far from 0 as the mean does; never exactly 0."""
    slack = 1e-12 * max(abs(value), float(np.abs(means).max()))
    extreme = int((np.abs(means - value) >= abs(value) - slack).sum())
    return (1 + extreme) / (1 + len(means))


def _cells(clips: ClipValues) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Sum and number of the values of each (motion, body), with names sorted so that the clips' order is immaterial."""
    motion_names, motion = np.unique(np.asarray(clips.motions, dtype=str), return_inverse=True)
    body_names, body = np.unique(np.asarray(clips.bodies, dtype=str), return_inverse=True)
    counts = np.zeros((len(motion_names), len(body_names)))
    np.add.at(counts, (motion, body), 1.0)
    sums = np.zeros_like(counts)
    for index in np.ndindex(sums.shape):
        here = clips.values[(motion == index[0]) & (body == index[1])] if counts[index] else ()
        sums[index] = math.fsum(float(v) for v in here)
    return sums, counts


def resampled_means(
    sums: NDArray[np.float64], counts: NDArray[np.float64], *, seed: int, draws: int = DRAWS
) -> NDArray[np.float64]:
    """Return the mean of each draw, [draws that hold a clip].

    Args:
        sums: Sum of the values of each (motion, body), [motions, bodies].
        counts: Number of values of each (motion, body), [motions, bodies].
        seed: Same seed, same draws.
        draws: Number of draws.
    """
    of_motions = cluster_counts(sums.shape[0], seed=seed, side=0, draws=draws)
    of_bodies = cluster_counts(sums.shape[1], seed=seed, side=1, draws=draws)
    # einsum without BLAS: the same bits whatever the number of threads.
    totals = np.einsum("db,db->d", np.einsum("dm,mb->db", of_motions, sums), of_bodies)
    weights = np.einsum("db,db->d", np.einsum("dm,mb->db", of_motions, counts), of_bodies)
    held = weights > 0
    return np.asarray(totals[held] / weights[held])


@lru_cache(maxsize=16)
def cluster_counts(clusters: int, *, seed: int, side: int, draws: int = DRAWS) -> NDArray[np.float64]:
    """Return how often each cluster is drawn, [draws, clusters], read-only; each row sums to the number of clusters.

    The last few are kept: every metric of a table is judged by the same draws.
    """
    generator = np.random.default_rng([seed, side, clusters])
    counts = generator.multinomial(clusters, np.full(clusters, 1 / clusters), size=draws).astype(np.float64)
    counts.flags.writeable = False
    return counts


def holm(p_values: Sequence[float]) -> list[float]:
    """Return p-values adjusted for their number by Holm's step-down rule, in the order given.

    The k-th smallest of n is multiplied by n - k + 1, made monotone, and cut at 1 (S. Holm, A simple sequentially
    rejective multiple test procedure, Scandinavian Journal of Statistics 6, 1979).
    """
    order = sorted(range(len(p_values)), key=lambda i: (p_values[i], i))
    adjusted = [0.0] * len(p_values)
    largest = 0.0
    for rank, index in enumerate(order):
        largest = max(largest, min(1.0, (len(p_values) - rank) * p_values[index]))
        adjusted[index] = largest
    return adjusted
