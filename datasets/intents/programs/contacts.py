"""Intents with self-contacts: hands on shoulders, hips, belly, head, on each other."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial

from .common import FLAT, Timing, at_ease, both_planted, contact, free, instance, keys_of, mirrored, named
from .goals import Goal, Side
from .intent import SIDES, TEMPO, Intent
from .postures import Arm, Posture
from .program import Program
from .style import Style


@dataclass(frozen=True)
class Touch:
    """One act of touching, written for the left side."""

    contacts: tuple[tuple[str, str, bool], ...]
    """Vertex, place and whether it is a palm that faces the skin; ``{same}`` and ``{other}`` stand for the sides."""
    there: Posture
    """The posture of the contact."""
    over: Posture | None = None
    """A posture on the way there and back, where the straight way leads through the body."""
    timing: Timing = field(default_factory=Timing)


TOUCHES: Mapping[str, Touch] = {
    "hand_on_opposite_shoulder": Touch(
        (("{same}_palm", "{other}_shoulder", True),),
        Posture(
            left_arm=Arm((-0.3, -0.5, 0.8), (-0.85, 0.5, -0.1), palm=(0.2, -0.6, -0.8), shoulder=(4, 12)),
            left_fingers=(18, 6), spine=(3, -6, 0), head=(6, -12, 4), root=(0.01, -0.014, 0),
        ),
        Posture(left_arm=Arm((-0.05, -0.6, 0.9), (-0.5, 0.6, 0.6), palm=(-0.3, -0.2, -0.9), shoulder=(3, 8))),
    ),
    "hand_on_hip": Touch(
        (("{same}_palm", "{same}_hip", True),),
        Posture(
            left_arm=Arm((0.8, -0.75, -0.35), (-0.8, -0.5, 0.35), palm=(-0.9, -0.3, 0.0), wrist=(-25, 0)),
            left_fingers=(12, 0), hips=(0, 3, 3), spine=(0, -2, -5), head=(0, 6, 2), root=(-0.045, -0.016, 0),
        ),
        Posture(left_arm=Arm((0.8, -0.8, -0.1), (-0.2, -0.7, 0.5), palm=(-1, -0.2, 0.0))),
    ),
    "both_hands_on_hips": Touch(
        (("{same}_palm", "{same}_hip", True), ("{other}_palm", "{other}_hip", True)),
        Posture(
            left_arm=Arm((0.85, -0.7, -0.3), (-0.8, -0.5, 0.35), palm=(-0.9, -0.3, 0.0), wrist=(-25, 0)),
            right_arm=Arm((0.85, -0.7, -0.3), (-0.8, -0.5, 0.35), palm=(-0.9, -0.3, 0.0), wrist=(-25, 0)),
            left_fingers=(12, 0), right_fingers=(12, 0), spine=(-4, 0, 0), head=(-3, 8, 0), root=(0.01, -0.012, 0),
        ),
        Posture(
            left_arm=Arm((0.8, -0.8, -0.1), (-0.2, -0.7, 0.5), palm=(-1, -0.2, 0.0)),
            right_arm=Arm((0.85, -0.8, -0.1), (-0.2, -0.7, 0.5), palm=(-1, -0.2, 0.0)),
        ),
    ),
    "hand_on_heart": Touch(
        (("{same}_palm", "{other}_chest", True),),
        Posture(
            left_arm=Arm((0.25, -0.85, 0.45), (-0.9, 0.5, 0.1), palm=(0, -0.1, -1)),
            left_fingers=FLAT, spine=(2, -3, 0), head=(10, -4, 0), root=(0, -0.014, 0),
        ),
        Posture(left_arm=Arm((0.2, -0.85, 0.5), (-0.35, 0.25, 0.9), palm=(-0.6, 0, -0.8))),
    ),
    "cross_arms": Touch(
        (("{same}_palm", "{other}_upper_arm", True), ("{other}_palm", "{same}_forearm", False)),
        Posture(
            left_arm=Arm((0.0, -0.8, 0.6), (-0.95, 0.15, 0.3), palm=(0, -0.1, -1), shoulder=(0, 8)),
            right_arm=Arm((0.1, -0.9, 0.4), (-0.9, 0.05, 0.5), palm=(0, -0.3, -1), shoulder=(0, 8)),
            left_fingers=(20, 8), right_fingers=(14, 8), spine=(-3, 0, 0), head=(0, 5, 0), root=(0.02, -0.014, 0),
        ),
        Posture(
            left_arm=Arm((0.2, -0.7, 0.7), (-0.4, 0.3, 0.9), palm=(-0.5, 0, -0.8)),
            right_arm=Arm((0.1, -0.9, 0.5), (-0.5, 0.05, 0.9), palm=(-0.3, 0, -0.9)),
        ),
    ),
    "hug_oneself": Touch(
        (("{same}_palm", "{other}_upper_arm", True), ("{other}_palm", "{same}_upper_arm", True)),
        Posture(
            left_arm=Arm((-0.25, -0.55, 0.8), (-0.9, 0.15, 0.1), palm=(0.2, -0.1, -1), shoulder=(4, 18)),
            right_arm=Arm((-0.2, -0.75, 0.65), (-0.9, 0.2, 0.1), palm=(0.2, -0.1, -1), shoulder=(4, 18)),
            left_fingers=(16, 8), right_fingers=(16, 8), spine=(9, 0, 0), head=(14, 6, 3), root=(0, -0.02, -0.01),
        ),
        Posture(
            left_arm=Arm((0.0, -0.45, 0.9), (-0.3, 0.3, 0.9), palm=(-0.7, 0, -0.7), shoulder=(0, 8)),
            right_arm=Arm((0.0, -0.7, 0.7), (-0.35, 0.2, 0.9), palm=(-0.7, 0, -0.7), shoulder=(0, 8)),
        ),
    ),
    "hands_together": Touch(
        (("{same}_palm", "{other}_palm", True),),
        Posture(
            left_arm=Arm((0.3, -0.9, 0.35), (-0.6, 0.35, 0.75), palm=(-1, 0, 0), wrist=(-32, 0)),
            right_arm=Arm((0.3, -0.9, 0.35), (-0.6, 0.35, 0.75), palm=(-1, 0, 0), wrist=(-32, 0)),
            left_fingers=(2, 0), right_fingers=(2, 0), spine=(4, 0, 0), head=(14, 0, 0), root=(0, -0.014, 0),
        ),
        Posture(
            left_arm=Arm((0.3, -0.9, 0.4), (0.05, 0.2, 0.9), palm=(-1, 0, 0), wrist=(-10, 0)),
            right_arm=Arm((0.3, -0.9, 0.4), (0.05, 0.2, 0.9), palm=(-1, 0, 0), wrist=(-10, 0)),
        ),
    ),
    "cover_mouth": Touch(
        (("{same}_palm", "mouth", True),),
        Posture(
            left_arm=Arm((0.05, -0.45, 0.85), (-0.62, 0.75, -0.2), palm=(-0.1, 0, -1), shoulder=(2, 6)),
            left_fingers=(12, 4), spine=(4, -3, 0), head=(10, 4, 0), root=(0, -0.016, -0.01),
        ),
        Posture(left_arm=Arm((0.3, -0.7, 0.7), (-0.35, 0.5, 0.75), palm=(-0.4, 0, -0.9))),
    ),
    "cover_ears": Touch(
        (("{same}_palm", "{same}_ear", True), ("{other}_palm", "{other}_ear", True)),
        Posture(
            left_arm=Arm((0.75, 0.05, 0.55), (-0.6, 0.8, -0.15), palm=(-1, 0, 0), shoulder=(8, 0)),
            right_arm=Arm((0.75, 0.05, 0.55), (-0.6, 0.8, -0.15), palm=(-1, 0, 0), shoulder=(8, 0)),
            left_fingers=FLAT, right_fingers=FLAT, spine=(8, 0, 0), head=(12, 0, 0), root=(0, -0.03, -0.015),
        ),
        Posture(
            left_arm=Arm((0.7, -0.3, 0.6), (0.0, 0.8, 0.5), palm=(-1, 0, 0)),
            right_arm=Arm((0.7, -0.3, 0.6), (0.0, 0.8, 0.5), palm=(-1, 0, 0)),
        ),
    ),
    "hold_phone": Touch(
        (("{same}_palm", "{same}_ear", False),),
        Posture(
            left_arm=Arm((0.68, -0.15, 0.55), (-0.58, 0.8, -0.15), palm=(-1, 0, -0.1), shoulder=(6, 0)),
            left_fingers=(14, 8), spine=(0, 2, 1), head=(4, 4, 9), root=(-0.03, -0.014, 0),
        ),
        Posture(left_arm=Arm((0.4, -0.75, 0.5), (0.05, 0.6, 0.75), palm=(-0.8, 0, -0.5))),
    ),
    "scratch_head": Touch(
        (("{same}_middle_tip", "crown", False),),
        Posture(
            left_arm=Arm((0.75, 0.5, 0.35), (-0.65, 0.7, -0.05), palm=(-0.5, -0.8, 0), shoulder=(12, 0)),
            left_fingers=(28, 12), spine=(0, 3, -3), head=(4, -8, -6), root=(0.03, -0.014, 0),
        ),
        Posture(left_arm=Arm((0.7, 0.0, 0.7), (0.1, 0.9, 0.3), palm=(-0.9, 0, -0.2))),
    ),
    "salute": Touch(
        (("{same}_index_tip", "{same}_temple", False),),
        Posture(
            left_arm=Arm((0.9, 0.0, 0.35), (-0.65, 0.75, 0.25), palm=(0.0, -0.75, -0.65)),
            left_fingers=(3, 10), spine=(-4, 0, 0), head=(-3, 0, 0), root=(0, -0.006, 0),
        ),
        Posture(left_arm=Arm((0.65, -0.5, 0.6), (0.0, 0.6, 0.8), palm=(-0.6, -0.6, 0))),
        timing=Timing(0.3, 0.9, 1.7, 2.3, 2.5),
    ),
    "touch_knee": Touch(
        (("{same}_palm", "{same}_knee", True),),
        Posture(
            left_arm=Arm((0.1, -0.55, 0.85), (0.0, -0.75, 0.65), palm=(0, -0.6, -0.8)),
            right_arm=Arm((0.35, -0.95, 0.25), (0.3, -0.9, 0.35)), left_fingers=(20, 8),
            hips=(34, 0, 4), spine=(30, 4, 4), head=(-14, 0, 0), root=(0.03, -0.13, -0.12), knees=(2, 2),
        ),
        Posture(left_arm=Arm((0.2, -0.6, 0.8), (0.1, -0.6, 0.8), palm=(-0.2, -0.9, -0.4))),
        timing=Timing(0.3, 1.15, 1.75, 2.6, 2.8),
    ),
    "hands_on_knees": Touch(
        (("{same}_palm", "{same}_thigh", True), ("{other}_palm", "{other}_thigh", True)),
        Posture(
            left_arm=Arm((0.25, -0.75, 0.65), (-0.1, -0.8, 0.55), palm=(0, -0.6, -0.8)),
            right_arm=Arm((0.25, -0.75, 0.65), (-0.1, -0.8, 0.55), palm=(0, -0.6, -0.8)),
            left_fingers=(18, 6), right_fingers=(18, 6),
            hips=(30, 0, 0), spine=(24, 0, 0), head=(-22, 0, 0), root=(0, -0.1, -0.11), knees=(6, 6),
        ),
        Posture(
            left_arm=Arm((0.3, -0.7, 0.7), (0.1, -0.5, 0.8), palm=(-0.2, -0.9, -0.4)),
            right_arm=Arm((0.3, -0.7, 0.7), (0.1, -0.5, 0.8), palm=(-0.2, -0.9, -0.4)),
        ),
        timing=Timing(0.3, 1.1, 1.8, 2.6, 2.8),
    ),
    "touch_opposite_elbow": Touch(
        (("{same}_palm", "{other}_elbow", True),),
        Posture(
            left_arm=Arm((-0.2, -0.85, 0.5), (-0.9, -0.05, 0.3), palm=(-0.5, 0.6, -0.5), shoulder=(0, 10)),
            right_arm=Arm((0.15, -0.85, 0.5), (-0.15, 0.3, 0.9), palm=(-1, 0, 0)), left_fingers=(24, 10),
            spine=(5, -4, 0), head=(14, -12, 2), root=(0.01, -0.014, 0),
        ),
        Posture(
            left_arm=Arm((0.1, -0.8, 0.6), (-0.5, -0.1, 0.9), palm=(-0.5, 0.7, -0.3)),
            right_arm=Arm((0.2, -0.85, 0.5), (0.05, 0.1, 0.9), palm=(-1, 0, 0)),
        ),
    ),
    "hand_behind_back": Touch(
        (("{same}_hand_back", "{same}_lower_back", False),),
        Posture(
            left_arm=Arm((0.35, -0.85, -0.5), (-0.75, -0.35, -0.25), palm=(0.1, 0, -1), shoulder=(0, -12)),
            left_fingers=(24, 10), spine=(-4, 0, 0), head=(-2, 4, 0), root=(0.02, -0.012, 0.01),
        ),
        Posture(left_arm=Arm((0.65, -0.75, -0.6), (-0.1, -0.8, -0.6), palm=(-0.6, 0.2, -0.7), shoulder=(0, -8))),
        timing=Timing(0.3, 1.15, 1.75, 2.55, 2.7),
    ),
    "hand_on_cheek": Touch(
        (("{same}_palm", "{same}_cheek", True),),
        Posture(
            left_arm=Arm((0.3, -0.75, 0.6), (-0.3, 0.9, -0.05), palm=(-0.6, 0, -0.8)),
            left_fingers=(16, 6), spine=(5, 2, 3), head=(8, 0, 10), root=(-0.02, -0.016, 0),
        ),
        Posture(left_arm=Arm((0.3, -0.7, 0.7), (-0.1, 0.6, 0.75), palm=(-0.6, 0, -0.8))),
    ),
}  # fmt: skip


def touch(intent: str, side: Side, tempo: float, seed: int) -> Program:
    """Go from standing at ease to a contact, hold it, and come back.

    Args:
        intent: A name of ``TOUCHES``.
        side: The acting hand.
        tempo: How fast; 1 is the usual pace.
        seed: Of the small uneven movements.
    """
    spec = TOUCHES[intent]
    timing = spec.timing.scaled(tempo)
    ease = at_ease(seed)
    there = mirrored(spec.there, side)
    rise, fall = timing.there - timing.start, timing.back - timing.leave
    timed = [(0.0, ease), (timing.start, ease), (timing.there, there), (timing.leave, there), (timing.back, ease)]
    keys = list(keys_of(*timed))
    if spec.over is not None:
        over = mirrored(spec.over, side)
        keys += keys_of((timing.start + 0.55 * rise, over), (timing.leave + 0.45 * fall, over), through=True)
    goals: list[Goal] = list(both_planted(timing.end))
    for vertex_pattern, place_pattern, faces_skin in spec.contacts:
        pair = (named(vertex_pattern, side), named(place_pattern, side))
        goals.append(contact(pair, timing.there + 0.06, timing.leave + 0.02, faces_skin=faces_skin))
        goals.append(free(pair, 0.0, timing.start + 0.4 * rise))
        goals.append(free(pair, timing.back - 0.25 * fall, timing.end))
    parameters = {"side": side, "tempo": tempo, "seed": float(seed)}
    return instance(intent, parameters, timing, (tuple(goals), Style(tuple(keys), seed)))


_ACTIONS: Mapping[str, str] = {
    "hand_on_opposite_shoulder": "touch_shoulder",
    "hand_on_hip": "hand_on_hip",
    "both_hands_on_hips": "hand_on_hip",
    "hand_on_heart": "hand_on_heart",
    "cross_arms": "cross_arms",
    "hug_oneself": "hug_oneself",
    "hands_together": "hands_together",
    "cover_mouth": "cover_mouth",
    "cover_ears": "cover_ears",
    "hold_phone": "hold_phone",
    "scratch_head": "scratch_head",
    "salute": "salute",
    "touch_knee": "touch_knee",
    "hands_on_knees": "touch_knee",
    "touch_opposite_elbow": "touch_elbow",
    "hand_behind_back": "hand_behind_back",
    "hand_on_cheek": "hand_on_cheek",
}
_PRESSED = frozenset({"hug_oneself"})

CONTACT_INTENTS: tuple[Intent, ...] = tuple(
    Intent(name, _ACTIONS[name], partial(touch, name), {"side": SIDES, "tempo": TEMPO}, "contact", name in _PRESSED)
    for name in TOUCHES
)
