"""Hands at the head and the face, written for the left side."""

from collections.abc import Mapping

from .common import FLAT, Timing
from .postures import Arm, Posture
from .strokes import Strokes
from .touching import Touch

_LIFTED = Arm((0.35, -0.75, 0.6), (-0.2, 0.6, 0.75), palm=(-0.6, 0, -0.8))
"""An arm on its way to the face."""
_AT_FACE = Posture(left_arm=_LIFTED)
_BOTH_AT_FACE = Posture(left_arm=_LIFTED, right_arm=_LIFTED)
_AT_EARS = Arm((0.7, -0.3, 0.6), (0.0, 0.8, 0.5), palm=(-1, 0, 0))

HEAD_TOUCHES: Mapping[str, Touch] = {
    "cover_mouth": Touch(
        "cover face", (("{same}_palm", "mouth", True),),
        Posture(
            left_arm=Arm((0.36, -0.42, 0.8), (-0.75, 0.62, -0.22), palm=(-0.3, 0, -1), wrist=(0, 14), shoulder=(4, 8)),
            left_fingers=(12, 6), spine=(4, -2, 0), head=(9, 3, 0), root=(0, -0.018, -0.014),
        ),
        _AT_FACE,
    ),
    "cover_ears": Touch(
        "cover_ears", (("{same}_palm", "{same}_ear", True), ("{other}_palm", "{other}_ear", True)),
        Posture(
            left_arm=Arm((0.75, 0.05, 0.55), (-0.6, 0.8, -0.15), palm=(-1, 0, 0), shoulder=(8, 0)),
            right_arm=Arm((0.75, 0.05, 0.55), (-0.6, 0.8, -0.15), palm=(-1, 0, 0), shoulder=(8, 0)),
            left_fingers=FLAT, right_fingers=FLAT, spine=(8, 0, 0), head=(12, 0, 0), root=(0, -0.03, -0.015),
        ),
        Posture(left_arm=_AT_EARS, right_arm=_AT_EARS),
    ),
    "cover_eyes": Touch(
        "cover_eyes", (("{same}_palm", "nose", True), ("{other}_palm", "{same}_hand_back", True)),
        Posture(
            left_arm=Arm((0.3, -0.32, 0.86), (-0.52, 0.82, -0.3), palm=(-0.3, 0, -1), shoulder=(3, 6)),
            right_arm=Arm((0.2, -0.32, 0.92), (-0.5, 0.84, -0.1), palm=(-0.35, 0, -1), shoulder=(3, 10)),
            left_fingers=(0, -10), right_fingers=(0, -10), spine=(6, 0, 0), head=(13, 0, 0), root=(0, -0.025, -0.015),
        ),
        _BOTH_AT_FACE,
    ),
    "hold_phone": Touch(
        "hold_phone", (("{same}_palm", "{same}_ear", False),),
        Posture(
            left_arm=Arm((0.6, -0.15, 0.7), (-0.55, 0.75, -0.3), palm=(-1, 0, -0.2), shoulder=(10, 4)),
            left_fingers=(26, 12), spine=(0, 2, 1), head=(3, 3, 5), root=(-0.03, -0.014, 0),
        ),
        Posture(left_arm=Arm((0.35, -0.8, 0.5), (0.0, 0.6, 0.75), palm=(-0.8, 0, -0.5))),
    ),
    "salute": Touch(
        "salute", (("{same}_index_tip", "{same}_temple", False),),
        Posture(
            left_arm=Arm((0.9, 0.0, 0.35), (-0.65, 0.75, 0.25), palm=(0.0, -0.75, -0.65)),
            left_fingers=(3, 10), spine=(-4, 0, 0), head=(-3, 0, 0), root=(0, -0.006, 0),
        ),
        Posture(left_arm=Arm((0.65, -0.5, 0.6), (0.0, 0.6, 0.8), palm=(-0.6, -0.6, 0)), left_fingers=(8, 8)),
        timing=Timing(0.3, 0.9, 1.7, 2.3, 2.5),
    ),
    "hand_on_cheek": Touch(
        "touch face", (("{same}_palm", "{same}_cheek", True),),
        Posture(
            left_arm=Arm((0.3, -0.75, 0.6), (-0.3, 0.9, -0.05), palm=(-0.6, 0, -0.8)),
            left_fingers=(4, 2), spine=(5, 2, 2), head=(6, 0, 6), root=(-0.02, -0.016, 0),
        ),
        _AT_FACE,
    ),
    "chin_in_hand": Touch(
        "think", (("{same}_index_tip", "chin", False), ("{other}_palm", "{same}_elbow", True)),
        Posture(
            left_arm=Arm((0.12, -0.78, 0.62), (-0.5, 0.82, -0.05), palm=(-0.5, 0, -0.9)),
            right_arm=Arm((0.1, -0.9, 0.4), (-0.9, 0.0, 0.5), palm=(0, 1, 0.1)), left_fingers=(30, 12),
            right_fingers=(16, 8), spine=(4, 2, 0), head=(8, 5, 4), root=(-0.02, -0.016, 0),
        ),
        Posture(
            left_arm=Arm((0.25, -0.75, 0.65), (-0.2, 0.4, 0.9), palm=(-0.8, 0, -0.5)),
            right_arm=Arm((0.25, -0.9, 0.3), (-0.5, -0.1, 0.9), palm=(-0.4, 0.9, 0)),
        ),
        timing=Timing(0.3, 1.2, 1.9, 2.65, 2.8),
    ),
    "touch_nose": Touch(
        "touch face", (("{same}_index_tip", "nose", False),),
        Posture(
            left_arm=Arm((0.3, -0.6, 0.72), (-0.5, 0.82, -0.1), palm=(-0.4, 0, -1)),
            left_fingers=(20, 16), spine=(1, 0, 0), head=(4, 2, 0), root=(-0.01, -0.014, 0),
        ),
        _AT_FACE,
        timing=Timing(0.3, 1.0, 1.5, 2.2, 2.4),
    ),
    "facepalm": Touch(
        "touch face", (("{same}_palm", "forehead", True),),
        Posture(
            left_arm=Arm((0.36, -0.22, 0.85), (-0.5, 0.84, -0.3), palm=(-0.3, 0, -1), shoulder=(3, 6)),
            left_fingers=(14, 6), spine=(9, -2, 0), head=(20, 2, 0), root=(0, -0.022, -0.02),
        ),
        _AT_FACE,
        timing=Timing(0.3, 0.95, 1.7, 2.55, 2.7),
    ),
    "hands_behind_head": Touch(
        "touch head", (("{same}_middle_tip", "head_back", False), ("{other}_middle_tip", "neck_back", False)),
        Posture(
            left_arm=Arm((0.85, 0.35, 0.2), (-0.75, 0.62, -0.45), palm=(-0.5, 0, 0.8), shoulder=(12, 0)),
            right_arm=Arm((0.85, 0.3, 0.2), (-0.78, 0.58, -0.45), palm=(-0.5, 0, 0.8), shoulder=(12, 0)),
            left_fingers=(16, 6), right_fingers=(16, 6), spine=(-6, 0, 0), head=(-4, 0, 0), root=(0, -0.01, 0.01),
        ),
        Posture(
            left_arm=Arm((0.85, 0.0, 0.5), (0.1, 0.95, 0.15), palm=(-0.9, 0, 0.2), shoulder=(8, 0)),
            right_arm=Arm((0.85, 0.0, 0.5), (0.1, 0.95, 0.15), palm=(-0.9, 0, 0.2), shoulder=(8, 0)),
        ),
        timing=Timing(0.3, 1.2, 1.9, 2.7, 2.85),
    ),
}  # fmt: skip

