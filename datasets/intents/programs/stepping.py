"""Intents of the feet that are no steady gait: stepping aside, turning, jumping, hopping."""

from dataclasses import replace

import numpy as np

from .acts import planted_feet
from .common import Timing, at_ease, foot_at, instance, keys_of, mirrored, other
from .facts import BodyPart, Fact
from .gait import swung_arm
from .goals import Face, Goal, Side
from .intent import SIDES, TEMPO, Choice, Intent, Range
from .postures import Arm, Foot, Posture
from .program import Program
from .style import Key, Style

_LEG_M = 0.85
"""Leg length for which the time in the air follows from gravity; a jump is as slow on every body."""
_GRAVITY = 9.81


def sidestep(side: Side, width: float, tempo: float, seed: int) -> Program:
    """Step to the side and bring the other foot after; ``width`` in L."""
    lead, trail = side, other(side)
    lift, land, follow, close, settle, end = (t / tempo for t in (0.45, 0.9, 1.12, 1.6, 2.0, 2.4))
    ease = at_ease(seed)
    keys = [Key(0.0, ease), Key(0.15, ease)]
    for which, start, stop, sign in ((lead, lift, land, 1.0), (trail, follow, close, -1.0)):
        way = sign * width
        keys += [
            Key(start, foot_at(which, Foot())),
            Key(0.6 * start + 0.4 * stop, foot_at(which, Foot(0.35 * way, 0.1, 0.01, heel_up=18)), True),
            Key(stop, foot_at(which, Foot(way))),
            Key(end, foot_at(which, Foot(way))),
        ]
    body = (  # time, hips to the side and up, roll and yaw of the pelvis, arms off the sides
        (0.75 * lift, -0.11, -0.03, -3.0, 0.0, 0.0),
        (0.5 * (lift + land), 0.1 * width - 0.05, -0.045, -5.0, 6.0, 0.5),
        (land, 0.45 * width, -0.03 - 0.16 * width, 0.0, 3.0, 1.0),
        (follow, 0.72 * width, -0.03 - 0.16 * width, 3.0, -2.0, 0.7),
        (0.5 * (follow + close), width + 0.05, -0.03, 5.0, -4.0, 0.4),
        (close, width + 0.03, -0.035, 1.0, 0.0, 0.2),
    )
    for time, x, y, roll, yaw, off in body:
        arm = Arm((0.24 + 0.2 * off, -1.0, 0.0), (0.14 + 0.25 * off, -0.95, 0.24 + 0.1 * off))
        posture = Posture(
            root=(x, y, 0.0),
            hips=(2, yaw, roll),
            spine=(2 + 2 * off, -yaw, -1.3 * roll),
            head=(2, 3 + yaw, 0),
            left_arm=arm,
            right_arm=arm,
        )
        keys.append(Key(time, mirrored(posture, side), True))
    rest = Posture(
        **{**vars(mirrored(ease, side)), "root": (width, -0.012, 0.0), "left_foot": None, "right_foot": None}
    )
    keys.append(Key(settle, mirrored(rest, side)))
    parameters = {"side": side, "width": width, "tempo": tempo, "seed": float(seed)}
    facts = (Fact(part="body", state="stepping", from_s=lift, to_s=close),)
    content = (planted_feet(keys, end), Style(tuple(keys), seed, springs={"root": 0.0}))
    return instance("sidestep", parameters, Timing(end=end), content, said={"direction": side}, facts=facts)


