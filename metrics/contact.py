"""Programmed self-contacts: are they made, are others made, and when.

A contact is there in a frame if the two key vertices are within 1.2 % of the body height, the touching one is no deeper
than 0.6 % in the rest of the body, and, for a palm, it faces the skin within 60 degrees. Frames programmed free keep
the two at least 5 % apart; the frames in between are transitions and count for nothing but the timing.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

TOUCH_DISTANCE = 0.012
"""Largest distance of the two key vertices in a contact, over H."""
TOUCH_DEPTH = 0.006
"""Largest depth of the touching vertex in the rest of the body, over H."""
PALM_ANGLE_DEG = 60.0
"""Largest angle between the palm's normal and the direction into the skin."""

Frames = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class GoalTrack:
    """What one programmed contact did in a clip, as the geometry saw it."""

    distance: NDArray[np.floating]
    """Distance of the two key vertices over H, [frames]."""
    depth: NDArray[np.floating]
    """Depth of the touching vertex in the body without its limb over H, 0 outside, [frames]."""
    facing_cosine: NDArray[np.floating]
    """Cosine between the touching vertex' normal and the reversed normal of the place, [frames]."""
    faces_skin: bool
    """Whether the facing counts."""

    @property
    def touching(self) -> Frames:
        """Whether the contact is there, [frames]."""
        near = (self.distance <= TOUCH_DISTANCE) & (self.depth <= TOUCH_DEPTH)
        if self.faces_skin:
            near &= self.facing_cosine >= np.cos(np.radians(PALM_ANGLE_DEG))
        return np.asarray(near)


@dataclass(frozen=True, eq=False)
class GoalFrames:
    """One contact over time: what was programmed and what was made, [frames] each."""

    held: Frames
    free: Frames
    touching: Frames


def contact_rates(goals: list[GoalFrames]) -> dict[str, float]:
    """Return ``goal_contact``, ``goal_precision`` and ``goal_f1``, pooled over the goals of a clip.

    With h the held and f the free frames that are touching and n all held frames: contact h/n, precision h/(h + f),
    F1 = 2h / (n + h + f). Without a held frame there is no contact rate and no F1; without a touching frame there is
    no precision (F1 is 0 then, so that a motion which touches nothing does not escape).
    """
    held = sum(int(goal.held.sum()) for goal in goals)
    kept = sum(int((goal.held & goal.touching).sum()) for goal in goals)
    false = sum(int((goal.free & goal.touching).sum()) for goal in goals)
    rates: dict[str, float] = {}
    if held:
        rates["goal_contact"] = kept / held
        rates["goal_f1"] = 2 * kept / (held + kept + false)
    if kept + false:
        rates["goal_precision"] = kept / (kept + false)
    return rates


def contact_timing(goals: list[GoalFrames], fps: float) -> dict[str, float]:
    """Return the mean onset and offset error in milliseconds, over all programmed contact spans of a clip.

    The contact made for a span is the run of touching frames around it: from the first frame of the run that reaches
    into the span first to the last frame of the run that reaches into it last. A span that was missed altogether
    counts its own length for both. Spans that begin with the clip have no onset, those that end with it no offset.
    """
    onsets: list[float] = []
    offsets: list[float] = []
    for goal in goals:
        made = runs(goal.touching)
        for start, stop in runs(goal.held):
            meeting = [run for run in made if run[0] < stop and run[1] > start]
            first, last = (meeting[0][0], meeting[-1][1]) if meeting else (stop, start)
            if start > 0:
                onsets.append(abs(first - start) * 1000 / fps)
            if stop < len(goal.held):
                offsets.append(abs(last - stop) * 1000 / fps)
    timing: dict[str, float] = {}
    if onsets:
        timing["goal_onset_ms"] = float(np.mean(onsets))
    if offsets:
        timing["goal_offset_ms"] = float(np.mean(offsets))
    return timing


def runs(frames: Frames) -> list[tuple[int, int]]:
    """Return the (first, one past the last) frame of every run of true frames."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], frames, [False]]).astype(np.int8)))
    return [(int(a), int(b)) for a, b in edges.reshape(-1, 2)]
