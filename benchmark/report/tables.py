"""From scored runs to the cells of the tables; pure, no HTML."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from ...metrics.audit import warning_of
from ...metrics.declarations import Metric, find_metric
from ...metrics.semantics.declarations import NOT_VALIDATED
from ..comparison import ScoredRun
from ..judging.cautions import judge_cautions
from ..ranking import (
    REST_POSE,
    is_ceiling,
    is_floor,
    is_rankable,
    judge_may_rank,
    metric_order,
    rank_groups,
    rows_of_every_table,
)
from ..records import Clusters, Score
from ..statistics import FEWEST_CLUSTERS
from .headline import FAMILIES, family_of, headline_keys, label_of
from .numbers import decimals_for, written

NO_INTERVAL = f"n/a: fewer than {FEWEST_CLUSTERS} clusters"

State = Literal["leader", "ranked", "unranked", "plain", "absent"]

ARROWS = {"lower": "\N{DOWNWARDS ARROW}", "higher": "\N{UPWARDS ARROW}", "none": ""}
_BETTER = {"lower": "lower is better", "higher": "higher is better", "none": "shown to explain others, never ranked"}


@dataclass(frozen=True)
class Column:
    """The head of a metric."""

    key: str
    name: str
    qualifier: str
    unit: str
    arrow: str
    better: str
    summary: str
    family: str
    warning: str
    """What the audit of the metrics found against it; usually nothing."""
    caution: str
    """What always stands beside a semantic score; of geometry nothing."""


WHISKER_PX = 76


@dataclass(frozen=True)
class Whisker:
    """Value and interval in pixels along a line that stands for what the column spans."""

    at: float
    lo: float | None
    hi: float | None


@dataclass(frozen=True)
class Cell:
    """One number of a table."""

    text: str
    interval: str = ""
    hint: str = ""
    """Everything about the number, shown on hover."""
    rank: str = ""
    state: State = "plain"
    whisker: Whisker | None = None
    no_interval: bool = False


@dataclass(frozen=True)
class Row:
    """One method."""

    name: str
    version: str
    role: Literal["ceiling", "method", "floor"]
    trust: str
    failures: int
    cells: tuple[Cell, ...]
    missing: bool = False
    """Whether this is only the reminder that a row that must always be there is not."""


@dataclass(frozen=True)
class Table:
    """The short table of one split."""

    split: str
    clips: int
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]

    @property
    def lacks_intervals(self) -> bool:
        """Whether a number of it has no interval."""
        return any(cell.no_interval for row in self.rows for cell in row.cells)

    @property
    def cautions(self) -> list[str]:
        """What must be said of the judges that gave some of its numbers."""
        return judge_cautions(column.key for column in self.columns)

    @property
    def has_unranked(self) -> bool:
        """Whether a number of it is shown without a rank because of the floors."""
        return any(cell.state == "unranked" for row in self.rows for cell in row.cells)


@dataclass(frozen=True)
class Family:
    """Metrics of one family in the long table: a line per metric, a cell per method."""

    name: str
    lines: tuple[tuple[Column, tuple[Cell, ...]], ...]


def column_of(key: str) -> Column:
    """Return the head of a metric's column."""
    metric = find_metric(key)
    name, qualifier = label_of(key)
    arrow, better = ARROWS[metric.direction], _BETTER[metric.direction]
    warning = warning_of(key) or ""
    caution = NOT_VALIDATED if metric.family == "semantics" else ""
    return Column(key, name, qualifier, metric.unit, arrow, better, metric.summary, family_of(metric), warning, caution)


def in_table_order(runs: Sequence[ScoredRun]) -> list[ScoredRun]:
    """Return runs in the order of the rows: ceilings, methods from the best to the worst, floors.

    Best is by the first metric of the short table; methods that lack it come after those that have it.
    """
    scored = {key for run in runs for key in run.result.scores.get("all", {})}
    first = headline_keys(scored)[:1]

    def place(run: ScoredRun) -> tuple[int, float, str]:
        """Return the sort key: the ceiling, then methods with the best first, floors last."""
        name, scores = run.result.method.name, run.result.scores.get("all", {})
        role = 0 if is_ceiling(name) else 2 if is_floor(name) else 1
        value = float("inf")
        if first and first[0] in scores:
            value = scores[first[0]].value * (1 if scores[first[0]].direction == "lower" else -1)
        return role, value, name

    return sorted(runs, key=place)


def splits_of(runs: Sequence[ScoredRun]) -> list[str]:
    """Return the splits that occur, ``all`` first."""
    names = {split for run in runs for split in run.result.scores}
    return sorted(names, key=lambda split: (split != "all", split))


