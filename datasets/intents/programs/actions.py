"""Work and play with things that are not shown: pushing, lifting, throwing, stirring, climbing. Written for the left."""

from .acts import Act, Moment, act_intents
from .common import FIST, Timing, at_ease, both_planted, instance, keys_of, mirrored
from .facts import Fact
from .fighting import FIGHTING_INTENTS
from .goals import Side
from .intent import SIDES, TEMPO, Intent, Range
from .postures import Arm, Foot, Posture
from .program import Program
from .style import Key, Style


def point(side: Side, yaw_deg: float, tempo: float, seed: int) -> Program:
    """Point straight ahead or to the side with a stretched arm and look there."""
    timing = Timing(0.3, 0.95, 1.75, 2.4, 2.55).scaled(tempo)
    out = yaw_deg / 90
    arm = Arm((out, -0.02, 1 - 0.6 * out), (out - 0.03, 0.03, 1 - 0.6 * out), palm=(-0.4, -1, 0.1), shoulder=(6, 8))
    there = Posture(
        left_arm=arm, left_fingers=(10, 14), spine=(2, 0.15 * yaw_deg, 0), head=(0, 0.5 * yaw_deg, 0),
        root=(0.0, -0.014, 0.02),
    )  # fmt: skip
    drawn = Posture(left_arm=Arm((0.3, -0.85, 0.3), (0.0, 0.2, 0.9), palm=(-0.8, -0.5, 0)), root=(0, -0.014, -0.012))
    ease = at_ease(seed)
    keys = list(keys_of((0.0, ease), (timing.start, ease), (timing.back, ease)))
    keys += keys_of((timing.there, mirrored(there, side)), (timing.leave, mirrored(there, side)))
    keys.append(Key(timing.start + 0.45 * (timing.there - timing.start), mirrored(drawn, side), True))
    parameters = {"side": side, "yaw": yaw_deg, "tempo": tempo, "seed": float(seed)}
    span = (0.4 * timing.start + 0.6 * timing.there, timing.leave)
    hand = "left_hand" if side == "left" else "right_hand"
    facts = tuple(
        Fact(part=hand, state=state, from_s=span[0], to_s=span[1])
        for state in ("pointing", "forward" if yaw_deg < 45 else "sideways")
    )
    said = {"direction": "forward" if yaw_deg < 22.5 else side}
    goals = both_planted(timing.end)
    return instance("point", parameters, timing, (goals, Style(tuple(keys), seed)), said=said, facts=facts)


def _both(arm: Arm, **rest: object) -> Posture:
    return Posture(left_arm=arm, right_arm=arm, **rest)  # type: ignore[arg-type]


_QUICK = {"left_arm": 6.0, "right_arm": 6.0}
_STRIKE = {"left_arm": 7.0, "right_arm": 7.0, "spine": 6.0, "hips": 6.0}
_GRIP = {"left_fingers": (58.0, 26.0), "right_fingers": (58.0, 26.0)}
_PALMS = {"left_fingers": (8.0, 4.0), "right_fingers": (8.0, 4.0)}

