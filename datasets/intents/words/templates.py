"""Sentences around verb phrases, in two disjoint sets: for training and validation, and for the test.

``{S}`` and ``{s}`` are the subject (at the start of a sentence or not), ``{vp}`` a verb phrase that agrees with it,
``{ing}`` its gerund, ``{pron}`` the pronoun, ``{pl}`` a verb phrase that agrees with the pronoun; with numbers for
compositions (1 comes first in time, or is the upper body's). Square brackets mark verbs that agree with the subject.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from .entry import Split
from .grammar import Form, Subject


@dataclass(frozen=True)
class Frame:
    """A sentence to put verb phrases into."""

    text: str
    form: Form = "s"


Kind = Literal["short", "long", "settled", "label"]
"""Settled frames say that the character stands still before or after, which is not so in walking."""


@dataclass(frozen=True)
class Bank:
    """Everything around the verb phrases that one set of splits may use."""

    subjects: tuple[Subject, ...]
    single: Mapping[Kind, tuple[Frame, ...]]
    then: Mapping[Kind, tuple[Frame, ...]]
    while_: Mapping[Kind, tuple[Frame, ...]]
    adverbs: Mapping[str, tuple[str, ...]]
    """Manner -> words before the verb."""
    paces: Mapping[str, tuple[str, ...]]
    """Manner -> words at the end of a verb phrase."""
    pace_sentences: Mapping[str, tuple[str, ...]]
    ways: Mapping[str, tuple[str, ...]]
    """Direction -> words."""
    details: Mapping[str, tuple[str, ...]]
    """Sentence parts of detailed captions."""


def _thing(noun: str) -> Subject:
    return Subject(noun, their="its", pronoun="it", themselves="itself")


TRAINING = Bank(
    subjects=(
        Subject("a person"), Subject("the person"), Subject("someone"), _thing("a figure"),
        _thing("the figure"), Subject("the character"),
    ),
    single={
        "short": (
            Frame("{S} {vp}."), Frame("{S} [be] {ing}."), Frame("{S} {vp}.", "past"),
            Frame("{S} [be] {ing}.", "past"),
        ),
        "long": (Frame("In this clip {s} {vp}."), Frame("The motion shows {s} {ing}."), Frame("We see {s} {ing}.")),
        "settled": (
            Frame("{S} [stand] still at first and then {vp}."),
            Frame("From standing at ease {s} {vp} and then [return] to rest."),
            Frame("{S} {vp}, and [stand] at ease again afterwards.", "past"),
        ),
        "label": (Frame("{ing}"),),
    },
    then={
        "short": (Frame("{S} {vp1} and then {vp2}."), Frame("{S} {vp1} and then {vp2}.", "past")),
        "long": (
            Frame("First {s} {vp1}, then {pron} {pl2}."), Frame("After {ing1}, {s} {vp2}."),
            Frame("{S} {vp1}, and after that {pron} {pl2}.", "past"),
        ),
        "label": (Frame("{ing1}, then {ing2}"),),
    },
    while_={
        "short": (Frame("{S} {vp2} while {ing1}."), Frame("{S} [be] {ing2} while {ing1}.", "past")),
        "long": (Frame("While {ing2}, {s} {vp1}."), Frame("At the same time {s} {vp2} and {vp1}.")),
        "label": (Frame("{ing2} while {ing1}"),),
    },
    adverbs={"slow": ("slowly",), "fast": ("quickly",)},
    paces={"slow": ("at a slow pace", "without hurry"), "fast": ("at a quick pace", "in a hurry")},
    pace_sentences={
        "slow": ("The movement is slow.", "All of it happens slowly."),
        "normal": ("The pace is ordinary.", "The movement is neither slow nor fast."),
        "fast": ("The movement is fast.", "All of it happens quickly."),
    },
    ways={
        "forward": ("forwards", "to the front"), "backward": ("backwards", "to the back"), "left": ("to the left",),
        "right": ("to the right",), "up": ("up", "upwards"), "down": ("down", "downwards"),
    },
    details={
        "hold": ("[move] {to} {place} and [rest] there {long}", "[be] brought {to} {place} and [stay] there {long}"),
        "glide": ("[move] over {place}",),
        "brief": ("[touch] {place}{times}",),
        "meet_hold": ("[touch] each other {long}", "[come] together and [stay] so {long}"),
        "meet_brief": ("[touch] each other{times}", "[meet]{times}"),
        "both_down": ("both feet stay on the ground", "the feet do not leave the ground"),
        "on_toes": ("the heels come off the ground but the toes stay down",),
        "one_up": ("the {foot} foot leaves the ground while the {other} one stays planted",),
        "hops": ("the {foot} foot is held off the ground while the body hops on the {other} one",),
        "together": ("both feet leave the ground at the same time",),
        "in_turn": ("the feet leave the ground in turn",),
        "two_paces": ("The upper body moves at a {upper} pace, the legs at a {lower} one.",),
        "travels": ("and the body travels {way}",),
    },
)  # fmt: skip

TEST = Bank(
    subjects=(
        Subject("an individual"), Subject("the human"), Subject("somebody"), Subject("the subject"),
        Subject("they", plural=True), _thing("an avatar"),
    ),
    single={
        "short": (
            Frame("{S} {vp}."), Frame("Here {s} {vp}."), Frame("At that moment {s} [be] {ing}.", "past"),
            Frame("{S} can be seen {ing}."),
        ),
        "long": (
            Frame("In the recording {s} {vp}."), Frame("What happens is that {s} {vp}."),
            Frame("{S} can be watched {ing}."),
        ),
        "settled": (
            Frame("Having stood quietly, {s} {vp}."), Frame("Out of a quiet stance {s} {vp} before relaxing."),
            Frame("{S} {vp} and then [settle] into the stance of before.", "past"),
        ),
        "label": (Frame("{ing}"),),
    },
    then={
        "short": (Frame("{S} {vp1} before {ing2}."), Frame("{S} {vp1}, next {vp2}."),),
        "long": (
            Frame("To begin with, {s} {vp1}; next {pron} {pl2}."), Frame("Having finished {ing1}, {s} {vp2}."),
            Frame("{S} {vp1}, whereupon {pron} {pl2}.", "past"),
        ),
        "label": (Frame("{ing1}, followed by {ing2}"),),
    },
    while_={
        "short": (Frame("{S} {vp1} as {pron} {pl2}."), Frame("{S} {vp2}, all the while {ing1}.")),
        "long": (Frame("In the course of {ing2}, {s} {vp1}."), Frame("Simultaneously {s} {vp2} and {vp1}.")),
        "label": (Frame("{ing2}, all the while {ing1}"),),
    },
    adverbs={"slow": ("unhurriedly", "sluggishly"), "fast": ("swiftly", "rapidly")},
    paces={"slow": ("with no rush", "at a leisurely tempo"), "fast": ("at high speed", "in haste")},
    pace_sentences={
        "slow": ("It is done at leisure.", "The tempo is low."),
        "normal": ("It is done at a moderate tempo.", "The tempo is average."),
        "fast": ("It is done in haste.", "The tempo is high."),
    },
    ways={
        "forward": ("ahead", "straight on"), "backward": ("rearward", "to the rear"), "left": ("toward the left side",),
        "right": ("toward the right side",), "up": ("skyward",), "down": ("toward the floor",),
    },
    details={
        "hold": ("[go] {to} {place} and [remain] there {long}", "[come] to lie on {place} {long}"),
        "glide": ("[pass] across {place}",),
        "brief": ("[make] contact with {place}{times}",),
        "meet_hold": ("[be] joined {long}", "[lie] against each other {long}"),
        "meet_brief": ("[make] contact with each other{times}",),
        "both_down": ("neither foot is lifted off the floor", "the feet remain planted"),
        "on_toes": ("both heels rise off the floor, the toes remain there",),
        "one_up": ("only the {foot} foot is lifted off the floor, the {other} one remains planted",),
        "hops": ("the {foot} foot is kept in the air as the {other} one bounces",),
        "together": ("the two feet are off the floor together",),
        "in_turn": ("one foot is lifted off the floor after the other",),
        "two_paces": ("Above the waist the tempo is {upper}, below it is {lower}.",),
        "travels": ("as the whole body moves {way}",),
    },
)  # fmt: skip


def bank(split: Split) -> Bank:
    """Return the templates of a split; validation shares those of training."""
    return TEST if split == "test" else TRAINING
