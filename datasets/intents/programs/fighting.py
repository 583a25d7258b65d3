"""Strikes: punches and kicks, from a guard and back into it."""

import numpy as np

from .acts import Act, Moment, act_intents, planted_feet
from .common import FIST, Timing, at_ease, instance, keys_of, mirrored
from .facts import Fact
from .goals import Side
from .intent import SIDES, TEMPO, Intent, Range
from .postures import Arm, Foot, Posture
from .program import Program
from .style import Key, Style

_GUARD = Arm((0.28, -0.9, 0.36), (-0.3, 0.78, 0.55), palm=(-0.8, 0, -0.6), shoulder=(5, 6))
_WOUND = Arm((0.42, -0.88, -0.14), (-0.16, 0.4, 0.9), palm=(-1, 0.2, 0), shoulder=(3, -6))
_HIT = Arm((-0.08, -0.04, 1.0), (-0.16, 0.02, 1.0), palm=(-0.2, -1, 0), shoulder=(5, 22))
_LOWERED = Arm((0.72, -0.6, -0.45), (0.5, -0.75, 0.35), palm=(-1, 0, 0))


def punch(side: Side, count: int, tempo: float, seed: int) -> Program:
    """Punch forwards ``count`` times from a guard with one foot in front; the other hand stays up."""
    ease, beat, first = at_ease(seed), 0.56 / tempo, 1.05 / tempo
    last = first + (count - 1) * beat
    end = last + 1.1
    front, _behind = Foot(0, 0, 0.18), Foot(-0.02, 0, -0.06)
    stance = Posture(
        left_arm=_GUARD,
        right_arm=_GUARD,
        left_fingers=FIST,
        right_fingers=FIST,
        spine=(10, 6, 0),
        head=(2, -4, 0),
        hips=(3, 8, 0),
        root=(0, -0.07, 0.05),
        knees=(6, 6),
        right_foot=front,
    )
    keys = [
        *keys_of((0.0, ease), (0.15, ease)),
        Key(0.65 / tempo, mirrored(stance, side)),
        Key(end - 0.6, mirrored(stance, side)),
    ]
    step = (
        (0.2, Foot()),
        (0.36, Foot(0, 0.05, 0.1, heel_up=8)),
        (0.52, front),
        (end - 0.45, front),
        (end - 0.28, Foot(0, 0.04, 0.08, heel_up=10)),
    )
    for time, foot in step:
        scaled = time / tempo if time < 0.6 else time
        keys.append(Key(scaled, mirrored(Posture(right_foot=foot), side), foot.up > 0))
    keys.append(Key(end - 0.1, ease))
    generator = np.random.default_rng([seed, 0xF157])
    for number in range(count):
        at = first + number * beat + float(generator.uniform(-0.02, 0.02))
        pull = Posture(left_arm=_WOUND, spine=(8, 20, 0), hips=(2, 16, 0), root=(0.012, -0.075, 0.02), head=(4, -14, 0))
        hit = Posture(left_arm=_HIT, spine=(12, -16, 0), hips=(5, -12, 0), root=(-0.01, -0.085, 0.1), head=(2, 10, 0))
        rest = Posture(left_arm=_GUARD, spine=(10, 6, 0), hips=(3, 8, 0), root=(0, -0.07, 0.05), head=(2, -4, 0))
        timed = ((at - 0.2, pull), (at, hit), (at + 0.05, hit), (at + 0.3, rest))
        keys += [Key(t, mirrored(p, side)) for t, p in timed]
    quick = {"left_arm": 8.0, "right_arm": 8.0, "spine": 7.0, "hips": 7.0}
    parameters = {"side": side, "count": float(count), "tempo": tempo, "seed": float(seed)}
    facts = (
        Fact(
            part="left_hand" if side == "left" else "right_hand", state="punching", from_s=first - 0.2, to_s=last + 0.2
        ),
        Fact(
            part="right_hand" if side == "left" else "left_hand", state="in_guard", from_s=0.6 / tempo, to_s=end - 0.6
        ),
    )
    content = (planted_feet(keys, end), Style(tuple(keys), seed, springs=quick))
    said = {"direction": "forward"}
    return instance("punch", parameters, Timing(end=end), content, said=said, facts=facts)


def kick(side: Side, height: float, tempo: float, seed: int) -> Program:
    """Kick forwards; ``height`` of the foot in L."""
    reach = 0.8 + 0.3 * (height - 0.35)
    chamber = Posture(
        left_foot=Foot(-0.08, 0.3 + 0.25 * height, 0.1, heel_up=40),
        hips=(-6, -12, 4),
        spine=(12, 10, -4),
        root=(-0.13, -0.03, 0.0),
    )
    out = Posture(
        left_foot=Foot(-0.09, height, reach, heel_up=-26),
        hips=(-16, -20, 3),
        spine=(6, 20, -3),
        head=(8, 2, 0),
        root=(-0.13, -0.025, 0.05),
        left_arm=_LOWERED,
        right_arm=_GUARD,
    )
    back = Posture(
        left_foot=Foot(-0.07, 0.3, 0.06, heel_up=42),
        hips=(-3, -8, 4),
        spine=(9, 6, -4),
        left_arm=_GUARD,
        head=(2, 0, 0),
    )
    return _kick("kick", {"height": height}, (side, tempo, seed), (chamber, out, back))


