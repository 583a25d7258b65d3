"""Whether a judge is admissible: the four figures of DESIGN section 6, by the share of clips on which it is right.

Clips are those in which a hand touches, of motions that no training holds (splits ending in UM) where the data has
splits; the fourth figure takes all unseen motions. A tie is not a preference.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ...datasets.clip_set import PairSpec
from ...metrics.audit import FIGURES, LEAST_CLIPS, AdmissionFigure
from ...metrics.declarations import find_metric
from ..statistics import ClipValues, Estimate, estimate_mean, seed_from
from .findings import Numbers
from .measuring import COPY, GAP, NONE, OPENED_AT, SAME_BODY, name_of

BROKEN_PERCENT = 5.0
"""Copy counts where it breaks a contact goal by at least this much, in percent of H."""


@dataclass(frozen=True)
class Admission:
    """One figure of one judge by one metric."""

    figure: AdmissionFigure
    estimate: Estimate | None
    """Share of clips with its interval; ``None`` where no clip could be asked."""


MISSED = "missed"


def outcome(figure: AdmissionFigure) -> str:
    """Return in words what came of a figure; one of few clips says nothing for or against a judge."""
    if figure.value is None:
        return "not asked"
    return "too few clips" if figure.clips < LEAST_CLIPS else "reached" if figure.is_met else MISSED


def decides(pair: PairSpec) -> bool:
    """Whether a pair may decide: no training holds its motion."""
    return pair.split == "all" or pair.split.endswith("UM")


def admissions(
    numbers: Numbers, pairs: Sequence[PairSpec], judges: Mapping[str, Sequence[str]], *, data: str
) -> list[Admission]:
    """Return the four figures of every judge, by each of its metrics.

    Args:
        numbers: Of the audited clips.
        pairs: Their lines.
        judges: Name -> keys of its metrics.
        data: Data version.
    """
    unseen = {pair.clip_id: pair for pair in pairs if decides(pair)}
    found = []
    for judge, keys in judges.items():
        for key in keys:
            for figure, line in FIGURES.items():
                right = _right(numbers, unseen, figure, key)
                estimate = _share(right, unseen, data) if right else None
                value = estimate.value if estimate else None
                one = AdmissionFigure(judge, key, figure, value, line, data, clips=len(right))
                found.append(Admission(one, estimate))
    return found


def _share(right: Mapping[str, bool], pairs: Mapping[str, PairSpec], data: str) -> Estimate:
    clips = ClipValues(
        np.array([float(one) for one in right.values()]),
        [pairs[clip].motion_cluster for clip in right],
        [pairs[clip].target for clip in right],
    )
    return estimate_mean(clips, seed=seed_from(data, "admission"))


def _right(numbers: Numbers, pairs: Mapping[str, PairSpec], figure: str, key: str) -> dict[str, bool]:
    """Clip -> whether the judge is right on it."""
    against: Mapping[str, tuple[str, float]] = {
        "over_copy": (COPY, 0),
        "over_opened": ("contact_opened", OPENED_AT),
        "over_other": ("other_motion", 1),
        "nearer_than_other": (SAME_BODY, 0),
    }
    if figure == "nearer_than_other" and not key.startswith("scl"):
        return {}  # asks for a distance between two clips, which a caption has not
    sign = -1.0 if find_metric(key).direction == "higher" else 1.0
    asked = _ASKED[figure]
    found = {}
    for clip in sorted(numbers.keys() & pairs.keys()):
        own, other = numbers[clip].get(name_of(NONE, 0, key)), numbers[clip].get(name_of(*against[figure], key))
        if own is not None and other is not None and asked(numbers[clip]):
            found[clip] = sign * (other - own) > 0
    return found


def _copy_breaks(clip: Mapping[str, float]) -> bool:
    return clip.get(name_of(COPY, 0, GAP), 0.0) >= BROKEN_PERCENT


def _has_contact(clip: Mapping[str, float]) -> bool:
    return name_of(COPY, 0, GAP) in clip


def _always(clip: Mapping[str, float]) -> bool:
    return True


_ASKED: Mapping[str, Callable[[Mapping[str, float]], bool]] = {
    "over_copy": _copy_breaks,
    "over_opened": _has_contact,
    "over_other": _has_contact,
    "nearer_than_other": _always,
}
