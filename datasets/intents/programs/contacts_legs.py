"""Hands on the legs, written for the left side."""

from collections.abc import Mapping

from .common import Timing
from .postures import Arm, Posture
from .strokes import Strokes
from .touching import Touch

_ON_KNEE = Arm((0.2, -0.55, 0.82), (-0.02, -0.52, 0.85), palm=(0, -0.85, -0.5))
_BENT = Arm((0.3, -0.6, 0.75), (0.12, -0.45, 0.88), palm=(-0.3, -0.9, -0.3))
_TO_TOES = Arm((0.08, 0.42, 0.9), (-0.02, 0.5, 0.87), palm=(-0.4, -0.5, -0.7))

LEG_TOUCHES: Mapping[str, Touch] = {
    "touch_knee": Touch(
        "touch leg", (("{same}_palm", "{same}_knee", True),),
        Posture(
            left_arm=Arm((0.12, -0.5, 0.86), (0.0, -0.5, 0.86), palm=(0, -0.85, -0.5)),
            right_arm=Arm((0.3, -0.58, 0.76), (0.22, -0.5, 0.84)), left_fingers=(20, 8),
            hips=(36, 0, 4), spine=(28, 4, 4), head=(-14, 0, 0), root=(0.03, -0.17, -0.15), knees=(2, 2),
        ),
        Posture(left_arm=Arm((0.22, -0.6, 0.78), (0.1, -0.5, 0.85), palm=(-0.3, -0.9, -0.3))),
        timing=Timing(0.3, 1.2, 1.75, 2.7, 2.85),
    ),
    "hands_on_knees": Touch(
        "touch leg", (("{same}_palm", "{same}_knee", True), ("{other}_palm", "{other}_knee", True)),
        Posture(
            left_arm=_ON_KNEE, right_arm=_ON_KNEE, left_fingers=(20, -14), right_fingers=(20, -14),
            hips=(40, 0, 0), spine=(27, 0, 0), head=(-28, 0, 0), root=(0, -0.19, -0.17), knees=(6, 6),
        ),
        Posture(left_arm=_BENT, right_arm=_BENT),
        timing=Timing(0.3, 1.2, 1.9, 2.75, 2.9),
        passing=(
            ("{same}_palm", "{same}_knee", (0.01, 0.03, 0.05)), ("{other}_palm", "{other}_knee", (-0.01, 0.03, 0.05)),
        ),
    ),
    "touch_toes": Touch(
        "touch leg", (("{same}_middle_tip", "{same}_toe", False), ("{other}_middle_tip", "{other}_toe", False)),
        Posture(
            left_arm=_TO_TOES, right_arm=_TO_TOES, left_fingers=(12, 8), right_fingers=(12, 8),
            hips=(66, 0, 0), spine=(58, 0, 0), head=(4, 0, 0), root=(0, -0.165, -0.25), knees=(8, 8),
        ),
        Posture(
            left_arm=Arm((0.12, -0.35, 0.94), (0.02, -0.3, 0.95), palm=(-0.6, -0.6, -0.3)),
            right_arm=Arm((0.12, -0.35, 0.94), (0.02, -0.3, 0.95), palm=(-0.6, -0.6, -0.3)),
            hips=(36, 0, 0), spine=(30, 0, 0), head=(4, 0, 0), root=(0, -0.07, -0.14),
        ),
        timing=Timing(0.3, 1.45, 2.1, 3.2, 3.35),
        passing=(
            ("{same}_middle_tip", "{same}_toe", (0.01, 0.08, 0.02)),
            ("{other}_middle_tip", "{other}_toe", (-0.01, 0.08, 0.02)),
        ),
    ),
}  # fmt: skip

_SLAP = Posture(
    left_arm=Arm((0.3, -0.85, 0.4), (0.0, -0.75, 0.66), palm=(-0.2, -0.5, -0.85)), left_fingers=(8, 6),
    right_arm=Arm((0.32, -0.9, 0.3), (0.2, -0.85, 0.5)), right_fingers=(18, 10),
    hips=(8, 0, 0), spine=(12, 2, 5), head=(2, 0, 0), root=(0.0, -0.05, -0.035), knees=(3, 3),
)  # fmt: skip

LEG_STROKES: Mapping[str, Strokes] = {
    "slap_thigh": Strokes(
        "touch leg", ("{same}_palm", "{same}_thigh", True), _SLAP,
        (Posture(
            left_arm=Arm((0.42, -0.8, 0.32), (0.12, -0.25, 0.95), palm=(-0.3, -0.9, -0.2), wrist=(-12, 0)),
            left_fingers=(10, 6),
        ),),
        ((0.02, 0.06, 0.05),),
        Posture(left_arm=Arm((0.42, -0.8, 0.3), (0.15, -0.1, 0.95), palm=(-0.4, -0.9, 0))),
        beat_s=0.44, first_s=0.95, counts=(2, 4),
    ),
}  # fmt: skip
