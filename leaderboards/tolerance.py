"""When two scorings of one method count as the same."""

import math

from ..benchmark.records import Result, Score
from ..metrics.declarations import find_metric
from .rows import Tolerance

RELATIVE = 1e-4
"""Relative difference that other machines and library versions may cause in a re-scored number."""

ABSOLUTE_OF_WORST = 1e-7
"""The same for numbers near zero, as a share of the metric's worst case, or of 1 where that has no bound."""


def differing_numbers(row: Result, again: Result, *, tolerance: Tolerance, vertex_percent: float = 0.0) -> list[str]:
    """Return one sentence per number of a row that a second scoring does not confirm.

    Args:
        row: The row's result.
        again: What the second scoring gave.
        tolerance: ``numerical``: 1e-4 of the value. ``interval``: within the row's own 95 % interval; a number without
            one is only compared where no split has any, numerically.
        vertex_percent: One vertex of the mesh with the fewest limb vertices, in percent of them. Penetration counts
            vertices in or out, and one that lies on the skin may fall on either side.
    """
    has_intervals = any(score.lo is not None for scores in row.scores.values() for score in scores.values())
    problems = []
    for split, scores in row.scores.items():
        for key, score in scores.items():
            second = again.scores.get(split, {}).get(key)
            what = f"{key} of {split}"
            if second is None:
                problems.append(f"{what} is {score.value:.6g} in the row and was not scored again.")
            elif tolerance == "interval" and has_intervals:
                problems += _outside(what, score, second.value)
            else:
                problems += _far(what, key, score.value, second.value, vertex_percent=vertex_percent)
    extra = sorted({key for key in again.scores.get("all", {}) if key not in row.scores.get("all", {})})
    problems += [f"{key} was scored again and is not in the row." for key in extra]
    if again.failures.count != row.failures.count:
        problems.append(f"{again.failures.count} clips failed when made again, {row.failures.count} in the row.")
    return problems


def _outside(what: str, score: Score, value: float) -> list[str]:
    if score.lo is None or score.hi is None:
        return []
    slack = RELATIVE * max(abs(score.lo), abs(score.hi))
    if score.lo - slack <= value <= score.hi + slack:
        return []
    return [f"{what} was {value:.6g} again, outside the row's interval {score.lo:.6g} to {score.hi:.6g}."]


def _far(what: str, key: str, mine: float, theirs: float, *, vertex_percent: float) -> list[str]:
    metric = find_metric(key)
    worst = metric.worst if math.isfinite(metric.worst) else 1.0
    slack = max(RELATIVE * max(abs(mine), abs(theirs)), ABSOLUTE_OF_WORST * worst)
    if metric.name.startswith("pen_") and metric.unit == "%":
        slack = max(slack, vertex_percent)
    return [] if abs(mine - theirs) <= slack else [f"{what} is {mine:.6g} in the row and was {theirs:.6g} again."]