_PUSH_DRAWN = Arm((0.42, -0.8, -0.1), (0.0, 0.45, 0.9), palm=(0, -0.5, 1), wrist=(-50, 0))
_PUSHED = Arm((0.16, -0.22, 0.96), (0.06, 0.04, 1.0), palm=(0, -1, 0.1), wrist=(-58, 0), shoulder=(2, 16))
_ROPE_OUT = Arm((0.12, -0.35, 0.94), (-0.02, -0.12, 1.0), palm=(-1, -0.2, 0), shoulder=(0, 16))
_ROPE_IN = Arm((0.34, -0.8, -0.5), (-0.08, 0.12, 1.0), palm=(-1, 0, 0), shoulder=(0, -8))
_FLOOR = Arm((0.06, -0.62, 0.78), (-0.06, -0.66, 0.75), palm=(-0.9, 0, -0.3))
_CARRY = Arm((0.22, -0.92, 0.24), (-0.06, 0.02, 1.0), palm=(-0.9, 0.4, 0))
_SHELF = Arm((0.18, 0.72, 0.66), (0.02, 0.92, 0.4), palm=(-0.9, 0, 0.3), shoulder=(20, 4))
_THROW_BACK = Arm((0.88, 0.16, -0.35), (0.42, 0.86, -0.2), palm=(0, 0.4, 1), wrist=(-30, 0), shoulder=(8, -8))
_THROW_TOP = Arm((0.6, 0.42, 0.68), (0.12, 0.85, 0.5), palm=(0, -0.3, 1), shoulder=(10, 8))
_THROWN = Arm((-0.1, -0.35, 0.92), (-0.3, -0.55, 0.78), palm=(-0.2, -1, -0.3), wrist=(30, 0), shoulder=(4, 18))
_AIM = Arm((0.45, -0.25, 0.85), (0.3, 0.0, 0.95), palm=(-0.3, -1, 0), shoulder=(4, 6))
_BOWL_BACK = Arm((0.2, -0.7, -0.68), (0.1, -0.75, -0.6), palm=(-0.3, 0, 1))
_BOWLED = Arm((0.02, -0.2, 0.95), (-0.1, 0.2, 0.95), palm=(-0.2, 1, -0.2), shoulder=(2, 14))
_BROOM_TOP = Arm((0.15, -0.72, 0.66), (-0.42, 0.0, 0.9), palm=(-0.6, -0.8, 0))
_BROOM_LOW = Arm((0.05, -0.8, 0.6), (-0.2, -0.62, 0.76), palm=(-0.9, -0.2, 0.2))
_AXE_UP = Arm((0.3, 0.68, 0.62), (-0.3, 0.9, -0.2), palm=(-0.9, 0, 0), shoulder=(18, 4))
_AXE_DOWN = Arm((-0.04, -0.62, 0.78), (-0.14, -0.62, 0.78), palm=(-1, 0, -0.2), shoulder=(0, 10))
_BAT_BACK_L = Arm((0.6, -0.3, -0.1), (0.05, 0.85, 0.4), palm=(-0.6, 0, 0.6), shoulder=(8, -4))
_BAT_BACK_R = Arm((-0.34, -0.4, 0.82), (-0.75, 0.45, 0.3), palm=(-0.2, -0.4, -0.9), shoulder=(4, 16))
_BAT_HIT_L = Arm((-0.1, -0.5, 0.85), (-0.25, -0.24, 0.92), palm=(-0.4, -0.9, 0), shoulder=(0, 14))
_BAT_HIT_R = Arm((0.1, -0.55, 0.82), (-0.05, -0.26, 0.95), palm=(-0.6, 0.8, 0), shoulder=(0, 8))
_BAT_END_L = Arm((-0.35, -0.2, 0.88), (-0.72, 0.42, 0.4), palm=(-0.2, -0.5, -0.8), shoulder=(4, 18))
_BAT_END_R = Arm((0.55, -0.45, 0.4), (-0.1, 0.7, 0.6), palm=(-0.6, 0.3, 0.4))
_KNOCK_BACK = Arm((0.32, -0.62, 0.66), (0.02, 0.86, 0.5), palm=(-0.3, -0.3, 0.9), shoulder=(4, 4))
_KNOCK_HIT = Arm((0.28, -0.48, 0.8), (-0.02, 0.5, 0.86), palm=(-0.2, -0.6, 0.7), wrist=(16, 0), shoulder=(4, 8))
_STIR = tuple(
    Arm((0.26 + 0.1 * x, -0.88, 0.34 + 0.1 * z), (-0.16 + 0.2 * x, -0.22, 0.92 + 0.22 * z), palm=(-0.6, -0.7, 0))
    for x, z in ((0, 1), (1, 0), (0, -1), (-1, 0))
)
_BOWL_HELD = Arm((0.22, -0.94, 0.22), (-0.3, -0.02, 0.95), palm=(-0.6, 0.8, 0))
_OAR_OUT = Arm((0.08, -0.38, 0.92), (-0.02, -0.3, 0.96), palm=(-0.2, -1, 0), shoulder=(0, 16))
_OAR_IN = Arm((0.42, -0.8, -0.42), (-0.2, 0.06, 0.96), palm=(-0.3, -1, 0), shoulder=(0, -10))
_CLIMB_HIGH = Arm((0.2, 0.84, 0.5), (0.02, 0.94, 0.34), palm=(-0.1, -0.2, 1), shoulder=(24, 4))
_CLIMB_LOW = Arm((0.3, -0.6, 0.72), (-0.04, 0.7, 0.7), palm=(-0.1, -0.2, 1), shoulder=(2, 2))
_WIPE = tuple(
    Arm(
        (0.3 + 0.25 * x, -0.3 + 0.22 * y, 0.88),
        (0.0 + 0.3 * x, 0.48 + 0.35 * y, 0.84),
        palm=(0, 0, 1),
        wrist=(-34, 0),
        shoulder=(4, 8),
    )
    for x, y in ((0, 1), (1, 0), (0, -1), (-1, 0))
)
_DRIBBLE_UP = Arm((0.36, -0.86, 0.3), (0.1, 0.05, 0.98), palm=(0, -1, 0), wrist=(-12, 0))
_DRIBBLE_DOWN = Arm((0.3, -0.9, 0.34), (0.1, -0.5, 0.85), palm=(0, -1, 0), wrist=(28, 0))
_CATCH_OUT = Arm((0.24, -0.5, 0.82), (-0.06, 0.3, 0.95), palm=(-0.75, 0, 0.6), wrist=(-24, 0), shoulder=(2, 10))
_CATCH_IN = Arm((0.36, -0.9, 0.1), (-0.12, 0.28, 0.92), palm=(-0.95, 0, 0.1))
_WHEEL = (
    Arm((0.3, -0.6, 0.72), (0.05, 0.42, 0.88), palm=(-0.8, -0.4, 0.3)),
    Arm((0.24, -0.82, 0.5), (-0.02, -0.18, 0.96), palm=(-0.8, -0.4, 0.3)),
    Arm((0.28, -0.72, 0.62), (0.05, 0.12, 0.96), palm=(-0.8, -0.4, 0.3)),
)
_SWIM_FRONT = Arm((0.06, 0.06, 1.0), (-0.04, 0.04, 1.0), palm=(0.3, -1, 0), shoulder=(6, 18))
_SWIM_SIDE = Arm((0.9, -0.06, 0.42), (0.86, -0.14, 0.45), palm=(0, -0.5, -1), shoulder=(4, 0))
_SWIM_IN = Arm((0.44, -0.72, 0.4), (-0.2, 0.28, 0.92), palm=(-0.6, -0.7, 0))
_WING_UP = Arm((0.9, 0.5, 0.05), (0.95, 0.36, 0.1), palm=(0, -1, 0), wrist=(22, 0), shoulder=(16, 0))
_WING_DOWN = Arm((0.8, -0.6, 0.05), (0.82, -0.48, 0.15), palm=(0, -1, 0), wrist=(-20, 0))
_CIRCLE = (
    Arm((0.3, -0.2, 0.92), (0.26, -0.16, 0.94), palm=(-0.8, -0.5, 0), shoulder=(2, 10)),
    Arm((0.32, 0.92, 0.2), (0.28, 0.94, 0.18), palm=(-0.6, 0, 0.6), shoulder=(24, 0)),
    Arm((0.94, 0.1, -0.32), (0.94, 0.08, -0.3), palm=(0, -0.4, 1), shoulder=(8, -8)),
    Arm((0.42, -0.9, -0.16), (0.36, -0.93, 0.0), palm=(-0.9, 0, 0)),
)
_HAMMER_UP = Arm((0.4, -0.4, 0.72), (0.06, 0.98, 0.08), palm=(-1, 0, 0), wrist=(0, -18), shoulder=(6, 0))
_HAMMER_HIT = Arm((0.24, -0.76, 0.58), (-0.02, 0.06, 1.0), palm=(-1, 0, 0), wrist=(0, 14))
_SAW_OUT = Arm((0.2, -0.62, 0.74), (-0.08, -0.3, 0.94), palm=(-1, 0, 0), shoulder=(0, 10))
_SAW_IN = Arm((0.26, -0.82, -0.42), (-0.02, -0.2, 0.97), palm=(-1, 0, 0), shoulder=(0, -8))
_PICK = Arm((0.0, -0.6, 0.78), (-0.06, -0.66, 0.74), palm=(-0.8, -0.4, -0.2))
_STEADY = Arm((0.34, -0.86, 0.3), (0.06, -0.5, 0.84))

