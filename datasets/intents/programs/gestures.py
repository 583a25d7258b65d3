"""Gestures: what hands, head and shoulders say without touching anything. Written for the left side."""

from .acts import Act, Moment, act_intents
from .common import FIST
from .intent import Intent
from .postures import Arm, Posture

_QUICK = {"left_arm": 6.0, "right_arm": 6.0}
_HEAD = {"head": 6.0}
_OPEN = (6.0, 2.0)


def _hand(arm: Arm, **rest: object) -> Posture:
    return Posture(left_arm=arm, **rest)  # type: ignore[arg-type]


def _both(arm: Arm, **rest: object) -> Posture:
    return Posture(left_arm=arm, right_arm=arm, **rest)  # type: ignore[arg-type]


_WAVE_OUT = Arm((0.78, -0.55, 0.26), (0.5, 0.82, 0.25), palm=(0, 0.2, 1), wrist=(0, 10), shoulder=(6, 0))
_WAVE_IN = Arm((0.7, -0.62, 0.34), (-0.08, 0.93, 0.3), palm=(0, 0.2, 1), wrist=(0, -10), shoulder=(5, 0))
_WIDE_OUT = Arm((0.62, 0.72, 0.2), (0.7, 0.7, 0.15), palm=(0, 0.1, 1), shoulder=(18, 0))
_WIDE_IN = Arm((0.42, 0.86, 0.25), (-0.12, 0.98, 0.2), palm=(0, 0.1, 1), shoulder=(20, 0))
_LOW_OUT = Arm((0.3, -0.9, 0.25), (0.7, 0.24, 0.6), palm=(0, 0.1, 1), wrist=(0, 10))
_LOW_IN = Arm((0.26, -0.92, 0.28), (0.14, 0.36, 0.9), palm=(0, 0.1, 1), wrist=(0, -12))
_BECKON_OUT = Arm((0.3, -0.72, 0.6), (0.1, 0.28, 0.95), palm=(-0.2, 1, -0.3), wrist=(-12, 0))
_BECKON_IN = Arm((0.34, -0.84, 0.42), (0.0, 0.84, 0.5), palm=(-0.1, 0.4, -1), wrist=(38, 0))
_SHRUG = Arm((0.42, -0.9, 0.1), (0.72, 0.02, 0.68), palm=(0.1, 1, 0.2), wrist=(-12, 0), shoulder=(24, 4))
_STOP_DRAWN = Arm((0.35, -0.88, 0.3), (-0.05, 0.7, 0.7), palm=(0, -0.4, 1), wrist=(-40, 0))
_STOP = Arm((0.18, -0.16, 0.97), (0.02, 0.1, 1.0), palm=(-0.1, -1, 0), wrist=(-62, 0), shoulder=(4, 10))
_UP = Arm((0.82, 0.12, 0.3), (0.12, 0.98, 0.12), palm=(0, 0.1, 1), shoulder=(12, 0))
_THUMB = Arm((0.28, -0.75, 0.55), (-0.04, 0.42, 0.9), palm=(-1, 0, 0.05), shoulder=(2, 6))
_THUMB_DRAWN = Arm((0.35, -0.88, 0.22), (-0.06, 0.35, 0.9), palm=(-1, 0, 0))
_OVERHEAD = Arm((0.36, 0.88, 0.22), (0.16, 0.96, 0.1), palm=(-0.2, 0, 1), shoulder=(20, 0))
_CHEER_LOW = Arm((0.6, 0.35, 0.55), (0.1, 0.9, 0.3), palm=(-0.2, 0, 1), shoulder=(12, 0))
_SPREAD = Arm((0.8, -0.42, 0.4), (0.72, 0.05, 0.7), palm=(-0.2, 0.8, 0.6), shoulder=(4, 0))
_FLICK_IN = Arm((0.36, -0.84, 0.36), (-0.25, 0.45, 0.85), palm=(0, -0.5, -1), wrist=(50, 0))
_FLICK_OUT = Arm((0.4, -0.74, 0.5), (0.22, 0.22, 0.95), palm=(-0.1, -1, 0.2), wrist=(-30, 0))
_PUMP_UP = Arm((0.6, 0.1, 0.75), (0.0, 0.95, 0.25), palm=(-1, 0, 0), shoulder=(8, 4))
_PUMP_DOWN = Arm((0.4, -0.85, -0.32), (-0.08, 0.45, 0.88), palm=(-1, 0.1, 0))
_HIGH_POINT = Arm((0.3, 0.9, 0.28), (0.1, 0.98, 0.15), palm=(-0.3, 0, 1), shoulder=(20, 0))
_TALK_A = Arm((0.36, -0.86, 0.3), (0.3, 0.3, 0.9), palm=(-0.5, 0.8, 0.1), wrist=(-8, 0))
_TALK_B = Arm((0.3, -0.92, 0.2), (0.06, 0.02, 0.98), palm=(-0.8, 0.5, 0.0))
_BATON_UP = Arm((0.66, -0.2, 0.68), (0.36, 0.78, 0.5), palm=(-0.3, -0.7, 0.6), shoulder=(8, 4))
_BATON_DOWN = Arm((0.4, -0.78, 0.5), (-0.02, 0.02, 1.0), palm=(-0.3, -1, 0))
_BATON_OUT = Arm((0.72, -0.55, 0.45), (0.72, 0.16, 0.66), palm=(-0.1, -1, 0.2))
_WATCH = Arm((0.3, -0.78, 0.56), (-0.82, 0.22, 0.52), palm=(0, -1, -0.25))

