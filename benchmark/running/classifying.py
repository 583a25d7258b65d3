"""A classifier in its process: what it must define, and how it is called: once for all motions."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from .answering import require_callable, serve_array
from .errors import BadMethod
from .item_handover import read_items
from .methods import CLASSIFY


def require_classifier(method: Any, target: str) -> Mapping[str, Any]:
    """Refuse a method that does not classify motions.

    Args:
        method: A module or an object.
        target: Its name in messages.

    Raises:
        BadMethod: If it has no function ``classify``, or one that cannot be called.
    """
    function = getattr(method, CLASSIFY, None)
    if not callable(function):
        raise BadMethod(
            f"{target} cannot be run on a recognition track: it does not define {CLASSIFY}(motions, classes, *, seed)."
        )
    require_callable(function, f"{target} cannot be called as {CLASSIFY}(motions, classes, seed=0)", [], [])
    return {}


def serve_classes(method: Any, folder: Path, command: Mapping[str, Any]) -> dict[str, Any]:
    """Let the method score the classes of the motions in the folder and write its array; failures become answers."""
    motions, classes = read_items(folder, "motion"), tuple(command["classes"])
    return serve_array(
        folder,
        CLASSIFY,
        lambda: getattr(method, CLASSIFY)(motions, classes, seed=int(command["seed"])),
        "P110",
        lambda array: _complaint(array, [len(motions), len(classes)]),
    )


def _complaint(array: NDArray[Any], expected: list[int]) -> str:
    if list(array.shape) != expected:
        return f"returned shape {list(array.shape)}; expected {expected}, [motions, classes]."
    return ""
