"""Gaits: where feet, pelvis and arms are over a cycle of walking or running, from a few numbers per gait."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from .common import Timing, at_ease, foot_at, instance
from .facts import Fact
from .goals import Goal, Plant, Side, Speed
from .postures import Arm, Foot, Posture
from .program import Program
from .style import Key, Style

_HEEL_L = 0.24
"""From the ball of the foot to the back of the heel, in L: how high the ball is when the toes point up."""

Swing = tuple[float, float, float, float]
"""A foot in the air: share of the swing's time, height in L, share of the way forward, heel up in degrees."""


@dataclass(frozen=True)
class Steps:
    """How one foot treads; shares are of the cycle, lengths in L, angles in degrees."""

    stance: float = 0.60
    """Share of the cycle on the ground; 0.6 is human walking at its usual pace, below 0.5 there is a flight phase."""
    flat: float = 0.08
    """After the strike, when the whole foot is on the ground."""
    heel_off: float = 0.36
    """After the strike, when the heel leaves the ground."""
    strike_deg: float = -14.0
    """Heel up at the strike; negative is toes up, the heel strikes first."""
    off_deg: float = 44.0
    """Heel up when the foot leaves the ground."""
    off_up: float = 0.01
    """Height of the ball when the foot leaves the ground, in L; more where it leaves fast, or it would dip first."""
    swing: tuple[Swing, ...] = ((0.35, 0.11, 0.36, 38.0), (0.70, 0.06, 0.78, 2.0))
    inwards: float = 0.08
    """How much nearer to the midline than in standing the foot treads."""
    standing_deg: float = 0.0
    """Heel up while the foot stands; on tiptoe the heel never comes down."""


@dataclass(frozen=True)
class Gait:
    """A gait: both feet, how fast, and the rest of the body as a function of the phase."""

    speed: float
    """In L per second, negative backwards."""
    cycle_s: float
    left: Steps
    right: Steps
    body: Callable[[float], Posture]
    """Pelvis, spine, head and arms at a phase in radians: at 0 the left foot strikes, at ``right_phase`` the right one.

    ``root`` is without the way travelled.
    """
    right_phase: float = 0.5
    duration_s: float = 2.5
    resting: Posture = Posture()  # noqa: RUF009 - frozen
    """What is the same throughout, as the fingers."""


@dataclass(frozen=True)
class Act:
    """What a gait is called and what is said of it."""

    intent: str
    parameters: Mapping[str, float | str]
    state: str
    """State of the body in ``facts.STATES``."""
    direction: str = "forward"
    manner: str = ""


def gait_program(gait: Gait, act: Act, seed: int) -> Program:
    """Return the program of going with a gait from the first frame to the last."""
    end = gait.duration_s
    goals: list[Goal] = []
    still = _resting(seed) if gait.body(0.0).head is None else replace(_resting(seed), head=None)
    keys = [Key(0.0, replace(still, **_given(gait.resting)))]
    feet: tuple[tuple[Side, Steps, float], ...] = (("left", gait.left, 0.0), ("right", gait.right, gait.right_phase))
    for foot, steps, phase in feet:
        planted, track = _tread(gait, steps, phase)
        keys += [Key(time, foot_at(foot, value), through) for time, value, through in track]
        goals += [Plant(foot=foot, from_s=a, to_s=b) for a, b in planted]
    for eighth in range(int(np.ceil(8 * (end + 0.3) / gait.cycle_s)) + 1):
        time = eighth * gait.cycle_s / 8
        posture = gait.body(np.pi * eighth / 4)
        x, y, z = posture.root or (0.0, 0.0, 0.0)
        keys.append(Key(time, replace(posture, root=(x, y, z + gait.speed * time)), True))
    goals.append(Speed(leg_lengths_per_s=(0.0, gait.speed), from_s=0.0, to_s=end))
    springs = dict.fromkeys(("root", "hips", "spine", "head", "left_arm", "right_arm"), 0.0)
    style = Style(tuple(keys), seed, liveliness=0.5, springs=springs)
    said = {"direction": act.direction} | ({"manner": act.manner} if act.manner else {})
    facts = (Fact(part="body", state=act.state, from_s=0.0, to_s=end),)
    parameters = {**act.parameters, "seed": float(seed)}
    return instance(act.intent, parameters, Timing(end=end), (tuple(goals), style), said=said, facts=facts)


def swung_arm(swing_deg: float, elbow_deg: float, *, out: float = 0.15, inwards: float = 0.0) -> Arm:
    """Return an arm swung in the plane it walks in.

    Args:
        swing_deg: Upper arm forwards from hanging.
        elbow_deg: How far the elbow is bent.
        out: How far the upper arm is held off the side, as a share of its length.
        inwards: How far the forearm crosses in front of the body.
    """
    upper, fore = np.radians(swing_deg), np.radians(swing_deg + elbow_deg)
    return Arm(
        (out, -float(np.cos(upper)), float(np.sin(upper))),
        (0.5 * out - inwards, -float(np.cos(fore)), float(np.sin(fore))),
    )


def _resting(seed: int) -> Posture:
    ease = at_ease(seed)
    return Posture(head=(0, 0, 0), left_fingers=ease.left_fingers, right_fingers=ease.right_fingers, knees=(1, 1))


def _given(posture: Posture) -> dict[str, Any]:
    return {name: value for name, value in vars(posture).items() if value is not None}


def _tread(gait: Gait, steps: Steps, phase: float) -> tuple[list[tuple[float, float]], list[tuple[float, Foot, bool]]]:
    """Return when a foot stands flat, and its keys: strike, flat, heel off, toe off, swing."""
    cycle, stride = gait.cycle_s, gait.speed * gait.cycle_s
    spans, keys = [], []
    for step in range(-1, int(np.ceil(gait.duration_s / cycle)) + 2):
        strike = (step + phase) * cycle
        # The foot strikes ahead of the hips by half of what they travel while it stands.
        place = gait.speed * strike + 0.5 * steps.stance * stride
        flat, heel_off, off = (strike + share * cycle for share in (steps.flat, steps.heel_off, steps.stance))
        spans.append((max(flat, 0.0), min(heel_off, gait.duration_s)))

        def at(up: float, front: float, heel_deg: float, inwards: float = steps.inwards) -> Foot:
            """Return the foot at one place of the step."""
            return Foot(-inwards, up, front, heel_up=heel_deg)

        keys += [
            (strike, at(_ball_height(steps.strike_deg), place, steps.strike_deg), True),
            (flat, at(0.0, place, steps.standing_deg), False),
            (heel_off, at(0.0, place, steps.standing_deg), False),
            (off, at(steps.off_up + _ball_height(steps.off_deg), place, steps.off_deg), True),
        ]
        for share, up, front, heel_deg in steps.swing:
            keys.append((off + share * (1 - steps.stance) * cycle, at(up, place + front * stride, heel_deg), True))
    return [(a, b) for a, b in spans if b > a], keys


def _ball_height(pitch_deg: float) -> float:
    return _HEEL_L * float(np.sin(np.radians(max(-pitch_deg, 0.0))))
