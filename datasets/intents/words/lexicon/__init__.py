"""The lexicon: the words for every intent, in our own phrases."""

from collections.abc import Mapping

from ....errors import UnknownName
from ..entry import Entry
from .actions import ACTIONS
from .gestures import GESTURES
from .head import HEAD
from .locomotion import LOCOMOTION
from .play import PLAY
from .postures import POSTURES
from .torso import TORSO

LEXICON: Mapping[str, Entry] = {**HEAD, **TORSO, **GESTURES, **ACTIONS, **PLAY, **LOCOMOTION, **POSTURES}
"""Intent -> its words."""


def entry_of(intent: str) -> Entry:
    """Return the words for an intent.

    Raises:
        UnknownName: If the lexicon has none; the message lists the nearest names.
    """
    if intent not in LEXICON:
        raise UnknownName("entry of the lexicon for the intent", intent, LEXICON)
    return LEXICON[intent]
