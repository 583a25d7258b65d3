"""Two scored runs side by side: paired by clip, with an interval, a p-value and what the test set can resolve."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from ..datasets.errors import BenchError, shorten
from ..metrics.declarations import Direction, find_metric
from .records import RESULT_FILE, SAMPLES_FILE, BadRecord, Result, read_result
from .samples import Sample, SampleTable, read_samples
from .statistics import Estimate, estimate_mean, holm, seed_from
from .summary import ALL, clip_values, in_split, rests_on_clips, values_in

RESOLVED_ERRORS = 1.959964 + 0.841621
"""Standard errors that a true difference must have to be found in 80 % of test sets at the 5 % level."""

SIGNIFICANT = 0.05

Verdict = Literal["better", "worse", "different", "no difference shown", "equal", "undecided"]


class NotComparable(BenchError):
    """Two results on different data, tracks or clips."""

    rule = "C011"


class NoSuchResult(BenchError):
    """A path at which there is no scored run, or more than one."""

    rule = "C012"


@dataclass(frozen=True)
class ScoredRun:
    """A scored run, read from its folder."""

    folder: Path
    result: Result
    samples: SampleTable


@dataclass(frozen=True)
class Difference:
    """One metric of A compared with B: mean of A minus B over the clips that both have."""

    key: str
    unit: str
    direction: Direction
    a: float
    """Mean of A over the common clips."""
    b: float
    difference: float
    """Mean of A minus B."""
    lo: float | None
    """95 % interval of the difference; ``None`` with too few clusters."""
    hi: float | None
    p_value: float | None
    p_holm: float | None
    """Adjusted by Holm's rule for all ranked metrics of the comparison; ``None`` for metrics without direction."""
    effect_size: float | None
    """Mean over standard deviation of the clips' differences (Cohen's d_z); ``None`` where all are equal."""
    smallest_resolved: float | None
    """The true difference that this test set would show in 80 % of cases at the 5 % level; ``None`` without interval
    or where both runs are equal."""
    n: int
    verdict: Verdict
    """What holds for A, after Holm's adjustment."""
    note: str | None


def load_run(path: Path) -> ScoredRun:
    """Read a scored run.

    Args:
        path: Its folder, its ``result.json``, or a folder above in which it is the only one.

    Raises:
        NoSuchResult: If there is none there, or more than one.
        BadRecord: If a record cannot be read.
    """
    if path.is_file():
        folder = path.parent
    elif (path / RESULT_FILE).is_file():
        folder = path
    else:
        found = sorted(p.parent for p in path.glob(f"**/{RESULT_FILE}")) if path.is_dir() else []
        if not found:
            raise NoSuchResult(f"there is no {RESULT_FILE} at or below '{path}'; give a folder written by score.")
        if len(found) > 1:
            names = shorten([str(p.relative_to(path)) for p in found], 4)
            raise NoSuchResult(f"there are {len(found)} results below '{path}': {names}; name one of them.")
        folder = found[0]
    result, samples = read_result(folder / RESULT_FILE), read_samples(folder / SAMPLES_FILE)
    _check_belonging(folder, result, samples)
    return ScoredRun(folder, result, samples)


def _check_belonging(folder: Path, result: Result, samples: SampleTable) -> None:
    """A result whose table of clips is of another run would be compared on the wrong numbers."""
    for key, score in result.scores.get(ALL, {}).items():
        if not rests_on_clips(key):
            continue
        values = [sample.values[key] for sample in samples.samples if key in sample.values]
        if len(values) != score.n or abs(np.mean(values) - score.value) > 1e-6 * max(1.0, abs(score.value)):
            raise BadRecord(
                f"{folder / SAMPLES_FILE} does not belong to its {RESULT_FILE}: {key} is {score.value:.6g} over "
                f"{score.n} clips in one and not in the other; score the predictions again."
            )


def compare_runs(
    a: ScoredRun, b: ScoredRun, *, split: str = ALL, keys: Sequence[str] | None = None
) -> list[Difference]:
    """Return the paired difference A minus B of every metric that both runs have, in the order of the tables.

    Args:
        a: The run of which something is to be said.
        b: The run it is compared with.
        split: ``all`` or one of the track's splits.
        keys: Metrics; ``None`` takes all. Holm's adjustment is over the ranked ones among them.

    Raises:
        NotComparable: If data, clips or a judge differ, or the split does not occur.
    """
    _check_comparable(a, b)
    check_same_judges([a, b])
    pairs = _paired(a, b, split)
    common = [key for key in a.samples.keys if key in b.samples.keys and (keys is None or key in keys)]
    seed = seed_from(a.result.data)
    values = [(mine, values_in(mine, split), values_in(theirs, split)) for mine, theirs in pairs]
    rows = [row for row in (_paired_values(key, values, seed) for key in common) if row is not None]
    ranked = [row for row in rows if find_metric(row.key).direction != "none" and row.estimate.p_value is not None]
    adjusted = holm([row.estimate.p_value for row in ranked if row.estimate.p_value is not None])
    p_holm = {row.key: p for row, p in zip(ranked, adjusted, strict=True)}
    return [_difference(row, p_holm.get(row.key)) for row in rows]


