"""From a judge's sentence about what a character does to a class of action."""

from collections.abc import Mapping

from ...datasets.intents.programs import INTENTS
from ...datasets.intents.words.grammar import conjugate
from ...datasets.intents.words.lexicon import entry_of

_OPENING = "The character is "


def actions_by_gerund() -> Mapping[str, str]:
    """Return the class of action of every intent by its gerund: "scratching the head" -> "touch head"."""
    return {conjugate(entry_of(name).label, "ing"): intent.action for name, intent in INTENTS.items()}


def said_action(answer: str, known: Mapping[str, str]) -> str:
    """Return the class of action that an answer names: of one act while another, the one that is done on the way.

    Args:
        answer: "The character is walking while waving."
        known: From ``actions_by_gerund``.

    Returns:
        The class, or nothing if the answer names no intent.
    """
    said = answer.strip().removeprefix(_OPENING).removesuffix(".")
    if said in known:
        return known[said]
    return known.get(said.rpartition(" while ")[2], "")
