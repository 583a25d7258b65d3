"""How a program begins and ends: when it leaves standing at ease, when it is back, and where on the ground."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .blend import Ground
from .common import AT_EASE
from .goals import Plant
from .postures import CHANNELS, channel_values
from .program import Program
from .style import ARM_QUATERNIONS, Key, Style

_NEAR_L = 0.05
_NEAR_DEG = 14.0
_FOOT_L = 2e-3
_HANGS_DEG = 32.0
"""An arm that never turns further from where it hangs than this is not busy."""
_ARM_WORDS = ("palm", "hand", "tip", "knuckles", "wrist", "forearm", "elbow", "upper_arm")


@dataclass(frozen=True)
class Quiet:
    """When a channel leaves its first key's value, and when it reaches its last one's; equal if it never moves."""

    until_s: float
    from_s: float


def keys_of_channel(program: Program, channel: str) -> tuple[Key, ...]:
    """Return the keys of a single intent's style that set a channel, in time."""
    if not isinstance(program.style, Style):
        raise TypeError(f"{program.name} is composed: look at its parts")
    return program.style.keys_of[channel]


def quiet(program: Program, channel: str) -> Quiet | None:
    """Return when a channel moves, or ``None`` when all its keys are alike."""
    keys = keys_of_channel(program, channel)
    values = [getattr(k.posture, channel) for k in keys]
    moved = [i for i, value in enumerate(values) if value != values[0]]
    unlike_last = [i for i, value in enumerate(values) if value != values[-1]]
    if not moved:
        return None
    back = keys[unlike_last[-1] + 1].time_s if unlike_last else keys[moved[0]].time_s
    return Quiet(keys[moved[0] - 1].time_s, back)


def quiet_until_s(program: Program) -> float:
    """Return when the first channel leaves its first value, in seconds."""
    return _over_channels(program, lambda q: q.until_s, min, 0.0)


def quiet_from_s(program: Program) -> float:
    """Return when the last channel has reached its last value, in seconds."""
    return _over_channels(program, lambda q: q.from_s, max, 0.0)


def _over_channels(
    program: Program, of: Callable[[Quiet], float], choose: Callable[[Iterable[float]], float], default: float
) -> float:
    times = [of(q) for q in (quiet(program, channel) for channel in CHANNELS) if q is not None]
    return choose(times) if times else default


def standing_at(program: Program, *, at_end: bool) -> Ground | None:
    """Return where a program's body stands at ease when it begins or ends; ``None`` when it does not stand at ease.

    At ease: both feet flat, planted and side by side as in rest, hips above them, arms hanging, trunk upright.
    """
    values = {name: _values(program, name, at_end=at_end) for name in CHANNELS}
    left, right = values["left_foot"], values["right_foot"]
    turned = float(0.5 * (left[5] + right[5]))
    flat = np.array([*(left[:5] - right[:5]), left[5] - right[5], left[1], left[3], left[4]])
    if np.abs(flat).max() > _FOOT_L or not _planted(program, at_end=at_end):
        return None
    ground = Ground(float(left[0]), float(left[2]), turned)
    root = values["root"] - np.array([ground.left_l, 0.0, ground.front_l])
    if np.abs(root).max() > _NEAR_L:
        return None
    hips = values["hips"] - np.array([0.0, turned, 0.0])
    if max(np.abs(a).max() for a in (hips, values["spine"], values["head"])) > np.radians(_NEAR_DEG):
        return None
    for side in ("left_arm", "right_arm"):
        if not _near_ease(values[side], side):
            return None
    return ground


def _values(program: Program, channel: str, *, at_end: bool) -> NDArray[np.float64]:
    key = keys_of_channel(program, channel)[-1 if at_end else 0]
    return channel_values(channel, getattr(key.posture, channel))


def _planted(program: Program, *, at_end: bool) -> bool:
    """Whether both feet are planted in the first or last frame."""
    end = program.length_s
    time = end - 0.5 / program.fps if at_end else 0.0
    feet = {g.foot for g in program.goals if isinstance(g, Plant) and g.from_s <= time <= g.to_s}
    return len(feet) == 2


def _near_ease(arm: NDArray[np.float64], side: str) -> bool:
    return _apart_deg(arm, channel_values(side, getattr(AT_EASE, side))) <= 2 * _NEAR_DEG


def _apart_deg(one: NDArray[np.float64], two: NDArray[np.float64]) -> float:
    """Return the largest angle between two arms' joints."""
    cosines = [abs(float(one[start:stop] @ two[start:stop])) for start, stop in ARM_QUATERNIONS]
    turns = 2 * np.arccos(np.minimum(cosines, 1.0))
    return float(np.degrees(max(turns.max(), np.abs(one[12:] - two[12:]).max())))


def stands_throughout(program: Program) -> bool:
    """Whether both feet stay planted where they rest, from the first frame to the last."""
    still = all(
        channel_values(name, getattr(key.posture, name)).any() == np.False_
        for name in ("left_foot", "right_foot")
        for key in keys_of_channel(program, name)
    )
    return still and bool(program.planted().all())


def is_busy(program: Program, side: str) -> bool:
    """Whether an arm does something, rather than hanging and giving way to what the rest does."""
    name = f"{side}_arm"
    if any(_is_arms(place, side) for pair in program.contact_pairs() for place in pair):
        return True
    values = [channel_values(name, getattr(key.posture, name)) for key in keys_of_channel(program, name)]
    return any(_apart_deg(values[0], value) > _HANGS_DEG for value in values[1:])


def _is_arms(vertex: str, side: str) -> bool:
    return vertex.startswith(f"{side}_") and any(word in vertex for word in _ARM_WORDS)
