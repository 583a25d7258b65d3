"""Intents that travel: walking forwards and stepping to the side."""

import numpy as np

from .actions import idle_arms
from .common import Timing, at_ease, foot_at, instance, other
from .goals import Goal, Plant, Side, Speed
from .postures import Foot, Posture
from .program import Program
from .style import Key, Style

_STANCE = 0.60
"""Share of a walking cycle that a foot is on the ground; 0.6 is human walking at its usual pace."""


def walk(speed: float, step_s: float, seed: int) -> Program:
    """Walk forwards with a steady gait.

    Args:
        speed: In L per second; 1.4 is a comfortable pace.
        step_s: Seconds per step.
        seed: Of the small uneven movements.
    """
    cycle, end = 2 * step_s, 2.5
    keys = [Key(0.0, at_ease(seed))]
    goals: list[Goal] = []
    feet: tuple[tuple[Side, float], ...] = (("left", 0.0), ("right", 0.5))
    for foot, phase in feet:
        planted, track = _gait(foot, phase, (speed, cycle, end))
        keys += track
        goals += [Plant(foot=foot, from_s=a, to_s=b) for a, b in planted]
    keys = [k for k in keys if k.time_s != 0.0 or k.posture.left_fingers is None] + _resting(seed)
    for eighth in range(int(np.ceil(8 * (end + 0.3) / cycle)) + 1):
        time, angle = eighth * cycle / 8, np.pi * eighth / 4
        keys.append(Key(time, _walking_body(angle, speed * time, speed), True))
    goals.append(Speed(leg_lengths_per_s=(0.0, speed), from_s=0.0, to_s=end))
    parameters = {"speed": speed, "step": step_s, "seed": float(seed)}
    springs = {"root": 0.0, "hips": 0.0, "spine": 0.0, "left_arm": 0.0, "right_arm": 0.0}
    style = Style(tuple(keys), seed, liveliness=0.5, springs=springs)
    return instance("walk", parameters, Timing(end=end), (tuple(goals), style))


def _resting(seed: int) -> list[Key]:
    ease = at_ease(seed)
    quiet = Posture(head=(0, 0, 0), left_fingers=ease.left_fingers, right_fingers=ease.right_fingers, knees=(1, 1))
    return [Key(0.0, quiet)]


def _walking_body(angle: float, travelled: float, speed: float) -> Posture:
    """Pelvis, spine and arms at a phase of the cycle; at 0 the left heel strikes, at pi the right one."""
    reach, size = np.cos(angle), min(speed / 1.4, 1.5)
    over_left = np.sin(angle)
    left, right = idle_arms(-0.42 * size * np.cos(angle - 0.15))
    return Posture(
        hips=(3, -6 * size * reach, -3.0 * over_left),
        spine=(1 + np.cos(2 * angle), 10 * size * reach, 3.5 * over_left),
        root=(0.035 * over_left, -0.04 - 0.018 * size * np.cos(2 * angle), travelled),
        left_arm=left, right_arm=right,
    )  # fmt: skip


def _gait(foot: Side, phase: float, pace: tuple[float, float, float]) -> tuple[list[tuple[float, float]], list[Key]]:
    """Return when a foot stands flat, and its keys: heel strike, flat, heel off, toe off, swing."""
    speed, cycle, end = pace
    stride = speed * cycle
    spans, keys = [], []
    for step in range(-1, int(np.ceil(end / cycle)) + 2):
        strike = (step + phase) * cycle
        # The foot strikes ahead of the hips by half of what they travel while it stands.
        place = speed * strike + 0.5 * _STANCE * stride
        flat, heel_off, toe_off = (strike + share * cycle for share in (0.08, 0.36, _STANCE))
        spans.append((max(flat, 0.0), min(heel_off, end)))
        timed = (
            (strike, Foot(0, 0.058, place, heel_up=-14), True),
            (flat, Foot(0, 0, place), False),
            (heel_off, Foot(0, 0, place), False),
            (toe_off, Foot(0, 0.01, place + 0.01, heel_up=44), True),
            (strike + 0.74 * cycle, Foot(-0.01, 0.11, place + 0.36 * stride, heel_up=38), True),
            (strike + 0.88 * cycle, Foot(0, 0.06, place + 0.78 * stride, heel_up=2), True),
        )
        keys += [Key(time, foot_at(foot, value), through) for time, value, through in timed]
    return [(a, b) for a, b in spans if b > a], keys


def sidestep(side: Side, width: float, tempo: float, seed: int) -> Program:
    """Step to the side and bring the other foot after; ``width`` in L."""
    away = 1.0 if side == "left" else -1.0
    lead, trail = side, other(side)
    lift, land, follow, close, end = (t / tempo for t in (0.45, 0.95, 1.2, 1.75, 2.4))
    ease = at_ease(seed)
    left, right = idle_arms(0.0)
    keys = [Key(0.0, ease), Key(0.15, ease)]

    def foot(which: Side, out: float, up: float = 0.0, heel: float = 0.0) -> Posture:
        """Place one foot."""
        sign = 1.0 if which == "left" else -1.0
        return foot_at(which, Foot(sign * away * out, up, 0.0, heel_up=heel))

    for which, start, stop in ((lead, lift, land), (trail, follow, close)):
        middle = 0.5 * (start + stop)
        keys += [Key(start, foot(which, 0.0)), Key(middle, foot(which, 0.5 * width, 0.1, 14), True)]
        keys += [Key(stop, foot(which, width)), Key(end, foot(which, width))]
    root = ((lift, -0.09), (0.5 * (lift + land), 0.1 * width - 0.03), (land, 0.55 * width), (follow, width + 0.05),
            (close, width + 0.02), (close + 0.35, width))  # fmt: skip
    for time, x in root:
        deep = -0.055 if land <= time <= follow else -0.03
        roll = -4.0 * away if time in (lift, follow) else 2.0 * away
        body = Posture(
            root=(away * x, deep, 0.0), hips=(2, 0, roll), spine=(2, 0, -1.2 * roll), left_arm=left, right_arm=right
        )
        keys.append(Key(time, body, time not in (lift, close + 0.35)))
    goals: tuple[Goal, ...] = (
        Plant(foot=lead, from_s=0.0, to_s=lift), Plant(foot=lead, from_s=land, to_s=end),
        Plant(foot=trail, from_s=0.0, to_s=follow), Plant(foot=trail, from_s=close, to_s=end),
    )  # fmt: skip
    parameters = {"side": side, "width": width, "tempo": tempo, "seed": float(seed)}
    return instance("sidestep", parameters, Timing(end=end), (goals, Style(tuple(keys), seed)))
