"""Acts of the whole body that end in another posture and come back: bowing, squatting, sitting, kneeling, leaning."""

from dataclasses import replace

from .acts import Act, Moment, act_intents
from .common import Timing, at_ease, both_planted, instance, keys_of
from .facts import Fact
from .intent import TEMPO, Intent, Range
from .postures import Arm, Foot, Posture
from .program import Program
from .style import Style


def bow(depth_deg: float, tempo: float, seed: int) -> Program:
    """Bow from the hips, hold it, rise."""
    timing = Timing(0.3, 1.1, 1.6, 2.4, 2.6).scaled(tempo)
    # Arms hang down from the leaning chest, so in its own axes they point forwards.
    arm = Arm((0.16, -0.9, 0.008 * depth_deg), (0.04, -0.88, 0.011 * depth_deg), palm=(-0.9, 0, -0.4))
    low = Posture(
        left_arm=arm,
        right_arm=arm,
        hips=(0.72 * depth_deg, 0, 0),
        spine=(0.28 * depth_deg, 0, 0),
        head=(0.12 * depth_deg, 0, 0),
        root=(0, -0.03, -0.0026 * depth_deg),
    )
    ease = at_ease(seed)
    keys = keys_of((0.0, ease), (timing.start, ease), (timing.there, low), (timing.leave, low), (timing.back, ease))
    parameters = {"depth": depth_deg, "tempo": tempo, "seed": float(seed)}
    facts = (Fact(part="chest", state="bent_forward", from_s=0.5 * (timing.start + timing.there), to_s=timing.leave),)
    goals = both_planted(timing.end)
    return instance("bow", parameters, timing, (goals, Style(keys, seed)), said={"angle_deg": depth_deg}, facts=facts)


def squat(depth: float, tempo: float, seed: int) -> Program:
    """Squat with the arms stretched forwards and stand up again; ``depth`` is how far the hips sink, in L."""
    timing = Timing(0.25, 1.05, 1.4, 2.3, 2.5).scaled(tempo)
    arm = Arm((0.12, 0.42, 0.9), (0.0, 0.48, 0.88), palm=(-0.5, -1, 0), shoulder=(2, 8))
    half = Posture(hips=(16, 0, 0), spine=(5, 0, 0), root=(0, -0.35 * depth, -0.2 * depth), knees=(6, 6))
    low = Posture(
        left_arm=arm,
        right_arm=arm,
        left_fingers=(8, 6),
        right_fingers=(8, 6),
        hips=(24, 0, 0),
        spine=(4, 0, 0),
        head=(-16, 0, 0),
        root=(0, -depth, -0.42 * depth),
        knees=(14, 14),
    )
    ease = at_ease(seed)
    rise = 0.55 * timing.leave + 0.45 * timing.back
    keys = (
        *keys_of((0.0, ease), (timing.start, ease), (timing.there, low), (timing.leave, low), (timing.back, ease)),
        *keys_of((0.55 * timing.start + 0.45 * timing.there, half), (rise, half), through=True),
    )
    parameters = {"depth": depth, "tempo": tempo, "seed": float(seed)}
    there = 0.5 * (timing.start + timing.there)
    facts = (
        Fact(part="body", state="squatting", from_s=there, to_s=timing.leave),
        Fact(part="left_hand", state="forward", from_s=there, to_s=timing.leave),
        Fact(part="right_hand", state="forward", from_s=there, to_s=timing.leave),
    )
    return instance("squat", parameters, timing, (both_planted(timing.end), Style(keys, seed)), facts=facts)


_ON_THIGH = Arm((0.24, -0.88, 0.4), (0.06, 0.02, 1.0), palm=(-0.3, -1, 0.1))
_HANG = Arm((0.2, -0.95, 0.2), (0.05, -0.9, 0.4), palm=(-0.9, 0, -0.4))
_DOWN = Arm((0.3, -0.72, 0.62), (0.1, 0.0, 1.0), palm=(-0.5, 0, -0.9))
_UP = Arm((0.22, 0.96, 0.16), (0.06, 1.0, 0.04), palm=(-0.3, 0.0, 1), shoulder=(26, 0))
_OVER = Arm((0.55, 0.8, 0.16), (0.12, 0.96, 0.14), palm=(-0.4, -0.9, 0), shoulder=(16, 0))
_BALANCE = Arm((0.95, -0.2, 0.1), (0.98, -0.1, 0.2), palm=(0, -1, 0.1), shoulder=(6, 0))
_BENT = Arm((0.5, -0.75, 0.4), (-0.2, -0.05, 0.96), palm=(-0.6, -0.8, 0))
_LOOSE = Arm((0.28, -0.95, 0.12), (0.16, -0.9, 0.35))


