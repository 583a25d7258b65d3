"""All intents by name, and programs made from a name and parameters."""

from collections.abc import Mapping

from ...errors import UnknownName
from .actions import ACTION_INTENTS
from .contacts import CONTACT_INTENTS
from .gestures import GESTURE_INTENTS
from .intent import Intent
from .locomotion import LOCOMOTION_INTENTS
from .posture_acts import POSTURE_INTENTS
from .program import Program
from .rhythms import RHYTHM_INTENTS


def _by_name(*families: tuple[Intent, ...]) -> Mapping[str, Intent]:
    intents = sorted((intent for family in families for intent in family), key=lambda intent: intent.name)
    by_name = {intent.name: intent for intent in intents}
    if len(by_name) != len(intents):
        raise ValueError(f"two intents share a name: {[i.name for i in intents]}")
    return by_name


INTENTS: Mapping[str, Intent] = _by_name(
    CONTACT_INTENTS, RHYTHM_INTENTS, ACTION_INTENTS, GESTURE_INTENTS, LOCOMOTION_INTENTS, POSTURE_INTENTS
)
"""Intent by name, in alphabetical order."""


def make_program(intent: str, **parameters: float | str) -> Program:
    """Return the program of an intent with its parameters filled in.

    Raises:
        UnknownName: If there is no such intent; the message lists the nearest names.
    """
    if intent not in INTENTS:
        raise UnknownName("intent", intent, INTENTS)
    return INTENTS[intent].make(**parameters)
