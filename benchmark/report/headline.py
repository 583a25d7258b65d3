"""Which metrics stand in the short table, and how all of them are grouped."""

from collections.abc import Collection

from ...metrics.declarations import Metric, find_metric
from ...metrics.semantics.declarations import is_semantic_key, semantic_metric

FAMILIES = ("Contact", "Position", "Penetration", "Plausibility", "Semantics")

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
_ONLY_WITHOUT_GOALS = {"source_contact_recall@1", "source_contact_precision@1", "float_height@1"}


def family_of(metric: Metric) -> str:
    """Return the family under whose head a metric stands."""
    if metric.family == "semantics":
        return "Semantics"
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
    return [*keys, *(metric.key for metric in shown)] or sorted(scored)


def contact_key(scored: Collection[str]) -> str | None:
    """Return the metric that says best whether contacts are kept."""
    return next((key for key in ("goal_f1@1", "source_contact_recall@1") if key in scored), None)


def label_of(key: str) -> tuple[str, str]:
    """Return a key's name with version, and its qualifier."""
    metric = find_metric(key)
    return f"{metric.name}@{metric.version}", metric.qualifier
