"""What hands and feet do and where the body goes, read off a program's goals, facts and foot and hip tracks."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from ..programs import Fact, Program
from ..programs.style import PoseTrack
from .lexicon import entry_of
from .touching import Touch, touches

HANGS = "[hang] down"
"""What a hand does that no goal, fact or entry mentions."""

_HAND_STATES = {
    "raised": "[be] raised", "overhead": "[be] held above the head", "forward": "[be] stretched out to the front",
    "sideways": "[be] stretched out to the side", "at_chest": "[be] held in front of the chest",
    "at_face": "[be] held in front of the face", "behind": "[be] held behind the body", "down": HANGS,
    "in_guard": "[be] held up as a guard", "fist": "[be] closed to a fist", "holding": "[hold] {object}",
    "waving": "[wave]", "swinging": "[swing]", "pointing": "[be] stretched out, pointing", "pushing": "[push] {object}",
    "pulling": "[pull] {object}", "throwing": "[throw] {object}", "catching": "[catch] {object}", "punching": "[punch]",
    "lifting": "[lift] {object}", "circling": "[move] in circles", "spread": "[be] spread out",
}  # fmt: skip
_BODY_STATES = {
    ("head", "up"): "the head is raised", ("head", "down"): "the head is bent down",
    ("head", "turned_left"): "the head is turned to the left",
    ("head", "turned_right"): "the head is turned to the right",
    ("head", "tilted_left"): "the head is tilted to the left",
    ("head", "tilted_right"): "the head is tilted to the right", ("head", "nodding"): "the head moves down and up",
    ("head", "shaking"): "the head turns from side to side", ("head", "looking_around"): "the head turns to both sides",
    ("torso", "bent_forward"): "the trunk is bent forward", ("torso", "bent_back"): "the trunk is bent back",
    ("torso", "leaning_left"): "the trunk leans to the left",
    ("torso", "leaning_right"): "the trunk leans to the right",
    ("torso", "turned_left"): "the trunk is turned to the left",
    ("torso", "turned_right"): "the trunk is turned to the right", ("torso", "twisting"): "the trunk twists",
    ("torso", "shrugging"): "the shoulders are pulled up",
}  # fmt: skip

_LIFT_S = 0.08
_LIFTED_L = 0.03
_HEEL_UP = np.radians(15.0)
_TOGETHER_S = 0.1
_TRAVEL_L = 0.2


@dataclass(frozen=True)
class HandState:
    """What one hand does when the motion is at its height."""

    side: Literal["left", "right"]
    doing: str
    """A marked phrase about something other than a touch; empty for a touch."""
    touches: tuple[Touch, ...] = ()
    """What the hand touches, in order of time; more than one place when it glides from one to the next."""
    meets: bool = False
    """Whether all the hand does is touch the other hand, which touches nothing else either."""


def hand_states(program: Program) -> tuple[HandState, HandState]:
    """Return what the left and the right hand do: touches first, then words of the lexicon, then facts.

    For a composition in which both parts happen at once the upper part says what the hands do; for a sequence ask its
    parts.
    """
    speaking = program.parts[0] if program.parts else program
    found = touches(speaking)
    meeting = tuple(t for t in found if t.part == "one hand")
    own = {side: tuple(t for t in found if t.hand == side and t not in meeting) for side in ("left", "right")}
    if meeting and not any(own.values()):
        return HandState("left", "", meeting, meets=True), HandState("right", "", meeting, meets=True)
    left, right = (
        HandState(side, "", own[side]) if own[side] else HandState(side, _doing(speaking, side, bool(meeting)))
        for side in ("left", "right")
    )
    return left, right


def _doing(program: Program, side: str, meets: bool) -> str:
    """Return what a hand that touches nothing but perhaps the other hand does."""
    if meets:
        return "[touch] the other hand"
    own = entry_of(program.intent).hands if not program.parts else None
    if own is not None:
        return own[int(side != program.said.get("side", "left"))]
    return _fact_of_hand(program, side)


def _fact_of_hand(program: Program, side: str) -> str:
    facts = [f for f in program.facts if f.part == f"{side}_hand"]
    if not facts:
        return HANGS
    longest = max(facts, key=lambda f: f.to_s - f.from_s)
    thing = f"the {longest.object}" if longest.object else "something"
    return _HAND_STATES[longest.state].format(object=thing)


def body_clauses(program: Program) -> tuple[str, ...]:
    """Return what trunk, head and legs do, as clauses: the lexicon's, else what the facts say."""
    own = entry_of(program.intent).body
    if own:
        return own
    said = dict.fromkeys(_body_words(fact) for fact in program.facts)
    return tuple(words for words in said if words)[:2]


