"""A retrieval method in its process: what it must define, and how it is called: once for all items of a kind."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from .answering import require_callable, serve_array
from .errors import BadMethod
from .item_handover import read_items
from .methods import EMBED_FUNCTIONS

MAX_WIDTH = 4096
"""Largest number of numbers of one embedding."""


def require_embedder(method: Any, target: str) -> Mapping[str, Any]:
    """Return which kinds of items a method embeds.

    Args:
        method: A module or an object.
        target: Its name in messages.

    Raises:
        BadMethod: If it embeds fewer than two kinds, or one of its functions cannot be called.
    """
    found = [name for name in EMBED_FUNCTIONS if callable(getattr(method, name, None))]
    if len(found) < 2:
        defined = f"only {found[0]}" if found else "none of them"
        wanted = ", ".join(EMBED_FUNCTIONS)
        raise BadMethod(f"{target} cannot be run on a retrieval track: of {wanted} it defines {defined}; expected two.")
    for name in found:
        require_callable(getattr(method, name), f"{target} cannot be called as {name}(items, seed=0)", [])
    return {"kinds": [name.removeprefix("embed_") for name in found]}


def serve_embedding(method: Any, folder: Path, command: Mapping[str, Any]) -> dict[str, Any]:
    """Let the method embed the items in the folder and write its array; every failure becomes an answer."""
    kind = str(command["kind"])
    items, name = read_items(folder, kind), f"embed_{kind}"
    return serve_array(
        folder,
        name,
        lambda: getattr(method, name)(items, seed=int(command["seed"])),
        "P109",
        lambda array: _complaint(array, len(items)),
    )


def _complaint(array: NDArray[Any], count: int) -> str:
    if array.ndim != 2 or len(array) != count or not 1 <= array.shape[1] <= MAX_WIDTH:
        return f"returned shape {list(array.shape)}; expected [{count}, width] with a width of 1 to {MAX_WIDTH}."
    return ""