def kick_side(side: Side, height: float, tempo: float, seed: int) -> Program:
    """Kick to the side, the trunk leaning away; ``height`` of the foot in L."""
    chamber = Posture(
        left_foot=Foot(0.0, 0.26 + 0.3 * height, 0.08, heel_up=20),
        hips=(0, 0, 12),
        spine=(6, 0, 4),
        root=(-0.15, -0.03, 0.0),
    )
    out = Posture(
        left_foot=Foot(0.68, height, 0.04, heel_up=-4),
        hips=(0, 4, -24),
        spine=(3, 0, -12),
        head=(0, 16, 18),
        root=(-0.16, -0.03, 0.0),
        left_arm=Arm((0.7, -0.6, 0.1), (0.6, -0.6, 0.4)),
        right_arm=_GUARD,
        knees=(20, 4),
    )
    back = Posture(
        left_foot=Foot(0.05, 0.28, 0.06, heel_up=24),
        hips=(0, 0, 4),
        spine=(6, 0, -2),
        head=(2, 4, 2),
        left_arm=_GUARD,
        knees=(4, 2),
    )
    return _kick("kick_side", {"height": height}, (side, tempo, seed), (chamber, out, back))


def kick_back(side: Side, height: float, tempo: float, seed: int) -> Program:
    """Kick backwards, the trunk leaning forward; ``height`` of the foot in L."""
    chamber = Posture(
        left_foot=Foot(-0.1, 0.32, 0.08, heel_up=36),
        hips=(4, 0, 4),
        spine=(14, 0, -3),
        root=(-0.135, -0.035, -0.01),
        head=(-4, 22, 0),
    )
    out = Posture(
        left_foot=Foot(-0.1, height, -0.78, heel_up=62),
        hips=(36, 0, 2),
        spine=(16, 6, -2),
        head=(-14, 30, 0),
        root=(-0.14, -0.04, 0.07),
        left_arm=Arm((0.4, -0.7, 0.5), (0.1, 0.0, 1.0)),
        right_arm=Arm((0.4, -0.7, 0.5), (0.1, 0.0, 1.0)),
    )
    back = Posture(
        left_foot=Foot(-0.08, 0.24, -0.1, heel_up=44),
        hips=(8, 0, 3),
        spine=(10, 0, -3),
        left_arm=_GUARD,
        right_arm=_GUARD,
        head=(0, 8, 0),
    )
    return _kick("kick_back", {"height": height}, (side, tempo, seed), (chamber, out, back))


def _kick(
    intent: str, size: dict[str, float | str], who: tuple[Side, float, int], poses: tuple[Posture, ...]
) -> Program:
    """Shift the weight, draw the knee up, strike, draw it back, set the foot down; poses are chamber, out, back."""
    side, tempo, seed = who
    chamber, out, back = poses
    ready, a, b, c, d, held, e, f, end = (t / tempo for t in (0.5, 0.62, 0.8, 1.0, 1.18, 1.3, 1.58, 1.95, 2.7))
    ease = at_ease(seed)
    guard = Posture(
        left_arm=_GUARD,
        right_arm=_GUARD,
        left_fingers=FIST,
        right_fingers=FIST,
        spine=(8, 0, 0),
        hips=(2, -4, 2),
        head=(2, 0, 0),
        root=(-0.07, -0.07, 0.0),
        knees=(5, 5),
    )
    settle = Posture(
        root=(-0.05, -0.06, 0.0), left_foot=Foot(), left_arm=_GUARD, right_arm=_GUARD, spine=(8, 0, 0), hips=(3, 0, 0)
    )
    peel = Posture(left_foot=Foot(0, 0.02, -0.03, heel_up=30), root=(-0.125, -0.045, 0.0))
    timed = (
        (0.25 / tempo, Posture(left_foot=Foot()), False),
        (ready, guard, False),
        (a, Posture(left_foot=Foot()), False),
        (b, peel, True),
        (c, chamber, True),
        (d, out, False),
        (held, out, False),
        (e, back, True),
        (f, settle, False),
    )
    keys = [
        Key(0.0, ease),
        Key(0.15, ease),
        *(Key(t, mirrored(p, side), through) for t, p, through in timed),
        Key(end - 0.15, ease),
    ]
    parameters: dict[str, float | str] = {"side": side, **size, "tempo": tempo, "seed": float(seed)}
    ways = {"kick": "forward", "kick_side": side, "kick_back": "backward"}
    facts = (
        Fact(part="left_foot" if side == "left" else "right_foot", state="kicking", from_s=b, to_s=e),
        Fact(part="body", state="on_one_leg", from_s=b, to_s=f - 0.1),
    )
    springs = {"left_arm": 6.0, "right_arm": 6.0, "hips": 7.0, "spine": 6.0}
    content = (planted_feet(keys, end), Style(tuple(keys), seed, springs=springs))
    return instance(intent, parameters, Timing(end=end), content, said={"direction": ways[intent]}, facts=facts)