_SCRATCH = Posture(
    left_arm=Arm((0.75, 0.45, 0.35), (-0.65, 0.7, -0.05), palm=(-0.5, -0.8, 0), shoulder=(12, 0)),
    left_fingers=(30, 12), spine=(0, 3, -3), head=(5, -7, -6), root=(0.03, -0.014, 0),
)  # fmt: skip
_PAT = Posture(
    left_arm=Arm((0.75, 0.5, 0.4), (-0.6, 0.7, 0.05), palm=(-0.2, -1, 0), wrist=(18, 0), shoulder=(12, 0)),
    left_fingers=FLAT, spine=(0, 0, -2), head=(5, 0, -3), root=(0.02, -0.014, 0),
)  # fmt: skip
_TAP = Posture(
    left_arm=Arm((0.65, -0.3, 0.65), (-0.42, 0.85, -0.1), palm=(-0.9, 0, -0.3), shoulder=(4, 2)),
    left_fingers=(18, 14), spine=(1, 2, 0), head=(3, 3, 2), root=(-0.015, -0.014, 0),
)  # fmt: skip
_OVER_HEAD = Posture(left_arm=Arm((0.7, 0.0, 0.7), (0.1, 0.9, 0.3), palm=(-0.9, 0, -0.2)))

HEAD_STROKES: Mapping[str, Strokes] = {
    "scratch_head": Strokes(
        "touch head", ("{same}_middle_tip", "crown", False), _SCRATCH,
        (Posture(
            left_arm=Arm((0.76, 0.5, 0.3), (-0.65, 0.7, -0.12), palm=(-0.5, -0.8, 0), wrist=(12, 0), shoulder=(12, 0)),
            left_fingers=(40, 14),
        ),),
        ((0.004, -0.008, -0.032),), _OVER_HEAD, beat_s=0.3, first_s=1.1, counts=(3, 6),
    ),
    "pat_head": Strokes(
        "touch head", ("{same}_palm", "crown", True), _PAT,
        (Posture(
            left_arm=Arm((0.75, 0.56, 0.42), (-0.52, 0.78, 0.1), palm=(-0.2, -1, 0), wrist=(2, 0), shoulder=(13, 0)),
            left_fingers=(4, 2),
        ),),
        ((0.008, 0.045, 0.006),), _OVER_HEAD, beat_s=0.42, first_s=1.1, counts=(2, 4),
    ),
    "tap_temple": Strokes(
        "touch head", ("{same}_index_tip", "{same}_temple", False), _TAP,
        (Posture(
            left_arm=Arm((0.67, -0.3, 0.65), (-0.4, 0.86, -0.06), palm=(-0.9, 0, -0.3), wrist=(-4, 0), shoulder=(4, 2)),
            left_fingers=(14, 14),
        ),),
        ((0.03, 0.004, 0.014),), _AT_FACE, beat_s=0.34, counts=(2, 4),
    ),
}  # fmt: skip
