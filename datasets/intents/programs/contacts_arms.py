"""Hands on the arms and on each other, written for the left side."""

from collections.abc import Mapping

from .common import Timing
from .postures import Arm, Posture
from .strokes import Strokes
from .touching import Touch

_JOINED = Arm((0.3, -0.9, 0.4), (0.05, 0.2, 0.9), palm=(-1, 0, 0), wrist=(-10, 0))
_PRAYING = Arm((0.3, -0.9, 0.35), (-0.6, 0.35, 0.75), palm=(-1, 0, 0), wrist=(-32, 0))
_FOREARM_UP = Arm((0.15, -0.85, 0.5), (-0.25, 0.25, 0.9), palm=(-1, 0, 0))
_BEFORE_BELLY = Arm((0.2, -0.9, 0.4), (-0.8, 0.1, 0.55), palm=(-0.2, -1, 0))

ARM_TOUCHES: Mapping[str, Touch] = {
    "hand_on_opposite_shoulder": Touch(
        "touch arm", (("{same}_palm", "{other}_shoulder", True),),
        Posture(
            left_arm=Arm((-0.3, -0.5, 0.8), (-0.85, 0.5, -0.1), palm=(0.2, -0.6, -0.8), shoulder=(4, 12)),
            left_fingers=(22, 8), spine=(3, -6, 0), head=(6, -12, 4), root=(0.01, -0.014, 0),
        ),
        Posture(left_arm=Arm((-0.05, -0.6, 0.9), (-0.5, 0.6, 0.6), palm=(-0.3, -0.2, -0.9), shoulder=(3, 8))),
    ),
    "cross_arms": Touch(
        "cross_arms", (("{same}_palm", "{other}_upper_arm", True),),
        Posture(
            left_arm=Arm((0.0, -0.8, 0.6), (-0.95, 0.15, 0.3), palm=(0, -0.1, -1), shoulder=(0, 8)),
            right_arm=Arm((0.1, -0.9, 0.4), (-0.9, 0.05, 0.5), palm=(0, -0.3, -1), shoulder=(0, 8)),
            left_fingers=(24, 10), right_fingers=(24, 10), spine=(-3, 0, 0), head=(0, 5, 0), root=(0.02, -0.014, 0),
        ),
        Posture(
            left_arm=Arm((0.2, -0.7, 0.7), (-0.4, 0.3, 0.9), palm=(-0.5, 0, -0.8)),
            right_arm=Arm((0.1, -0.9, 0.5), (-0.5, 0.05, 0.9), palm=(-0.3, 0, -0.9)),
        ),
        near=(("{other}_palm", "{same}_elbow", (-0.05, 0.03, 0.0)),),
    ),
    "hug_oneself": Touch(
        "hug_oneself", (("{same}_palm", "{other}_upper_arm", True), ("{other}_palm", "{same}_upper_arm", True)),
        Posture(
            left_arm=Arm((-0.25, -0.5, 0.84), (-0.9, 0.15, 0.1), palm=(0.2, -0.1, -1), shoulder=(4, 14)),
            right_arm=Arm((-0.2, -0.72, 0.72), (-0.9, 0.2, 0.1), palm=(0.2, -0.1, -1), shoulder=(4, 14)),
            left_fingers=(30, 14), right_fingers=(30, 14), spine=(9, 0, 0), head=(14, 6, 3), root=(0, -0.02, -0.01),
        ),
        Posture(
            left_arm=Arm((0.0, -0.45, 0.9), (-0.3, 0.3, 0.9), palm=(-0.7, 0, -0.7), shoulder=(0, 8)),
            right_arm=Arm((0.0, -0.7, 0.7), (-0.35, 0.2, 0.9), palm=(-0.7, 0, -0.7), shoulder=(0, 8)),
        ),
        pressed=True,
    ),
    "hands_together": Touch(
        "hands_together", (("{same}_palm", "{other}_palm", True),),
        Posture(
            left_arm=_PRAYING, right_arm=_PRAYING, left_fingers=(2, 0), right_fingers=(2, 0), spine=(4, 0, 0),
            head=(14, 0, 0), root=(0, -0.014, 0),
        ),
        Posture(left_arm=_JOINED, right_arm=_JOINED),
        near=(("{same}_palm", "upper_belly", (0.0, 0.03, 0.1)),),
    ),
    "touch_opposite_elbow": Touch(
        "touch_elbow", (("{same}_palm", "{other}_elbow", True),),
        Posture(
            left_arm=Arm((-0.2, -0.85, 0.5), (-0.9, -0.05, 0.3), palm=(-0.5, 0.6, -0.5), shoulder=(0, 10)),
            right_arm=Arm((0.15, -0.85, 0.5), (-0.15, 0.3, 0.9), palm=(-1, 0, 0)), left_fingers=(28, 12),
            right_fingers=(22, 10), spine=(5, -4, 0), head=(14, -12, 2), root=(0.01, -0.014, 0),
        ),
        Posture(
            left_arm=Arm((0.1, -0.8, 0.6), (-0.5, -0.1, 0.9), palm=(-0.5, 0.7, -0.3)),
            right_arm=Arm((0.2, -0.85, 0.5), (0.05, 0.1, 0.9), palm=(-1, 0, 0)),
        ),
    ),
    "hand_on_opposite_wrist": Touch(
        "touch arm", (("{same}_palm", "{other}_wrist", True),),
        Posture(
            left_arm=Arm((0.15, -0.82, 0.5), (-0.75, 0.12, 0.65), palm=(-0.3, -1, 0)), right_arm=_BEFORE_BELLY,
            left_fingers=(34, 16), right_fingers=(22, 10), spine=(3, -2, 0), head=(16, -5, 0), root=(0, -0.014, 0),
        ),
        Posture(
            left_arm=Arm((0.25, -0.8, 0.55), (-0.2, 0.25, 0.95), palm=(-0.6, -0.8, 0)),
            right_arm=Arm((0.25, -0.9, 0.3), (-0.4, 0.0, 0.9), palm=(-0.6, -0.8, 0)),
        ),
    ),
    "stretch_arm": Touch(
        "stretch", (("{other}_palm", "{same}_elbow", True),),
        Posture(
            left_arm=Arm((-0.55, -0.28, 0.8), (-0.68, -0.24, 0.7), palm=(0, 0, -1), shoulder=(2, 16)),
            right_arm=Arm((0.1, -0.7, 0.7), (-0.55, 0.7, 0.3), palm=(-0.3, 0, -1), shoulder=(0, 10)),
            left_fingers=(10, 6), right_fingers=(26, 12), spine=(0, -8, 0), head=(0, 8, 0), root=(0.01, -0.014, 0),
        ),
        Posture(
            left_arm=Arm((0.1, -0.45, 0.9), (-0.1, -0.35, 0.95), palm=(-0.8, 0, -0.4), shoulder=(2, 8)),
            right_arm=Arm((0.3, -0.75, 0.6), (-0.2, 0.45, 0.9), palm=(-0.6, 0, -0.8)),
        ),
        timing=Timing(0.3, 1.2, 1.9, 2.7, 2.85),
    ),
}  # fmt: skip

