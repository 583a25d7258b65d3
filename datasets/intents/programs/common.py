"""What all intents share: standing at ease, mirrored sides, and the timing of doing something and coming back."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace

from .facts import Fact
from .goals import Contact, Free, Goal, Plant, Side
from .postures import Arm, Foot, Posture
from .program import FPS, Program
from .style import Key, Style

AT_EASE_ARM = Arm(upper=(0.26, -1.0, -0.04), fore=(0.16, -1.0, 0.24))

AT_EASE = Posture(
    hips=(0, 0, 0), spine=(1, 0, 0), head=(2, 0, 0), root=(0, -0.012, 0),
    left_arm=AT_EASE_ARM, right_arm=AT_EASE_ARM, left_fingers=(14, 8), right_fingers=(16, 8),
    left_foot=Foot(), right_foot=Foot(), knees=(2, 2),
)  # fmt: skip

FLAT = (6.0, 4.0)
"""Fingers of a hand that lies on something."""
FIST = (72.0, 38.0)


@dataclass(frozen=True)
class Timing:
    """When a single act happens; all in seconds."""

    start: float = 0.30
    there: float = 1.05
    leave: float = 1.75
    back: float = 2.45
    end: float = 2.6

    def scaled(self, tempo: float) -> "Timing":
        """Return the timing played ``tempo`` times as fast."""
        return Timing(*(getattr(self, f.name) / tempo for f in fields(self)))

    @property
    def frame_count(self) -> int:
        """Frames of a clip that ends at ``end``."""
        return round(self.end * FPS) + 1


def other(side: Side) -> Side:
    """Return the other side."""
    return "right" if side == "left" else "left"


def named(pattern: str, side: Side) -> str:
    """Fill in a key vertex name: ``{same}`` is the acting side, ``{other}`` the other one."""
    return pattern.format(same=side, other=other(side))


def mirrored(posture: Posture, side: Side) -> Posture:
    """Return a posture written for the left side, for either side."""
    if side == "left":
        return posture
    swapped: dict[str, object] = {}
    for field in fields(Posture):
        value = getattr(posture, field.name)
        if field.name in ("hips", "spine", "head") and value is not None:
            value = (value[0], -value[1], -value[2])
        elif field.name == "root" and value is not None:
            value = (-value[0], value[1], value[2])
        elif field.name == "knees" and value is not None:
            value = (value[1], value[0])
        name = field.name
        for one, two in (("left_", "right_"), ("right_", "left_")):
            if field.name.startswith(one):
                name = field.name.replace(one, two)
        swapped[name] = value
    return Posture(**swapped)  # type: ignore[arg-type]


def both_planted(end_s: float) -> tuple[Goal, ...]:
    """Both feet stand still for the whole clip."""
    return (Plant(foot="left", from_s=0.0, to_s=end_s), Plant(foot="right", from_s=0.0, to_s=end_s))


def contact(pair: tuple[str, str], from_s: float, to_s: float, *, faces_skin: bool = True) -> Contact:
    """Abbreviate a contact between a key vertex and its place."""
    return Contact(vertex=pair[0], place=pair[1], from_s=from_s, to_s=to_s, faces_skin=faces_skin)


def free(pair: tuple[str, str], from_s: float, to_s: float) -> Free:
    """Abbreviate a span in which a contact is programmed not to be there."""
    return Free(vertex=pair[0], place=pair[1], from_s=from_s, to_s=to_s)


def foot_at(side: Side, foot: Foot) -> Posture:
    """Return a posture that sets one foot only."""
    return Posture(left_foot=foot) if side == "left" else Posture(right_foot=foot)


def at_ease(seed: int) -> Posture:
    """Return standing at ease, a little different each time."""
    wobble = (seed * 2654435761 % 97) / 97 - 0.5
    arm = replace(AT_EASE_ARM, upper=(0.26 + 0.06 * wobble, -1.0, -0.04 + 0.05 * wobble))
    return replace(AT_EASE, left_arm=arm, root=(0.015 * wobble, -0.012, 0.0))


def keys_of(*timed: tuple[float, Posture], through: bool = False) -> tuple[Key, ...]:
    """Abbreviate a list of keys."""
    return tuple(Key(time, posture, through) for time, posture in timed)


def instance(
    intent: str,
    parameters: Mapping[str, float | str],
    timing: Timing,
    content: tuple[tuple[Goal, ...], Style],
    *,
    said: Mapping[str, str | int | float] | None = None,
    facts: tuple[Fact, ...] = (),
) -> Program:
    """Put a program together; its name is the intent and its parameters.

    Args:
        intent: Name of the intent.
        parameters: All of them, the seed included.
        timing: Says when the clip ends.
        content: Goals and style.
        said: What words may say of the whole motion besides ``side`` and ``count``, which are taken from the
            parameters; keys are those of ``facts.SAID``.
        facts: States of parts of the body that no goal says.
    """
    goals, style = content
    words = "-".join(f"{v:g}" if isinstance(v, float | int) else v for v in parameters.values())
    name = f"{intent}-{words}" if words else intent
    known: dict[str, str | int | float] = {}
    if "side" in parameters:
        known["side"] = parameters["side"]
    if "count" in parameters:
        known["count"] = int(parameters["count"])
    known |= said or {}
    return Program(intent, name, dict(parameters), timing.frame_count, goals, style, said=known, facts=facts)


def idle_arms(swing: float = 0.0) -> tuple[Arm, Arm]:
    """Return both arms hanging, swung by ``swing`` (left forwards when positive)."""

    def arm(front: float) -> Arm:
        """Return one arm, swung to the front."""
        elbow = 0.24 + 0.35 * max(front, 0.0)
        return Arm((0.24, -1.0, -0.04 + front), (0.1, -1.0, elbow + 1.25 * front))

    return arm(swing), arm(-swing)
