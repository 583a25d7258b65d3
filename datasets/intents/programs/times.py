"""Goals and facts moved in time, cut, and carried along with a body that stands elsewhere."""

from dataclasses import replace
from typing import TypeVar

import numpy as np

from .blend import Ground
from .facts import Fact
from .goals import Face, Goal, Plant, Reach, Speed
from .program import FPS

_Goal = TypeVar("_Goal", bound=Goal)


def shifted(goal: _Goal, by_s: float) -> _Goal:
    """Return a goal that much later."""
    return replace(goal, from_s=goal.from_s + by_s, to_s=goal.to_s + by_s)


def stretched(goal: Goal, own_s: float, seconds: float) -> Goal | None:
    """Let what lasts to a program's own end last to the new end; ``None`` when it only began after that."""
    to = seconds if goal.to_s >= own_s - 0.1 else min(goal.to_s, seconds)
    return replace(goal, to_s=to) if to > goal.from_s else None


def cut(goal: Goal, from_s: float, to_s: float) -> Goal | None:
    """Return the part of a goal within a time span; ``None`` when not even a frame is left of what was longer."""
    if from_s <= goal.from_s and goal.to_s <= to_s:
        return goal
    begin, end = max(goal.from_s, from_s), min(goal.to_s, to_s)
    return replace(goal, from_s=begin, to_s=end) if end - begin > 1.0 / FPS else None


def cut_fact(fact: Fact, from_s: float, to_s: float) -> Fact | None:
    """Return the part of a fact within a time span, if any is left."""
    begin, end = max(fact.from_s, from_s), min(fact.to_s, to_s)
    return replace(fact, from_s=begin, to_s=end) if end > begin else None


def carried(goal: Goal, ground: Ground) -> Goal:
    """Turn what a goal says about directions with the body."""
    turned = float(np.degrees(ground.turned_rad))
    if isinstance(goal, Face):
        return replace(goal, yaw_deg=goal.yaw_deg + turned)
    if isinstance(goal, Speed):
        left, front = ground.carry(*(np.array(v) for v in goal.leg_lengths_per_s))
        return replace(goal, leg_lengths_per_s=(float(left), float(front)))
    if isinstance(goal, Reach):
        left, front = ground.carry(np.array(goal.offset_h[0]), np.array(goal.offset_h[2]))
        return replace(goal, offset_h=(float(left), goal.offset_h[1], float(front)))
    return goal


def plants_joined(goals: tuple[Goal, ...]) -> tuple[Goal, ...]:
    """Join spans in which the same foot stays planted from one into the next."""
    others = [g for g in goals if not isinstance(g, Plant)]
    joined: list[Plant] = []
    for plant in sorted((g for g in goals if isinstance(g, Plant)), key=lambda g: (g.foot, g.from_s)):
        last = joined[-1] if joined else None
        if last is not None and last.foot == plant.foot and plant.from_s <= last.to_s + 1e-3:
            joined[-1] = replace(last, to_s=max(last.to_s, plant.to_s))
        else:
            joined.append(plant)
    return (*joined, *others)
