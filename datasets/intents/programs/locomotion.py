"""Intents that travel on two feet in a steady gait: walking, running, marching, sneaking, limping."""

import numpy as np

from .common import mirrored
from .gait import Act, Gait, Steps, gait_program, swung_arm
from .goals import Side
from .intent import SIDES, Intent, Range
from .postures import Arm, Posture
from .program import Program
from .stepping import STEPPING_INTENTS


def walk(speed: float, step_s: float, seed: int) -> Program:
    """Walk forwards with a steady gait.

    Args:
        speed: In L per second; 1.4 is a comfortable pace.
        step_s: Seconds per step.
        seed: Of the small uneven movements.
    """
    size = min(speed / 1.4, 1.3)
    ahead = 0.5 * Steps().stance * speed * 2 * step_s  # of the hips, where a foot strikes: the longer, the lower

    def body(angle: float) -> Posture:
        """Return pelvis, spine and arms at an angle of the cycle."""
        reach, over_left = np.cos(angle), np.sin(angle)
        return Posture(
            hips=(2, -5 * size * reach, -3.5 * over_left),
            spine=(2 + 0.8 * np.cos(2 * angle), 9 * size * reach, 4.5 * over_left),
            head=(1 - np.cos(2 * angle), -4 * size * reach, -1.5 * over_left),
            root=(0.03 * over_left, -0.02 - 0.2 * ahead**2 - 0.11 * ahead**2 * np.cos(2 * angle), 0.0),
            left_arm=_walking_arm(-size * np.cos(angle - 0.25)),
            right_arm=_walking_arm(size * np.cos(angle - 0.25)),
        )

    gait = Gait(speed, 2 * step_s, Steps(), Steps(), body)
    return gait_program(gait, Act("walk", {"speed": speed, "step": step_s}, "walking"), seed)


def _walking_arm(front: float) -> Arm:
    return swung_arm(-4 + 15 * front, 20 + 7 * front, out=0.17, inwards=0.02 + 0.03 * front)


def walk_backwards(speed: float, step_s: float, seed: int) -> Program:
    """Walk backwards: the toes touch first, small steps, a little bent; ``speed`` in L per second."""

    def body(angle: float) -> Posture:
        """Return pelvis, spine and arms at an angle of the cycle."""
        reach, over_left = np.cos(angle), np.sin(angle)
        swing = 0.6 * np.cos(angle - 0.2)
        return Posture(
            hips=(4, 5 * reach, -3 * over_left),
            spine=(4, -7 * reach, 4 * over_left),
            head=(2, 2 * reach, 0),
            root=(0.03 * over_left, -0.06 - 0.012 * np.cos(2 * angle), -0.02),
            left_arm=_walking_arm(swing),
            right_arm=_walking_arm(-swing),
        )

    steps = Steps(
        stance=0.64,
        flat=0.14,
        heel_off=0.5,
        strike_deg=22.0,
        off_deg=-8.0,
        inwards=0.07,
        swing=((0.4, 0.09, 0.5, 12.0), (0.75, 0.06, 0.88, 24.0)),
    )
    gait = Gait(-speed, 2 * step_s, steps, steps, body)
    act = Act("walk_backwards", {"speed": speed, "step": step_s}, "walking", direction="backward")
    return gait_program(gait, act, seed)


def run(speed: float, step_s: float, seed: int) -> Program:
    """Run forwards with bent elbows; both feet are off the ground between steps. ``speed`` in L per second."""
    size = min(speed / 3.0, 1.2)

    def body(angle: float) -> Posture:
        """Return pelvis, spine and arms at an angle of the cycle."""
        reach, over_left = np.cos(angle), np.sin(angle)
        # Lowest in the middle of each stance (0.15 of the cycle after the strike), highest in mid-flight.
        bounce = -np.cos(2 * (angle - 2 * np.pi * 0.16))
        swing = np.cos(angle - 0.3)
        return Posture(
            hips=(8, -9 * size * reach, -3 * over_left),
            spine=(8, 18 * size * reach, 3 * over_left),
            head=(-8, -8 * size * reach, 0),
            root=(0.02 * over_left, -0.085 + 0.035 * bounce, 0.0),
            left_arm=_running_arm(-size * swing),
            right_arm=_running_arm(size * swing),
        )

    steps = Steps(
        stance=0.34,
        flat=0.05,
        heel_off=0.17,
        strike_deg=-5.0,
        off_deg=58.0,
        off_up=0.04,
        inwards=0.13,
        swing=((0.25, 0.3, 0.16, 88.0), (0.5, 0.34, 0.48, 62.0), (0.78, 0.18, 0.88, 10.0)),
    )
    gait = Gait(speed, 2 * step_s, steps, steps, body, duration_s=2.2, resting=_FISTS)
    return gait_program(gait, Act("run", {"speed": speed, "step": step_s}, "running"), seed)