_PUMPED = _hand(_PUMP_DOWN, spine=(9, 6, 3), root=(0, -0.06, -0.02), hips=(5, 0, 0))

GESTURES: dict[str, Act] = {
    "wave": Act(
        "wave",
        (
            Moment(
                1.05, _hand(_WAVE_IN, left_fingers=_OPEN, spine=(0, 3, -3), head=(-2, 7, 3), root=(-0.02, -0.012, 0))
            ),
        ),
        (Moment(0.25, _hand(_WAVE_OUT, spine=(0, 4, -5)), True), Moment(0.5, _hand(_WAVE_IN, spine=(0, 3, -3)), True)),
        beat_s=0.5,
        back_s=0.95,
        counts=(2, 3),
        facts=(("{same}_hand", "raised"), ("{same}_hand", "waving")),
        said={"height": "high"},
        springs={"left_arm": 5.0, "right_arm": 5.0},
    ),
    "wave_both_hands": Act(
        "wave",
        (Moment(0.9, _both(_WIDE_IN, left_fingers=_OPEN, right_fingers=_OPEN, spine=(-4, 0, 0), head=(-6, 0, 0))),),
        (
            Moment(0.24, _both(_WIDE_OUT, root=(0.012, -0.02, 0)), True),
            Moment(0.5, _both(_WIDE_IN, root=(-0.012, -0.01, 0)), True),
        ),
        beat_s=0.5,
        back_s=0.9,
        counts=(2, 4),
        sides=False,
        springs=_QUICK,
        said={"height": "high"},
        facts=(
            ("left_hand", "overhead"),
            ("right_hand", "overhead"),
            ("left_hand", "waving"),
            ("right_hand", "waving"),
        ),
    ),
    "wave_low": Act(
        "wave",
        (Moment(0.75, _hand(_LOW_IN, left_fingers=_OPEN, head=(4, 6, 4), spine=(2, 2, -1))),),
        (Moment(0.16, _hand(_LOW_OUT), True), Moment(0.34, _hand(_LOW_IN), True)),
        beat_s=0.34,
        back_s=0.7,
        counts=(2, 5),
        facts=(("{same}_hand", "waving"),),
        said={"height": "low"},
        springs=_QUICK,
    ),
    "point_up": Act(
        "point",
        (
            Moment(0.45, _hand(_THUMB_DRAWN), True),
            Moment(
                1.0,
                _hand(_HIGH_POINT, left_fingers=(8, 26), head=(-20, 4, 0), spine=(-5, 0, -3), root=(-0.015, -0.01, 0)),
            ),
        ),
        hold_s=0.8,
        back_s=0.85,
        facts=(("{same}_hand", "overhead"), ("{same}_hand", "pointing"), ("head", "up")),
        said={"direction": "up"},
    ),
    "beckon": Act(
        "beckon",
        (Moment(0.75, _hand(_BECKON_OUT, left_fingers=(8, 4), head=(2, 5, 2), spine=(3, 4, 0))),),
        (
            Moment(0.28, _hand(_BECKON_IN, left_fingers=(52, 16), spine=(1, 2, 0), head=(-2, 5, 3))),
            Moment(0.58, _hand(_BECKON_OUT, left_fingers=(8, 4), spine=(3, 4, 0))),
        ),
        beat_s=0.58,
        counts=(2, 3),
        back_s=0.75,
        springs=_QUICK,
        facts=(("{same}_hand", "forward"),),
    ),
    "shrug": Act(
        "shrug",
        (
            Moment(0.4, Posture(root=(0, -0.022, 0), spine=(4, 0, 0)), True),
            Moment(
                0.85,
                _both(
                    _SHRUG,
                    left_fingers=_OPEN,
                    right_fingers=_OPEN,
                    head=(-4, 4, 9),
                    spine=(-3, 0, 0),
                    root=(0, -0.004, 0),
                ),
            ),
        ),
        hold_s=0.5,
        back_s=0.75,
        sides=False,
        facts=(("chest", "shrugging"), ("left_hand", "sideways"), ("right_hand", "sideways")),
    ),
    "nod": Act(
        "nod",
        (Moment(0.6, Posture(head=(-7, 0, 0))),),
        (
            Moment(0.22, Posture(head=(22, 0, 0), spine=(4, 0, 0)), True),
            Moment(0.46, Posture(head=(-4, 0, 0), spine=(1, 0, 0)), True),
        ),
        beat_s=0.48,
        counts=(2, 4),
        hold_s=0.15,
        back_s=0.65,
        sides=False,
        facts=(("head", "nodding"),),
        springs=_HEAD,
    ),
    "shake_head": Act(
        "shake head",
        (Moment(0.5, Posture(head=(5, 10, 0)), True),),
        (
            Moment(0.2, Posture(head=(5, 32, 2), spine=(1, 3, 0)), True),
            Moment(0.6, Posture(head=(5, -32, -2), spine=(1, -3, 0)), True),
            Moment(0.78, Posture(head=(5, 8, 0), spine=(1, 0, 0)), True),
        ),
        beat_s=0.8,
        counts=(2, 3),
        back_s=0.5,
        sides=False,
        facts=(("head", "shaking"),),
        springs=_HEAD,
    ),
    "thumbs_up": Act(
        "thumbs up",
        (
            Moment(0.5, _hand(_THUMB_DRAWN, left_fingers=(70, 10), root=(0, -0.014, -0.01)), True),
            Moment(0.9, _hand(_THUMB, left_fingers=(80, -6), head=(4, 3, 3), spine=(2, -4, 0), root=(0, -0.014, 0.01))),
        ),
        hold_s=0.8,
        back_s=0.75,
        facts=(("{same}_hand", "forward"), ("{same}_hand", "fist")),
    ),
    "stop_sign": Act(
        "stop",
        (
            Moment(0.5, _hand(_STOP_DRAWN, left_fingers=_OPEN, root=(0, -0.014, -0.015), spine=(-1, 6, 0)), True),
            Moment(0.85, _hand(_STOP, left_fingers=(2, 2), head=(2, 0, 0), spine=(2, -8, 0), root=(0, -0.016, 0.02))),
        ),
        hold_s=0.9,
        back_s=0.75,
        facts=(("{same}_hand", "forward"),),
        springs=_QUICK,
    ),
    "hands_up": Act(
        "hands up",
        (
            Moment(
                0.8,
                _both(
                    _UP,
                    left_fingers=_OPEN,
                    right_fingers=_OPEN,
                    spine=(-4, 0, 0),
                    head=(-2, 0, 0),
                    root=(0, -0.02, -0.02),
                ),
            ),
        ),
        hold_s=1.0,
        back_s=0.85,
        sides=False,
        facts=(("left_hand", "raised"), ("right_hand", "raised")),
        springs=_QUICK,
    ),
    "cheer": Act(
        "cheer",
        (
            Moment(
                0.5,
                Posture(
                    root=(0, -0.09, -0.02), spine=(10, 0, 0), hips=(8, 0, 0), left_fingers=FIST, right_fingers=FIST
                ),
            ),
            Moment(0.85, _both(_OVERHEAD, root=(0, 0.0, 0), spine=(-6, 0, 0), hips=(-1, 0, 0), head=(-12, 0, 0))),
        ),
        (
            Moment(0.26, _both(_CHEER_LOW, root=(0, -0.06, -0.01), spine=(1, 0, 0)), True),
            Moment(0.5, _both(_OVERHEAD, root=(0, -0.004, 0), spine=(-6, 0, 0)), True),
        ),
        beat_s=0.52,
        counts=(1, 3),
        back_s=0.9,
        sides=False,
        springs=_QUICK,
        facts=(("left_hand", "overhead"), ("right_hand", "overhead"), ("left_hand", "fist"), ("right_hand", "fist")),
    ),
    "fist_pump": Act(
        "cheer",
        (Moment(0.6, _hand(_PUMP_UP, left_fingers=FIST, spine=(-4, -4, 0), root=(0, -0.01, 0.01))),),
        (
            Moment(0.22, _hand(_PUMP_DOWN, spine=(9, 6, 3), root=(0, -0.07, -0.02), hips=(5, 0, 0), knees=(5, 5))),
            Moment(
                0.55, _hand(_PUMP_UP, spine=(-3, -4, 0), root=(0, -0.014, 0.01), hips=(0, 0, 0), knees=(2, 2)), True
            ),
        ),
        beat_s=0.58,
        counts=(1, 3),
        after=(Moment(0.22, _PUMPED), Moment(0.42, _PUMPED)),
        back_s=0.75,
        springs=_QUICK,
        facts=(("{same}_hand", "fist"), ("{same}_hand", "pulling")),
    ),
    "open_arms": Act(
        "welcome",
        (
            Moment(0.45, Posture(spine=(3, 0, 0), root=(0, -0.02, -0.01)), True),
            Moment(
                1.0,
                _both(
                    _SPREAD,
                    left_fingers=_OPEN,
                    right_fingers=_OPEN,
                    spine=(-5, 0, 0),
                    head=(-4, 0, 4),
                    root=(0, -0.012, 0.015),
                ),
            ),
        ),
        hold_s=0.7,
        back_s=0.85,
        sides=False,
        facts=(
            ("left_hand", "sideways"),
            ("right_hand", "sideways"),
            ("left_hand", "spread"),
            ("right_hand", "spread"),
        ),
    ),
    "shoo": Act(
        "dismiss",
        (Moment(0.7, _hand(_FLICK_IN, left_fingers=(24, 10), head=(2, 8, 0), spine=(0, 5, 0))),),
        (
            Moment(0.2, _hand(_FLICK_OUT, left_fingers=(4, 4), spine=(2, 1, 0))),
            Moment(0.46, _hand(_FLICK_IN, left_fingers=(24, 10), spine=(0, 5, 0))),
        ),
        beat_s=0.48,
        counts=(2, 4),
        back_s=0.75,
        springs=_QUICK,
        facts=(("{same}_hand", "forward"), ("{same}_hand", "swinging")),
    ),
    "talk": Act(
        "talk",
        (
            Moment(
                0.7,
                Posture(
                    left_arm=_TALK_A, right_arm=_TALK_B, left_fingers=(12, 6), right_fingers=(18, 8), head=(2, 4, 2)
                ),
            ),
        ),
        (
            Moment(
                0.42,
                Posture(
                    left_arm=_TALK_B, right_arm=_TALK_A, head=(6, -4, -3), spine=(3, -3, 0), root=(0.015, -0.016, 0)
                ),
            ),
            Moment(
                0.85,
                Posture(left_arm=_TALK_A, right_arm=_TALK_B, head=(2, 5, 3), spine=(1, 3, 0), root=(-0.01, -0.014, 0)),
            ),
        ),
        beat_s=0.85,
        counts=(1, 2),
        back_s=0.75,
        facts=(("left_hand", "swinging"), ("right_hand", "swinging")),
    ),
    "conduct": Act(
        "conduct",
        (
            Moment(
                0.8, _both(_BATON_UP, left_fingers=(40, 20), right_fingers=(30, 14), head=(-3, 0, 0), spine=(-2, 0, 0))
            ),
        ),
        (
            Moment(0.22, _both(_BATON_DOWN, spine=(3, 0, 0), head=(4, 0, 0), root=(0, -0.022, 0)), True),
            Moment(0.5, _both(_BATON_OUT, spine=(1, 0, 0), root=(0, -0.014, 0)), True),
            Moment(0.8, _both(_BATON_UP, spine=(-2, 0, 0), head=(-3, 0, 0)), True),
        ),
        beat_s=0.8,
        counts=(1, 2),
        back_s=0.8,
        sides=False,
        springs=_QUICK,
        facts=(("left_hand", "swinging"), ("right_hand", "swinging")),
    ),
    "check_watch": Act(
        "check the time",
        (Moment(0.95, _hand(_WATCH, left_fingers=(36, 18), head=(24, 10, 4), spine=(4, 3, 0))),),
        hold_s=0.9,
        back_s=0.85,
        facts=(("{same}_hand", "at_chest"), ("head", "down")),
    ),
}

GESTURE_INTENTS: tuple[Intent, ...] = act_intents(GESTURES)
