"""Play and exercise: throwing, catching, batting, swimming. Written for the left side."""

from typing import Any

from .acts import Act, Moment, act_intents
from .intent import Intent
from .postures import Arm, Foot, Posture


def _both(arm: Arm, **rest: object) -> Posture:
    return Posture(left_arm=arm, right_arm=arm, **rest)  # type: ignore[arg-type]


_QUICK = {"left_arm": 6.0, "right_arm": 6.0}
_STRIKE = {"left_arm": 7.0, "right_arm": 7.0, "spine": 6.0, "hips": 6.0}
_GRIP: dict[str, Any] = {"left_fingers": (58.0, 26.0), "right_fingers": (58.0, 26.0)}
_PALMS: dict[str, Any] = {"left_fingers": (8.0, 4.0), "right_fingers": (8.0, 4.0)}
_THROW_BACK = Arm((0.88, 0.16, -0.35), (0.42, 0.86, -0.2), palm=(0, 0.4, 1), wrist=(-30, 0), shoulder=(8, -8))
_THROW_TOP = Arm((0.6, 0.42, 0.68), (0.12, 0.85, 0.5), palm=(0, -0.3, 1), shoulder=(10, 8))
_THROWN = Arm((-0.1, -0.35, 0.92), (-0.3, -0.55, 0.78), palm=(-0.2, -1, -0.3), wrist=(30, 0), shoulder=(4, 18))
_AIM = Arm((0.45, -0.25, 0.85), (0.3, 0.0, 0.95), palm=(-0.3, -1, 0), shoulder=(4, 6))
_BOWL_BACK = Arm((0.2, -0.7, -0.68), (0.1, -0.75, -0.6), palm=(-0.3, 0, 1))
_BOWLED = Arm((0.02, -0.2, 0.95), (-0.1, 0.2, 0.95), palm=(-0.2, 1, -0.2), shoulder=(2, 14))
_BAT_BACK_L = Arm((0.6, -0.3, -0.1), (0.05, 0.85, 0.4), palm=(-0.6, 0, 0.6), shoulder=(8, -4))
_BAT_BACK_R = Arm((-0.34, -0.4, 0.82), (-0.75, 0.45, 0.3), palm=(-0.2, -0.4, -0.9), shoulder=(4, 16))
_BAT_HIT_L = Arm((-0.1, -0.5, 0.85), (-0.25, -0.24, 0.92), palm=(-0.4, -0.9, 0), shoulder=(0, 14))
_BAT_HIT_R = Arm((0.1, -0.55, 0.82), (-0.05, -0.26, 0.95), palm=(-0.6, 0.8, 0), shoulder=(0, 8))
_BAT_END_L = Arm((-0.35, -0.2, 0.88), (-0.72, 0.42, 0.4), palm=(-0.2, -0.5, -0.8), shoulder=(4, 18))
_BAT_END_R = Arm((0.55, -0.45, 0.4), (-0.1, 0.7, 0.6), palm=(-0.6, 0.3, 0.4))
_DRIBBLE_UP = Arm((0.36, -0.86, 0.3), (0.1, 0.05, 0.98), palm=(0, -1, 0), wrist=(-12, 0))
_DRIBBLE_DOWN = Arm((0.3, -0.9, 0.34), (0.1, -0.5, 0.85), palm=(0, -1, 0), wrist=(28, 0))
_CATCH_OUT = Arm((0.24, -0.5, 0.82), (-0.06, 0.3, 0.95), palm=(-0.75, 0, 0.6), wrist=(-24, 0), shoulder=(2, 10))
_CATCH_IN = Arm((0.36, -0.9, 0.1), (-0.12, 0.28, 0.92), palm=(-0.95, 0, 0.1))
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
_STEADY = Arm((0.34, -0.86, 0.3), (0.06, -0.5, 0.84))
_STEP_OUT = (
    Moment(0.3, Posture(right_foot=Foot())),
    Moment(0.45, Posture(right_foot=Foot(0, 0.06, 0.16, heel_up=10)), True),
)

