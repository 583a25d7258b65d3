"""What an act is called: the class of what is done, and that class with the limb and the side that do it.

Both come from the program's normal form of meaning and from the lexicon, never from ids or from solved motions.
"""

import re
from collections import Counter
from collections.abc import Iterable
from functools import cache

from ...datasets.intents.programs import INTENTS, Program
from ...datasets.intents.words.lexicon import entry_of
from ...datasets.intents.words.meaning import act_of

_PARTS = {
    "hand": "arm|finger|fingers|fingertips|fist|forefinger|hand|index|knuckles|palm|thumb|wrist",
    "leg": "foot|heel|leg",
}
"""Limb -> parts of it that phrases name after the side."""
_WITH = " with the "
_LIMBS = {part: limb for limb, parts in _PARTS.items() for part in parts.split("|")}
_PHRASES = (re.compile(r"with the \{side\} (\w+)"), re.compile(r"\{side\} (\w+)"))
"""What does it stands behind "with", else behind the first side that a phrase names."""


def class_of(program: Program) -> str:
    """Return the class of a single act."""
    return INTENTS[program.intent].action


def sided_name(program: Program) -> str:
    """Return "kick with the left leg": class, side and limb of a single act; empty where words know no acting limb."""
    side, limb = act_of(program).side, limb_of(program.intent)
    return f"{class_of(program)}{_WITH}{side} {limb}" if side and limb else ""


def is_sided(name: str) -> bool:
    """Return whether a name is a sided one; otherwise it is a class."""
    return _WITH in name


def split_sided(name: str) -> tuple[str, str]:
    """Return class and limb of a sided name: ("kick", "left leg")."""
    action, _, limb = name.partition(_WITH)
    return action, limb


def shown_names(acts: Iterable[Program]) -> tuple[str, ...]:
    """Return all classes and all sided names of acts that are seen at the same time, sorted."""
    return tuple(sorted({name for act in acts for name in (class_of(act), sided_name(act)) if name}))


@cache
def limb_of(intent: str) -> str | None:
    """Return ``hand`` or ``leg``: what does it, by the phrases of the lexicon; ``None``: the side is a direction."""
    entry = entry_of(intent)
    for pattern in _PHRASES:
        parts = [part for phrase in (*entry.train, *entry.test) for part in pattern.findall(phrase)]
        limbs = Counter(_LIMBS[part] for part in parts if part in _LIMBS)
        if limbs:
            return limbs.most_common(1)[0][0]
    return None