_FISTS = Posture(left_fingers=(48, 22), right_fingers=(48, 22))


def _running_arm(front: float) -> Arm:
    return swung_arm(-14 + 32 * front, 84 + 14 * front, out=0.2, inwards=0.12 + 0.14 * front)


def march(step_s: float, knee: float, seed: int) -> Program:
    """March on the spot with high knees and straight arms; ``knee`` is how high the feet are lifted, in L."""

    def body(angle: float) -> Posture:
        """Return pelvis, spine and arms at an angle of the cycle."""
        over_left = np.sin(angle)
        swing = np.cos(angle - np.pi / 2)
        return Posture(
            hips=(-1, -3 * over_left, -2.5 * over_left),
            spine=(-2, 5 * over_left, 3 * over_left),
            head=(-2, 0, 0),
            root=(0.045 * over_left, -0.02 + 0.008 * np.cos(2 * angle), -0.01),
            left_arm=swung_arm(8 + 30 * swing, 22 + 12 * swing),
            right_arm=swung_arm(8 - 30 * swing, 22 - 12 * swing),
        )

    steps = Steps(
        stance=0.55,
        flat=0.06,
        heel_off=0.44,
        strike_deg=6.0,
        off_deg=24.0,
        inwards=0.05,
        swing=((0.2, 0.4 * knee, 0.0, 34.0), (0.5, knee, 0.0, 24.0), (0.8, 0.35 * knee, 0.0, 14.0)),
    )
    gait = Gait(0.0, 2 * step_s, steps, steps, body, resting=_FISTS)
    return gait_program(gait, Act("march", {"step": step_s, "knee": knee}, "marching", direction="up"), seed)


def tiptoe(speed: float, step_s: float, seed: int) -> Program:
    """Walk on tiptoe, arms a little out for balance; ``speed`` in L per second."""

    def body(angle: float) -> Posture:
        """Return pelvis, spine and arms at an angle of the cycle."""
        reach, over_left = np.cos(angle), np.sin(angle)
        arms = [
            Arm((0.36, -0.88, 0.05 + 0.12 * s * reach), (0.35, -0.4, 0.75), palm=(-0.2, -1, 0.2), wrist=(-25, 0))
            for s in (-1, 1)
        ]
        return Posture(
            hips=(0, -4 * reach, -3 * over_left),
            spine=(-2, 6 * reach, 4 * over_left),
            head=(4, -2 * reach, 0),
            root=(0.035 * over_left, 0.045 - 0.008 * np.cos(2 * angle), 0.02),
            left_arm=arms[0],
            right_arm=arms[1],
        )

    # The heel never comes down: the foot stands on its ball, so it is not planted flat.
    high = 44.0
    steps = Steps(
        stance=0.62,
        flat=0.07,
        heel_off=0.45,
        strike_deg=high,
        off_deg=58.0,
        inwards=0.12,
        standing_deg=high,
        swing=((0.4, 0.12, 0.42, 56.0), (0.75, 0.07, 0.85, 46.0)),
    )
    gait = Gait(speed, 2 * step_s, steps, steps, body)
    act = Act("tiptoe", {"speed": speed, "step": step_s}, "walking", manner="on tiptoe")
    return gait_program(gait, act, seed)