def _check_comparable(a: ScoredRun, b: ScoredRun) -> None:
    for what, mine, theirs in (
        ("tracks", a.result.track, b.result.track),
        ("data", a.result.data[:12], b.result.data[:12]),
    ):
        if mine != theirs:
            raise NotComparable(
                f"the two results are on different {what}: {mine} ({a.folder}) and {theirs} ({b.folder}); "
                "score both sets of predictions on the same data."
            )


def check_same_judges(runs: Sequence[ScoredRun]) -> None:
    """Refuse runs whose columns of one name were filled by judges that differ in anything.

    Raises:
        NotComparable: Naming the judge, and what differs.
    """
    first: dict[str, ScoredRun] = {}
    for run in runs:
        for name, record in run.result.judges.items():
            known = first.setdefault(name, run).result.judges[name]
            for what in (
                "fingerprint",
                "precision",
                "views",
                "frames",
                "crop",
                "size_px",
                "questions",
                "captions_sha256",
            ):
                mine, theirs = getattr(known, what), getattr(record, what)
                if mine != theirs:
                    raise NotComparable(
                        f"the judge '{name}' is not the same in both results: {what} is {mine} in "
                        f"{first[name].folder} and {theirs} in {run.folder}; score both sets of predictions again."
                    )


def _paired(a: ScoredRun, b: ScoredRun, split: str) -> list[tuple[Sample, Sample]]:
    mine = {sample.clip_id: sample for sample in in_split(a.samples, split)}
    theirs = {sample.clip_id: sample for sample in in_split(b.samples, split)}
    if mine.keys() != theirs.keys():
        odd = sorted(mine.keys() ^ theirs.keys())
        raise NotComparable(f"the two results are on different clips, for example {odd[0]}; score both again.")
    if not mine:
        raise NotComparable(f"no clip is in the split '{split}'; these results have splits {_splits(a)}.")
    return [(mine[clip_id], theirs[clip_id]) for clip_id in sorted(mine)]


def _splits(run: ScoredRun) -> str:
    return ", ".join(run.result.scores)


@dataclass(frozen=True)
class _PairedValues:
    """One metric's values of both runs on the clips that both have."""

    key: str
    a: NDArray[np.float64]
    b: NDArray[np.float64]
    estimate: Estimate


def _paired_values(
    key: str, pairs: Sequence[tuple[Sample, Mapping[str, float], Mapping[str, float]]], seed: int
) -> _PairedValues | None:
    both = [(clip, mine[key], theirs[key]) for clip, mine, theirs in pairs if key in mine and key in theirs]
    if not both:
        return None
    of_a, of_b = (np.array(values) for values in zip(*((a, b) for _, a, b in both), strict=True))
    estimate = estimate_mean(clip_values([clip for clip, _, _ in both], (of_a - of_b).tolist()), seed=seed)
    return _PairedValues(key, of_a, of_b, estimate)


def _difference(row: _PairedValues, p_holm: float | None) -> Difference:
    metric, estimate, is_equal = find_metric(row.key), row.estimate, bool((row.a == row.b).all())
    spread = float((row.a - row.b).std(ddof=1)) if len(row.a) > 1 else 0.0
    error = estimate.standard_error
    p_value = estimate.p_value if p_holm is None else p_holm
    return Difference(
        key=row.key,
        unit=metric.unit,
        direction=metric.direction,
        a=float(row.a.mean()),
        b=float(row.b.mean()),
        difference=estimate.value,
        lo=estimate.lo,
        hi=estimate.hi,
        p_value=estimate.p_value,
        p_holm=p_holm,
        effect_size=estimate.value / spread if spread > 0 else None,
        smallest_resolved=None if error is None or is_equal else RESOLVED_ERRORS * error,
        n=estimate.n,
        verdict="equal" if is_equal else _verdict(metric.direction, estimate.value, p_value),
        note=estimate.note,
    )


def _verdict(direction: Direction, difference: float, p_value: float | None) -> Verdict:
    if p_value is None:
        return "undecided"
    if p_value >= SIGNIFICANT:
        return "no difference shown"
    if direction == "none":
        return "different"
    return "better" if (difference < 0) == (direction == "lower") else "worse"