def turn(side: Side, angle_deg: float, tempo: float, seed: int) -> Program:
    """Turn on the spot to a side in small steps; ``angle_deg`` is how far."""
    count = max(2, round(angle_deg / 60.0))
    step, first = 0.36 / tempo, 0.4 / tempo
    ease = at_ease(seed)
    keys = [Key(0.0, ease), Key(0.2 / tempo, ease)]
    around = {"left": 0.0, "right": 0.0}
    last = first + 2 * count * step
    end = last + 0.7 / tempo
    for number in range(2 * count):  # the foot on the side that is turned to goes first
        which: Side = side if number % 2 == 0 else other(side)
        sign = 1.0 if which == side else -1.0
        lift, land = first + number * step, first + (number + 0.9) * step
        before, after = around[which], angle_deg * (number // 2 + 1) / count
        around[which] = after
        keys += [
            Key(lift, foot_at(which, Foot(around=sign * before))),
            Key(
                0.5 * (lift + land),
                foot_at(which, Foot(-0.02, 0.07, around=sign * 0.5 * (before + after), heel_up=16)),
                True,
            ),
            Key(land, foot_at(which, Foot(around=sign * after))),
        ]
        yaw = angle_deg * (number + 0.75) / (2 * count)
        over = -0.07 if which == side else 0.07
        turned = np.radians(yaw)
        posture = Posture(
            hips=(1, yaw, -3.0 * np.sign(over)),
            spine=(2, 6 if number < 2 * count - 1 else 0, 2.5 * np.sign(over)),
            head=(2, 16 if number < 2 * count - 2 else 3, 0),
            root=(over * np.cos(turned), -0.03, -over * np.sin(turned)),
            left_arm=swung_arm(4 * np.sign(over), 20),
            right_arm=swung_arm(-4 * np.sign(over), 20),
        )
        keys.append(Key(0.5 * (lift + land), mirrored(posture, side), True))
    there = Posture(hips=(0, angle_deg, 0), spine=(1, 0, 0), head=(2, 0, 0), root=(0, -0.012, 0))
    keys.append(Key(last + 0.3 / tempo, mirrored(there, side)))
    keys += [Key(last + 0.3 / tempo, Posture(left_arm=ease.left_arm, right_arm=ease.right_arm))]
    sides: tuple[Side, ...] = ("left", "right")
    for which in sides:
        keys.append(Key(end, foot_at(which, Foot(around=angle_deg if which == side else -angle_deg))))
    yaw = angle_deg if side == "left" else -angle_deg
    goals: tuple[Goal, ...] = (
        *planted_feet(keys, end),
        Face(part="chest", yaw_deg=yaw, from_s=last + 0.4 / tempo, to_s=end),
    )
    parameters = {"side": side, "angle": angle_deg, "tempo": tempo, "seed": float(seed)}
    facts = (Fact(part="body", state="turning", from_s=first, to_s=last),)
    said = {"direction": side, "angle_deg": angle_deg}
    style = Style(tuple(keys), seed, springs={"root": 0.0})
    return instance("turn", parameters, Timing(end=end), (goals, style), said=said, facts=facts)


_BACK = Arm((0.16, -0.78, -0.6), (0.06, -0.9, -0.4), palm=(-1, 0, 0))
_REACHED = Arm((0.16, 0.5, 0.85), (0.02, 0.86, 0.5), palm=(-1, 0, 0), shoulder=(10, 4))
_LEVEL = Arm((0.2, -0.35, 0.92), (0.02, -0.05, 1.0), palm=(-1, -0.2, 0))
_SWUNG = Arm((0.16, -0.82, 0.5), (0.02, -0.4, 0.9), palm=(-1, 0, 0))
_SOFT = Arm((0.2, -0.85, 0.45), (0.02, -0.4, 0.9), palm=(-1, -0.2, 0))


def jump(height: float, tempo: float, seed: int) -> Program:
    """Jump up on the spot; ``height`` of the feet in L. The time in the air follows from gravity on a 0.85 m leg."""
    return _leap("jump", {"height": height, "tempo": tempo}, (height, 0.0, tempo), seed)


def jump_forward(distance: float, tempo: float, seed: int) -> Program:
    """Jump forwards with both feet; ``distance`` in L."""
    return _leap(
        "jump_forward", {"distance": distance, "tempo": tempo}, (0.16 + 0.06 * distance, distance, tempo), seed
    )


def _leap(intent: str, parameters: dict[str, float | str], size: tuple[float, float, float], seed: int) -> Program:
    """Swing the arms back and crouch, push off over the toes, fly, land on the toes, sink in and straighten up."""
    (height, far, tempo), ease = size, at_ease(seed)
    air = 2 * (2 * height * _LEG_M / _GRAVITY) ** 0.5
    crouch, lift = 0.8 / tempo, 1.14 / tempo
    land = lift + air
    down, settle, end = land + 0.2, land + 0.75, max(land + 1.05, 2.2)
    tilt = 14.0 * min(far, 1.0)
    low = Posture(
        left_arm=_BACK, right_arm=_BACK, hips=(26 + tilt, 0, 0), spine=(18, 0, 0), head=(-14 - 0.5 * tilt, 0, 0),
        root=(0, -0.24, -0.09 + 0.1 * far), knees=(5, 5),
    )  # fmt: skip
    arm = _REACHED if far == 0 else _LEVEL
    stretched = Posture(
        left_arm=_SWUNG,
        right_arm=_SWUNG,
        hips=(-1 + 1.5 * tilt, 0, 0),
        spine=(-3, 0, 0),
        head=(-8, 0, 0),
        root=(0, 0.03 - 0.05 * far, 0.3 * far),
    )
    absorb = Posture(
        left_arm=_SOFT,
        right_arm=_SOFT,
        hips=(22, 0, 0),
        spine=(16, 0, 0),
        head=(-12, 0, 0),
        root=(0, -0.2, far - 0.08),
        knees=(6, 6),
    )
    keys = [
        *keys_of(
            (0.0, ease), (0.25 / tempo, ease), (crouch, low), (crouch, _feet(Foot())), (lift - 0.14, _feet(Foot()))
        )
    ]
    keys += [Key(lift, stretched, True), Key(lift, _feet(Foot(up=0.02, heel_up=36)), True)]
    keys += _flight((lift, air), height, far)
    falling = Posture(left_arm=_LEVEL, right_arm=_LEVEL, hips=(6, 0, 0), spine=(6, 0, 0))
    keys += [
        Key(lift + 0.45 * air, Posture(left_arm=arm, right_arm=arm)),
        Key(land, falling, True),
        Key(land, _feet(Foot(0, 0.012, far, heel_up=12)), True),
    ]
    keys += [Key(land, Posture(root=(0, -0.035, 0.92 * far)), True)]
    rest = replace(ease, root=(0.0, -0.012, far), left_foot=None, right_foot=None)
    keys += keys_of(
        (land + 0.07, _feet(Foot(front=far))), (down, absorb), (settle, rest), (end, _feet(Foot(front=far)))
    )
    facts = (
        Fact(part="body", state="jumping", from_s=crouch, to_s=down),
        Fact(part="body", state="in_the_air", from_s=lift, to_s=land),
    )
    springs = {"root": 0.0, "hips": 8.0, "spine": 7.0, "left_arm": 4.5, "right_arm": 4.5}
    content = (planted_feet(keys, end), Style(tuple(keys), seed, springs=springs))
    said = {"direction": "forward" if far else "up"}
    return instance(intent, {**parameters, "seed": float(seed)}, Timing(end=end), content, said=said, facts=facts)


def _flight(span_s: tuple[float, float], height: float, far: float) -> list[Key]:
    """Hips and feet in the air, on a parabola, the feet drawn up a little in the middle; span is start and length."""
    lift, air = span_s
    keys = []
    for part in (0.25, 0.5, 0.75):
        rise, tucked = 4 * height * part * (1 - part), 4 * part * (1 - part)
        feet = Foot(0, rise + 0.06 * tucked, far * part, heel_up=36 - 22 * part)
        body = Posture(root=(0, 0.03 - 0.05 * far + rise - 0.04 * part, far * (0.3 + 0.62 * part)))
        keys += [Key(lift + part * air, body, True), Key(lift + part * air, _feet(feet), True)]
    return keys


def _feet(foot: Foot) -> Posture:
    return Posture(left_foot=foot, right_foot=foot)


def hop(side: Side, count: int, tempo: float, seed: int) -> Program:
    """Hop on one foot, that of ``side``, ``count`` times on the spot; the other leg is bent back."""
    ease, beat, first = at_ease(seed), 0.56 / tempo, 1.0 / tempo
    air, high = 0.3 / tempo, 0.11
    arm = Arm((0.4, -0.85, 0.15), (0.15, -0.1, 0.95), palm=(-0.7, -0.7, 0))
    up = Arm((0.5, -0.65, 0.35), (0.2, 0.35, 0.88), palm=(-0.7, -0.7, 0))
    lifted = Foot(-0.12, 0.24, -0.16, heel_up=66)
    ready = Posture(
        right_foot=lifted,
        root=(0.15, -0.06, 0.0),
        hips=(6, 0, -3),
        spine=(6, 0, 3),
        head=(-4, 0, 0),
        left_arm=arm,
        right_arm=arm,
    )
    Foot(-0.03)
    shift = Posture(root=(0.13, -0.03, 0), right_foot=Foot(0, 0.02, 0, heel_up=30), hips=(2, 0, -3), spine=(3, 0, 3))
    last = first + count * beat
    keys = [
        *keys_of((0.0, ease), (0.2 / tempo, ease)),
        Key(0.55 / tempo, mirrored(shift, side), True),
        Key(first - 0.1 / tempo, mirrored(ready, side)),
    ]
    keys.append(Key(0.3 / tempo, mirrored(Posture(right_foot=Foot()), side)))
    for number in range(count):
        at = first + number * beat
        moments = (
            (
                at + 0.02,
                Posture(left_foot=Foot(), root=(0.15, -0.1, 0), spine=(9, 0, 3), left_arm=arm, right_arm=arm),
                False,
            ),
            (at + 0.13, Posture(left_foot=Foot(heel_up=26), root=(0.15, -0.01, 0.01)), True),
            (
                at + 0.13 + 0.5 * air,
                Posture(
                    left_foot=Foot(0, high, 0, heel_up=26),
                    root=(0.15, high - 0.005, 0.01),
                    left_arm=up,
                    right_arm=up,
                    spine=(5, 0, 3),
                ),
                True,
            ),
            (at + 0.13 + air, Posture(left_foot=Foot(heel_up=12), root=(0.15, -0.035, 0.0)), True),
            (at + 0.13 + air + 0.06, Posture(left_foot=Foot()), False),
        )
        keys += [Key(time, mirrored(posture, side), through) for time, posture, through in moments]
    end = last + 1.1 / tempo
    keys += [Key(last + 0.2 / tempo, mirrored(ready, side)), Key(last + 0.75 / tempo, ease), Key(end, _feet(Foot()))]
    parameters = {"side": side, "count": float(count), "tempo": tempo, "seed": float(seed)}
    facts = (
        Fact(part="body", state="hopping", from_s=first, to_s=last),
        Fact(part="right_foot" if side == "left" else "left_foot", state="raised", from_s=first - 0.1, to_s=last + 0.1),
    )
    content = (planted_feet(keys, end), Style(tuple(keys), seed, springs={"root": 0.0}))
    return instance("hop", parameters, Timing(end=end), content, said={"direction": "up"}, facts=facts)


def jumping_jacks(count: int, tempo: float, seed: int) -> Program:
    """Jump the feet apart and together, the arms up at the sides and down again, ``count`` times."""
    ease, half, first = at_ease(seed), 0.4 / tempo, 0.6 / tempo
    down, last = Arm((0.3, -0.95, 0.05), (0.2, -0.95, 0.2)), first + 2 * count * half
    end = last + 0.75 / tempo
    ready = Posture(root=(0, -0.06, 0), spine=(4, 0, 0), left_arm=down, right_arm=down)
    keys = [*keys_of((0.0, ease), (0.2 / tempo, ease)), Key(first - 0.04, ready)]
    for number in range(count):
        at = first + 2 * number * half
        keys += [*_jack(at, half, (0.0, 0.2), _UPWARDS), *_jack(at + half, half, (0.2, 0.0), down)]
    landed = Posture(root=(0, -0.06, 0), spine=(4, 0, 0))
    keys += [Key(last + 0.1, landed), Key(last + 0.6 / tempo, ease), Key(end, _feet(Foot()))]
    parameters = {"count": float(count), "tempo": tempo, "seed": float(seed)}
    said: tuple[tuple[BodyPart, str], ...]
    said = (("body", "jumping"), ("left_hand", "swinging"), ("right_hand", "swinging"))
    facts = tuple(Fact(part=part, state=state, from_s=first, to_s=last) for part, state in said)
    style = Style(tuple(keys), seed, springs={"root": 0.0, "left_arm": 6.0, "right_arm": 6.0})
    return instance("jumping_jacks", parameters, Timing(end=end), (planted_feet(keys, end), style), facts=facts)


_UPWARDS = Arm((0.5, 0.82, 0.1), (0.3, 0.95, 0.1), palm=(-0.2, 0, 1), shoulder=(20, 0))
_SIDEWAYS = Arm((1.0, 0.0, 0.1), (1.0, 0.06, 0.12), palm=(0, -1, 0.1), shoulder=(8, 0))


def _jack(at: float, half: float, out: tuple[float, float], arm: Arm) -> list[Key]:
    """Half a jumping jack: the feet fly from one place to another while the arms pass the sides."""
    begin, there = out
    flying = replace(_feet(Foot(0.5 * (begin + there), 0.07, heel_up=24)), left_arm=_SIDEWAYS, right_arm=_SIDEWAYS)
    return [
        Key(at + 0.02, replace(_feet(Foot(begin)), root=(0, -0.065, 0))),
        Key(at + 0.1, replace(_feet(Foot(begin, heel_up=24)), root=(0, -0.012, 0)), True),
        Key(at + 0.5 * half, replace(flying, root=(0, 0.05, 0)), True),
        Key(at + 0.8 * half, replace(_feet(Foot(there, heel_up=14)), root=(0, -0.03, 0)), True),
        Key(at + 0.92 * half, replace(_feet(Foot(there)), left_arm=arm, right_arm=arm)),
    ]


STEPPING_INTENTS: tuple[Intent, ...] = (
    Intent("sidestep", "sidestep", sidestep, {"side": SIDES, "width": Range(0.25, 0.5), "tempo": TEMPO}, "locomotion"),
    Intent(
        "turn", "turn", turn, {"side": SIDES, "angle_deg": Choice((90.0, 135.0, 180.0)), "tempo": TEMPO}, "locomotion"
    ),
    Intent("jump", "jump", jump, {"height": Range(0.15, 0.32, 0.03), "tempo": TEMPO}, "locomotion"),
    Intent("jump_forward", "jump", jump_forward, {"distance": Range(0.4, 0.9), "tempo": TEMPO}, "locomotion"),
    Intent("hop", "hop", hop, {"side": SIDES, "count": Range(2, 3, 1), "tempo": TEMPO}, "locomotion"),
    Intent("jumping_jacks", "jumping jack", jumping_jacks, {"count": Range(2, 3, 1), "tempo": TEMPO}, "action"),
)
