"""Moving things that are not shown: pushing, pulling, lifting, carrying. Written for the left side."""

from .acts import Act, Moment, act_intents
from .intent import Intent
from .postures import Arm, Foot, Posture


def _both(arm: Arm, **rest: object) -> Posture:
    return Posture(left_arm=arm, right_arm=arm, **rest)  # type: ignore[arg-type]


_GRIP = {"left_fingers": (58.0, 26.0), "right_fingers": (58.0, 26.0)}
_PALMS = {"left_fingers": (8.0, 4.0), "right_fingers": (8.0, 4.0)}
_PUSH_DRAWN = Arm((0.42, -0.8, -0.1), (0.0, 0.45, 0.9), palm=(0, -0.5, 1), wrist=(-50, 0))
_PUSHED = Arm((0.16, -0.22, 0.96), (0.06, 0.04, 1.0), palm=(0, -1, 0.1), wrist=(-58, 0), shoulder=(2, 16))
_ROPE_OUT = Arm((0.12, -0.35, 0.94), (-0.02, -0.12, 1.0), palm=(-1, -0.2, 0), shoulder=(0, 16))
_ROPE_IN = Arm((0.34, -0.8, -0.5), (-0.08, 0.12, 1.0), palm=(-1, 0, 0), shoulder=(0, -8))
_FLOOR = Arm((0.14, 0.02, 0.98), (-0.1, -0.04, 0.98), palm=(-0.9, 0, -0.3))
_CARRY = Arm((0.22, -0.92, 0.24), (-0.06, 0.02, 1.0), palm=(-0.9, 0.4, 0))
_SHELF = Arm((0.18, 0.72, 0.66), (0.02, 0.92, 0.4), palm=(-0.9, 0, 0.3), shoulder=(20, 4))
_CLIMB_HIGH = Arm((0.2, 0.84, 0.5), (0.02, 0.94, 0.34), palm=(-0.1, -0.2, 1), shoulder=(24, 4))
_CLIMB_LOW = Arm((0.3, -0.6, 0.72), (-0.04, 0.7, 0.7), palm=(-0.1, -0.2, 1), shoulder=(2, 2))
_WHEEL = (
    Arm((0.3, -0.6, 0.72), (0.05, 0.42, 0.88), palm=(-0.8, -0.4, 0.3)),
    Arm((0.24, -0.82, 0.5), (-0.02, -0.18, 0.96), palm=(-0.8, -0.4, 0.3)),
    Arm((0.28, -0.72, 0.62), (0.05, 0.12, 0.96), palm=(-0.8, -0.4, 0.3)),
)
_PICK = Arm((0.06, -0.54, 0.84), (-0.08, -0.7, 0.7), palm=(-0.8, -0.4, -0.2))
_STEADY = Arm((0.34, -0.86, 0.3), (0.06, -0.5, 0.84))
_STOOP = Posture(
    **{
        **vars(
            _both(_FLOOR, hips=(58, 0, 0), spine=(36, 0, 0), head=(-26, 0, 0), root=(0, -0.24, -0.28), knees=(12, 12))
        ),
        "left_fingers": (30.0, 12.0),
        "right_fingers": (30.0, 12.0),
    }
)
_STOOPING = _both(
    Arm((0.16, -0.5, 0.85), (-0.05, -0.2, 0.97), palm=(-0.9, 0, -0.3)), hips=(30, 0, 0), spine=(18, 0, 0),
    head=(-12, 0, 0), root=(0, -0.12, -0.14), knees=(8, 8),
)  # fmt: skip
"""Arms come before the body first: on their straight way down they would run into the thighs."""
_STAND_CARRY = _both(_CARRY, hips=(-2, 0, 0), spine=(-4, 0, 0), head=(6, 0, 0), root=(0, -0.02, -0.02), knees=(2, 2))


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

_PICKED_UP = Posture(
    left_arm=Arm((0.26, -0.9, 0.3), (-0.02, 0.2, 0.95), palm=(-0.9, 0.3, 0)),
    right_arm=_STEADY,
    hips=(4, 0, 0),
    spine=(4, 0, 0),
    head=(16, 4, 0),
    root=(0, -0.02, -0.01),
    knees=(2, 2),
)