def short_table(runs: Sequence[ScoredRun], split: str) -> Table:
    """Return the headline table of a split, with ranks, and with a reminder of each missing floor and ceiling."""
    ordered = in_table_order(runs)
    scored = {key for run in runs for key in run.result.scores.get(split, {})}
    keys = headline_keys(scored)
    by_key = {key: _cells(ordered, key, split, ranks=rank_groups(ordered, key, split=split)) for key in keys}
    rows = [_row(run, tuple(by_key[key][i] for key in keys)) for i, run in enumerate(ordered)]
    present = {run.result.method.name for run in runs}
    blank = tuple(Cell("", state="absent") for _ in keys)
    ceilings, floors = rows_of_every_table(scored)
    above = [Row(name, "", "ceiling", "", 0, blank, missing=True) for name in ceilings if name not in present]
    below = [Row(name, "", "floor", "", 0, blank, missing=True) for name in floors if name not in present]
    clips = max((_clip_count(run, split) for run in runs), default=0)
    return Table(split, clips, tuple(column_of(key) for key in keys), (*above, *rows, *below))


def long_table(runs: Sequence[ScoredRun], split: str) -> list[Family]:
    """Return every metric of a split by family, without ranks."""
    ordered = in_table_order(runs)
    scored = metric_order(sorted({key for run in runs for key in run.result.scores.get(split, {})}))
    lines = [(column_of(key), tuple(_cells(ordered, key, split, ranks=None))) for key in scored]
    families = [Family(name, tuple(line for line in lines if line[0].family == name)) for name in FAMILIES]
    return [family for family in families if family.lines]


def _clip_count(run: ScoredRun, split: str) -> int:
    return sum(split in {"all", sample.split} for sample in run.samples.samples)


def _row(run: ScoredRun, cells: tuple[Cell, ...]) -> Row:
    method = run.result.method
    role: Literal["ceiling", "method", "floor"] = "method"
    if is_ceiling(method.name):
        role = "ceiling"
    elif is_floor(method.name):
        role = "floor"
    return Row(method.name, method.version or "", role, run.result.trust, run.result.failures.count, cells)


def _cells(runs: Sequence[ScoredRun], key: str, split: str, *, ranks: dict[str, int] | None) -> list[Cell]:
    scores = [run.result.scores.get(split, {}).get(key) for run in runs]
    decimals = decimals_for([score.value for score in scores if score])
    rest_pose = next((run.result for run in runs if run.result.method.name == REST_POSE), None)
    domain = _domain([score for score in scores if score])
    cells = []
    for run, score in zip(runs, scores, strict=True):
        if score is None:
            cells.append(Cell("\N{EN DASH}", hint="does not apply to any clip here", state="absent"))
            continue
        # Without intervals nothing is told apart and all would share the first rank: that is no rank.
        placed = None if ranks is None or score.lo is None else ranks.get(run.result.predictions_sha256)
        rank = "" if placed is None else str(placed)
        state: State = "leader" if rank == "1" else "ranked" if rank else "plain"
        if ranks is not None and judge_may_rank(key) and not is_ceiling(run.result.method.name):
            rankable = is_rankable(run.result, key, rest_pose, split=split)
            state = state if rankable else "unranked"
        cells.append(_cell(score, decimals, find_metric(key), state=state, rank=rank, domain=domain))
    return cells


def _domain(scores: Sequence[Score]) -> tuple[float, float]:
    ends = [e for s in scores for e in (s.value, s.lo, s.hi) if e is not None]
    return (min([0.0, *ends]), max(ends)) if ends else (0.0, 1.0)


def _has_few(clusters: Clusters) -> bool:
    """Whether there are too few clusters for an interval; data without bodies has 0 of them."""
    sides = (clusters.motions, clusters.bodies) if clusters.bodies else (clusters.motions,)
    return min(sides) < FEWEST_CLUSTERS


def _cell(score: Score, decimals: int, metric: Metric, *, state: State, rank: str, domain: tuple[float, float]) -> Cell:
    start, span = domain[0], (domain[1] - domain[0]) or 1.0
    lo, hi = score.lo, score.hi
    clusters = f"{score.n} clips, {score.clusters.motions} motions, {score.clusters.bodies} bodies"
    whole = f"{score.value:.6g} {metric.unit}" if metric.unit != "1" else f"{score.value:.6g}"
    if lo is None or hi is None:
        why = f"interval {NO_INTERVAL}" if _has_few(score.clusters) else ""
        hint = "; ".join(filter(None, (whole, why or score.note, clusters)))
        where = Whisker(round(WHISKER_PX * (score.value - start) / span, 1), None, None)
        return Cell(written(score.value, decimals), "n/a", hint, rank, state, where, no_interval=True)
    hint = f"{whole}; 95 % interval {lo:.6g} to {hi:.6g}; {clusters}"
    interval = f"{written(lo, decimals)} \N{EN DASH} {written(hi, decimals)}"
    where = Whisker(*(round(WHISKER_PX * (v - start) / span, 1) for v in (score.value, lo, hi)))
    return Cell(written(score.value, decimals), interval, hint, rank, state, where)