SPORTS: dict[str, Act] = {
    "throw": Act(
        "throw",
        (
            *_STEP_OUT[:1],
            Moment(
                0.8,
                Posture(
                    left_arm=_THROW_BACK,
                    right_arm=_AIM,
                    left_fingers=(40, 18),
                    hips=(0, 26, 0),
                    spine=(-6, 22, 6),
                    head=(0, -40, 0),
                    root=(0.06, -0.05, -0.06),
                    right_foot=Foot(),
                ),
            ),
        ),
        (
            Moment(0.1, Posture(right_foot=Foot())),
            Moment(0.24, Posture(right_foot=Foot(0, 0.08, 0.18, heel_up=8), root=(0.04, -0.04, 0.0)), True),
            Moment(
                0.4,
                Posture(
                    right_foot=Foot(0, 0, 0.36),
                    left_foot=Foot(),
                    root=(0.0, -0.08, 0.16),
                    hips=(4, 6, 0),
                    spine=(0, 12, 3),
                ),
            ),
            Moment(
                0.52,
                Posture(
                    left_arm=_THROW_TOP,
                    right_arm=_STEADY,
                    hips=(6, -6, 0),
                    spine=(6, -6, 0),
                    head=(0, 4, 0),
                    left_foot=Foot(),
                ),
                True,
            ),
            Moment(
                0.74,
                Posture(
                    left_arm=_THROWN,
                    left_fingers=(10, 6),
                    hips=(12, -14, 0),
                    spine=(18, -18, -4),
                    head=(-8, 18, 0),
                    root=(-0.02, -0.1, 0.24),
                    left_foot=Foot(0, 0, 0, heel_up=34),
                ),
            ),
        ),
        beat_s=0.8,
        after=(
            Moment(0.25, Posture(left_foot=Foot(0, 0, 0, heel_up=30), right_foot=Foot(0, 0, 0.36), left_arm=_THROWN)),
            Moment(0.55, Posture(left_foot=Foot(), root=(0, -0.05, 0.12), hips=(4, -4, 0), spine=(6, -4, 0))),
            Moment(0.62, Posture(right_foot=Foot(0, 0, 0.36))),
            Moment(0.8, Posture(right_foot=Foot(0, 0.05, 0.16, heel_up=14)), True),
            Moment(0.95, Posture(right_foot=Foot(), root=(0, -0.02, 0.0))),
        ),
        back_s=0.3,
        family="action",
        springs={"left_arm": 5.0, "right_arm": 5.0},
        said={"object": "ball", "direction": "forward"},
        facts=(("{same}_hand", "throwing"),),
    ),
    "bowl": Act(
        "throw",
        (
            Moment(
                0.75,
                Posture(
                    left_arm=_BOWL_BACK,
                    right_arm=_STEADY,
                    left_fingers=(36, 16),
                    hips=(14, 10, 0),
                    spine=(14, 10, 0),
                    head=(-14, -12, 0),
                    root=(0.02, -0.1, -0.04),
                    knees=(4, 4),
                ),
            ),
        ),
        (
            Moment(
                0.42,
                Posture(
                    left_arm=_BOWLED,
                    left_fingers=(8, 4),
                    hips=(16, -10, 0),
                    spine=(10, -12, 0),
                    head=(-14, 10, 0),
                    root=(-0.01, -0.14, 0.06),
                ),
            ),
        ),
        beat_s=0.42,
        hold_s=0.3,
        back_s=0.9,
        family="action",
        springs=_STRIKE,
        said={"object": "ball", "direction": "forward", "height": "low"},
        facts=(("{same}_hand", "throwing"),),
    ),
    "catch": Act(
        "catch",
        (
            Moment(
                0.75,
                _both(
                    _CATCH_OUT,
                    **_PALMS,
                    head=(-4, 0, 0),
                    spine=(5, 0, 0),
                    root=(0, -0.05, 0.01),
                    hips=(3, 0, 0),
                    knees=(4, 4),
                ),
            ),
            Moment(1.1, _both(_CATCH_OUT, left_fingers=(20, 10), right_fingers=(20, 10))),
            Moment(
                1.32,
                _both(
                    _CATCH_IN,
                    left_fingers=(36, 16),
                    right_fingers=(36, 16),
                    head=(14, 0, 0),
                    spine=(10, 0, 0),
                    root=(0, -0.07, -0.03),
                ),
            ),
        ),
        hold_s=0.45,
        back_s=0.85,
        sides=False,
        family="action",
        springs=_STRIKE,
        said={"object": "ball"},
        facts=(("left_hand", "catching"), ("right_hand", "catching")),
    ),
    "dribble": Act(
        "dribble",
        (
            Moment(
                0.75,
                Posture(
                    left_arm=_DRIBBLE_UP,
                    right_arm=_STEADY,
                    left_fingers=(16, 6),
                    hips=(10, 0, 0),
                    spine=(10, 0, 2),
                    head=(-4, 6, 0),
                    root=(0, -0.1, -0.03),
                    knees=(6, 6),
                ),
            ),
        ),
        (
            Moment(0.2, Posture(left_arm=_DRIBBLE_DOWN, root=(0, -0.115, -0.03)), True),
            Moment(0.46, Posture(left_arm=_DRIBBLE_UP, root=(0, -0.1, -0.03)), True),
        ),
        beat_s=0.46,
        counts=(3, 5),
        back_s=0.75,
        family="action",
        springs=_QUICK,
        said={"object": "ball"},
        facts=(("{same}_hand", "pushing"),),
    ),
    "swing_bat": Act(
        "swing",
        (
            Moment(
                0.9,
                Posture(
                    left_arm=_BAT_BACK_L,
                    right_arm=_BAT_BACK_R,
                    **_GRIP,
                    hips=(4, 26, 0),
                    spine=(5, 22, 2),
                    head=(0, -46, 0),
                    root=(0.07, -0.07, -0.01),
                    knees=(6, 6),
                ),
            ),
            Moment(
                1.1, Posture(left_arm=_BAT_BACK_L, right_arm=_BAT_BACK_R, spine=(5, 26, 2), root=(0.08, -0.075, -0.01))
            ),
        ),
        (
            Moment(
                0.22,
                Posture(
                    left_arm=_BAT_HIT_L,
                    right_arm=_BAT_HIT_R,
                    hips=(6, -10, 0),
                    spine=(8, -6, 0),
                    head=(2, 10, 0),
                    root=(-0.02, -0.07, 0.01),
                ),
                True,
            ),
            Moment(
                0.45,
                Posture(
                    left_arm=_BAT_END_L,
                    right_arm=_BAT_END_R,
                    hips=(3, -34, 0),
                    spine=(3, -34, 0),
                    head=(0, 46, 0),
                    root=(-0.06, -0.05, 0.01),
                ),
            ),
        ),
        beat_s=0.5,
        hold_s=0.15,
        back_s=0.95,
        family="action",
        springs=_STRIKE,
        said={"object": "bat"},
        facts=(("left_hand", "swinging"), ("right_hand", "swinging")),
    ),
    "swim": Act(
        "swim",
        (
            Moment(
                0.8,
                _both(_SWIM_IN, **_PALMS, spine=(10, 0, 0), hips=(8, 0, 0), head=(-12, 0, 0), root=(0, -0.03, -0.03)),
            ),
        ),
        (
            Moment(0.35, _both(_SWIM_FRONT, spine=(12, 0, 0)), True),
            Moment(0.68, _both(_SWIM_SIDE, spine=(7, 0, 0)), True),
            Moment(1.0, _both(_SWIM_IN, spine=(10, 0, 0)), True),
        ),
        beat_s=1.0,
        counts=(1, 2),
        back_s=0.7,
        sides=False,
        family="action",
        facts=(("left_hand", "circling"), ("right_hand", "circling")),
    ),
    "flap": Act(
        "flap",
        (Moment(0.7, _both(_WING_DOWN, **_PALMS, root=(0, -0.05, 0), knees=(5, 5))),),
        (
            Moment(0.3, _both(_WING_UP, root=(0, -0.005, 0), spine=(-3, 0, 0)), True),
            Moment(0.62, _both(_WING_DOWN, root=(0, -0.05, 0), spine=(4, 0, 0)), True),
        ),
        beat_s=0.63,
        counts=(2, 3),
        back_s=0.75,
        sides=False,
        family="action",
        springs=_QUICK,
        facts=(("left_hand", "swinging"), ("right_hand", "swinging")),
    ),
    "circle_arms": Act(
        "circle arms",
        (Moment(0.6, _both(_CIRCLE[3], **_PALMS), True),),
        tuple(
            Moment(0.3 * (i + 1), _both(_CIRCLE[i], spine=((2, 0, 0), (-5, 0, 0), (-3, 0, 0), (1, 0, 0))[i]), True)
            for i in range(4)
        ),
        beat_s=1.2,
        counts=(1, 2),
        back_s=0.6,
        sides=False,
        family="action",
        springs=_QUICK,
        facts=(("left_hand", "circling"), ("right_hand", "circling")),
    ),
}

SPORTS_INTENTS: tuple[Intent, ...] = act_intents(SPORTS)
