"""Several scored runs as one table for a terminal: metrics down, methods across, intervals below the values."""

from collections.abc import Sequence

from ...metrics.semantics.declarations import NOT_VALIDATED, is_semantic_key
from ..cautions import table_cautions
from ..comparison import ScoredRun
from ..ranking import is_ceiling, is_floor, rank_groups
from ..records import Score
from ..report.headline import headline_keys
from ..report.numbers import decimals_for, written
from ..report.tables import ARROWS, in_table_order
from ..summary import ALL
from . import console

LEGEND = (
    "#1 is the best group; methods in one group cannot be told apart (paired 95 % interval against the group's first "
    "contains 0).\nWithout a rank: the ceiling, and methods that are not better than rest pose at contact and position "
    "(doing nothing never penetrates, skates or shakes).\nBelow each value its 95 % interval, over motions and target "
    "bodies."
)


def print_methods(runs: Sequence[ScoredRun], *, split: str = ALL) -> None:
    """Print the headline metrics of several runs on the same data to stdout.

    Ceilings stand left, floors right, methods between them from the best to the worst.
    """
    ordered = in_table_order(runs)
    keys = headline_keys({key for run in ordered for key in run.result.scores.get(split, {})})
    heads = ["metric", *(run.result.method.name for run in ordered)]
    rows = [["", *(_role(run.result.method.name) for run in ordered)]]
    for key in keys:
        rows += _metric_rows(ordered, key, split)
    console.table(heads, rows, align="l" + "r" * len(ordered))
    console.result(LEGEND)
    for caution in table_cautions(keys):
        console.result(caution)


def _role(method: str) -> str:
    if is_ceiling(method):
        return "ceiling"
    return "floor" if is_floor(method) else ""


def _metric_rows(runs: Sequence[ScoredRun], key: str, split: str) -> list[list[str]]:
    scores = [run.result.scores.get(split, {}).get(key) for run in runs]
    ranks = rank_groups(runs, key, split=split)
    present = [score for score in scores if score is not None]
    decimals = decimals_for([score.value for score in present])
    values, intervals = [], []
    for run, score in zip(runs, scores, strict=True):
        rank = ranks.get(run.result.predictions_sha256)
        values.append(_value(score, decimals) + (f" #{rank}" if rank else "   "))
        intervals.append(_interval(score, decimals) + "   ")
    name = f"{key} {ARROWS[present[0].direction]}"
    unit = f"  {present[0].unit}, {present[0].n} clips" if present[0].unit != "1" else f"  {present[0].n} clips"
    if is_semantic_key(key):
        unit = f"  {NOT_VALIDATED}"
    return [[name, *values], [unit, *intervals]]


def _value(score: Score | None, decimals: int) -> str:
    return "-" if score is None else written(score.value, decimals)


def _interval(score: Score | None, decimals: int) -> str:
    if score is None or score.lo is None or score.hi is None:
        return ""
    return f"{written(score.lo, decimals)}..{written(score.hi, decimals)}"
