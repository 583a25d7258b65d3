"""The recognition metrics, declared without importing anything that computes.

How hard a task is depends on how many classes there are, so their number is part of every key: ``top1@1[60]``. A figure
of another set of as many classes is kept apart by the track, whose data hash stands in every record.
"""

import re

from ...datasets.errors import UnknownName
from ..metric import Metric

_FORMULAS: tuple[tuple[str, str], ...] = (
    ("top1", "motions whose best scored class is right"),
    ("top5", "motions with a right class among the five best scored"),
    ("macro", "mean over the classes that occur of the share of their motions whose best scored class is right"),
    ("r_precision", "share of a motion's right classes that are among as many best scored ones"),
)
FORMULAS = tuple(name for name, _ in _FORMULAS)
"""``top1``, ``top5``, ``macro``, ``r_precision``, in the order of the tables."""

_KEY = re.compile(r"(?P<name>[a-z0-9_]+)@(?P<version>\d+)\[(?P<classes>\d+)\]")


def recognition_metrics(classes: int) -> tuple[Metric, ...]:
    """Return the metrics of a task with so many classes, with their full keys: ``top1@1[60]``.

    A motion that a classifier failed on counts 0.

    Raises:
        UnknownName: If there are fewer than two classes.
    """
    if classes < 2:
        raise UnknownName("recognition task of so many classes:", str(classes), ["2 or more"])
    return tuple(
        Metric(
            name=name,
            version=1,
            unit="%",
            direction="higher",
            lower=0.0,
            upper=100.0,
            needs="nothing",
            summary=summary,
            worst=0.0,
            qualifier=str(classes),
            family="recognition",
            per="set" if name == "macro" else "clip",
        )
        for name, summary in _FORMULAS
    )


def is_recognition_key(key: str) -> bool:
    """Whether a key begins with the name of a recognition metric; it may still be mistyped behind that."""
    return key.partition("@")[0] in FORMULAS


def recognition_metric(key: str) -> Metric:
    """Return the declaration of a recognition key.

    Raises:
        UnknownName: If there is no such metric, with the nearest keys.
    """
    match = _KEY.fullmatch(key)
    classes = int(match["classes"]) if match else 60
    known = {metric.key: metric for metric in recognition_metrics(max(classes, 2))}
    if key not in known:
        raise UnknownName("metric", key, known)
    return known[key]
