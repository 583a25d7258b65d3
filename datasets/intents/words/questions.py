"""Questions about a motion with full-sentence answers, all answered from its program."""

from dataclasses import dataclass

from ..programs import Program
from .detailed import acting_first
from .grammar import capitalised, conjugate, joined, times
from .lexicon import entry_of
from .meaning import act_of, order_of
from .states import Feet, HandState, feet_state, travel
from .touching import Touch, touches

Span = tuple[int, int]

KINDS = (
    "action",
    "hands",
    "touch",
    "duration",
    "moving",
    "way",
    "feet",
    "count",
    "side",
    "pace",
    "order",
)
"""Kinds of questions; which of them a motion is asked depends on what its program says."""


@dataclass(frozen=True)
class QA:
    """A question and its answer."""

    kind: str
    """One of ``KINDS``."""
    question: str
    answer: str
    """A full sentence."""
    frames: Span | None = None
    """First and last frame in which the answer holds; ``None``: the whole motion."""
    options: tuple[str, ...] = ()
    """Of a closed question: all answers one may choose from, always in the same order."""
    choice: str = ""
    """The right one of them."""


def questions(program: Program) -> tuple[QA, ...]:
    """Return all questions that a program answers, grouped by kind in the order of ``KINDS``."""
    acts = _leaves(program)
    asked = [_action(program), *_hands(program), *_touches(program), *_durations(program), *_moving(program)]
    asked += [_feet(program), *_counts(acts, program), *_sides(acts, program), *_paces(acts, program)]
    asked += _order(program)
    return tuple(sorted(asked, key=lambda qa: KINDS.index(qa.kind)))


def _leaves(program: Program) -> tuple[Program, ...]:
    return tuple(leaf for part in program.parts for leaf in _leaves(part)) if program.parts else (program,)


def doing(program: Program) -> str:
    """Return what a program does, as a gerund: "clapping", "walking forwards while waving"."""
    if not program.parts:
        return conjugate(entry_of(program.intent).label, "ing")
    first, second = (doing(part) for part in program.parts)
    return f"{first} and then {second}" if order_of(program) == "then" else f"{second} while {first}"


def _action(program: Program) -> QA:
    return QA("action", "What is the character doing?", f"The character is {doing(program)}.")


def _hands(program: Program) -> list[QA]:
    """Ask where the hands are when the motion is at its height; once per part of a sequence."""
    if order_of(program) == "then":
        found = []
        for name, part, (start, _) in zip(("first", "second"), program.parts, program.part_spans_s, strict=True):
            inner = _hands_of(part)
            question = f"Where are the hands of the character in the {name} part of the motion?"
            found.append(QA("hands", question, inner[0], _later(inner[1], start, program)))
        return found
    sentence, frames = _hands_of(program)
    if program.parts:
        frames = _later(frames, program.part_spans_s[0][0], program)
    return [QA("hands", "Where are the hands of the character?", sentence, frames)]


def _later(span: Span | None, by_s: float, program: Program) -> Span | None:
    by = round(by_s * program.fps)
    return None if span is None else (span[0] + by, min(span[1] + by, program.frame_count - 1))


def _hands_of(program: Program) -> tuple[str, Span | None]:
    first, second = acting_first(program)
    if first.meets:
        return "The two hands touch each other.", _frames(first.touches[0], program)
    if not first.touches and first.doing == second.doing:
        return f"Both hands {conjugate(first.doing, 's', plural=True)}.", None
    frames = _common_frames((first, second), program)
    if frames is None and first.touches and second.touches:
        places = joined(list(dict.fromkeys(t.place for t in (*first.touches, *second.touches))))
        return f"The {first.side} hand and the {second.side} hand touch {places} in turn.", None
    said = [f"the {state.side} hand {_where(state)}" for state in (first, second)]
    return capitalised(f"{said[0]}, {said[1]}."), frames


def _where(state: HandState) -> str:
    if not state.touches:
        return conjugate(state.doing, "s")
    places = list(dict.fromkeys(touch.place for touch in state.touches))
    return f"is on {places[0]}" if len(places) == 1 else f"moves over {joined(places)}"


