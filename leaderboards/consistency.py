"""Does a row follow from its own table of clips? Needs no data and no method; finds any number altered by hand."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ..benchmark.records import Result, Score
from ..benchmark.samples import SampleTable
from ..benchmark.summary import rests_on_clips, summarise
from ..datasets.clip_set import ClipSet
from ..datasets.errors import UnknownName, shorten
from ..metrics.declarations import find_metric
from .rows import Row, file_sha256, samples_path

RELATIVE = 1e-9
"""What adding up the same numbers may differ by between machines; an interval is drawn, it gets a thousand times it."""

_INTERVAL_RELATIVE = 1e-6


def row_problems(path: Path, row: Row, samples: SampleTable) -> list[str]:
    """Return one sentence per number of a row that does not follow from its table of clips."""
    problems = []
    if file_sha256(samples_path(path)) != row.samples_sha256:
        problems.append(f"{samples_path(path).name} is not the table of clips that the row was written with.")
    return problems + altered_numbers(row.result, samples)


def altered_numbers(result: Result, samples: SampleTable) -> list[str]:
    """Return one sentence per number of a result that its table of clips does not give.

    ``fid`` alone follows from no table of clips: only scoring again can tell whether it holds.
    """
    unknown = [key for key in samples.keys if not _is_known(key)]
    if unknown:
        return [f"the metrics {shorten(unknown, 4)} are not known to this version of retargetbench."]
    recomputed = summarise(samples, data=result.data)
    problems = []
    for split in {**recomputed, **result.scores}:
        written, right = result.scores.get(split), recomputed.get(split)
        if written is None or right is None:
            where = "the row" if right is None else "its table of clips"
            problems.append(f"the split '{split}' is only in {where}.")
            continue
        for key in filter(rests_on_clips, {**right, **written}):
            problems += _score_problems(f"{key} of {split}", written.get(key), right.get(key))
    problems = _told_once(problems, result)
    failed = tuple(sorted(sample.clip_id for sample in samples.samples if sample.failed))
    if result.failures.ids != failed or result.failures.count != len(failed):
        problems.append(f"the row counts {result.failures.count} failed clips, its table of clips {len(failed)}.")
    return problems


def _told_once(problems: list[str], result: Result) -> list[str]:
    """Intervals are drawn with a seed from the data version: when that is wrong, all are, for one reason."""
    intervals = [p for p in problems if p.startswith(("lower end", "upper end"))]
    drawn = sum(score.lo is not None for scores in result.scores.values() for score in scores.values())
    if len(intervals) < len(problems) or len(intervals) <= max(drawn, 2):
        return problems
    return [
        "the values follow from the clips and the intervals do not: the hash of the data, from which the intervals are "
        "drawn, is not the one the result was scored with."
    ]


def _is_known(key: str) -> bool:
    try:
        find_metric(key)
    except UnknownName:
        return False
    return True


@dataclass(frozen=True)
class _Field:
    name: str
    read: Callable[[Score], float | None]
    relative: float


_NUMBERS = (
    _Field("value", lambda score: score.value, RELATIVE),
    _Field("lower end", lambda score: score.lo, _INTERVAL_RELATIVE),
    _Field("upper end", lambda score: score.hi, _INTERVAL_RELATIVE),
)


def _score_problems(what: str, written: Score | None, right: Score | None) -> list[str]:
    if written is None or right is None:
        return [f"{what} is {'only in the row' if right is None else 'missing from the row'}."]
    problems = []
    for field in _NUMBERS:
        mine, theirs = field.read(written), field.read(right)
        if not _close(mine, theirs, field.relative):
            problems.append(f"{field.name} of {what} is {_shown(mine)} in the row and {_shown(theirs)} by its clips.")
    for name in ("n", "clusters", "unit", "direction"):
        mine, theirs = getattr(written, name), getattr(right, name)
        if mine != theirs:
            problems.append(f"{name} of {what} is '{mine}' in the row and '{theirs}' by its clips.")
    return problems


def _close(a: float | None, b: float | None, relative: float) -> bool:
    if a is None or b is None:
        return a is b
    return abs(a - b) <= relative * max(abs(a), abs(b), 1e-12)


def _shown(value: float | None) -> str:
    return "absent" if value is None else f"{value:.9g}"


def clip_problems(samples: SampleTable, clip_set: ClipSet) -> list[str]:
    """Return one sentence per disagreement of a table of clips with the data: missing, unknown or misplaced clips."""
    specs = {spec.clip_id: spec for spec in clip_set.pairs}
    here = {sample.clip_id for sample in samples.samples}
    problems = []
    if len(here) != len(samples.samples):
        problems.append("a clip occurs more than once in the table of clips.")
    for ids, what in ((specs.keys() - here, "missing from"), (here - specs.keys(), "unknown to the data but in")):
        if ids:
            problems.append(f"{len(ids)} clips are {what} the table of clips, for example {min(ids)}.")
    for sample in samples.samples:
        spec = specs.get(sample.clip_id)
        if spec and (sample.split, sample.motion_cluster, sample.body_cluster) != (
            spec.split,
            spec.motion_cluster,
            spec.target,
        ):
            problems.append(f"{sample.clip_id} stands under another split, motion or body than in the data.")
    return problems
