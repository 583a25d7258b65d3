"""The detailed caption of a motion: which hand goes where and for how long, what trunk and feet do, how fast."""

import re
from random import Random

from ..programs import Program
from .clauses import Wording, clause
from .entry import Split
from .grammar import capitalised, conjugate, joined, times
from .meaning import act_of, order_of
from .places import direction_to
from .states import HandState, body_clauses, feet_state, hand_states, travel
from .templates import Bank, bank

_LEGS = re.compile(r"\b(knee|knees|heels|hips|leg|legs|weight|foot)\b")


def detailed(program: Program, split: Split, random: Random) -> str:
    """Return a caption that says all that a program's meaning holds, and where hands and feet are.

    Args:
        program: A motion instance.
        split: ``test`` uses held-out templates.
        random: Chooses among words.
    """
    subject = random.choice(bank(split).subjects)
    opening = clause(program, Wording(split, "full"), random)
    phrase = conjugate(subject.sentence(opening.text), "s", plural=subject.plural)
    sentences = [f"{capitalised(subject.noun)} {phrase}.", *_body_sentences(program, bank(split), random)]
    return " ".join(sentences)


def _body_sentences(program: Program, words: Bank, random: Random) -> list[str]:
    order = order_of(program)
    if order == "single":
        return [f"{capitalised(_posture(program, words, random))}.", _pace(program, words, random)]
    first, second = program.parts
    if order == "then":
        return [
            sentence
            for start, part in (("First", first), ("Then", second))
            for sentence in _opened(start, _body_sentences(part, words, random))
        ]
    clauses = [_hands(first, words, random)]
    clauses += [f"and {said}" for said in body_clauses(first) if not _LEGS.search(said)]
    clauses += [f"and {said}" for said in body_clauses(second) if _LEGS.search(said)]
    feet = _feet(program, words, random)
    return [f"{capitalised(', '.join(clauses))}; {feet}.", _paces(program, words, random)]


def _opened(start: str, sentences: list[str]) -> list[str]:
    """Put "First" or "Then" before the first sentence."""
    first = sentences[0]
    return [f"{start}, {first[:1].lower()}{first[1:]}", *sentences[1:]]


def _posture(program: Program, words: Bank, random: Random) -> str:
    clauses = [_hands(program, words, random), *(f"and {words}" for words in body_clauses(program))]
    return f"{', '.join(clauses)}; {_feet(program, words, random)}"


def _pace_word(program: Program) -> str:
    return "normal" if program.parts else str(act_of(program).pace)


def _pace(program: Program, words: Bank, random: Random) -> str:
    return random.choice(words.pace_sentences[_pace_word(program)])


def _paces(program: Program, words: Bank, random: Random) -> str:
    """Say how fast upper and lower body are."""
    upper, lower = (_pace_word(part) for part in program.parts)
    if upper == lower:
        return random.choice(words.pace_sentences[upper])
    return random.choice(words.details["two_paces"]).format(upper=upper, lower=lower)


def _hands(program: Program, words: Bank, random: Random) -> str:
    """Say what both hands do; the acting hand comes first."""
    one, two = acting_first(program)
    if one.meets:
        return _meeting(one, words, random)
    if not one.touches and one.doing == two.doing:
        return f"both hands {conjugate(one.doing, 's', plural=True)}"
    link = " and " if two.touches else ", while "
    said = (_hand_clause(state, words, random) for state in (one, two))
    return link.join(f"the {state.side} hand {clause_}" for state, clause_ in zip((one, two), said, strict=True))


def acting_first(program: Program) -> tuple[HandState, HandState]:
    """Return what the hands do, the acting or touching hand first."""
    left, right = hand_states(program)
    speaking = program.parts[0] if program.parts else program
    one_touches = bool(left.touches) != bool(right.touches)
    swapped = bool(right.touches) if one_touches else speaking.said.get("side") == "right"
    return (right, left) if swapped else (left, right)


def _meeting(state: HandState, words: Bank, random: Random) -> str:
    (touch,) = state.touches[:1]
    count = len(touch.spans_s)
    kind = "meet_brief" if count > 1 or touch.long == "briefly" else "meet_hold"
    clause_ = random.choice(words.details[kind]).format(times=" " + times(count), long=touch.long)
    return f"the two hands {conjugate(clause_, 's', plural=True)}"


def _hand_clause(state: HandState, words: Bank, random: Random) -> str:
    if not state.touches:
        return conjugate(state.doing, "s")
    touch, *others = state.touches
    count = len(touch.spans_s)
    kind = "glide" if others else "brief" if count > 1 or touch.long == "briefly" else "hold"
    places = joined(list(dict.fromkeys(t.place for t in state.touches)))
    values = {"to": direction_to(touch.at), "place": places, "long": touch.long, "times": " " + times(count)}
    return conjugate(random.choice(words.details[kind]).format_map(values), "s")


def _feet(program: Program, words: Bank, random: Random) -> str:
    feet = feet_state(program)
    other = "right" if feet.foot == "left" else "left"
    said = random.choice(words.details[feet.kind]).format(foot=feet.foot, other=other)
    way = travel(program)
    if not way:
        return said
    return f"{said} {random.choice(words.details['travels']).format(way=random.choice(words.ways[way]))}"
