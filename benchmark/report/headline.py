"""Which metrics stand in the short table, and how all of them are grouped."""

from collections.abc import Collection

from ...metrics.declarations import Metric, find_metric
from ...metrics.retrieval.declarations import is_retrieval_key, retrieval_metric, search_order
from ...metrics.semantics.declarations import is_semantic_key, semantic_metric
from ..ranking import metric_order

FAMILIES = ("Contact", "Position", "Penetration", "Plausibility", "Semantics", "Retrieval", "Recognition")

_HEADLINES = (
    "goal_f1@1",
    "goal_contact@1",
    "source_contact_recall@1",
    "source_contact_precision@1",
    "contact_error@1",
    "source_contact_recall@1[source-proxy]",
    "source_contact_precision@1[source-proxy]",
    "contact_error@1[source-proxy]",
    "mpjpe_cm@1[global]",
    "mpjpe_cm@1[local,nearest-of-k]",
    "pen_limb@1[0.3%H]",
    "pen_arm@1[0.3%H]",
    "skate_mean@1",
    "float_height@1",
    "floor_penetration@1",
    "jerk@1",
)
_SEMANTIC_HEADLINES = ("scl", "itm", "kid")
_RETRIEVAL_HEADLINES = ("R@1", "R@10", "MedR")
_RETRIEVAL_PROTOCOLS = ("all-strict", "same-meaning")
_ONLY_WITHOUT_GOALS = {"source_contact_recall@1", "source_contact_precision@1", "float_height@1"}


def family_of(metric: Metric) -> str:
    """Return the family under whose head a metric stands."""
    if metric.family in {"semantics", "retrieval", "recognition"}:
        return metric.family.capitalize()
    if metric.needs == "reference":
        return "Position"
    if metric.name.startswith("pen_"):
        return "Penetration"
    return "Contact" if metric.needs == "goals" or "contact" in metric.name else "Plausibility"


def headline_keys(scored: Collection[str]) -> list[str]:
    """Return the keys of the short table among those that were scored, in its order.

    Where the track has programmed contacts these stand for contact; elsewhere the source's own contacts do. Behind them
    stand what judges gave, judge by judge. A result without any headline metric shows all it has.
    """
    has_goals = "goal_f1@1" in scored
    keys = [key for key in _HEADLINES if key in scored and not (has_goals and key in _ONLY_WITHOUT_GOALS)]
    judged = [semantic_metric(key) for key in scored if is_semantic_key(key)]
    shown = [metric for metric in judged if metric.bare in _SEMANTIC_HEADLINES]
    shown.sort(key=lambda metric: (metric.judge, _SEMANTIC_HEADLINES.index(metric.bare), metric.key))
    return [*keys, *(metric.key for metric in shown)] or _searches(scored) or metric_order(sorted(scored))


def _searches(scored: Collection[str]) -> list[str]:
    """R@1, R@10 and MedR of each direction: strict, and, where texts take part, by meaning, of the first captions."""
    found = []
    for key in scored:
        metric = retrieval_metric(key) if is_retrieval_key(key) else None
        column = metric.column if metric else None
        if metric is None or column is None or column.words or column.protocol not in _RETRIEVAL_PROTOCOLS:
            continue
        if "t" not in column.direction and column.protocol != "all-strict":
            continue
        if metric.name.partition("/")[2] in _RETRIEVAL_HEADLINES:
            found.append(key)
    return sorted(found, key=search_order)


def contact_key(scored: Collection[str]) -> str | None:
    """Return the metric that says best whether contacts are kept."""
    return next((key for key in ("goal_f1@1", "source_contact_recall@1") if key in scored), None)


def label_of(key: str) -> tuple[str, str]:
    """Return a key's name with version, and its qualifier."""
    metric = find_metric(key)
    return f"{metric.name}@{metric.version}", metric.qualifier
