"""Which part a program can play in a composition."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from .blend import Ground
from .ends import keys_of_channel, standing_at, stands_throughout
from .goals import Plant, Speed
from .halt import can_halt
from .postures import channel_values
from .program import Program

_LEG_WORDS = ("thigh", "knee", "shin", "calf", "ankle", "heel", "toe", "foot", "sole", "leg")
_HIPS_DEG, _HIPS_L = 9.0, 0.07
_DOWN_L = -0.15
_HOLD_S = 0.2
_STANCE = ("root", "hips", "left_foot", "right_foot")
_STILL = 0.03
"""Radians and L that a held posture may still move."""
_FOOT_AWAY = 0.2


def can_be_first(program: Program) -> bool:
    """Whether something may follow: it ends standing at ease, or is a gait that can stop."""
    if standing_at(program, at_end=True) is not None:
        return True
    return cycle_of(program) is not None and can_halt(program)


def can_be_second(program: Program) -> bool:
    """Whether it may follow something: it starts standing at ease, where the origin is."""
    return standing_at(program, at_end=False) == Ground()


def can_be_upper(program: Program) -> bool:
    """Whether arms, head and spine can do it while the legs do something else."""
    if not (stands_throughout(program) and can_be_first(program) and can_be_second(program)):
        return False
    if any(word in place for pair in program.contact_pairs() for place in pair for word in _LEG_WORDS):
        return False
    hips = np.stack([channel_values("hips", k.posture.hips) for k in keys_of_channel(program, "hips")])
    root = np.stack([channel_values("root", k.posture.root) for k in keys_of_channel(program, "root")])
    return bool(np.abs(hips).max() <= np.radians(_HIPS_DEG) and np.abs(root).max() <= _HIPS_L)


def can_be_lower(program: Program) -> bool:
    """Whether legs and hips can do it while the arms do something else."""
    return not program.contacts and (cycle_of(program) is not None or hold_of(program) is not None)


@dataclass(frozen=True)
class Cycle:
    """A steady gait: seconds per period, and the way per period to the left and the front in L."""

    period_s: float
    travel_l: tuple[float, float]


def cycle_of(program: Program) -> Cycle | None:
    """Return the cycle of a gait that goes straight on at one speed from the first frame to the last, if it is one."""
    speeds = [g for g in program.goals if isinstance(g, Speed)]
    if program.contacts or len(speeds) != 1 or speeds[0].from_s > 0.05:
        return None
    if speeds[0].to_s < program.length_s - 0.1 or standing_at(program, at_end=True) is not None:
        return None
    names = ("left_foot", "right_foot")
    feet = [channel_values(n, getattr(k.posture, n)) for n in names for k in keys_of_channel(program, n)]
    starts = sorted(g.from_s for g in program.goals if isinstance(g, Plant) and g.foot == "left" and g.from_s > 0.05)
    if any(foot[5] for foot in feet) or len(starts) < 2:
        return None
    period = starts[-1] - starts[-2]
    left, front = speeds[0].leg_lengths_per_s
    return Cycle(period, (left * period, front * period))


def hold_of(program: Program) -> tuple[float, float] | None:
    """Return when a posture act stays where it went, hips and feet, with the hips down or a foot away from its place.

    ``None`` if it does nowhere, or if it does not start and end standing at ease.
    """
    if program.contacts or not (can_be_first(program) and can_be_second(program)):
        return None
    spans = [(a.time_s, b.time_s) for a, b in pairwise(keys_of_channel(program, "root"))]
    held = [span for span in spans if span[1] - span[0] >= _HOLD_S and _stays(program, span)]
    return max(held, key=lambda span: span[1] - span[0], default=None)


def _stays(program: Program, span: tuple[float, float]) -> bool:
    """Whether hips and feet stay between two times, away from standing."""
    held = {name: _values_within(program, name, span) for name in _STANCE}
    if any(np.ptp(values, axis=0).max() > _STILL for values in held.values()):
        return False
    away = max(np.abs(held[name][0, :3]).max() for name in ("left_foot", "right_foot"))
    return bool(held["root"][0, 1] < _DOWN_L or away > _FOOT_AWAY)


def _values_within(program: Program, channel: str, span: tuple[float, float]) -> NDArray[np.float64]:
    """Return a channel at its keys within a span, and at the keys before and after that lead there and away."""
    keys = keys_of_channel(program, channel)
    before = [k for k in keys if k.time_s <= span[0] + 1e-6][-1:]
    after = [k for k in keys if k.time_s >= span[1] - 1e-6][:1]
    within = [k for k in keys if span[0] < k.time_s < span[1]]
    return np.stack([channel_values(channel, getattr(k.posture, channel)) for k in (*before, *within, *after)])