_STOOP = Posture(
    **{**vars(_both(_FLOOR, hips=(40, 0, 0), spine=(30, 0, 0), head=(-22, 0, 0), root=(0, -0.38, -0.24), knees=(12, 12))),
       "left_fingers": (30.0, 12.0), "right_fingers": (30.0, 12.0)}
)  # fmt: skip
_STAND_CARRY = _both(_CARRY, hips=(-2, 0, 0), spine=(-4, 0, 0), head=(6, 0, 0), root=(0, -0.02, -0.02), knees=(2, 2))
_BRACED = Posture(right_foot=Foot(0, 0, 0.2), left_foot=Foot(0, 0, -0.14))


def _braced(posture: Posture) -> Posture:
    """Stand with the other foot in front."""
    return Posture(**{**vars(posture), "right_foot": Foot(0, 0, 0.3)})


_STEP_OUT = (
    Moment(0.3, Posture(right_foot=Foot())),
    Moment(0.45, Posture(right_foot=Foot(0, 0.06, 0.16, heel_up=10)), True),
)
_STEP_BACK = (
    Moment(0.3, Posture(right_foot=Foot(0, 0, 0.3))),
    Moment(0.48, Posture(right_foot=Foot(0, 0.05, 0.13, heel_up=14)), True),
)