_RUBBED = Arm((0.3, -0.92, 0.32), (-0.58, 0.2, 0.8), palm=(-1, 0, 0), wrist=(-24, 0))
_RUB_OUT = Arm((0.26, -0.9, 0.4), (-0.55, 0.22, 0.82), palm=(-1, 0, 0), wrist=(-24, 0))
_RUB_IN = Arm((0.36, -0.94, 0.22), (-0.6, 0.18, 0.8), palm=(-1, 0, 0), wrist=(-24, 0))

ARM_STROKES: Mapping[str, Strokes] = {
    "rub_hands": Strokes(
        "rub_hands", ("{same}_palm", "{other}_palm", True),
        Posture(
            left_arm=_RUBBED, right_arm=_RUBBED, left_fingers=(-12, -8), right_fingers=(-12, -8), spine=(6, 0, 0),
            head=(10, 0, 0), root=(0, -0.018, 0),
        ),
        (Posture(left_arm=_RUB_OUT, right_arm=_RUB_IN), Posture(left_arm=_RUB_IN, right_arm=_RUB_OUT)),
        ((0.022, 0.012, 0.03), (0.022, -0.012, -0.03)),
        Posture(left_arm=_JOINED, right_arm=_JOINED),
        near=(("{same}_palm", "upper_belly", (0.0, 0.02, 0.11)),), beat_s=0.3, counts=(3, 6),
    ),
}  # fmt: skip