def sneak(speed: float, step_s: float, seed: int) -> Program:
    """Sneak forwards crouched, hands before the chest, feet lifted high and set down softly."""
    hand = Arm((0.3, -0.9, 0.25), (-0.05, 0.25, 0.9), palm=(-0.3, -1, 0.2), wrist=(20, 0))

    def body(angle: float) -> Posture:
        """Return pelvis, spine and arms at an angle of the cycle."""
        reach, over_left = np.cos(angle), np.sin(angle)
        lift = [Arm(hand.upper, (-0.05, 0.3 + 0.12 * s * reach, 0.9), hand.palm, hand.wrist) for s in (-1, 1)]
        return Posture(
            hips=(22, -5 * reach, -2 * over_left),
            spine=(22, 8 * reach, 4 * over_left),
            head=(-26, -3 * reach, 0),
            root=(0.05 * over_left, -0.2 - 0.015 * np.cos(2 * angle), -0.08),
            left_arm=lift[0],
            right_arm=lift[1],
        )

    steps = Steps(
        stance=0.64,
        flat=0.1,
        heel_off=0.44,
        strike_deg=-6.0,
        off_deg=40.0,
        inwards=0.06,
        swing=((0.35, 0.2, 0.3, 40.0), (0.7, 0.13, 0.82, 4.0)),
    )
    gait = Gait(speed, 2 * step_s, steps, steps, body, duration_s=2.8, resting=Posture(left_fingers=(30, 14)))
    return gait_program(gait, Act("sneak", {"speed": speed, "step": step_s}, "crouching", manner="sneaking"), seed)


def limp(side: Side, speed: float, seed: int) -> Program:
    """Limp: the leg of ``side`` is stiff and hurts, so it stands shorter and the body dips over it."""
    mark = 1.0 if side == "left" else -1.0

    def body(angle: float) -> Posture:
        """Return pelvis, spine and arms at an angle of the cycle."""
        reach, over_left = np.cos(angle), np.sin(angle)
        hurt = max(mark * np.sin(angle + 0.2), 0.0)
        return mirrored(
            Posture(
                hips=(4, -4 * mark * reach, -2 * mark * over_left - 4 * hurt),
                spine=(9 + 3 * hurt, 5 * mark * reach, 9 * hurt),
                head=(6 + 6 * hurt, 0, -2 * hurt),
                root=(0.02 * mark * over_left, -0.05 - 0.05 * hurt, 0.0),
                left_arm=Arm((0.3, -0.9, 0.05), (0.0, -0.7, 0.6)),
                right_arm=_walking_arm(0.9 * mark * np.cos(angle - 0.2)),
            ),
            side,
        )

    sound = Steps(stance=0.68, flat=0.07, heel_off=0.46)
    sore = Steps(
        stance=0.48,
        flat=0.06,
        heel_off=0.34,
        strike_deg=-3.0,
        off_deg=18.0,
        inwards=0.03,
        swing=((0.4, 0.05, 0.4, 10.0), (0.75, 0.035, 0.85, -2.0)),
    )
    left, right = (sore, sound) if side == "left" else (sound, sore)
    gait = Gait(speed, 1.15, left, right, body, right_phase=0.44 if side == "left" else 0.56)
    return gait_program(gait, Act("limp", {"side": side, "speed": speed}, "walking", manner="limping"), seed)


_STEP = Range(0.46, 0.6)
LOCOMOTION_INTENTS: tuple[Intent, ...] = (
    Intent("walk", "walk", walk, {"speed": Range(0.8, 1.15), "step_s": _STEP}, "locomotion"),
    Intent(
        "walk_backwards",
        "walk backwards",
        walk_backwards,
        {"speed": Range(0.6, 1.0), "step_s": Range(0.5, 0.62)},
        "locomotion",
    ),
    Intent("run", "run", run, {"speed": Range(2.7, 3.4), "step_s": Range(0.31, 0.36)}, "locomotion"),
    Intent("march", "march", march, {"step_s": Range(0.48, 0.6), "knee": Range(0.28, 0.4)}, "locomotion"),
    Intent("tiptoe", "tiptoe", tiptoe, {"speed": Range(0.5, 0.9), "step_s": _STEP}, "locomotion"),
    Intent("sneak", "sneak", sneak, {"speed": Range(0.5, 0.8), "step_s": Range(0.6, 0.75)}, "locomotion"),
    Intent("limp", "limp", limp, {"side": SIDES, "speed": Range(0.6, 0.9)}, "locomotion"),
    *STEPPING_INTENTS,
)