def _both(arm: Arm, **rest: object) -> Posture:
    return Posture(left_arm=arm, right_arm=arm, **rest)  # type: ignore[arg-type]


_HIGH_STRETCH = _both(
    _UP,
    left_fingers=(4, 2),
    right_fingers=(4, 2),
    spine=(-9, 0, 0),
    head=(-16, 0, 0),
    root=(0, 0.06, 0.02),
    left_foot=Foot(heel_up=26),
    right_foot=Foot(heel_up=26),
)
_KNEE_UP = Posture(
    left_foot=Foot(-0.1, 0.42, 0.12, heel_up=34),
    root=(-0.14, -0.012, 0.0),
    hips=(-4, 0, 3),
    spine=(3, 0, -2),
    left_arm=_BALANCE,
    right_arm=_BALANCE,
    head=(2, 0, 0),
)
_LIFTING = Posture(
    left_foot=Foot(0, 0.03, -0.02, heel_up=30),
    root=(-0.13, -0.035, 0.0),
    hips=(1, 0, -1),
    spine=(3, 0, -3),
)
_LUNGE = Posture(
    left_foot=Foot(-0.02, 0, 0.62), right_foot=Foot(heel_up=46), root=(0.0, -0.3, 0.26), hips=(4, -3, 0),
    spine=(5, 5, 0), head=(-4, 0, 0), left_arm=_BENT, right_arm=_BENT, knees=(2, -2),
)  # fmt: skip
_KNEEL = Posture(
    right_foot=Foot(-0.03, 0.0, -0.8, heel_up=72), left_foot=Foot(), root=(0.0, -0.53, -0.2), hips=(2, -2, 0),
    spine=(4, 2, 0), head=(6, 0, 0), left_arm=_ON_THIGH, right_arm=_HANG, knees=(6, 0), left_fingers=(14, 8),
)  # fmt: skip


def _stepped_back(foot: Foot, root: tuple[float, float, float], lean_deg: float) -> Posture:
    """Set the right foot behind the body, on the way to kneeling on that knee and back."""
    return Posture(right_foot=foot, left_foot=Foot(), root=root, hips=(0.6 * lean_deg, 0, 0), spine=(lean_deg, 0, 0))


def _stepped_out(foot: Foot | None, root: tuple[float, float, float], heel_deg: float) -> Posture:
    """Set the left foot before the body, on the way to a lunge and back."""
    return Posture(left_foot=foot, right_foot=Foot(heel_up=heel_deg), root=root, hips=(4, 0, 0), spine=(6, 0, 0))


_SIT = Posture(
    hips=(-4, 0, 0),
    spine=(8, 0, 0),
    head=(0, 0, 0),
    root=(0, -0.5, -0.44),
    left_arm=_ON_THIGH,
    right_arm=_ON_THIGH,
    left_fingers=(14, 8),
    right_fingers=(14, 8),
    knees=(8, 8),
)
_SITTING_DOWN = Posture(
    hips=(30, 0, 0),
    spine=(14, 0, 0),
    head=(-14, 0, 0),
    root=(0, -0.26, -0.22),
    left_arm=_DOWN,
    right_arm=_DOWN,
    knees=(6, 6),
)
_CROUCH = Posture(
    hips=(30, 0, 0),
    spine=(28, 0, 0),
    head=(-26, 0, 0),
    root=(0, -0.5, -0.2),
    left_foot=Foot(heel_up=24),
    right_foot=Foot(heel_up=24),
    left_arm=Arm((0.25, -0.55, 0.8), (-0.1, -0.35, 0.93), palm=(-0.5, -0.8, 0)),
    right_arm=Arm((0.25, -0.55, 0.8), (-0.1, -0.35, 0.93), palm=(-0.5, -0.8, 0)),
    knees=(16, 16),
)

