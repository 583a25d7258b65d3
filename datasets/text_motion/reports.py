"""What a folder's lists, captions and windows say about the fairness of its test: mirrors, overlaps, equal captions."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from .captions import Caption
from .folder import is_mirrored, original_of
from .windows import Window, overlaps, shared_recordings


@dataclass(frozen=True)
class MirrorReport:
    """Mirrored motions of one split."""

    motions: int
    mirrored: int
    alone: tuple[str, ...]
    """Mirrored ones whose original is not in the split: it may be in another one."""


@dataclass(frozen=True)
class OverlapReport:
    """What the originals of a test have in common with training."""

    motions: int
    """Originals in the test."""
    same_recording: int
    """Of them, those cut from a recording that training motions were cut from, too."""
    overlapping: int
    """Those with a frame in common with a training motion."""
    half_inside: int
    """Those with at least half of their frames in one training motion."""
    identical: int
    """Those that are a training motion."""
    median_iou: float | None
    """Median over the overlapping ones of the largest ratio of common frames to all frames of the two."""


@dataclass(frozen=True)
class DuplicateReport:
    """Equal first captions, the ones that protocols with one caption a motion use."""

    motions: int
    distinct: int
    """Different first captions."""
    sharing: int
    """Motions whose first caption is another motion's, too."""
    most: tuple[str, int]
    """The most frequent caption with case, white space and a full stop folded, and how often it occurs."""
    mirrored: int
    """Mirrored motions whose original is there, too."""
    mirrored_equal: int
    """Of them, those that keep the original's first caption."""


def mirror_report(ids: Sequence[str]) -> MirrorReport:
    """Count the mirrored motions of a split."""
    known = set(ids)
    mirrored = [motion for motion in ids if is_mirrored(motion)]
    return MirrorReport(len(ids), len(mirrored), tuple(m for m in mirrored if original_of(m) not in known))


def overlap_report(test: Collection[str], train: Collection[str], windows: Mapping[str, Window]) -> OverlapReport:
    """Compare a test with its training motions in time; mirrored motions have the time of their original.

    Args:
        test: Ids.
        train: Ids.
        windows: Of the originals of all of them.
    """
    own, others = (list(dict.fromkeys(map(original_of, ids))) for ids in (test, train))
    common = overlaps(own, others, windows).values()
    return OverlapReport(
        motions=len(own),
        same_recording=len(shared_recordings(own, others, windows)),
        overlapping=len(common),
        half_inside=sum(one.share >= 0.5 for one in common),
        identical=sum(one.iou == 1 for one in common),
        median_iou=median(one.iou for one in common) if common else None,
    )


def duplicate_report(captions: Mapping[str, Sequence[Caption]]) -> DuplicateReport:
    """Count equal first captions.

    Args:
        captions: Of each motion, at least one.
    """
    first = {motion: own[0].text for motion, own in captions.items()}
    times = Counter(first.values())
    folded = Counter(" ".join(text.lower().removesuffix(".").split()) for text in first.values())
    pairs = [(motion, original_of(motion)) for motion in first if is_mirrored(motion) and original_of(motion) in first]
    return DuplicateReport(
        motions=len(first),
        distinct=len(times),
        sharing=sum(times[text] > 1 for text in first.values()),
        most=folded.most_common(1)[0] if folded else ("", 0),
        mirrored=len(pairs),
        mirrored_equal=sum(first[mirror] == first[original] for mirror, original in pairs),
    )