TASKS: dict[str, Act] = {
    "push": Act(
        "push", (*_STEP_OUT, Moment(0.65, _braced(_both(_PUSH_DRAWN, **_PALMS, hips=(2, 0, 0), spine=(-2, 0, 0), head=(4, 0, 0), root=(0, -0.06, 0.02))))),
        (Moment(0.3, Posture(root=(0, -0.07, 0.0))), Moment(0.75, _both(_PUSHED, hips=(10, 0, 0), spine=(12, 0, 0), head=(-10, 0, 0), root=(0, -0.09, 0.22))),
         Moment(0.95, _both(_PUSHED, hips=(11, 0, 0), spine=(13, 0, 0), root=(0, -0.09, 0.23)))),
        beat_s=0.95, after=(*_STEP_BACK, Moment(0.62, Posture(right_foot=Foot(), root=(0, -0.02, 0.0), hips=(1, 0, 0), spine=(2, 0, 0)))),
        back_s=0.4, family="action", facts=(("left_hand", "pushing"), ("right_hand", "pushing")), said={"direction": "forward"},
    ),
    "pull": Act(
        "pull", (*_STEP_OUT, Moment(0.8, _braced(_both(_ROPE_OUT, **_GRIP, hips=(10, 0, 0), spine=(12, 0, 0), head=(-8, 0, 0), root=(0, -0.07, 0.2))))),
        (Moment(0.55, _both(_ROPE_IN, hips=(-6, 0, 0), spine=(-8, 0, 0), head=(6, 0, 0), root=(0, -0.12, -0.04))),
         Moment(0.68, _both(_ROPE_IN, hips=(-6, 0, 0), spine=(-8, 0, 0), root=(0, -0.12, -0.045))),
         Moment(1.1, _both(_ROPE_OUT, hips=(10, 0, 0), spine=(12, 0, 0), head=(-8, 0, 0), root=(0, -0.07, 0.2)))),
        beat_s=1.1, after=(*_STEP_BACK, Moment(0.66, Posture(right_foot=Foot(), root=(0, -0.02, 0.0), hips=(1, 0, 0), spine=(2, 0, 0)))),
        back_s=0.5, family="action", said={"object": "rope", "direction": "backward"}, facts=(("left_hand", "pulling"), ("right_hand", "pulling")),
    ),
    "lift": Act(
        "lift", (Moment(0.95, _STOOP), Moment(1.2, Posture(left_fingers=(40, 18), right_fingers=(40, 18)))),
        (Moment(0.15, _STOOP), Moment(0.95, _STAND_CARRY), Moment(1.35, _STAND_CARRY)), beat_s=1.35, back_s=0.85, sides=False, family="action",
        facts=(("left_hand", "lifting"), ("right_hand", "lifting")), said={"object": "box", "direction": "up"},
    ),
    "put_on_shelf": Act(
        "reach up", (Moment(0.75, _both(_CARRY, left_fingers=(34, 16), right_fingers=(34, 16), head=(8, 0, 0), spine=(-2, 0, 0))), Moment(1.45, _both(_SHELF, head=(-18, 0, 0), spine=(-6, 0, 0), root=(0, 0.04, 0.03), left_foot=Foot(heel_up=20), right_foot=Foot(heel_up=20)))),
        hold_s=0.35, back_s=0.95, sides=False, family="action", said={"object": "box", "direction": "up"}, facts=(("left_hand", "overhead"), ("right_hand", "overhead")),
    ),
    "pick_up": Act(
        "pick up", (Moment(1.0, Posture(left_arm=_PICK, right_arm=_STEADY, left_fingers=(14, 8), hips=(44, 4, 0), spine=(32, 0, 8), head=(-12, 0, 0), root=(0.03, -0.34, -0.22), knees=(12, 12))),
                    Moment(1.22, Posture(left_arm=_PICK, left_fingers=(50, 24), root=(0.03, -0.345, -0.22)))),
        back_s=1.1, family="action", facts=(("{same}_hand", "down"), ("chest", "bent_forward")), after=(Moment(0.75, Posture(left_arm=Arm((0.26, -0.9, 0.3), (-0.02, 0.2, 0.95), palm=(-0.9, 0.3, 0)), right_arm=_STEADY, hips=(4, 0, 0), spine=(4, 0, 0), head=(16, 4, 0), root=(0, -0.02, -0.01), knees=(2, 2))),), hold_s=0.25,
    ),
    "throw": Act(
        "throw", (*_STEP_OUT[:1], Moment(0.8, Posture(left_arm=_THROW_BACK, right_arm=_AIM, left_fingers=(40, 18), hips=(0, 26, 0), spine=(-6, 22, 6), head=(0, -40, 0), root=(0.06, -0.05, -0.06), right_foot=Foot()))),
        (Moment(0.1, Posture(right_foot=Foot())), Moment(0.24, Posture(right_foot=Foot(0, 0.08, 0.18, heel_up=8), root=(0.04, -0.04, 0.0)), True),
         Moment(0.4, Posture(right_foot=Foot(0, 0, 0.36), left_foot=Foot(), root=(0.0, -0.08, 0.16), hips=(4, 6, 0), spine=(0, 12, 3))),
         Moment(0.52, Posture(left_arm=_THROW_TOP, right_arm=_STEADY, hips=(6, -6, 0), spine=(6, -6, 0), head=(0, 4, 0), left_foot=Foot()), True),
         Moment(0.74, Posture(left_arm=_THROWN, left_fingers=(10, 6), hips=(12, -22, 0), spine=(18, -26, -4), head=(-6, 30, 0), root=(-0.02, -0.1, 0.24), left_foot=Foot(0, 0, 0, heel_up=34)))),
        beat_s=0.8, after=(Moment(0.25, Posture(left_foot=Foot(0, 0, 0, heel_up=30), right_foot=Foot(0, 0, 0.36), left_arm=_THROWN)), Moment(0.55, Posture(left_foot=Foot(), root=(0, -0.05, 0.12), hips=(4, -4, 0), spine=(6, -4, 0))),
                            Moment(0.62, Posture(right_foot=Foot(0, 0, 0.36))), Moment(0.8, Posture(right_foot=Foot(0, 0.05, 0.16, heel_up=14)), True), Moment(0.95, Posture(right_foot=Foot(), root=(0, -0.02, 0.0)))),
        back_s=0.3, family="action", springs={"left_arm": 5.0, "right_arm": 5.0}, said={"object": "ball", "direction": "forward"}, facts=(("{same}_hand", "throwing"),),
    ),
    "bowl": Act(
        "throw", (Moment(0.75, Posture(left_arm=_BOWL_BACK, right_arm=_STEADY, left_fingers=(36, 16), hips=(14, 10, 0), spine=(14, 10, 0), head=(-14, -12, 0), root=(0.02, -0.1, -0.04), knees=(4, 4))),),
        (Moment(0.42, Posture(left_arm=_BOWLED, left_fingers=(8, 4), hips=(16, -10, 0), spine=(10, -12, 0), head=(-14, 10, 0), root=(-0.01, -0.14, 0.06))),), beat_s=0.42, hold_s=0.3,
        back_s=0.9, family="action", springs=_STRIKE, said={"object": "ball", "direction": "forward", "height": "low"}, facts=(("{same}_hand", "throwing"),),
    ),
    "catch": Act(
        "catch", (Moment(0.75, _both(_CATCH_OUT, **_PALMS, head=(-4, 0, 0), spine=(5, 0, 0), root=(0, -0.05, 0.01), hips=(3, 0, 0), knees=(4, 4))),
                  Moment(1.1, _both(_CATCH_OUT, left_fingers=(20, 10), right_fingers=(20, 10))), Moment(1.32, _both(_CATCH_IN, left_fingers=(36, 16), right_fingers=(36, 16), head=(14, 0, 0), spine=(10, 0, 0), root=(0, -0.07, -0.03)))),
        hold_s=0.45, back_s=0.85, sides=False, family="action", springs=_STRIKE, said={"object": "ball"}, facts=(("left_hand", "catching"), ("right_hand", "catching")),
    ),
    "dribble": Act(
        "dribble", (Moment(0.75, Posture(left_arm=_DRIBBLE_UP, right_arm=_STEADY, left_fingers=(16, 6), hips=(10, 0, 0), spine=(10, 0, 2), head=(-4, 6, 0), root=(0, -0.1, -0.03), knees=(6, 6))),),
        (Moment(0.2, Posture(left_arm=_DRIBBLE_DOWN, root=(0, -0.115, -0.03)), True), Moment(0.46, Posture(left_arm=_DRIBBLE_UP, root=(0, -0.1, -0.03)), True)),
        beat_s=0.46, counts=(3, 5), back_s=0.75, family="action", springs=_QUICK, said={"object": "ball"}, facts=(("{same}_hand", "pushing"),),
    ),
    "sweep": Act(
        "sweep", (Moment(0.75, Posture(left_arm=_BROOM_LOW, right_arm=_BROOM_TOP, **_GRIP, hips=(12, 10, 0), spine=(12, 16, 0), head=(8, -6, 0), root=(0.02, -0.06, -0.04))),),
        (Moment(0.42, Posture(hips=(12, -8, 0), spine=(13, -18, -3), head=(8, 8, 0), root=(-0.03, -0.07, -0.02))),
         Moment(0.92, Posture(hips=(11, 10, 0), spine=(12, 17, 0), head=(8, -6, 0), root=(0.025, -0.06, -0.04)))),
        beat_s=0.94, counts=(1, 2), back_s=0.75, family="action", said={"object": "broom"}, facts=(("left_hand", "holding"), ("right_hand", "holding")),
    ),
    "chop": Act(
        "chop", (Moment(0.7, _both(_AXE_DOWN, **_GRIP, hips=(10, 0, 0), spine=(14, 0, 0), head=(-4, 0, 0), root=(0, -0.08, -0.05), knees=(6, 6))),),
        (Moment(0.5, _both(_AXE_UP, hips=(-3, 0, 0), spine=(-8, 0, 0), head=(-4, 0, 0), root=(0, -0.02, 0.0))), Moment(0.62, _both(_AXE_UP, spine=(-9, 0, 0))),
         Moment(0.84, _both(_AXE_DOWN, hips=(22, 0, 0), spine=(24, 0, 0), head=(-10, 0, 0), root=(0, -0.15, -0.1))), Moment(0.95, _both(_AXE_DOWN, hips=(21, 0, 0), spine=(23, 0, 0), root=(0, -0.145, -0.1)))),
        beat_s=1.0, counts=(1, 2), back_s=0.85, sides=False, family="action", springs=_STRIKE, said={"object": "axe", "direction": "down"},
        facts=(("left_hand", "swinging"), ("right_hand", "swinging")),
    ),
    "swing_bat": Act(
        "swing", (Moment(0.9, Posture(left_arm=_BAT_BACK_L, right_arm=_BAT_BACK_R, **_GRIP, hips=(4, 26, 0), spine=(5, 22, 2), head=(0, -46, 0), root=(0.07, -0.07, -0.01), knees=(6, 6))),
                  Moment(1.1, Posture(left_arm=_BAT_BACK_L, right_arm=_BAT_BACK_R, spine=(5, 26, 2), root=(0.08, -0.075, -0.01)))),
        (Moment(0.22, Posture(left_arm=_BAT_HIT_L, right_arm=_BAT_HIT_R, hips=(6, -10, 0), spine=(8, -6, 0), head=(2, 10, 0), root=(-0.02, -0.07, 0.01)), True),
         Moment(0.45, Posture(left_arm=_BAT_END_L, right_arm=_BAT_END_R, hips=(3, -34, 0), spine=(3, -34, 0), head=(0, 46, 0), root=(-0.06, -0.05, 0.01)))),
        beat_s=0.5, hold_s=0.15, back_s=0.95, family="action", springs=_STRIKE, said={"object": "bat"}, facts=(("left_hand", "swinging"), ("right_hand", "swinging")),
    ),
    "knock": Act(
        "knock", (Moment(0.8, Posture(left_arm=_KNOCK_BACK, left_fingers=FIST, spine=(3, -4, 0), head=(2, 4, 0), root=(0, -0.015, 0.02))),),
        (Moment(0.14, Posture(left_arm=_KNOCK_HIT, spine=(4, -6, 0)), True), Moment(0.32, Posture(left_arm=_KNOCK_BACK, spine=(3, -4, 0)), True)),
        beat_s=0.33, counts=(2, 4), back_s=0.8, family="action", springs=_STRIKE, said={"object": "door"}, facts=(("{same}_hand", "fist"), ("{same}_hand", "forward")),
    ),
    "hammer": Act(
        "hammer", (Moment(0.75, Posture(left_arm=_HAMMER_UP, right_arm=_SAW_OUT, left_fingers=FIST, right_fingers=(36, 20), hips=(6, 0, 0), spine=(10, 2, 0), head=(10, 4, 0), root=(0, -0.04, -0.02))),),
        (Moment(0.2, Posture(left_arm=_HAMMER_HIT, spine=(13, -2, 0))), Moment(0.52, Posture(left_arm=_HAMMER_UP, spine=(10, 3, 0)), True)),
        beat_s=0.53, counts=(2, 4), back_s=0.75, family="action", springs=_STRIKE, said={"object": "hammer", "direction": "down"}, facts=(("{same}_hand", "swinging"), ("{same}_hand", "fist")),
    ),
    "saw": Act(
        "saw", (Moment(0.75, Posture(left_arm=_SAW_OUT, left_fingers=FIST, right_arm=_FLOOR, right_fingers=(20, 10), hips=(16, -4, 0), spine=(16, -6, 0), head=(-6, 8, 0), root=(0, -0.08, -0.04), knees=(4, 4))),),
        (Moment(0.34, Posture(left_arm=_SAW_IN, spine=(14, 10, 0), hips=(15, 3, 0)), True), Moment(0.7, Posture(left_arm=_SAW_OUT, spine=(17, -6, 0), hips=(16, -4, 0)), True)),
        beat_s=0.7, counts=(1, 2), back_s=0.8, family="action", said={"object": "saw"}, facts=(("{same}_hand", "pulling"), ("{same}_hand", "holding")),
    ),
    "stir": Act(
        "stir", (Moment(0.75, Posture(left_arm=_STIR[0], right_arm=_BOWL_HELD, left_fingers=(56, 28), right_fingers=(30, 16), spine=(8, 0, 0), head=(20, 4, 0), root=(0, -0.018, -0.01))),),
        tuple(Moment(0.17 * (i + 1), Posture(left_arm=_STIR[(i + 1) % 4], spine=(8, (2, 0, -2, 0)[i], 0)), True) for i in range(4)),
        beat_s=0.68, counts=(2, 3), back_s=0.7, family="action", springs=_QUICK, said={"object": "pot"}, facts=(("{same}_hand", "circling"), ("{other}_hand", "holding")),
    ),
    "wipe": Act(
        "wipe", (Moment(0.8, Posture(left_arm=_WIPE[0], left_fingers=(4, 4), head=(-4, 6, 0), spine=(2, -4, 0), root=(0, -0.012, 0.02))),),
        tuple(Moment(0.22 * (i + 1), Posture(left_arm=_WIPE[(i + 1) % 4], spine=(2, (-1, -4, -7, -4)[i], 0)), True) for i in range(4)),
        beat_s=0.88, counts=(1, 2), back_s=0.8, family="action", springs=_QUICK, said={"object": "window"}, facts=(("{same}_hand", "circling"), ("{same}_hand", "forward")),
    ),
    "row": Act(
        "row", (Moment(0.75, _both(_OAR_OUT, **_GRIP, hips=(16, 0, 0), spine=(20, 0, 0), head=(-18, 0, 0), root=(0, -0.2, -0.1), knees=(10, 10))),),
        (Moment(0.45, _both(_OAR_IN, hips=(2, 0, 0), spine=(-10, 0, 0), head=(2, 0, 0), root=(0, -0.17, -0.1))), Moment(1.0, _both(_OAR_OUT, hips=(16, 0, 0), spine=(20, 0, 0), head=(-18, 0, 0), root=(0, -0.2, -0.1)))),
        beat_s=1.0, counts=(1, 2), back_s=0.8, sides=False, family="action", said={"object": "oars"}, facts=(("left_hand", "pulling"), ("right_hand", "pulling"), ("body", "crouching")),
    ),
    "climb": Act(
        "climb", (Moment(0.85, Posture(left_arm=_CLIMB_HIGH, right_arm=_CLIMB_LOW, left_fingers=(44, 20), right_fingers=(56, 26), head=(-24, 6, 0), spine=(0, 4, -4), hips=(0, 0, 0), root=(0.0, -0.01, 0.0))),),
        (Moment(0.12, Posture(right_fingers=(20, 10))), Moment(0.55, Posture(left_arm=_CLIMB_LOW, right_arm=_CLIMB_HIGH, left_fingers=(56, 26), right_fingers=(44, 20), head=(-24, -6, 0), spine=(0, -4, 4), root=(-0.02, -0.016, 0))),
         Moment(0.66, Posture(left_fingers=(20, 10))), Moment(1.1, Posture(left_arm=_CLIMB_HIGH, right_arm=_CLIMB_LOW, left_fingers=(44, 20), right_fingers=(56, 26), head=(-24, 6, 0), spine=(0, 4, -4), root=(0.02, -0.012, 0)))),
        beat_s=1.12, hold_s=0.1, back_s=0.9, family="action", said={"object": "rope", "direction": "up"}, facts=(("left_hand", "pulling"), ("right_hand", "pulling"), ("head", "up")),
    ),
    "steer": Act(
        "steer", (Moment(0.75, _both(_WHEEL[2], **_GRIP, spine=(4, 0, 0), head=(0, 0, 0))),),
        (Moment(0.45, Posture(left_arm=_WHEEL[1], right_arm=_WHEEL[0], spine=(4, 4, -2), head=(0, 16, 0))), Moment(0.6, Posture(left_arm=_WHEEL[1], right_arm=_WHEEL[0])), Moment(1.05, _both(_WHEEL[2], spine=(4, 0, 0), head=(0, 0, 0)))),
        beat_s=1.05, hold_s=0.1, back_s=0.75, family="action", said={"object": "steering wheel"}, facts=(("left_hand", "holding"), ("right_hand", "holding")),
    ),
    "swim": Act(
        "swim", (Moment(0.8, _both(_SWIM_IN, **_PALMS, spine=(10, 0, 0), hips=(8, 0, 0), head=(-12, 0, 0), root=(0, -0.03, -0.03))),),
        (Moment(0.35, _both(_SWIM_FRONT, spine=(12, 0, 0)), True), Moment(0.68, _both(_SWIM_SIDE, spine=(7, 0, 0)), True), Moment(1.0, _both(_SWIM_IN, spine=(10, 0, 0)), True)),
        beat_s=1.0, counts=(1, 2), back_s=0.7, sides=False, family="action", facts=(("left_hand", "circling"), ("right_hand", "circling")),
    ),
    "flap": Act(
        "flap", (Moment(0.7, _both(_WING_DOWN, **_PALMS, root=(0, -0.05, 0), knees=(5, 5))),),
        (Moment(0.3, _both(_WING_UP, root=(0, -0.005, 0), spine=(-3, 0, 0)), True), Moment(0.62, _both(_WING_DOWN, root=(0, -0.05, 0), spine=(4, 0, 0)), True)),
        beat_s=0.63, counts=(2, 3), back_s=0.75, sides=False, family="action", springs=_QUICK, facts=(("left_hand", "swinging"), ("right_hand", "swinging")),
    ),
    "circle_arms": Act(
        "circle arms", (Moment(0.6, _both(_CIRCLE[3], **_PALMS), True),),
        tuple(Moment(0.3 * (i + 1), _both(_CIRCLE[i], spine=((2, 0, 0), (-5, 0, 0), (-3, 0, 0), (1, 0, 0))[i]), True) for i in range(4)),
        beat_s=1.2, counts=(1, 2), back_s=0.6, sides=False, family="action", springs=_QUICK, facts=(("left_hand", "circling"), ("right_hand", "circling")),
    ),
}  # fmt: skip

ACTION_INTENTS: tuple[Intent, ...] = (
    Intent("point", "point", point, {"side": SIDES, "yaw_deg": Range(0.0, 75.0, 15.0), "tempo": TEMPO}, "gesture"),
    *FIGHTING_INTENTS,
    *act_intents(TASKS),
)