POSTURES: dict[str, Act] = {
    "crouch": Act(
        "crouch",
        (
            Moment(
                0.6,
                Posture(
                    root=(0, -0.24, -0.12),
                    hips=(20, 0, 0),
                    spine=(16, 0, 0),
                    left_foot=Foot(heel_up=8),
                    right_foot=Foot(heel_up=8),
                ),
                True,
            ),
            Moment(1.1, _CROUCH),
        ),
        hold_s=0.7,
        back_s=1.0,
        sides=False,
        family="posture",
        pressed=True,
        facts=(("body", "crouching"),),
    ),
    "sit": Act(
        "sit",
        (Moment(0.75, _SITTING_DOWN, True), Moment(1.25, _SIT)),
        hold_s=0.8,
        back_s=1.1,
        sides=False,
        family="posture",
        pressed=True,
        facts=(("body", "sitting"),),
        said={"object": "chair"},
    ),
    "kneel": Act(
        "kneel",
        (
            Moment(0.3, Posture(right_foot=Foot())),
            Moment(0.52, _stepped_back(Foot(0.0, 0.09, -0.4, heel_up=30), (0.06, -0.1, -0.06), 8.0), True),
            Moment(
                0.78,
                replace(_stepped_back(Foot(-0.03, 0.0, -0.8, heel_up=46), (0.03, -0.26, -0.2), 12.0), left_arm=_DOWN),
            ),
            Moment(1.4, _KNEEL),
        ),
        hold_s=0.6,
        after=(
            Moment(0.5, _stepped_back(Foot(-0.03, 0.0, -0.8, heel_up=48), (0.03, -0.26, -0.14), 14.0)),
            Moment(0.75, _stepped_back(Foot(0.0, 0.09, -0.4, heel_up=34), (0.06, -0.12, -0.04), 10.0), True),
            Moment(1.0, _stepped_back(Foot(), (0.02, -0.04, 0.0), 4.0)),
        ),
        back_s=0.45,
        family="posture",
        pressed=True,
        facts=(("body", "kneeling"),),
    ),
    "lunge": Act(
        "lunge",
        (
            Moment(0.3, Posture(left_foot=Foot(), right_foot=Foot(), root=(-0.05, -0.03, -0.02))),
            Moment(0.52, _stepped_out(Foot(-0.02, 0.1, 0.32, heel_up=10), (-0.04, -0.06, 0.08), 0.0), True),
            Moment(0.76, replace(_LUNGE, right_foot=Foot(heel_up=20), root=(0.0, -0.16, 0.22))),
            Moment(1.15, _LUNGE),
        ),
        hold_s=0.5,
        after=(
            Moment(0.3, _stepped_out(_LUNGE.left_foot, (0.0, -0.18, 0.18), 26.0)),
            Moment(0.56, _stepped_out(Foot(-0.02, 0.08, 0.3, heel_up=6), (-0.05, -0.07, 0.04), 4.0), True),
            Moment(0.8, _stepped_out(Foot(), (-0.02, -0.03, 0.0), 0.0)),
        ),
        back_s=0.4,
        family="posture",
        facts=(("body", "lunging"),),
    ),
    "lean_sideways": Act(
        "lean",
        (
            Moment(
                0.95,
                Posture(
                    spine=(0, 0, 34),
                    hips=(0, 0, 5),
                    head=(0, 0, 8),
                    root=(-0.09, -0.02, 0),
                    left_arm=Arm((0.34, -0.92, 0.18), (0.24, -0.88, 0.42)),
                    right_arm=_OVER,
                    right_fingers=(8, 4),
                ),
            ),
        ),
        hold_s=0.7,
        back_s=0.95,
        family="posture",
        facts=(("chest", "leaning_{same}"), ("{other}_hand", "overhead")),
    ),
    "stand_on_one_leg": Act(
        "stand on one leg",
        (Moment(0.35, Posture(left_foot=Foot())), Moment(0.6, _LIFTING, True), Moment(1.05, _KNEE_UP)),
        hold_s=1.0,
        back_s=0.85,
        family="posture",
        facts=(
            ("body", "on_one_leg"),
            ("{same}_foot", "raised"),
            ("left_hand", "sideways"),
            ("right_hand", "sideways"),
        ),
    ),
    "stretch_up": Act(
        "stretch",
        (
            Moment(0.55, _both(_LOOSE, spine=(6, 0, 0), root=(0, -0.03, 0), left_foot=Foot(), right_foot=Foot()), True),
            Moment(1.25, _HIGH_STRETCH),
        ),
        hold_s=0.5,
        back_s=1.0,
        sides=False,
        family="posture",
        facts=(
            ("left_hand", "overhead"),
            ("right_hand", "overhead"),
            ("left_foot", "on_toes"),
            ("right_foot", "on_toes"),
        ),
    ),
    "look_around": Act(
        "look around",
        (
            Moment(0.95, Posture(head=(-2, 48, 0), spine=(1, 16, 0), hips=(0, 4, 0), root=(0.02, -0.014, 0))),
            Moment(1.3, Posture(head=(0, 52, 2), spine=(1, 17, 0))),
        ),
        after=(
            Moment(0.85, Posture(head=(-2, -50, 0), spine=(1, -16, 0), hips=(0, -4, 0), root=(-0.02, -0.014, 0))),
            Moment(1.15, Posture(head=(2, -52, -2), spine=(1, -17, 0))),
        ),
        back_s=0.7,
        family="posture",
        facts=(("head", "looking_around"),),
    ),
    "twist": Act(
        "twist",
        (
            Moment(
                0.7, Posture(spine=(2, 30, 0), hips=(0, 10, 0), head=(0, 14, 0), left_arm=_BALANCE, right_arm=_BALANCE)
            ),
        ),
        (
            Moment(0.7, Posture(spine=(2, -34, 0), hips=(0, -12, 0), head=(0, -14, 0), root=(0.01, -0.02, 0))),
            Moment(1.4, Posture(spine=(2, 34, 0), hips=(0, 12, 0), head=(0, 14, 0), root=(-0.01, -0.02, 0))),
        ),
        beat_s=1.4,
        back_s=0.8,
        family="posture",
        facts=(("chest", "twisting"), ("left_hand", "sideways"), ("right_hand", "sideways")),
    ),
    "bend_forward": Act(
        "bend forward",
        (
            Moment(
                1.2,
                _both(
                    Arm((0.08, -0.25, 0.97), (0.0, -0.3, 0.95), palm=(-0.5, 0, -0.9)),
                    hips=(62, 0, 0),
                    spine=(32, 0, 0),
                    head=(10, 0, 0),
                    root=(0, -0.08, -0.2),
                    knees=(0, 0),
                ),
            ),
        ),
        hold_s=0.6,
        back_s=1.1,
        sides=False,
        family="posture",
        facts=(("chest", "bent_forward"), ("left_hand", "down"), ("right_hand", "down")),
    ),
    "rise_on_toes": Act(
        "rise on toes",
        (Moment(0.5, Posture(root=(0, -0.03, 0), left_foot=Foot(), right_foot=Foot())),),
        (
            Moment(
                0.45,
                Posture(
                    root=(0, 0.055, 0.025),
                    left_foot=Foot(heel_up=28),
                    right_foot=Foot(heel_up=28),
                    left_arm=_LOOSE,
                    right_arm=_LOOSE,
                ),
            ),
            Moment(0.95, Posture(root=(0, -0.012, 0), left_foot=Foot(), right_foot=Foot())),
        ),
        beat_s=1.0,
        counts=(1, 2),
        back_s=0.7,
        sides=False,
        family="posture",
        facts=(("left_foot", "on_toes"), ("right_foot", "on_toes")),
    ),
}

POSTURE_INTENTS: tuple[Intent, ...] = (
    Intent("bow", "bow", bow, {"depth_deg": Range(30.0, 65.0, 5.0), "tempo": TEMPO}, "gesture"),
    Intent("squat", "squat", squat, {"depth": Range(0.3, 0.45, 0.03), "tempo": TEMPO}, "posture"),
    *act_intents(POSTURES),
)
