"""The gate: has a new result become worse than a base, beyond a tolerance and beyond noise?"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from ..datasets.errors import BenchError, UnknownName
from ..metrics.declarations import find_metric
from .comparison import SIGNIFICANT, Difference, ScoredRun, compare_runs
from .ranking import judge_may_rank, metric_order
from .summary import ALL

WORST_CLIPS = 5

Outcome = Literal["passed", "failed", "undecided"]


class BadTolerance(BenchError):
    """A tolerance that cannot be read, or one for a metric that cannot become worse."""

    rule = "C013"


class UngatedMetric(UnknownName):
    """A tolerance for a metric that does not exist or that the results do not have."""

    rule = "C014"


class TooFewClusters(BenchError):
    """Results on so few motions or bodies that noise cannot be told from change."""

    rule = "C015"


@dataclass(frozen=True)
class Tolerance:
    """How much worse a metric may become."""

    key: str
    amount: float
    is_relative: bool
    """Whether the amount is a share of the base's value; otherwise it is in the metric's unit."""

    def allowed(self, base: float) -> float:
        """Return the allowed worsening in the metric's unit."""
        return self.amount * abs(base) if self.is_relative else self.amount


@dataclass(frozen=True)
class WorstClip:
    """A clip that became worse."""

    clip_id: str
    base: float
    new: float


@dataclass(frozen=True)
class GatedMetric:
    """The gate's answer for one metric."""

    outcome: Outcome
    worsening: float
    """How much worse the new result is, in the metric's unit; negative when it is better."""
    allowed: float
    difference: Difference
    """New minus base."""
    worst_clips: tuple[WorstClip, ...]
    """The clips that became worse most, the worst first; empty unless the metric failed."""


_TOLERANCE = re.compile(r"(?P<name>.+)=(?P<amount>\d+(\.\d*)?|\.\d+)(?P<percent>%?)")


def read_tolerance(text: str, keys: Sequence[str]) -> Tolerance:
    """Read ``pen_limb=2%`` or ``jerk@1=5``.

    Args:
        text: A metric's key, or its name where that leaves no doubt, and an amount: with ``%`` a share of the base's
            value, without it in the metric's unit.
        keys: The metrics that the results have.

    Raises:
        BadTolerance: If it cannot be read, or the metric has no direction.
        UngatedMetric: With the nearest names.
    """
    match = _TOLERANCE.fullmatch(text.strip())
    if match is None:
        raise BadTolerance(f"the tolerance '{text}' cannot be read; expected METRIC=AMOUNT, for example pen_limb=2%.")
    key = _key(match["name"].strip(), keys)
    if find_metric(key).direction == "none":
        raise BadTolerance(f"{key} has no better or worse; give tolerances for metrics with a direction.")
    is_relative = bool(match["percent"])
    return Tolerance(key, float(match["amount"]) / (100 if is_relative else 1), is_relative)


def _key(name: str, keys: Sequence[str]) -> str:
    if name in keys:
        return name
    versions = [key for key in metric_order(keys) if name in {find_metric(key).name, _bare(key)}]
    plain = [key for key in versions if "[" not in key]
    if len(plain or versions) == 1:
        return (plain or versions)[0]
    if versions:
        raise BadTolerance(f"'{name}' may mean {' or '.join(versions)}; write the whole key.")
    raise UngatedMetric("metric in both results", name, [*keys, *(find_metric(key).name for key in keys)])


def _bare(key: str) -> str:
    """``pen_limb@1[0.3%H]`` without its version: ``pen_limb[0.3%H]``."""
    metric = find_metric(key)
    return metric.name + (f"[{metric.qualifier}]" if metric.qualifier else "")


def gate_runs(
    new: ScoredRun, base: ScoredRun, tolerances: Sequence[Tolerance], *, split: str = ALL
) -> list[GatedMetric]:
    """Return the answer for each gated metric.

    A metric fails only when the new result is worse by more than the tolerance and the paired difference is beyond
    noise: its p-value, adjusted by Holm's rule for the number of gated metrics, is below 0.05. Where a test set has
    too few motions or bodies for a p-value, a metric that is worse beyond its tolerance is undecided.

    Args:
        new: The result to judge.
        base: What it is judged against.
        tolerances: One per gated metric; none gates every metric that has a direction, with tolerance 0, but for those
            of judges that rank nobody.
        split: ``all`` or one of the track's splits.

    Raises:
        NotComparable: If the two results are on different data.
        TooFewClusters: If no gated metric can be told from noise.
    """
    chosen = {tolerance.key: tolerance for tolerance in tolerances} or _all_at_zero(new, base)
    rows = compare_runs(new, base, split=split, keys=list(chosen))
    changed = [row for row in rows if row.verdict != "equal"]
    if changed and all(row.p_value is None for row in rows):
        raise TooFewClusters(f"nothing can be told from noise here ({changed[0].note}); gate on a larger track.")
    return [_gated(row, chosen[row.key], new, base) for row in rows]


def _all_at_zero(new: ScoredRun, base: ScoredRun) -> Mapping[str, Tolerance]:
    common = [key for key in new.samples.keys if key in base.samples.keys and judge_may_rank(key)]
    return {key: Tolerance(key, 0.0, is_relative=False) for key in common if find_metric(key).direction != "none"}


def _gated(row: Difference, tolerance: Tolerance, new: ScoredRun, base: ScoredRun) -> GatedMetric:
    sign = 1.0 if row.direction == "lower" else -1.0
    worsening, allowed = sign * row.difference, tolerance.allowed(row.b)
    outcome: Outcome = "passed"
    if worsening > allowed and row.verdict != "equal":
        if row.p_holm is None:
            outcome = "undecided"
        elif row.p_holm < SIGNIFICANT:
            outcome = "failed"
    clips = _worst_clips(row.key, sign, new, base) if outcome == "failed" else ()
    return GatedMetric(outcome, worsening, allowed, row, clips)


def _worst_clips(key: str, sign: float, new: ScoredRun, base: ScoredRun) -> tuple[WorstClip, ...]:
    before = {sample.clip_id: sample.values[key] for sample in base.samples.samples if key in sample.values}
    clips = [
        WorstClip(sample.clip_id, before[sample.clip_id], sample.values[key])
        for sample in new.samples.samples
        if key in sample.values and sample.clip_id in before
    ]
    worse = [clip for clip in clips if sign * (clip.new - clip.base) > 0]
    worse.sort(key=lambda clip: (-sign * (clip.new - clip.base), clip.clip_id))
    return tuple(worse[:WORST_CLIPS])
