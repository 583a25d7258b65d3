"""What each metric is called, measures and needs, without importing anything that computes.

The key of a metric is ``name@version[qualifier]``. A key names one formula forever: when a formula changes, its version
does. Keys carry no mesh qualifier: penetration and contact are measured on the target character as the pair holds it,
and the track, whose data hash stands in every record, fixes which mesh that is (the 1,229-vertex bodies on Intents).
"""

from collections.abc import Collection
from dataclasses import replace

from ..datasets.errors import UnknownName
from .metric import INF, Direction, Metric, Need
from .recognition.declarations import is_recognition_key, recognition_metric
from .retrieval.declarations import is_retrieval_key, retrieval_metric
from .semantics.declarations import is_semantic_key, semantic_metric

__all__ = ["INF", "METRICS", "Direction", "Metric", "Need", "find_metric", "metric_keys", "worst_case"]

SOURCE_PROXY = "source-proxy"
"""Qualifier of metrics that compare with the surface of a source whose skin is a declared stand-in."""

_POSITION = (
    ("mse_nkn", "cm", 200.0, "squared joint error summed over xyz, in cm, over the joint-chain height (NKN, PMnet)"),
    ("mse_san", "1", 1.0, "squared joint error averaged over xyz, over the squared joint-chain height (SAN, PAN)"),
    ("l2_star", "1", 1.0, "joint distance over the joint-chain height (STaR)"),
    ("mse_meshret", "m", 2.0, "squared joint distance in metres over the body height (MeshRet, metres our choice)"),
    ("mpjpe_cm", "cm", 200.0, "mean distance of the 22 body joints in centimetres"),
)
_FRAMES = {"global": "world positions", "local": "positions relative to the root joint"}


def _position_metrics() -> list[Metric]:
    rows = []
    for name, unit, worst, summary in _POSITION:
        for frame, meaning in _FRAMES.items():
            for nearest in ("", ",nearest-of-k"):
                text = f"{summary}; {meaning}" + ("; nearest of all right answers" if nearest else "")
                rows.append(Metric(name, 1, unit, "lower", 0, INF, "reference", text, worst, f"{frame}{nearest}"))
    for nearest in ("", "nearest-of-k"):
        text = "mean angle between predicted and true local rotations of the 22 body joints"
        text += "; nearest of all right answers" if nearest else ""
        rows.append(Metric("rotation_error", 1, "deg", "lower", 0, 180, "reference", text, 180.0, nearest))
    return rows


_PENETRATION = (
    Metric("pen_arm", 1, "%", "lower", 0, 100, "nothing",
           "arm and hand vertices inside the rest of the body (winding number > 0.5)", 100),
    Metric("pen_limb", 1, "%", "lower", 0, 100, "nothing",
           "vertices of all four limbs inside the rest of the body (winding number > 0.5)", 100),
    Metric("pen_arm", 1, "%", "lower", 0, 100, "nothing",
           "as pen_arm, only vertices deeper than 0.3 % of the body height", 100, "0.3%H"),
    Metric("pen_limb", 1, "%", "lower", 0, 100, "nothing",
           "as pen_limb, only vertices deeper than 0.3 % of the body height", 100, "0.3%H"),
    Metric("pen_limb_star", 1, "%", "lower", 0, 100, "nothing",
           "limb vertices behind the normal of the nearest other vertex (STaR's rule, for comparison)", 100),
    Metric("pen_hull", 1, "1", "lower", 0, INF, "nothing",
           "mean depth of forearms and hands in the hulls of torso and head, in hull half-extents (SMT's loss)", 2),
    Metric("pen_depth_mean", 1, "% H", "lower", 0, INF, "nothing",
           "mean depth of the limb vertices in the rest of the body, 0 for those outside", 50),
    Metric("pen_depth_worst", 1, "% H", "lower", 0, INF, "nothing",
           "depth of the deepest limb vertex of the clip", 50),
)  # fmt: skip

