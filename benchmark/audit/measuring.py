"""Everything that is measured of one clip: every damage in every degree, scored by every metric and judge.

What comes out is a flat mapping of names to numbers, ``damage|degree|metric``, which survives a kill as one line of a
file. Degree 0 of ``none`` is the undamaged answer; ``answer|k`` are the other right answers, the null of everything.
"""

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import entry_points

import numpy as np

from ...datasets.body import Character, Motion
from ...datasets.clip_set import CaptionedClips, ClipSet, PairData
from ...metrics.clip_geometry import measure_clip
from ...metrics.geometry import geometry_scores, goal_tracks
from ...metrics.semantics.judge import Judge, Looking
from ..samples import as_written
from .case import AuditCase, audit_case, stretched
from .damages.apply import damaged
from .damages.contact import hand_goals
from .damages.names import BY_NAME
from .judging import JudgedClip

NONE, ANSWER, COPY, SAME_BODY = "none", "answer", "copy", "same_body"
"""Damages that are none: the right answer, other right answers, rotation copy, another motion of the source's body."""

MOST_ANSWERS = 8
"""Right answers of a clip beside the damaged one that are measured, at most."""

OPENED_AT = 10.0
"""Degree of ``contact_opened`` that an admissible judge must see, in percent of the body height (DESIGN section 6)."""

GAP = "contact_gap"
"""Pseudo-metric of copy: how far it breaks the contact goals, in percent of H."""


@dataclass(frozen=True)
class AuditRequest:
    """What to measure of each clip."""

    damages: tuple[str, ...]
    keys: tuple[str, ...]
    """Geometry metrics."""
    seed: int = 0


def name_of(damage: str, degree: float, key: str) -> str:
    """Return the name of one number."""
    return f"{damage}|{degree:g}|{key}"


def caption_of(clips: ClipSet, clip_id: str) -> str | None:
    """Return the sentence that says what happens in a clip, where the clip set knows it."""
    return clips.caption(clip_id) if isinstance(clips, CaptionedClips) else None


def measure(
    clips: ClipSet, clip_id: str, request: AuditRequest, judges: Sequence[tuple[Judge, Looking]] = ()
) -> dict[str, float]:
    """Damage one clip in every way and score all of it.

    Pure: the same arguments always give the same numbers, on one machine and with one torch thread.

    Args:
        clips: The clip set.
        clip_id: One of its pairs.
        request: Damages, metrics and seed.
        judges: Who scores beside the geometry metrics, and what each is shown of the clip.

    Raises:
        NoRightAnswers: If the pair has fewer than two right answers.
    """
    case = audit_case(clips, clip_id, request.seed)
    caption = caption_of(clips, clip_id) if judges else None
    seats = [JudgedClip(judge, case.pair, caption, looking) for judge, looking in judges]
    found: dict[str, float] = {}
    _note(found, NONE, 0, _all_scores(case.pair, case.truth, request.keys, seats))
    for number, (pair, answer) in enumerate(case.nulls[:MOST_ANSWERS]):
        _note(found, ANSWER, number, _all_scores(pair, answer, request.keys, seats))
    for name in request.damages:
        for degree in BY_NAME[name].degrees:
            made = damaged(case, BY_NAME[name], degree, request.seed)
            if made is not None:
                _note(found, name, degree, _all_scores(case.pair, made, request.keys, seats))
    if judges:
        _note_for_admission(found, clips, case, (seats, request.seed))
    return found


def _all_scores(pair: PairData, motion: Motion, keys: Sequence[str], seats: Sequence[JudgedClip]) -> dict[str, float]:
    scores = geometry_scores(pair, motion, keys) if keys else {}
    return scores | _judged(pair.target, motion, seats)


def _judged(character: Character, motion: Motion, seats: Sequence[JudgedClip]) -> dict[str, float]:
    return {key: value for seat in seats for key, value in seat.scores(character, motion).items()}


def _note(found: dict[str, float], damage: str, degree: float, scores: Mapping[str, float]) -> None:
    found.update({name_of(damage, degree, key): as_written(value) for key, value in scores.items()})


def _note_for_admission(
    found: dict[str, float], clips: ClipSet, case: AuditCase, how: tuple[Sequence[JudgedClip], int]
) -> None:
    """Add what the four figures of admissibility need beyond the damages of the table."""
    (seats, seed), pair = how, case.pair
    if hand_goals(pair.target, pair.contact_goals):
        made = damaged(case, BY_NAME["contact_opened"], OPENED_AT, seed)
        if made is not None:
            _note(found, "contact_opened", OPENED_AT, _judged(pair.target, made, seats))
        copy = copied(pair)
        _note(found, COPY, 0, _judged(pair.target, copy, seats) | {GAP: contact_gap_percent(pair, copy)})
        known = any(name.startswith(name_of("other_motion", 1, "")) for name in found)
        altogether = None if known else damaged(case, BY_NAME["other_motion"], 1.0, seed)
        if altogether is not None:
            _note(found, "other_motion", 1.0, _judged(pair.target, altogether, seats))
    other = _another_motion_of_the_source(clips, case, seed)
    if other is not None:
        _note(found, SAME_BODY, 0, _judged(pair.source, other, seats))


def copied(pair: PairData) -> Motion:
    """Return what the method ``copy`` makes of a clip; it is found as any method is, by its entry point."""
    (entry,) = entry_points(group="retargetbench.methods", name="copy")
    made: Motion = entry.load()(pair.source, pair.source_motion, pair.target, seed=0)
    return made


def contact_gap_percent(pair: PairData, motion: Motion) -> float:
    """Return how far a motion breaks its contact goals: of the goals the largest mean distance while held, in % H."""
    clip = measure_clip(pair.target, motion, pair.contact_goals, ("goals", "limbs"))
    tracks = goal_tracks(pair, clip)
    goals = zip(pair.contact_goals, tracks, strict=True)
    return max((100 * float(track.distance[goal.held].mean()) for goal, track in goals if goal.held.any()), default=0.0)


def _another_motion_of_the_source(clips: ClipSet, case: AuditCase, seed: int) -> Motion | None:
    """Another program's motion, done by the source body itself, as long as the clip."""
    spec = case.pair.spec
    found = [p for p in clips.pairs if p.source == spec.source and p.motion_cluster != spec.motion_cluster]
    if not found:
        return None
    generator = np.random.default_rng([seed, zlib.crc32(f"{spec.clip_id}/same body".encode())])
    chosen = found[int(generator.integers(len(found)))]
    return stretched(clips.load(chosen.clip_id).source_motion, case.pair.source_motion.frame_count)