def _body_words(fact: Fact) -> str:
    kind = "head" if fact.part == "head" else "torso" if fact.part in ("chest", "hips") else ""
    return _BODY_STATES.get((kind, fact.state), "")


class _ByIdentity:
    """A key for programs, which cannot be hashed."""

    def __init__(self, program: Program) -> None:
        self.program = program

    def __hash__(self) -> int:
        return id(self.program)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _ByIdentity) and self.program is other.program


@lru_cache(maxsize=16)
def _remembered(key: _ByIdentity) -> PoseTrack:
    return key.program.track()


def _track(program: Program) -> PoseTrack:
    """Return a program's style, sampled once: captions and questions look at it several times."""
    return _remembered(_ByIdentity(program))


FeetKind = Literal["both_down", "on_toes", "one_up", "hops", "together", "in_turn"]


@dataclass(frozen=True)
class Feet:
    """What the feet do over the whole motion."""

    kind: FeetKind
    foot: str = ""
    """Side of the foot that is lifted (``one_up``) or held up while the other hops (``hops``)."""
    span: tuple[int, int] | None = None
    """First and last frame of the longest lift."""


def feet_state(program: Program) -> Feet:
    """Return what the feet do, from the program's foot track.

    A foot is lifted while its ball is off the ground. Feet that are lifted within a tenth of a second of each other
    leave the ground together; a foot that is up throughout the lifts of the other is held up. Feet that are never
    lifted are on their toes if both heels come up.
    """
    feet = _track(program).feet
    left, right = (_runs(feet[:, column, 1] > _LIFTED_L, program.fps) for column in (0, 1))
    if not left and not right:
        heels = _runs((feet[:, :, 4] > _HEEL_UP).all(axis=1), program.fps)
        return Feet("on_toes", "", heels[0]) if heels else Feet("both_down")
    longest = max((*left, *right), key=lambda run: run[1] - run[0])
    if not left or not right:
        return Feet("one_up", "left" if left else "right", longest)
    for own, others, side in ((left, right, "left"), (right, left, "right")):
        if len(own) == 1 and all(own[0][0] <= a and b <= own[0][1] for a, b in others) and own != others:
            return Feet("hops", side, own[0])
    starts = [abs(a - b) for (a, _), (b, _) in zip(left, right, strict=False)]
    if len(left) == len(right) and max(starts) <= _TOGETHER_S * program.fps:
        return Feet("together", "", longest)
    return Feet("in_turn", "", longest)


def _runs(up: NDArray[np.bool_], fps: float) -> list[tuple[int, int]]:
    edges = np.flatnonzero(np.diff(np.concatenate([[0], up.astype(np.int8), [0]])))
    runs = [(int(a), int(b) - 1) for a, b in zip(edges[::2], edges[1::2], strict=True)]
    return [(a, b) for a, b in runs if b - a + 1 >= _LIFT_S * fps]


def travel(program: Program) -> str:
    """Return which way the hips go over the ground from the first frame to the last, empty if they stay.

    One of forward, backward, left, right, seen from how the character faces at the start; from the hip track of the
    program's style in leg lengths. Less than a fifth of a leg length is no travel.
    """
    root = _track(program).root_l
    left, front = (float(v) for v in (root[-1] - root[0])[[0, 2]])
    if max(abs(left), abs(front)) < _TRAVEL_L:
        return ""
    if abs(front) >= abs(left):
        return "forward" if front > 0 else "backward"
    return "left" if left > 0 else "right"


def repeated(touch: Touch) -> int:
    """Return how many times a touch is made."""
    return len(touch.spans_s)