_CONTACT = (
    Metric("goal_contact", 1, "share", "higher", 0, 1, "goals",
           "share of the frames of programmed contacts in which the contact is there", 0),
    Metric("goal_precision", 1, "share", "higher", 0, 1, "goals",
           "share of the contacts made that were programmed, of frames programmed held or free", 0),
    Metric("goal_f1", 1, "share", "higher", 0, 1, "goals",
           "harmonic mean of goal_contact and goal_precision", 0),
    Metric("goal_onset_ms", 1, "ms", "lower", 0, INF, "goals",
           "mean time between the programmed and the made begin of a contact", 2000),
    Metric("goal_offset_ms", 1, "ms", "lower", 0, INF, "goals",
           "mean time between the programmed and the made end of a contact", 2000),
    Metric("contact_error", 1, "1", "lower", 0, INF, "source",
           "squared growth, in arm radii, of the distances that are within an arm diameter in the source (MeshRet)",
           1000),
    Metric("source_contact_precision", 1, "share", "higher", 0, 1, "source",
           "share of the hand-to-body contacts made that the source makes, by body region", 0),
    Metric("source_contact_recall", 1, "share", "higher", 0, 1, "source",
           "share of the source's hand-to-body contacts that are kept, by body region", 0),
)  # fmt: skip

_PLAUSIBILITY = (
    Metric("skate_mean", 1, "leg/s", "lower", 0, INF, "planted",
           "mean horizontal speed of the feet while they are planted, in leg lengths per second", 10),
    Metric("skate_p95", 1, "leg/s", "lower", 0, INF, "planted",
           "95th percentile of the same speed", 10),
    Metric("float_height", 1, "% H", "lower", 0, INF, "planted",
           "mean height of the lowest point of a foot above the floor while it is planted", 100),
    Metric("floor_penetration", 1, "% H", "lower", 0, INF, "nothing",
           "mean depth of the lowest vertex below the floor", 100),
    Metric("acceleration", 1, "m/s2", "lower", 0, INF, "nothing",
           "mean acceleration of the 22 body joints at 30 frames per second", 1000),
    Metric("jerk", 1, "H/s3", "lower", 0, INF, "nothing",
           "mean jerk of the 22 body joints at 30 frames per second after a 6 Hz low-pass", 10000),
    Metric("range_of_motion", 1, "% H", "none", 0, INF, "nothing",
           "mean spread of the root-relative joint positions; read it beside jerk, smearing shrinks both", 0),
    Metric("joint_limits", 1, "%", "lower", 0, 100, "nothing",
           "share of joint angles outside documented human limits", 100),
    Metric("arm_torso_distance", 1, "% H", "none", 0, INF, "nothing",
           "mean distance of the arm vertices from the rest of the body; shows arms pushed away from it", 0),
    Metric("root_speed", 1, "H/s", "none", 0, INF, "nothing",
           "mean horizontal speed of the root over the body height", 0),
)  # fmt: skip

_SOURCE_PROXY = tuple(
    replace(
        metric,
        needs="source-proxy",
        qualifier=SOURCE_PROXY,
        summary=f"{metric.summary}; clips whose source wears a proxy skin",
    )
    for metric in _CONTACT
    if metric.needs == "source"
)

METRICS: tuple[Metric, ...] = (*_position_metrics(), *_PENETRATION, *_CONTACT, *_SOURCE_PROXY, *_PLAUSIBILITY)
"""All geometry metrics, in the order of the tables."""

_BY_KEY = {metric.key: metric for metric in METRICS}


def metric_keys(needs: Collection[Need] | None = None) -> tuple[str, ...]:
    """Return the keys of all metrics, or of those whose need is among ``needs``, in the order of the tables."""
    return tuple(metric.key for metric in METRICS if needs is None or metric.needs in needs)


def find_metric(key: str) -> Metric:
    """Return the declaration of a key: geometry, semantic (``scl@1[tiny-blip2]``), retrieval, recognition.

    Raises:
        UnknownName: If there is no such metric; the message offers the nearest keys.
        WrongColumn: If the words in the brackets of a retrieval key do not belong to its protocol.
    """
    if is_retrieval_key(key):
        return retrieval_metric(key)
    if is_recognition_key(key):
        return recognition_metric(key)
    if is_semantic_key(key):
        return semantic_metric(key)
    if key not in _BY_KEY:
        raise UnknownName("metric", key, _BY_KEY)
    return _BY_KEY[key]


def worst_case(key: str) -> float:
    """Return what a clip counts that a method failed to produce; of geometry metrics only (see ``SemanticMetric``).

    Raises:
        UnknownName: If there is no such metric.
    """
    return find_metric(key).worst