_FIGHT_STANCE = Posture(
    left_arm=_GUARD,
    right_arm=_GUARD,
    left_fingers=FIST,
    right_fingers=FIST,
    spine=(10, 0, 0),
    hips=(3, 0, 0),
    head=(2, 0, 0),
    root=(0, -0.07, 0),
    knees=(6, 6),
    left_foot=Foot(),
    right_foot=Foot(),
)
_UNDER = Posture(
    left_arm=Arm((0.3, -0.95, -0.1), (-0.1, -0.25, 0.96), palm=(-0.3, 1, 0)),
    spine=(16, 20, 8),
    hips=(6, 14, 0),
    root=(0.04, -0.15, -0.01),
    head=(0, -14, 0),
)
_UPPERCUT = Posture(
    left_arm=Arm((0.1, -0.25, 0.95), (-0.2, 0.95, 0.25), palm=(0, 0, -1), shoulder=(8, 12)),
    spine=(-2, -20, -4),
    hips=(-2, -14, 0),
    root=(-0.01, -0.01, 0.03),
    head=(-4, 14, 0),
)
_SHIELD = Posture(
    left_arm=Arm((0.12, -0.3, 0.95), (-0.3, 0.95, 0.05), palm=(-0.3, 0, -1), shoulder=(8, 8)),
    right_arm=Arm((0.12, -0.4, 0.9), (-0.3, 0.95, 0.1), palm=(-0.3, 0, -1), shoulder=(8, 8)),
    spine=(16, 8, 0),
    hips=(6, 0, 0),
    head=(18, 0, 0),
    root=(0, -0.13, -0.06),
    knees=(6, 6),
)
_QUICK = {"left_arm": 8.0, "right_arm": 8.0, "spine": 7.0, "hips": 7.0}

STRIKES: dict[str, Act] = {
    "uppercut": Act(
        "punch",
        (Moment(0.7, _FIGHT_STANCE),),
        (Moment(0.3, _UNDER), Moment(0.52, _UPPERCUT), Moment(0.6, _UPPERCUT), Moment(0.95, _FIGHT_STANCE)),
        beat_s=0.95,
        counts=(1, 2),
        back_s=0.75,
        family="action",
        springs=_QUICK,
        said={"direction": "up"},
        facts=(("{same}_hand", "punching"), ("{other}_hand", "in_guard")),
    ),
    "block": Act(
        "block",
        (Moment(0.6, _FIGHT_STANCE), Moment(0.85, _SHIELD)),
        hold_s=0.5,
        after=(Moment(0.35, _FIGHT_STANCE),),
        back_s=0.8,
        sides=False,
        family="action",
        springs=_QUICK,
        facts=(("left_hand", "in_guard"), ("right_hand", "in_guard")),
    ),
    "stomp": Act(
        "stomp",
        (
            Moment(0.3, Posture(left_foot=Foot())),
            Moment(
                0.55,
                Posture(left_foot=Foot(0, 0.03, -0.02, heel_up=24), root=(-0.12, -0.03, 0), spine=(3, 0, -3)),
                True,
            ),
        ),
        (
            Moment(
                0.3,
                Posture(
                    left_foot=Foot(-0.05, 0.3, 0.1, heel_up=10),
                    root=(-0.13, -0.015, 0),
                    hips=(-3, 0, 4),
                    spine=(5, 0, -3),
                    left_fingers=FIST,
                    right_fingers=FIST,
                ),
            ),
            Moment(
                0.5,
                Posture(left_foot=Foot(), root=(-0.06, -0.055, 0), hips=(5, 0, 0), spine=(10, 0, 0), head=(8, 0, 0)),
            ),
            Moment(0.62, Posture(left_foot=Foot())),
            Moment(0.72, Posture(left_foot=Foot(0, 0.03, -0.01, heel_up=20), root=(-0.11, -0.03, 0)), True),
        ),
        beat_s=0.74,
        counts=(1, 3),
        after=(Moment(0.25, Posture(left_foot=Foot(), root=(-0.05, -0.03, 0))),),
        back_s=0.7,
        family="action",
        springs={"hips": 7.0, "spine": 7.0},
        facts=(("{same}_foot", "stamping"),),
    ),
}

_HEIGHT = Range(0.35, 0.6, 0.05)
FIGHTING_INTENTS: tuple[Intent, ...] = (
    Intent("kick", "kick", kick, {"side": SIDES, "height": _HEIGHT, "tempo": TEMPO}, "action"),
    Intent("kick_side", "kick", kick_side, {"side": SIDES, "height": _HEIGHT, "tempo": TEMPO}, "action"),
    Intent("kick_back", "kick", kick_back, {"side": SIDES, "height": Range(0.3, 0.5, 0.05), "tempo": TEMPO}, "action"),
    Intent("punch", "punch", punch, {"side": SIDES, "count": Range(1, 4, 1), "tempo": TEMPO}, "action"),
    *act_intents(STRIKES),
)
