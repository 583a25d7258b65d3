"""Acts on the spot written as tables: a way there, beats that repeat, and the way back to standing at ease."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

import numpy as np

from .common import Timing, at_ease, instance, keys_of, mirrored, named
from .facts import Fact
from .goals import Goal, Plant, Side
from .intent import SIDES, TEMPO, Choice, Family, Intent, Range
from .postures import Foot, Posture
from .program import Program
from .style import Key, Style

_UNEVEN = 0.05
"""Share of a beat by which repeated beats come early or late."""


@dataclass(frozen=True)
class Moment:
    """A posture at a time of an act, written for the left side."""

    at: float
    posture: Posture
    through: bool = False
    """Whether the motion passes through without stopping."""


@dataclass(frozen=True)
class Act:
    """One act. Times are seconds at tempo 1."""

    action: str
    """Class of action."""
    way: tuple[Moment, ...]
    """From standing at ease to the first beat; its last moment is when beats begin (or the act is there)."""
    beats: tuple[Moment, ...] = ()
    """What is repeated; times are from the start of the beat."""
    beat_s: float = 0.6
    after: tuple[Moment, ...] = ()
    """What follows before the way back, as steps; times are from the end of the last beat and the hold."""
    hold_s: float = 0.0
    """Rest when it is there: at the end of the way, or of the last beat."""
    back_s: float = 0.8
    """Time back to standing at ease."""
    counts: tuple[int, int] | None = None
    """Fewest and most repetitions; ``None``: once, and the act has no count."""
    sides: bool = True
    """Whether it can be done on either side."""
    facts: tuple[tuple[str, str], ...] = ()
    """(part, state) while the act is on; ``{same}`` and ``{other}`` stand for the sides."""
    said: Mapping[str, str | int | float] = field(default_factory=dict)
    springs: Mapping[str, float] = field(default_factory=dict)
    family: Family = "gesture"
    pressed: bool = False


def perform(spec: tuple[str, Act], *, tempo: float, seed: int, side: Side = "left", count: int = 1) -> Program:
    """Return the program of an act.

    Args:
        spec: Name of the intent and the act.
        tempo: How fast; 1 is the usual pace.
        seed: Of the small uneven movements.
        side: The acting side.
        count: How often the beats are repeated.
    """
    name, act = spec
    ease, start = at_ease(seed), 0.2 / tempo
    keys = [*keys_of((0.0, ease), (start, ease)), *_keys(act.way, (0.0, tempo), side)]
    first = start if not act.way else act.way[-1].at / tempo
    time = first
    uneven = np.random.default_rng([seed, 0xBEA7]).uniform(-_UNEVEN, _UNEVEN, max(count, 1))
    for late in uneven if act.beats else ():
        beat = (1 + float(late)) * act.beat_s / tempo
        keys += _keys(act.beats, (time, tempo * act.beat_s / (beat * tempo)), side)
        time += beat
    leave = time + act.hold_s / tempo
    if act.hold_s:
        keys.append(Key(leave, mirrored((act.beats or act.way)[-1].posture, side)))
    keys += _keys(act.after, (leave, tempo), side)
    back = leave + ((act.after[-1].at if act.after else 0.0) + act.back_s) / tempo
    end = back + 0.15 / tempo
    keys.append(Key(back, ease))
    parameters: dict[str, float | str] = {"side": side} if act.sides else {}
    parameters |= {"count": float(count)} if act.counts else {}
    parameters |= {"tempo": tempo, "seed": float(seed)}
    facts = tuple(_fact(part, state, side, (0.5 * (start + first), leave)) for part, state in act.facts)
    style = Style(tuple(keys), seed, springs=dict(act.springs))
    goals = planted_feet(keys, end)
    return instance(name, parameters, Timing(end=end), (goals, style), said=act.said, facts=facts)


def act_intents(acts: Mapping[str, Act]) -> tuple[Intent, ...]:
    """Return the intents of a table of acts."""
    intents = []
    for name, act in acts.items():
        parameters: dict[str, Choice | Range] = {"side": SIDES} if act.sides else {}
        if act.counts:
            parameters["count"] = Range(act.counts[0], act.counts[1], 1)
        parameters["tempo"] = TEMPO
        make = partial(perform, (name, act))
        intents.append(Intent(name, act.action, make, parameters, act.family, pressed=act.pressed))
    return tuple(intents)


def planted_feet(keys: Sequence[Key], end_s: float) -> tuple[Goal, ...]:
    """Return the spans in which the feet of a style stand flat and still, as goals.

    A foot stands between two of its keys in a row that both rest at the same place, on the ground with the heel down.
    """
    goals: list[Goal] = []
    sides: tuple[Side, ...] = ("left", "right")
    for side in sides:
        track = [(k.time_s, getattr(k.posture, f"{side}_foot"), k.through) for k in keys]
        placed = sorted(((t, f, through) for t, f, through in track if f is not None), key=lambda p: p[0])
        spans: list[list[float]] = []
        for (begin, foot, one), (stop, next_foot, two) in zip(placed, [*placed[1:], (end_s, None, False)], strict=True):
            still = _stands(foot) and not one and (next_foot is None or (next_foot == foot and not two))
            if still and spans and spans[-1][1] == begin:
                spans[-1][1] = stop
            elif still and stop > begin:
                spans.append([begin, stop])
        goals += [Plant(foot=side, from_s=a, to_s=min(b, end_s)) for a, b in spans]
    return tuple(goals)


def _stands(foot: Foot) -> bool:
    return foot.up == 0 and foot.heel_up == 0


def _keys(moments: Sequence[Moment], clock: tuple[float, float], side: Side) -> list[Key]:
    """Place moments in time: ``clock`` is when they start and how fast they run."""
    start, tempo = clock
    return [Key(start + m.at / tempo, mirrored(m.posture, side), m.through) for m in moments]


def _fact(part: str, state: str, side: Side, span: tuple[float, float]) -> Fact:
    return Fact(part=named(part, side), state=named(state, side), from_s=span[0], to_s=span[1])  # type: ignore[arg-type]