CARRYING: dict[str, Act] = {
    "push": Act(
        "push",
        (
            *_STEP_OUT,
            Moment(
                0.65,
                _braced(
                    _both(
                        _PUSH_DRAWN, **_PALMS, hips=(2, 0, 0), spine=(-2, 0, 0), head=(4, 0, 0), root=(0, -0.06, 0.02)
                    )
                ),
            ),
        ),
        (
            Moment(0.3, Posture(root=(0, -0.07, 0.0))),
            Moment(0.75, _both(_PUSHED, hips=(10, 0, 0), spine=(12, 0, 0), head=(-10, 0, 0), root=(0, -0.09, 0.22))),
            Moment(0.95, _both(_PUSHED, hips=(11, 0, 0), spine=(13, 0, 0), root=(0, -0.09, 0.23))),
        ),
        beat_s=0.95,
        after=(
            *_STEP_BACK,
            Moment(0.62, Posture(right_foot=Foot(), root=(0, -0.02, 0.0), hips=(1, 0, 0), spine=(2, 0, 0))),
        ),
        back_s=0.4,
        family="action",
        facts=(("left_hand", "pushing"), ("right_hand", "pushing")),
        said={"direction": "forward"},
    ),
    "pull": Act(
        "pull",
        (
            *_STEP_OUT,
            Moment(
                0.8,
                _braced(
                    _both(_ROPE_OUT, **_GRIP, hips=(10, 0, 0), spine=(12, 0, 0), head=(-8, 0, 0), root=(0, -0.07, 0.2))
                ),
            ),
        ),
        (
            Moment(0.55, _both(_ROPE_IN, hips=(-6, 0, 0), spine=(-8, 0, 0), head=(6, 0, 0), root=(0, -0.12, -0.04))),
            Moment(0.68, _both(_ROPE_IN, hips=(-6, 0, 0), spine=(-8, 0, 0), root=(0, -0.12, -0.045))),
            Moment(1.1, _both(_ROPE_OUT, hips=(10, 0, 0), spine=(12, 0, 0), head=(-8, 0, 0), root=(0, -0.07, 0.2))),
        ),
        beat_s=1.1,
        after=(
            *_STEP_BACK,
            Moment(0.66, Posture(right_foot=Foot(), root=(0, -0.02, 0.0), hips=(1, 0, 0), spine=(2, 0, 0))),
        ),
        back_s=0.5,
        family="action",
        said={"object": "rope", "direction": "backward"},
        facts=(("left_hand", "pulling"), ("right_hand", "pulling")),
    ),
    "lift": Act(
        "lift",
        (
            Moment(0.5, _STOOPING, True),
            Moment(0.95, _STOOP),
            Moment(1.2, Posture(left_fingers=(40, 18), right_fingers=(40, 18))),
        ),
        (Moment(0.15, _STOOP), Moment(0.6, _STOOPING, True), Moment(0.95, _STAND_CARRY), Moment(1.35, _STAND_CARRY)),
        beat_s=1.35,
        back_s=0.85,
        sides=False,
        family="action",
        facts=(("left_hand", "lifting"), ("right_hand", "lifting")),
        said={"object": "box", "direction": "up"},
    ),
    "put_on_shelf": Act(
        "reach up",
        (
            Moment(
                0.75, _both(_CARRY, left_fingers=(34, 16), right_fingers=(34, 16), head=(8, 0, 0), spine=(-2, 0, 0))
            ),
            Moment(
                1.45,
                _both(
                    _SHELF,
                    head=(-18, 0, 0),
                    spine=(-6, 0, 0),
                    root=(0, 0.04, 0.03),
                    left_foot=Foot(heel_up=20),
                    right_foot=Foot(heel_up=20),
                ),
            ),
        ),
        hold_s=0.35,
        back_s=0.95,
        sides=False,
        family="action",
        said={"object": "box", "direction": "up"},
        facts=(("left_hand", "overhead"), ("right_hand", "overhead")),
    ),
    "pick_up": Act(
        "pick up",
        (
            Moment(
                1.0,
                Posture(
                    left_arm=_PICK,
                    right_arm=_STEADY,
                    left_fingers=(14, 8),
                    hips=(44, 4, 0),
                    spine=(32, 0, 8),
                    head=(-12, 0, 0),
                    root=(0.03, -0.34, -0.22),
                    knees=(12, 12),
                ),
            ),
            Moment(1.22, Posture(left_arm=_PICK, left_fingers=(50, 24), root=(0.03, -0.345, -0.22))),
        ),
        back_s=1.1,
        family="action",
        facts=(("{same}_hand", "down"), ("chest", "bent_forward")),
        after=(Moment(0.75, _PICKED_UP), Moment(1.0, _PICKED_UP)),
    ),
    "steer": Act(
        "steer",
        (Moment(0.75, _both(_WHEEL[2], **_GRIP, spine=(4, 0, 0), head=(0, 0, 0))),),
        (
            Moment(0.45, Posture(left_arm=_WHEEL[1], right_arm=_WHEEL[0], spine=(4, 4, -2), head=(0, 16, 0))),
            Moment(0.6, Posture(left_arm=_WHEEL[1], right_arm=_WHEEL[0])),
            Moment(1.05, _both(_WHEEL[2], spine=(4, 0, 0), head=(0, 0, 0))),
        ),
        beat_s=1.05,
        hold_s=0.1,
        back_s=0.75,
        family="action",
        said={"object": "steering wheel"},
        facts=(("left_hand", "holding"), ("right_hand", "holding")),
    ),
    "climb": Act(
        "climb",
        (
            Moment(
                0.85,
                Posture(
                    left_arm=_CLIMB_HIGH,
                    right_arm=_CLIMB_LOW,
                    left_fingers=(44, 20),
                    right_fingers=(56, 26),
                    head=(-24, 6, 0),
                    spine=(0, 4, -4),
                    hips=(0, 0, 0),
                    root=(0.0, -0.01, 0.0),
                ),
            ),
        ),
        (
            Moment(0.12, Posture(right_fingers=(20, 10))),
            Moment(
                0.55,
                Posture(
                    left_arm=_CLIMB_LOW,
                    right_arm=_CLIMB_HIGH,
                    left_fingers=(56, 26),
                    right_fingers=(44, 20),
                    head=(-24, -6, 0),
                    spine=(0, -4, 4),
                    root=(-0.02, -0.016, 0),
                ),
            ),
            Moment(0.66, Posture(left_fingers=(20, 10))),
            Moment(
                1.1,
                Posture(
                    left_arm=_CLIMB_HIGH,
                    right_arm=_CLIMB_LOW,
                    left_fingers=(44, 20),
                    right_fingers=(56, 26),
                    head=(-24, 6, 0),
                    spine=(0, 4, -4),
                    root=(0.02, -0.012, 0),
                ),
            ),
        ),
        beat_s=1.12,
        hold_s=0.1,
        back_s=0.9,
        family="action",
        said={"object": "rope", "direction": "up"},
        facts=(("left_hand", "pulling"), ("right_hand", "pulling"), ("head", "up")),
    ),
}

CARRYING_INTENTS: tuple[Intent, ...] = act_intents(CARRYING)
