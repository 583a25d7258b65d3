"""Which part of the body touches which place, when, and how that is called."""

from dataclasses import dataclass

from ..programs import Contact, Free, Program
from .places import is_hand, place_words, split_side

_BRIEF_S = 0.35
_SAME_S, _NEAR_S = 0.08, 0.6
"""Successive contacts at one key vertex, or at neighbours with one name, are one touch if no more time lies between."""


@dataclass(frozen=True)
class Touch:
    """A part of the body that touches a place, once or several times."""

    part: str
    """In words: "right hand"."""
    place: str
    """In words: "left shoulder"; "other hand" among hands."""
    spans_s: tuple[tuple[float, float], ...]
    """From and to, for each time; successive contacts without a release in between are one."""
    vertex: str
    at: str
    """A key vertex that is touched, the first of them."""

    @property
    def long(self) -> str:
        """How long it lasts, in words."""
        return duration(max(stop - start for start, stop in self.spans_s))

    @property
    def hand(self) -> str:
        """Side of the touching hand, empty if it is no hand."""
        return split_side(self.vertex)[0] if is_hand(self.vertex) else ""


def duration(seconds: float) -> str:
    """Return a time in words: "briefly", "for about a second", "for about two seconds"."""
    if seconds < _BRIEF_S:
        return "briefly"
    whole = max(round(seconds - 0.1), 1)
    words = ("", "a second", "two seconds", "three seconds", "four seconds", "five seconds")
    return "for about " + (words[whole] if whole < len(words) else f"{whole} seconds")


def touches(program: Program) -> tuple[Touch, ...]:
    """Return a program's contacts in words, in order of time; fingers of one hand on one place are one touch."""
    groups: dict[tuple[str, str], list[Contact]] = {}
    for goal in sorted(program.contacts, key=lambda goal: goal.from_s):
        part, place = _words(goal)
        groups.setdefault((part, place), []).append(goal)
    found = [
        Touch(part, place, _spans(goals, program), goals[0].vertex, goals[0].place)
        for (part, place), goals in groups.items()
    ]
    return tuple(sorted(found, key=lambda touch: (touch.spans_s[0][0], touch.part)))


def _words(goal: Contact) -> tuple[str, str]:
    if is_hand(goal.vertex) and is_hand(goal.place):
        return "one hand", "the other hand"
    side = split_side(goal.vertex)[0]
    part = f"{side} hand" if is_hand(goal.vertex) else place_words(goal.vertex)
    return part, "the " + place_words(goal.place)


def _spans(goals: list[Contact], program: Program) -> tuple[tuple[float, float], ...]:
    spans: list[tuple[float, float]] = []
    last: Contact | None = None
    for goal in goals:
        gap = _SAME_S if last is not None and (last.vertex, last.place) == (goal.vertex, goal.place) else _NEAR_S
        if spans and goal.from_s - spans[-1][1] < gap and not _released(goal, spans[-1][1], program):
            spans[-1] = (spans[-1][0], max(goal.to_s, spans[-1][1]))
        else:
            spans.append((goal.from_s, goal.to_s))
        last = goal
    return tuple(spans)


def _released(goal: Contact, since_s: float, program: Program) -> bool:
    """Return whether the pair is programmed to be apart between the last touch and this one."""
    return any(
        isinstance(other, Free)
        and (other.vertex, other.place) == (goal.vertex, goal.place)
        and other.from_s >= since_s - 1e-6
        and other.to_s <= goal.from_s + 1e-6
        for other in program.goals
    )
