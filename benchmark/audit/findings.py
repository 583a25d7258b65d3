"""From the numbers of all clips to what each metric can see.

Everything is paired by clip: a damaged clip is compared with the same clip undamaged. A difference is counted towards
"worse": upwards for errors, downwards for shares of what is right, and, for metrics without a direction, the way that
their claim expects.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ...datasets.clip_set import PairSpec
from ...metrics.audit import FAILED, LEAST_SPEARMAN, PASSED, UNDECIDED, claim_of
from ...metrics.declarations import find_metric
from ..statistics import ClipValues, Estimate, estimate_mean, seed_from
from ..study.rank_correlation import weighted_spearman
from .damages.names import BY_NAME
from .measuring import ANSWER, MOST_ANSWERS, NONE, name_of

Numbers = Mapping[str, Mapping[str, float]]
"""Clip id -> the numbers that ``measuring.measure`` gave."""

DRAWS = 2000
"""Of the bootstrap: thousands of intervals are asked for, and none is compared to a third digit."""

_SAME = 1e-9
"""Differences below this share of the larger value are rounding."""


@dataclass(frozen=True)
class DegreeFinding:
    """One degree of a damage, against no damage."""

    degree: float
    worse: Estimate
    """Paired difference, counted towards worse."""
    right_share: float
    """Share of clips on which the metric is worse than without damage."""

    @property
    def told(self) -> bool | None:
        """Whether it is told from none: the interval lies above 0. ``None`` where there is no interval."""
        return None if self.worse.lo is None else self.worse.lo > 0


@dataclass(frozen=True)
class Finding:
    """What one metric saw of one damage."""

    metric: str
    damage: str
    claimed: bool
    spearman: Estimate
    """Mean over clips of the rank correlation of the metric, counted towards worse, with the degree, none included."""
    degrees: tuple[DegreeFinding, ...]
    """Rising; those that could be done to at least one clip."""
    spreads: float | None
    """The largest degree's difference in units of the metric's own spread over other right answers; ``None`` where
    that spread is 0."""

    @property
    def smallest_told(self) -> float | None:
        """The smallest degree that is told from none."""
        return next((one.degree for one in self.degrees if one.told), None)

    @property
    def largest(self) -> DegreeFinding:
        """The largest degree."""
        return self.degrees[-1]

    @property
    def verdict(self) -> str:
        """``passed``, ``failed`` or ``not decided`` for a claim, else empty."""
        if not self.claimed:
            return ""
        if self.largest.told is None:
            return UNDECIDED
        return PASSED if self.spearman.value >= LEAST_SPEARMAN and self.largest.told else FAILED


def find_all(
    numbers: Numbers, pairs: Sequence[PairSpec], damages: Sequence[str], keys: Sequence[str], *, data: str
) -> list[Finding]:
    """Return what every metric saw of every damage; pairs of the two that no clip has are left out.

    Args:
        numbers: Of the audited clips.
        pairs: Their lines; they name the clusters of the bootstrap.
        damages: Names.
        keys: Metrics, geometry and semantics.
        data: Data version; the bootstrap's draws depend on it.
    """
    table = _Table(numbers, {pair.clip_id: pair for pair in pairs}, data)
    spreads = {key: null_spread(numbers, key) for key in keys}
    found = [table.finding(damage, key, spreads[key]) for damage in damages for key in keys]
    return [one for one in found if one is not None]


def null_spread(numbers: Numbers, key: str) -> float | None:
    """Return how far a metric strays between right answers of one clip: root mean square difference to the audited one.

    ``None`` where no clip has two answers with a value.
    """
    squares = []
    for clip in numbers.values():
        own = clip.get(name_of(NONE, 0, key))
        answers = (clip.get(name_of(ANSWER, number, key)) for number in range(MOST_ANSWERS))
        squares += [(value - own) ** 2 for value in answers if value is not None and own is not None]
    return math.sqrt(math.fsum(squares) / len(squares)) if squares else None


class _Table:
    """The numbers by damage and metric, with the clusters of each clip."""

    def __init__(self, numbers: Numbers, pairs: Mapping[str, PairSpec], data: str) -> None:
        self._numbers, self._pairs, self._data = numbers, pairs, data
        self._clips = sorted(numbers)

    def finding(self, damage: str, key: str, spread: float | None) -> Finding | None:
        """Return what a metric saw of a damage; ``None`` if no clip has both."""
        claim = claim_of(key, damage)
        sign = _worse_sign(key, damage)
        rows = self._rows(damage, key, sign)
        if not rows:
            return None
        ranks = {clip: degree_correlation(list(values.items())) for clip, values in rows.items()}
        degrees = [self._degree(rows, degree, key) for degree in BY_NAME[damage].degrees]
        told = tuple(one for one in degrees if one is not None)
        strays = spread is not None and spread > _SAME
        return Finding(
            metric=key,
            damage=damage,
            claimed=claim is not None,
            spearman=self._mean(ranks, key),
            degrees=told,
            spreads=told[-1].worse.value / spread if strays and spread else None,
        )

    def _rows(self, damage: str, key: str, sign: float) -> dict[str, dict[float, float]]:
        """Clip -> degree -> how much worse than undamaged; degree 0 first; clips without any degree left out."""
        rows = {}
        for clip in self._clips:
            numbers = self._numbers[clip]
            own = numbers.get(name_of(NONE, 0, key))
            if own is None:
                continue
            values = {0.0: 0.0}
            for degree in BY_NAME[damage].degrees:
                value = numbers.get(name_of(damage, degree, key))
                if value is not None:
                    step = sign * (value - own)
                    values[degree] = 0.0 if abs(step) <= _SAME * max(abs(value), abs(own)) else step
            if len(values) > 1:
                rows[clip] = values
        return rows

    def _degree(self, rows: Mapping[str, Mapping[float, float]], degree: float, key: str) -> DegreeFinding | None:
        steps = {clip: values[degree] for clip, values in rows.items() if degree in values}
        if not steps:
            return None
        right = float(np.mean([step > 0 for step in steps.values()]))
        return DegreeFinding(degree, self._mean(steps, key), right)

    def _mean(self, values: Mapping[str, float], key: str) -> Estimate:
        clips = ClipValues(
            np.array(list(values.values())),
            [self._pairs[clip].motion_cluster for clip in values],
            [self._pairs[clip].target for clip in values],
        )
        return estimate_mean(clips, seed=seed_from(self._data, "audit"), draws=DRAWS)


def _worse_sign(key: str, damage: str) -> float:
    """1 where a rising value is worse; of a metric without direction, where its claim expects a rise."""
    claim = claim_of(key, damage)
    if claim is not None:
        return 1.0 if claim.rises else -1.0
    return -1.0 if find_metric(key).direction == "higher" else 1.0


def degree_correlation(values: Sequence[tuple[float, float]]) -> float:
    """Return Spearman's correlation of a metric with the degree on one clip, with the mean rank for equal values.

    A metric that does not change at all sees nothing: 0.

    Args:
        values: (degree, how much worse), none included, at least two.
    """
    degree, worse = (np.array([column], dtype=np.float64) for column in zip(*values, strict=True))
    found: NDArray[np.float64] = weighted_spearman(degree, worse, np.ones_like(worse))
    return float(found[0]) if np.isfinite(found[0]) else 0.0
