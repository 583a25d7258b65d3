"""Rank groups: which methods of a table can be told apart, and which rows are shown without a rank."""

from collections.abc import Iterable, Mapping, Sequence

from ..metrics.declarations import METRICS, find_metric
from ..metrics.recognition.declarations import FORMULAS as RECOGNITION_FORMULAS
from ..metrics.recognition.declarations import is_recognition_key
from ..metrics.retrieval.declarations import MODALITIES, Modality, is_retrieval_key, search_order
from ..metrics.semantics.declarations import is_semantic_key, semantic_metric
from .comparison import ScoredRun, compare_runs
from .judging.cautions import judge_warning, judges_in
from .records import Result
from .running.methods import GROUND_TRUTH
from .summary import ALL, rests_on_clips

FLOORS = ("rest-pose", "random")
"""Methods that anybody beats who does anything; a metric on which one of them is first needs the others beside it."""

RETRIEVAL_FLOORS: Mapping[str, frozenset[Modality]] = {
    "retrieval-random": frozenset(),
    "retrieval-constant": frozenset(),
    "retrieval-caption-length": frozenset({"text", "motion"}),
    "retrieval-duration": frozenset({"video", "motion"}),
}
"""The same, of the tracks that search, with what must be there for a floor to say anything."""

RECOGNITION_FLOORS = ("recognition-random", "recognition-majority")
"""The same, of the tracks that name classes."""

CEILINGS = (GROUND_TRUTH,)
"""Sources of predictions that know the answer."""

REST_POSE = "rest-pose"

SEMANTIC_ORDER = ("scl", "scl,queries", "itm", "kid", "fid")
"""In which a judge's metrics stand in tables."""

_PROOFS = ("goal_f1@1", "mpjpe_cm@1[global]")


def is_floor(method: str) -> bool:
    """Whether a method is one of the floors."""
    return method in {*FLOORS, *RETRIEVAL_FLOORS, *RECOGNITION_FLOORS}


def rows_of_every_table(keys: Iterable[str]) -> tuple[Sequence[str], Sequence[str]]:
    """Return the ceilings and the floors that a table with such metrics must show, as far as they can be run."""
    scored = list(keys)
    searches = [key for key in scored if is_retrieval_key(key)]
    if searches:
        kinds = {MODALITIES[letter] for key in searches for letter in (key[0], key[2])}  # "t2m/...": text, motion
        return (), [name for name, needed in RETRIEVAL_FLOORS.items() if needed <= kinds]
    if any(map(is_recognition_key, scored)):
        return (), RECOGNITION_FLOORS
    return CEILINGS, FLOORS


def is_ceiling(method: str) -> bool:
    """Whether the predictions come from the ground truth."""
    return method in CEILINGS


def rank_groups(runs: Sequence[ScoredRun], key: str, *, split: str = ALL) -> dict[str, int]:
    """Return the rank of each run that is ranked on a metric, keyed by its predictions' hash.

    Runs are put in order of their means. The first leads; those after it whose paired difference from it is not shown
    (its 95 % interval contains 0) share its rank; the next one leads the next group, with the rank of its place.
    Metrics without direction rank nobody, nor do those that no number per clip gives (there is no paired difference),
    nor does a judge that is not admissible, nor a test set with too few clusters for intervals; ceilings and rows that
    ``is_rankable`` leaves out are not ranked.
    """
    direction = find_metric(key).direction
    if direction == "none" or not judge_may_rank(key) or not rests_on_clips(key):
        return {}
    rest_pose = next((run.result for run in runs if run.result.method.name == REST_POSE), None)
    entered = [run for run in runs if key in run.result.scores.get(split, {})]
    entered = [run for run in entered if is_rankable(run.result, key, rest_pose, split=split)]
    sign = 1 if direction == "lower" else -1
    entered.sort(key=lambda run: (sign * run.result.scores[split][key].value, run.result.method.name))
    if any(run.result.scores[split][key].lo is None for run in entered):
        return {}
    ranks: dict[str, int] = {}
    rank = 1
    for place, run in enumerate(entered):
        leader = entered[rank - 1]
        if run is not leader and _differ(run, leader, key, split):
            rank = place + 1
        ranks[run.result.predictions_sha256] = rank
    return ranks


def judge_may_rank(key: str) -> bool:
    """Whether nothing speaks against ranking by a metric's judge; metrics that need no judge always may."""
    return not any(judge_warning(judge) for judge in judges_in([key]))


def _differ(run: ScoredRun, leader: ScoredRun, key: str, split: str) -> bool:
    row = compare_runs(run, leader, split=split, keys=[key])[0]
    return row.lo is not None and row.hi is not None and not row.lo <= 0 <= row.hi


def is_rankable(result: Result, key: str, rest_pose: Result | None, *, split: str = ALL) -> bool:
    """Whether a row is ranked on a metric or only shown.

    A method that does nothing never penetrates, skates or shakes. On metrics that compare with no right answer a row
    is therefore ranked only when it beats rest pose on contact F1 and on position, as far as the track has them.
    Ground truth is never ranked: it is the ceiling.
    """
    if is_ceiling(result.method.name):
        return False
    if find_metric(key).needs in {"reference", "goals"} or rest_pose is None:
        return True
    mine, floor = result.scores.get(split, {}), rest_pose.scores.get(split, {})
    proofs = [proof for proof in _PROOFS if proof in mine and proof in floor]
    return all(_beats(mine[proof].value, floor[proof].value, proof) for proof in proofs)


def _beats(mine: float, floor: float, key: str) -> bool:
    return mine < floor if find_metric(key).direction == "lower" else mine > floor


def metric_order(keys: Mapping[str, object] | Sequence[str]) -> list[str]:
    """Return keys in the order of the tables."""
    order = {metric.key: place for place, metric in enumerate(METRICS)}

    def place(key: str) -> tuple[int, str, int, str]:
        """Return the sort key: geometry as declared, then judge by judge, search by search, classes."""
        if is_semantic_key(key):
            metric = semantic_metric(key)
            return len(order), metric.judge, SEMANTIC_ORDER.index(metric.bare), key
        if is_retrieval_key(key):
            return len(order) + 1, *search_order(key), key
        if is_recognition_key(key):
            return len(order) + 2, "", RECOGNITION_FORMULAS.index(find_metric(key).name), key
        return order.get(key, len(order) + 1), "", 0, key

    return sorted(keys, key=place)
