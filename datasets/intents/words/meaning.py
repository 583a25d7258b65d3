"""The normal form of what a motion means, and which captions fit which motions.

Two motions have an equal meaning when and only when every full caption of one fits the other: what words cannot tell
apart (a tempo within one band, an amplitude, a seed, the upper hand of a clap) is not in it. A caption may say less
than a motion means; its own meaning then holds ``None`` in those fields, and it fits every motion that agrees with
the rest. What a caption never leaves out is an act: a caption of clapping does not fit a clip of clapping and then
bowing, since the clips differ as a whole.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Literal

from ..programs import Program
from .entry import Entry
from .lexicon import entry_of
from .touching import touches

TEMPO_BANDS = (0.92, 1.12)
"""Slow below the first, fast above the second; the usual tempo is 1."""

Manner = Literal["slow", "normal", "fast"]
Touched = tuple[tuple[str, str, str], ...]


@dataclass(frozen=True)
class Act:
    """One act as words describe it; ``None`` where nothing is said."""

    intent: str
    side: str | None = None
    count: int | None = None
    direction: str | None = None
    height: str | None = None
    angle_deg: int | None = None
    object: str | None = None
    manner: str | None = None
    """A manner of its own, such as "angrily"; how fast is ``pace``."""
    pace: Manner | None = None
    touching: Touched | None = None
    """What touches what and for how long, in words: ("right hand", "left shoulder", "for about a second")."""


@dataclass(frozen=True)
class Meaning:
    """What a motion means: one act, several in sequence, or several at the same time."""

    order: Literal["single", "then", "while"]
    acts: tuple["Act | Meaning", ...]
    """In order of time for ``then``; the upper body's first for ``while``."""

    def flat(self) -> tuple[Act, ...]:
        """Return all acts in order."""
        return tuple(a for act in self.acts for a in (act.flat() if isinstance(act, Meaning) else (act,)))


def meaning(program: Program) -> Meaning:
    """Return the normal form of what a program means.

    Raises:
        UnknownName: If the lexicon lacks an intent.
    """
    if not program.parts:
        return Meaning("single", (act_of(program),))
    parts = [meaning(part) for part in program.parts]
    return Meaning(order_of(program), tuple(part.acts[0] if part.order == "single" else part for part in parts))


def order_of(program: Program) -> Literal["single", "then", "while"]:
    """Return whether a program is one act, or has its parts one after the other ("+"), or at the same time ("@")."""
    if not program.parts:
        return "single"
    return "while" if "@" in program.intent and "+" not in program.intent else "then"


def act_of(program: Program) -> Act:
    """Return the act of a single intent with all that words can say of it."""
    entry = entry_of(program.intent)
    known: dict[str, object] = {key: _plain(program.said.get(key)) for key in entry.says}
    contacts = tuple(sorted((t.part, t.place, t.long) for t in touches(program)))
    return Act(program.intent, pace=pace(program, entry), touching=contacts, **known)  # type: ignore[arg-type]


def _plain(value: object) -> object:
    return round(value) if isinstance(value, float) else value


def pace(program: Program, entry: Entry) -> Manner:
    """Return the band of a program's tempo, or of its speed for intents that state one."""
    parameters: Mapping[str, object] = program.parameters
    low, high = TEMPO_BANDS
    value = parameters.get("tempo")
    if value is None and entry.speeds is not None:
        value, (low, high) = parameters.get("speed"), entry.speeds
    if not isinstance(value, float | int):
        return "normal"
    return "slow" if value < low else "fast" if value > high else "normal"


def fits(caption: Meaning, motion: Meaning) -> bool:
    """Return whether a caption's meaning, which may say less, holds for a motion's.

    Words for a general act ("waves") fit its special cases ("waves at hip height"), but a detailed caption, which says
    what touches what, fits no other intent.

    Args:
        caption: What a caption says; ``None`` fits anything.
        motion: The full meaning of a motion.
    """
    if caption.order != motion.order or len(caption.acts) != len(motion.acts):
        return False
    return all(_act_fits(said, done) for said, done in zip(caption.acts, motion.acts, strict=True))


def _act_fits(said: Act | Meaning, done: Act | Meaning) -> bool:
    if isinstance(said, Meaning) or isinstance(done, Meaning):
        return isinstance(said, Meaning) and isinstance(done, Meaning) and fits(said, done)
    if said.intent != done.intent:
        detailed = said.touching is not None
        if detailed or said.intent not in entry_of(done.intent).kinds:
            return False
    names = [field.name for field in fields(Act) if field.name != "intent"]
    return all(getattr(said, name) in (None, getattr(done, name)) for name in names)