def _frames(touch: Touch, program: Program) -> Span:
    start, stop = max(touch.spans_s, key=lambda span: span[1] - span[0])
    first = int(-(-(start * program.fps - 1e-6) // 1))
    return first, max(min(int((stop + 1e-6) * program.fps), program.frame_count - 1), first)


def _common_frames(states: tuple[HandState, HandState], program: Program) -> Span | None:
    """Return the frames in which all touching hands touch; ``None`` if there are none."""
    spans = []
    for state in states:
        if state.touches:
            single = [_frames(touch, program) for touch in state.touches]
            spans.append((min(a for a, _ in single), max(b for _, b in single)))
    if not spans:
        return None
    start, stop = max(a for a, _ in spans), min(b for _, b in spans)
    return (start, stop) if start <= stop else None


def _touches(program: Program) -> list[QA]:
    """Ask what each hand touches, and a closed question with a true and a false place."""
    found, touched = [], touches(program)
    for touch in touched:
        frames = _frames(touch, program)
        if touch.part == "one hand":
            found.append(
                _yes_no("touch", "Do the two hands touch each other?", "the two hands touch each other", frames)
            )
            continue
        start = f"the {touch.part} touches"
        found.append(
            QA("touch", f"What does the {touch.part} touch?", f"The {touch.part} touches {touch.place}.", frames)
        )
        question = f"Does the {touch.part} touch {touch.place}?"
        found.append(_yes_no("touch", question, f"{start} {touch.place}", frames))
        wrong = _elsewhere(touch, {t.place for t in touched if t.part == touch.part})
        asked = f"Does the {touch.part} touch {wrong}?"
        found.append(QA("touch", asked, f"No, it touches {touch.place}.", frames, ("yes", "no"), "no"))
    if not touched:
        answer = "No, the hands do not touch the body."
        found.append(QA("touch", "Do the hands touch the body?", answer, None, ("yes", "no"), "no"))
    return found


_OTHER_PLACES = ("the left knee", "the right shoulder", "the top of the head", "the left hip", "the belly", "the mouth")


def _elsewhere(touch: Touch, taken: set[str]) -> str:
    """Return a place that is not touched: the other side's if the place has a side, else another one."""
    swapped = touch.place.replace("left", "#").replace("right", "left").replace("#", "right")
    places = [place for place in (swapped, *_OTHER_PLACES) if place not in taken]
    return places[0]


def _yes_no(kind: str, question: str, statement: str, frames: Span | None) -> QA:
    return QA(kind, question, f"Yes, {statement}.", frames, ("yes", "no"), "yes")


def _durations(program: Program) -> list[QA]:
    found = []
    for touch in touches(program):
        if len(touch.spans_s) == 1 and touch.part != "one hand" and touch.long != "briefly":
            question = f"How long does the {touch.part} stay on {touch.place}?"
            found.append(QA("duration", question, f"It stays there {touch.long}.", _frames(touch, program)))
    return found


_WAYS = {"forward": "forwards", "backward": "backwards", "left": "to the left", "right": "to the right"}


def _moving(program: Program) -> list[QA]:
    way = travel(program)
    question = "Does the character move to another place?"
    if not way:
        return [QA("moving", question, "No, the character stays on the spot.", None, ("yes", "no"), "no")]
    options = tuple(_WAYS.values())
    return [
        _yes_no("moving", question, f"the character moves {_WAYS[way]}", None),
        QA(
            "way", "Which way does the character move?", f"The character moves {_WAYS[way]}.", None, options, _WAYS[way]
        ),
    ]


_FEET = {
    "both_down": ("Neither foot leaves the ground.", "neither"),
    "on_toes": ("Neither foot leaves the ground, but both heels are raised.", "neither"),
    "one_up": ("The {foot} foot is lifted.", "{foot}"),
    "hops": ("The {foot} foot is held up while the other one hops.", "{foot}"),
    "together": ("Both feet leave the ground at the same time.", "both"),
    "in_turn": ("The feet leave the ground in turn.", "in turn"),
}


def _feet(program: Program) -> QA:
    feet: Feet = feet_state(program)
    answer, choice = (words.format(foot=feet.foot) for words in _FEET[feet.kind])
    options = ("left", "right", "both", "in turn", "neither")
    return QA("feet", "Which foot is lifted off the ground?", answer, feet.span, options, choice)


def _counts(acts: tuple[Program, ...], program: Program) -> list[QA]:
    found = []
    for act in acts:
        count = act_of(act).count
        if count is not None:
            question = f"How many times does the character {_base(act)}?"
            answer = f"The character does so {times(count)}."
            options = tuple(str(number) for number in range(1, max(6, count) + 1))
            found.append(QA("count", question, answer, _span_of(act, program), options, str(count)))
    return found


def _base(act: Program) -> str:
    return conjugate(entry_of(act.intent).label, "base")


def _span_of(act: Program, program: Program) -> Span | None:
    """Return the frames of one part of a composed program."""
    for part, (start, stop) in zip(program.parts, program.part_spans_s, strict=True):
        if part is act:
            return round(start * program.fps), min(round(stop * program.fps), program.frame_count - 1)
    return None


def _sides(acts: tuple[Program, ...], program: Program) -> list[QA]:
    """Ask for the hand that acts, where exactly one hand does."""
    found = []
    for act in acts:
        side = act_of(act).side
        own = entry_of(act.intent).hands
        hands = {touch.hand for touch in touches(act)} - {""}
        one_hand = hands == {side} or (not hands and own is not None and own[0] != own[1] and "hang" in own[1])
        if side is not None and one_hand:
            question = f"With which hand does the character {_base(act)}?"
            answer = f"The character uses the {side} hand."
            found.append(QA("side", question, answer, _span_of(act, program), ("left", "right"), side))
    return found


_PACES = {"slow": "slowly", "normal": "at an ordinary pace", "fast": "quickly"}


def _paces(acts: tuple[Program, ...], program: Program) -> list[QA]:
    """Ask how fast the motion is; of compositions only if all parts have the same pace."""
    paces = {str(act_of(act).pace) for act in acts}
    if len(paces) != 1:
        return []
    (pace,) = paces
    answer = f"The character moves {_PACES[pace]}."
    return [QA("pace", "How fast does the character move?", answer, None, ("slow", "normal", "fast"), pace)]


def _order(program: Program) -> list[QA]:
    if order_of(program) != "then":
        return []
    first, second = (doing(part) for part in program.parts)
    if first == second:
        return []
    spans = [_span_of(part, program) for part in program.parts]
    options = tuple(sorted((first, second)))
    return [
        QA("order", "What does the character do first?", f"First the character is {first}.", spans[0], options, first),
        QA("order", "What does the character do last?", f"Last the character is {second}.", spans[1], options, second),
    ]
