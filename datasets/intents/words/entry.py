"""What the lexicon knows about one intent."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Split = Literal["train", "val", "test"]

SLOTS: Mapping[str, str] = {
    "side": "side", "other": "side", "times": "count", "way": "direction", "high": "height", "angle": "angle_deg",
    "object": "object", "how": "manner",
}  # fmt: skip
"""Slot of a phrase -> what of the meaning it says."""

_SLOT = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, kw_only=True)
class Entry:
    """The words for one intent. Verbs of phrases are marked with square brackets, in the base form.

    Slots: ``{side}`` and ``{other}`` hand or foot, ``{times}`` (with its leading space: " three times", or nothing),
    ``{way}`` ("forwards", "to the left"), ``{high}``, ``{angle}`` ("by a quarter turn"), ``{object}``, ``{how}``,
    ``{their}``, ``{themselves}``.
    """

    label: str
    """Short name for people, with marks but without slots: "[scratch] the head"."""
    train: tuple[str, ...]
    test: tuple[str, ...]
    """Phrases that occur in captions of the test split only."""
    says: tuple[str, ...] = ()
    """Which of ``side``, ``count``, ``direction``, ``height``, ``angle_deg``, ``object``, ``manner`` belong to the
    meaning; what is not listed cannot be told apart by looking (which of two clapping hands is on top)."""
    silent: tuple[str, ...] = ()
    """What the program says that words leave out on purpose: always the same, or too fine to be seen."""
    hands: tuple[str, str] | None = None
    """What the acting and the other hand do when the motion is at its height, as marked phrases; ``None``: as the
    program's goals and facts say."""
    body: tuple[str, ...] = ()
    """What trunk, head and legs do, as clauses: "the knees bend deeply"."""
    kinds: tuple[str, ...] = ()
    """Intents of which this is a special case: words that fit any of those fit this one too."""
    speeds: tuple[float, float] | None = None
    """For intents with a speed: below the first, in L per second, the manner is slow, above the second it is fast."""

    def phrases(self, split: Split) -> tuple[str, ...]:
        """Return the phrases of a split; validation shares those of training."""
        return self.test if split == "test" else self.train


def required_slots(phrase: str) -> frozenset[str]:
    """Return what of the meaning a phrase cannot be said without; how many times is left out where unknown."""
    return frozenset(SLOTS[s] for s in _SLOT.findall(phrase) if s in SLOTS and s != "times")


def said_by(phrase: str) -> frozenset[str]:
    """Return all that a phrase says of the meaning when every slot is filled."""
    return frozenset(SLOTS[s] for s in _SLOT.findall(phrase) if s in SLOTS)
