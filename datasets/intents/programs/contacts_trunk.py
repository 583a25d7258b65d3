"""Hands on the trunk, written for the left side."""

from collections.abc import Mapping

from .common import FLAT, Timing
from .postures import Arm, Posture
from .touching import Touch

_AKIMBO = Arm((0.85, -0.7, -0.3), (-0.8, -0.5, 0.35), palm=(-0.9, -0.3, 0.0), wrist=(-25, 0))
_TO_HIP = Arm((0.8, -0.8, -0.1), (-0.2, -0.7, 0.5), palm=(-1, -0.2, 0.0))
_BEHIND = Arm((0.35, -0.85, -0.5), (-0.75, -0.35, -0.25), palm=(0.1, 0, -1), shoulder=(0, -12))
_BEHIND_LOW = Arm((0.38, -0.88, -0.42), (-0.72, -0.5, -0.22), palm=(0.1, 0, -1), shoulder=(0, -10))
_TO_BACK = Arm((0.65, -0.75, -0.6), (-0.1, -0.8, -0.6), palm=(-0.6, 0.2, -0.7), shoulder=(0, -8))

TRUNK_TOUCHES: Mapping[str, Touch] = {
    "hand_on_hip": Touch(
        "hand_on_hip", (("{same}_palm", "{same}_hip", True),),
        Posture(
            left_arm=Arm((0.8, -0.75, -0.35), (-0.8, -0.5, 0.35), palm=(-0.9, -0.3, 0.0), wrist=(-25, 0)),
            left_fingers=(12, 0), hips=(0, 3, 3), spine=(0, -2, -5), head=(0, 6, 2), root=(-0.045, -0.016, 0),
        ),
        Posture(left_arm=_TO_HIP),
    ),
    "both_hands_on_hips": Touch(
        "hand_on_hip", (("{same}_palm", "{same}_hip", True), ("{other}_palm", "{other}_hip", True)),
        Posture(
            left_arm=_AKIMBO, right_arm=_AKIMBO, left_fingers=(12, 0), right_fingers=(12, 0), spine=(-4, 0, 0),
            head=(-3, 8, 0), root=(0.01, -0.012, 0),
        ),
        Posture(left_arm=_TO_HIP, right_arm=_TO_HIP),
    ),
    "hand_on_heart": Touch(
        "hand_on_heart", (("{same}_palm", "{other}_chest", True),),
        Posture(
            left_arm=Arm((0.25, -0.85, 0.45), (-0.9, 0.5, 0.1), palm=(0, -0.1, -1)),
            left_fingers=FLAT, spine=(2, -3, 0), head=(10, -4, 0), root=(0, -0.014, 0),
        ),
        Posture(left_arm=Arm((0.2, -0.85, 0.5), (-0.35, 0.25, 0.9), palm=(-0.6, 0, -0.8))),
    ),
    "hand_behind_back": Touch(
        "hand_behind_back", (("{same}_hand_back", "{same}_lower_back", False),),
        Posture(
            left_arm=_BEHIND, left_fingers=(24, 10), spine=(-4, 0, 0), head=(-2, 4, 0), root=(0.02, -0.012, 0.01)
        ),
        Posture(left_arm=_TO_BACK),
        timing=Timing(0.3, 1.15, 1.75, 2.55, 2.7),
    ),
    "hands_behind_back": Touch(
        "hand_behind_back", (
            ("{same}_hand_back", "{same}_lower_back", False), ("{other}_hand_back", "{other}_lower_back", False),
        ),
        Posture(
            left_arm=_BEHIND, right_arm=_BEHIND_LOW, left_fingers=(16, 8), right_fingers=(18, 8), spine=(-5, 0, 0),
            head=(-2, -4, 0), root=(0.01, -0.012, 0.012),
        ),
        Posture(left_arm=_TO_BACK, right_arm=_TO_BACK),
        timing=Timing(0.3, 1.4, 2.05, 3.05, 3.2),
    ),
}  # fmt: skip
