"""Touching: going from standing at ease to one or more contacts, resting there, and coming back."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import partial

import numpy as np

from .common import AT_EASE_ARM, Timing, at_ease, both_planted, contact, free, instance, keys_of, mirrored, named
from .goals import Goal, Reach, Side
from .intent import SIDES, TEMPO, Choice, Intent, Range
from .postures import Posture, Vec3
from .program import Program
from .style import Key, Style

_TRUNK = ("hips", "spine", "head", "root", "knees")
_TRUNK_LEADS = 0.82
"""Share of the way after which trunk and head are there: eyes and weight go first, the hand follows."""
_PASSING = 0.72
"""Share of the way there at which hands pass their way points, and of the way back that is left then."""
_SECOND_HAND_S = 0.07
_UNEVEN = 0.06
_RELAXED = (18.0, 9.0)
"""Fingers of a hand on its way."""

Near = tuple[str, str, Vec3]
"""Vertex, place and the offset from the place in H, written for the left side: where a hand is besides its contacts."""


@dataclass(frozen=True)
class Touch:
    """One act of touching, written for the left side."""

    action: str
    """Class of action."""
    contacts: tuple[tuple[str, str, bool], ...]
    """Vertex, place and whether it is a palm that faces the skin; ``{same}`` and ``{other}`` stand for the sides."""
    there: Posture
    """The posture of the contact."""
    over: Posture | None = None
    """A posture on the way there and back, where the straight way leads through the body."""
    timing: Timing = field(default_factory=Timing)
    near: tuple[Near, ...] = ()
    """Where hands are to be while they touch, for contacts that could be anywhere (of two hands)."""
    passing: tuple[Near, ...] = ()
    """Where hands pass shortly before and after they touch, so that long arms do not go through the floor."""
    pressed: bool = False
    """Whether skin is pressed on skin all along the limb."""


def touch(spec: tuple[str, Touch], *, side: Side, tempo: float, seed: int, hold_s: float = 0.7) -> Program:
    """Go from standing at ease to a contact, hold it, and come back.

    Args:
        spec: Name of the intent and what it is.
        side: The acting hand.
        tempo: How fast; 1 is the usual pace.
        seed: Of the small uneven movements.
        hold_s: How long the contact is held, in seconds, whatever the tempo.
    """
    intent, act = spec
    timing = _timed(act.timing, tempo, hold_s, seed)
    rise, fall = timing.there - timing.start, timing.back - timing.leave
    goals: list[Goal] = list(both_planted(timing.end))
    for vertex_pattern, place_pattern, faces_skin in act.contacts:
        pair = (named(vertex_pattern, side), named(place_pattern, side))
        goals.append(contact(pair, timing.there + 0.06, timing.leave + 0.02, faces_skin=faces_skin))
        goals.append(free(pair, 0.0, timing.start + 0.4 * rise))
        goals.append(free(pair, timing.back - 0.25 * fall, timing.end))
    goals += [reach(where, side, timing.there, timing.leave) for where in act.near]
    for middle in (timing.start + _PASSING * rise, timing.leave + (1 - _PASSING) * fall):
        goals += [reach(where, side, middle - 0.06, middle + 0.06) for where in act.passing]
    parameters = {"side": side, "tempo": tempo, "hold_s": hold_s, "seed": float(seed)}
    style = Style(_touch_keys(act, timing, side, seed), seed)
    return instance(intent, parameters, timing, (tuple(goals), style))


def touch_intents(touches: Mapping[str, Touch]) -> tuple[Intent, ...]:
    """Return the intents of a table of touches."""
    drawn: Mapping[str, Choice | Range] = {"side": SIDES, "tempo": TEMPO, "hold_s": Range(0.5, 1.4)}
    return tuple(
        Intent(name, act.action, partial(touch, (name, act)), drawn, "contact", pressed=act.pressed)
        for name, act in touches.items()
    )


def reach(where: Near, side: Side, from_s: float, to_s: float) -> Reach:
    """Return the goal that a vertex is near a place, for either side."""
    vertex, place, (out, up, front) = where
    left = out if side == "left" else -out
    return Reach(
        vertex=named(vertex, side), place=named(place, side), offset_h=(left, up, front), from_s=from_s, to_s=to_s
    )


def idle_arm(seed: int) -> Posture:
    """Return the right arm hanging while the left one is busy: it trails a little behind the weight."""
    swing = np.random.default_rng([seed, 0x1D1E]).uniform(0.02, 0.09)
    arm = replace(AT_EASE_ARM, upper=(0.24, -1.0, -0.05 - swing), fore=(0.15, -1.0, 0.26 + swing))
    return Posture(right_arm=arm, right_fingers=(20, 10))


def _timed(usual: Timing, tempo: float, hold_s: float, seed: int) -> Timing:
    """Return a timing with that hold, the ways there and back drawn a little longer or shorter."""
    timing = usual.scaled(tempo)
    there_by, back_by = np.random.default_rng([seed, 0x71]).uniform(1 - _UNEVEN, 1 + _UNEVEN, 2)
    there = timing.start + (timing.there - timing.start) * float(there_by)
    leave = there + hold_s
    back = leave + (timing.back - timing.leave) * float(back_by)
    return Timing(timing.start, there, leave, back, back + timing.end - timing.back)


def _touch_keys(act: Touch, timing: Timing, side: Side, seed: int) -> tuple[Key, ...]:
    ease, rise, fall = at_ease(seed), timing.there - timing.start, timing.back - timing.leave
    trunk, arms = split(act.there)
    first, second = _hands(arms)
    keys = list(keys_of((0.0, ease), (timing.start, ease), (timing.back, ease)))
    keys += lived(mirrored(trunk, side), (timing.start + _TRUNK_LEADS * rise, timing.leave + 0.1 * fall), seed)
    for hand, late in ((first, 0.0), (second, _SECOND_HAND_S)):
        posture = mirrored(hand, side)
        keys += keys_of((timing.there - late, posture), (timing.leave, posture))
    if arms.right_arm is None:
        keys += keys_of((timing.there, mirrored(idle_arm(seed), side)))
    if act.over is not None:
        over = mirrored(opened(act.over), side)
        times = (timing.start + 0.55 * rise, timing.leave + 0.45 * fall)
        keys += keys_of(*((t, over) for t in times), through=True)
    return tuple(keys)


def split(posture: Posture) -> tuple[Posture, Posture]:
    """Return what trunk, head and legs do, and what arms and fingers do."""
    trunk = Posture(**{name: value for name, value in vars(posture).items() if name in _TRUNK})
    rest = Posture(**{name: value for name, value in vars(posture).items() if name not in _TRUNK})
    return trunk, rest


def lived(posture: Posture, span: tuple[float, float], seed: int) -> list[Key]:
    """Return keys of a trunk that rests in a posture for a while: the weight and the head move on a little."""
    generator = np.random.default_rng([seed, 0x11FE])
    nod, turn, shift = generator.uniform(-2.5, 2.5, 3)
    keys = list(keys_of((span[0], posture), (span[1], posture)))
    if span[1] - span[0] > 0.45:
        later = Posture()
        if posture.head is not None:
            later = replace(later, head=(posture.head[0] + nod, posture.head[1] + turn, posture.head[2]))
        if posture.root is not None:
            later = replace(later, root=(posture.root[0] + 0.003 * shift, *posture.root[1:]))
        keys.append(Key(span[0] + float(generator.uniform(0.5, 0.8)) * (span[1] - span[0]), later))
    return keys


def opened(over: Posture) -> Posture:
    """Return a posture on the way with loosely curled fingers wherever an arm is on its way."""
    loose: dict[str, tuple[float, float]] = {}
    for arm, fingers in (("left_arm", "left_fingers"), ("right_arm", "right_fingers")):
        if getattr(over, arm) is not None and getattr(over, fingers) is None:
            loose[fingers] = _RELAXED
    return replace(over, **loose)  # type: ignore[arg-type]


def _hands(arms: Posture) -> tuple[Posture, Posture]:
    left = {name: value for name, value in vars(arms).items() if name.startswith("left")}
    return Posture(**left), Posture(**{name: value for name, value in vars(arms).items() if name not in left})
