"""The card of a method: what a results table says about it."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, TypeVar

_Method = TypeVar("_Method", bound=Callable[..., Any])


def method_card(name: str, version: str, **further: Any) -> Mapping[str, Any]:
    """Return a card.

    Args:
        name: The method's id in tables.
        version: Raised whenever the predictions may change.
        **further: Other fields of a method card: ``parameters`` (learned numbers), ``trained_on``,
            ``trained_on_metrics``, ``weights_sha256``; unless given, they say that nothing was learned.
    """
    untrained = {"parameters": 0, "trained_on": (), "trained_on_metrics": (), "weights_sha256": None}
    return MappingProxyType({"name": name, "version": version, **untrained, **further})


def intents_motions(part: str) -> str:
    """Return the name of a part of the solved motions in ``trained_on``, ``train`` for example."""
    return f"Intents motions, part {part}"


def with_card(name: str, version: str, **further: Any) -> Callable[[_Method], _Method]:
    """Return a decorator that gives a method its ``card``; arguments are those of ``method_card``."""
    card = method_card(name, version, **further)

    def attach(method: _Method) -> _Method:
        """Set the card and return the method itself."""
        method.__dict__["card"] = card
        return method

    return attach
