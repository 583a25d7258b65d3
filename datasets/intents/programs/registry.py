"""All intents by name, and programs made from a name and parameters."""

from collections.abc import Callable, Mapping
from functools import partial

from ...errors import UnknownName
from . import actions, locomotion, rhythms
from .contacts import TOUCHES, touch
from .program import Program

INTENTS: Mapping[str, Callable[..., Program]] = {
    **{name: partial(touch, name) for name in TOUCHES},
    "beat_chest": rhythms.beat_chest,
    "bow": actions.bow,
    "clap": rhythms.clap,
    "drink": rhythms.drink,
    "jump": actions.jump,
    "kick": actions.kick,
    "point": actions.point,
    "punch": actions.punch,
    "rub_belly": rhythms.rub_belly,
    "sidestep": locomotion.sidestep,
    "squat": actions.squat,
    "walk": locomotion.walk,
    "wave": actions.wave,
}
"""Intent -> function of its parameters."""


def make_program(intent: str, **parameters: float | str) -> Program:
    """Return the program of an intent with its parameters filled in.

    Raises:
        UnknownName: If there is no such intent; the message lists the nearest names.
    """
    if intent not in INTENTS:
        raise UnknownName("intent", intent, INTENTS)
    return INTENTS[intent](**parameters)
