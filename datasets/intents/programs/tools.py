"""Work with tools that are not shown: sweeping, chopping, hammering, stirring. Written for the left side."""

from typing import Any

from .acts import Act, Moment, act_intents
from .common import FIST
from .intent import Intent
from .postures import Arm, Posture


def _both(arm: Arm, **rest: object) -> Posture:
    return Posture(left_arm=arm, right_arm=arm, **rest)  # type: ignore[arg-type]


_QUICK = {"left_arm": 6.0, "right_arm": 6.0}
_STRIKE = {"left_arm": 7.0, "right_arm": 7.0, "spine": 6.0, "hips": 6.0}
_GRIP: dict[str, Any] = {"left_fingers": (58.0, 26.0), "right_fingers": (58.0, 26.0)}
_FLOOR = Arm((0.06, -0.62, 0.78), (-0.06, -0.66, 0.75), palm=(-0.9, 0, -0.3))
_BROOM_TOP = Arm((0.15, -0.72, 0.66), (-0.42, 0.0, 0.9), palm=(-0.6, -0.8, 0))
_BROOM_LOW = Arm((0.05, -0.8, 0.6), (-0.2, -0.62, 0.76), palm=(-0.9, -0.2, 0.2))
_AXE_UP = Arm((0.3, 0.68, 0.62), (-0.3, 0.9, -0.2), palm=(-0.9, 0, 0), shoulder=(18, 4))
_AXE_DOWN = Arm((-0.04, -0.62, 0.78), (-0.14, -0.62, 0.78), palm=(-1, 0, -0.2), shoulder=(0, 10))
_KNOCK_BACK = Arm((0.32, -0.62, 0.66), (0.02, 0.86, 0.5), palm=(-0.3, -0.3, 0.9), shoulder=(4, 4))
_KNOCK_HIT = Arm((0.28, -0.48, 0.8), (-0.02, 0.5, 0.86), palm=(-0.2, -0.6, 0.7), wrist=(16, 0), shoulder=(4, 8))
_STIR = tuple(
    Arm((0.26 + 0.1 * x, -0.88, 0.34 + 0.1 * z), (-0.16 + 0.2 * x, -0.22, 0.92 + 0.22 * z), palm=(-0.6, -0.7, 0))
    for x, z in ((0, 1), (1, 0), (0, -1), (-1, 0))
)
_BOWL_HELD = Arm((0.22, -0.94, 0.22), (-0.3, -0.02, 0.95), palm=(-0.6, 0.8, 0))
_OAR_OUT = Arm((0.08, -0.38, 0.92), (-0.02, -0.3, 0.96), palm=(-0.2, -1, 0), shoulder=(0, 16))
_OAR_IN = Arm((0.42, -0.8, -0.42), (-0.2, 0.06, 0.96), palm=(-0.3, -1, 0), shoulder=(0, -10))
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
_HAMMER_UP = Arm((0.4, -0.4, 0.72), (0.06, 0.98, 0.08), palm=(-1, 0, 0), wrist=(0, -18), shoulder=(6, 0))
_HAMMER_HIT = Arm((0.24, -0.76, 0.58), (-0.02, 0.06, 1.0), palm=(-1, 0, 0), wrist=(0, 14))
_SAW_OUT = Arm((0.2, -0.62, 0.74), (-0.08, -0.3, 0.94), palm=(-1, 0, 0), shoulder=(0, 10))
_SAW_IN = Arm((0.26, -0.82, -0.42), (-0.02, -0.2, 0.97), palm=(-1, 0, 0), shoulder=(0, -8))

