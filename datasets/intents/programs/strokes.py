"""Touches that come and go or move on: patting, tapping, slapping, scratching, and hands that glide over the skin."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import pairwise

import numpy as np

from .common import Timing, at_ease, both_planted, contact, free, instance, keys_of, mirrored, named
from .goals import Goal, Reach, Side
from .intent import SIDES, TEMPO, Choice, Intent, Range
from .postures import Posture, Vec3
from .program import Program
from .style import Key, Style
from .touching import idle_arm, lived, opened, reach, split

_START_S = 0.25
_BACK_S = 0.85
_UNEVEN = 0.07
"""Share of a beat by which repeated beats come early or late."""


@dataclass(frozen=True)
class Strokes:
    """An act whose contact comes again and again, written for the left side. Times are seconds at tempo 1."""

    action: str
    """Class of action."""
    pair: tuple[str, str, bool]
    """Vertex, place and whether it is a palm that faces the skin."""
    on: Posture
    """The posture of the contact."""
    off: tuple[Posture, ...]
    """The posture between two contacts; several are taken in turn."""
    between_h: tuple[Vec3, ...]
    """Where the vertex is between two contacts, from the place, in H; several are taken in turn."""
    over: Posture
    """A posture on the way there and back."""
    near: tuple[tuple[str, str, Vec3], ...] = ()
    """Where hands are to be while they touch, for contacts that could be anywhere (of two hands)."""
    first_s: float = 1.0
    """When the first contact is."""
    beat_s: float = 0.34
    touch_s: float = 0.07
    counts: tuple[int, int] = (3, 5)
    springs: Mapping[str, float] = field(default_factory=lambda: {"left_arm": 7.0, "right_arm": 7.0})


def strokes(
    spec: tuple[str, Strokes], *, side: Side, tempo: float, seed: int, count: int = 3, amplitude: float = 1.0
) -> Program:
    """Touch the same place again and again, ``count`` times.

    Args:
        spec: Name of the intent and what it is.
        side: The acting hand.
        tempo: How fast; 1 is the usual pace.
        seed: Of the small uneven movements.
        count: How many times.
        amplitude: How far the hand goes between two contacts; 1 is the usual way.
    """
    intent, act = spec
    times = beats(count, act.first_s / tempo, act.beat_s / tempo, seed)
    start, leave = _START_S / tempo, times[-1] + act.touch_s
    back = leave + _BACK_S / tempo
    end = back + 0.15
    vertex, place = named(act.pair[0], side), named(act.pair[1], side)
    rise = times[0] - start
    goals: list[Goal] = [*both_planted(end), free((vertex, place), 0.0, start + 0.4 * rise)]
    goals.append(free((vertex, place), back - 0.25 * (back - leave), end))
    for at in times:
        goals.append(contact((vertex, place), at, at + act.touch_s, faces_skin=act.pair[2]))
        goals += [reach(where, side, at, at + act.touch_s) for where in act.near]
    for number, (at, following) in enumerate(pairwise(times)):
        middle = 0.5 * (at + act.touch_s + following)
        offset = act.between_h[number % len(act.between_h)]
        scaled = (offset[0] * amplitude, offset[1] * amplitude, offset[2] * amplitude)
        goals.append(reach((act.pair[0], act.pair[1], scaled), side, middle - 0.035, middle + 0.035))
    keys = _stroke_keys(act, times, (start, back, seed), side)
    parameters = {
        "side": side, "count": float(count), "tempo": tempo, "amplitude": amplitude, "seed": float(seed)
    }  # fmt: skip
    style = Style(keys, seed, springs=dict(act.springs))
    return instance(intent, parameters, Timing(end=end), (tuple(goals), style))


def beats(count: int, first_s: float, beat_s: float, seed: int) -> list[float]:
    """Return when beats fall: never quite evenly, the later ones a little slower."""
    generator = np.random.default_rng([seed, 0xBEA7])
    lengths = beat_s * (1 + generator.uniform(-_UNEVEN, _UNEVEN, max(count - 1, 0)) + 0.02 * np.arange(count - 1))
    return [first_s, *(first_s + float(t) for t in np.cumsum(lengths))]


def _stroke_keys(act: Strokes, times: Sequence[float], ends: tuple[float, float, int], side: Side) -> tuple[Key, ...]:
    start, back, seed = ends
    ease, leave = at_ease(seed), times[-1] + act.touch_s
    rise = times[0] - start
    trunk, on = split(act.on)
    keys = list(keys_of((0.0, ease), (start, ease), (back, ease)))
    keys += lived(mirrored(trunk, side), (start + 0.8 * rise, leave + 0.1), seed)
    over = mirrored(opened(act.over), side)
    keys += keys_of((start + 0.55 * rise, over), (leave + 0.45 * (back - leave), over), through=True)
    for at in times:
        keys += keys_of((at - 0.01, mirrored(on, side)), (at + act.touch_s, mirrored(on, side)))
    for number, (at, following) in enumerate(pairwise(times)):
        off = act.off[number % len(act.off)]
        keys.append(Key(0.5 * (at + act.touch_s + following), mirrored(off, side), True))
    if on.right_arm is None:
        keys += keys_of((times[0], mirrored(idle_arm(seed), side)))
    return tuple(keys)


def stroke_intents(acts: Mapping[str, Strokes]) -> tuple[Intent, ...]:
    """Return the intents of a table of strokes."""
    intents = []
    for name, act in acts.items():
        drawn: dict[str, Choice | Range] = {"side": SIDES, "count": Range(act.counts[0], act.counts[1], 1)}
        drawn |= {"tempo": TEMPO, "amplitude": Range(0.8, 1.25)}
        intents.append(Intent(name, act.action, partial(strokes, (name, act)), drawn, "contact"))
    return tuple(intents)


def glide(vertex: str, places: Sequence[str], times: Sequence[float], touch_s: float = 0.05) -> list[Goal]:
    """Return the goals of a hand that moves over the skin from place to place without leaving it.

    At its time it is at a place. In between it is pulled to both the place it left and the one it goes to: the sum of
    the two distances is least anywhere on the straight way between them, and the skin keeps it out of the body.

    Args:
        vertex: What glides.
        places: Where it goes, in order.
        times: When it is there, in seconds, ascending.
        touch_s: How long it is at each place.
    """
    goals: list[Goal] = []
    for place, at in zip(places, times, strict=True):
        goals.append(contact((vertex, place), at, at + touch_s, faces_skin=vertex.endswith("palm")))
    for (left_place, left_at), (next_place, next_at) in pairwise(zip(places, times, strict=True)):
        span = (left_at + touch_s + 1e-3, next_at - 1e-3)
        goals += [
            Reach(vertex=vertex, place=place, offset_h=(0.0, 0.0, 0.0), from_s=span[0], to_s=span[1])
            for place in (left_place, next_place)
        ]
    return goals