TOOLS: dict[str, Act] = {
    "sweep": Act(
        "sweep",
        (
            Moment(
                0.75,
                Posture(
                    left_arm=_BROOM_LOW,
                    right_arm=_BROOM_TOP,
                    **_GRIP,
                    hips=(12, 10, 0),
                    spine=(12, 16, 0),
                    head=(8, -6, 0),
                    root=(0.02, -0.06, -0.04),
                ),
            ),
        ),
        (
            Moment(0.42, Posture(hips=(12, -8, 0), spine=(13, -18, -3), head=(8, 8, 0), root=(-0.03, -0.07, -0.02))),
            Moment(0.92, Posture(hips=(11, 10, 0), spine=(12, 17, 0), head=(8, -6, 0), root=(0.025, -0.06, -0.04))),
        ),
        beat_s=0.94,
        counts=(1, 2),
        back_s=0.75,
        family="action",
        said={"object": "broom"},
        facts=(("left_hand", "holding"), ("right_hand", "holding")),
    ),
    "chop": Act(
        "chop",
        (
            Moment(
                0.7,
                _both(
                    _AXE_DOWN,
                    **_GRIP,
                    hips=(10, 0, 0),
                    spine=(14, 0, 0),
                    head=(-4, 0, 0),
                    root=(0, -0.08, -0.05),
                    knees=(6, 6),
                ),
            ),
        ),
        (
            Moment(0.5, _both(_AXE_UP, hips=(-3, 0, 0), spine=(-8, 0, 0), head=(-4, 0, 0), root=(0, -0.02, 0.0))),
            Moment(0.62, _both(_AXE_UP, spine=(-9, 0, 0))),
            Moment(0.84, _both(_AXE_DOWN, hips=(22, 0, 0), spine=(24, 0, 0), head=(-10, 0, 0), root=(0, -0.15, -0.1))),
            Moment(0.95, _both(_AXE_DOWN, hips=(21, 0, 0), spine=(23, 0, 0), root=(0, -0.145, -0.1))),
        ),
        beat_s=1.0,
        counts=(1, 2),
        back_s=0.85,
        sides=False,
        family="action",
        springs=_STRIKE,
        said={"object": "axe", "direction": "down"},
        facts=(("left_hand", "swinging"), ("right_hand", "swinging")),
    ),
    "knock": Act(
        "knock",
        (
            Moment(
                0.8,
                Posture(
                    left_arm=_KNOCK_BACK, left_fingers=FIST, spine=(3, -4, 0), head=(2, 4, 0), root=(0, -0.015, 0.02)
                ),
            ),
        ),
        (
            Moment(0.14, Posture(left_arm=_KNOCK_HIT, spine=(4, -6, 0)), True),
            Moment(0.32, Posture(left_arm=_KNOCK_BACK, spine=(3, -4, 0)), True),
        ),
        beat_s=0.33,
        counts=(2, 4),
        back_s=0.8,
        family="action",
        springs=_STRIKE,
        said={"object": "door"},
        facts=(("{same}_hand", "fist"), ("{same}_hand", "forward")),
    ),
    "hammer": Act(
        "hammer",
        (
            Moment(
                0.75,
                Posture(
                    left_arm=_HAMMER_UP,
                    right_arm=_SAW_OUT,
                    left_fingers=FIST,
                    right_fingers=(36, 20),
                    hips=(6, 0, 0),
                    spine=(10, 2, 0),
                    head=(10, 4, 0),
                    root=(0, -0.04, -0.02),
                ),
            ),
        ),
        (
            Moment(0.2, Posture(left_arm=_HAMMER_HIT, spine=(13, -2, 0))),
            Moment(0.52, Posture(left_arm=_HAMMER_UP, spine=(10, 3, 0)), True),
        ),
        beat_s=0.53,
        counts=(2, 4),
        back_s=0.75,
        family="action",
        springs=_STRIKE,
        said={"object": "hammer", "direction": "down"},
        facts=(("{same}_hand", "swinging"), ("{same}_hand", "fist")),
    ),
    "saw": Act(
        "saw",
        (
            Moment(
                0.75,
                Posture(
                    left_arm=_SAW_OUT,
                    left_fingers=FIST,
                    right_arm=_FLOOR,
                    right_fingers=(20, 10),
                    hips=(16, -4, 0),
                    spine=(16, -6, 0),
                    head=(-6, 8, 0),
                    root=(0, -0.08, -0.04),
                    knees=(4, 4),
                ),
            ),
        ),
        (
            Moment(0.34, Posture(left_arm=_SAW_IN, spine=(14, 10, 0), hips=(15, 3, 0)), True),
            Moment(0.7, Posture(left_arm=_SAW_OUT, spine=(17, -6, 0), hips=(16, -4, 0)), True),
        ),
        beat_s=0.7,
        counts=(1, 2),
        back_s=0.8,
        family="action",
        said={"object": "saw"},
        facts=(("{same}_hand", "pulling"), ("{same}_hand", "holding")),
    ),
    "stir": Act(
        "stir",
        (
            Moment(
                0.75,
                Posture(
                    left_arm=_STIR[0],
                    right_arm=_BOWL_HELD,
                    left_fingers=(56, 28),
                    right_fingers=(30, 16),
                    spine=(8, 0, 0),
                    head=(20, 4, 0),
                    root=(0, -0.018, -0.01),
                ),
            ),
        ),
        tuple(
            Moment(0.17 * (i + 1), Posture(left_arm=_STIR[(i + 1) % 4], spine=(8, (2, 0, -2, 0)[i], 0)), True)
            for i in range(4)
        ),
        beat_s=0.68,
        counts=(2, 3),
        back_s=0.7,
        family="action",
        springs=_QUICK,
        said={"object": "pot"},
        facts=(("{same}_hand", "circling"), ("{other}_hand", "holding")),
    ),
    "wipe": Act(
        "wipe",
        (
            Moment(
                0.8,
                Posture(
                    left_arm=_WIPE[0], left_fingers=(4, 4), head=(-4, 6, 0), spine=(2, -4, 0), root=(0, -0.012, 0.02)
                ),
            ),
        ),
        tuple(
            Moment(0.22 * (i + 1), Posture(left_arm=_WIPE[(i + 1) % 4], spine=(2, (-1, -4, -7, -4)[i], 0)), True)
            for i in range(4)
        ),
        beat_s=0.88,
        counts=(1, 2),
        back_s=0.8,
        family="action",
        springs=_QUICK,
        said={"object": "window"},
        facts=(("{same}_hand", "circling"), ("{same}_hand", "forward")),
    ),
    "row": Act(
        "row",
        (
            Moment(
                0.75,
                _both(
                    _OAR_OUT,
                    **_GRIP,
                    hips=(16, 0, 0),
                    spine=(20, 0, 0),
                    head=(-18, 0, 0),
                    root=(0, -0.2, -0.1),
                    knees=(10, 10),
                ),
            ),
        ),
        (
            Moment(0.45, _both(_OAR_IN, hips=(2, 0, 0), spine=(-10, 0, 0), head=(2, 0, 0), root=(0, -0.17, -0.1))),
            Moment(1.0, _both(_OAR_OUT, hips=(16, 0, 0), spine=(20, 0, 0), head=(-18, 0, 0), root=(0, -0.2, -0.1))),
        ),
        beat_s=1.0,
        counts=(1, 2),
        back_s=0.8,
        sides=False,
        family="action",
        said={"object": "oars"},
        facts=(("left_hand", "pulling"), ("right_hand", "pulling"), ("body", "crouching")),
    ),
}

TOOLS_INTENTS: tuple[Intent, ...] = act_intents(TOOLS)
