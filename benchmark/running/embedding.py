"""A retrieval method in its process: what it must define, and how it is called: once for all items of a kind."""

import inspect
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .describing import describe
from .errors import BadMethod
from .item_handover import read_items
from .methods import EMBED_FUNCTIONS

EMBEDDED_FILE = "embedded.npy"
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
        try:
            inspect.signature(getattr(method, name)).bind([], seed=0)
        except TypeError as error:
            raise BadMethod(f"{target} cannot be called as {name}(items, seed=0): {error}.") from None
        except ValueError:
            continue  # a built-in without a signature: the call will tell
    return {"kinds": [name.removeprefix("embed_") for name in found]}


def serve_embedding(method: Any, folder: Path, kind: str, seed: int) -> dict[str, Any]:
    """Let the method embed the items in the folder and write its array; every failure becomes an answer."""
    items = read_items(folder, kind)
    start_s = time.perf_counter()
    try:
        returned = getattr(method, f"embed_{kind}")(items, seed=seed)
        seconds = time.perf_counter() - start_s
        array = _as_array(returned)
    except BaseException as error:
        return {"rule": "P101", "message": f"embed_{kind} raised {describe(error, str(Path.cwd()))}."}
    complaint = _complaint(array, len(items))
    if complaint:
        return {"rule": "P109", "message": f"embed_{kind} {complaint}"}
    np.save(folder / EMBEDDED_FILE, array.astype(array.dtype.newbyteorder("<"), order="C", copy=False))
    return {"seconds": seconds}


def _as_array(returned: Any) -> NDArray[Any]:
    """An array, whatever the method computes with: a tensor is taken to the processor and off its graph."""
    for step in ("detach", "cpu", "numpy"):
        if not isinstance(returned, np.ndarray) and callable(getattr(returned, step, None)):
            returned = getattr(returned, step)()
    return np.asarray(returned)


def _complaint(array: NDArray[Any], count: int) -> str:
    if array.dtype.kind != "f" or array.dtype.itemsize not in (2, 4, 8):
        return f"returned values of type {array.dtype}; expected float16, float32 or float64."
    if array.ndim != 2 or len(array) != count or not 1 <= array.shape[1] <= MAX_WIDTH:
        return f"returned shape {list(array.shape)}; expected [{count}, width] with a width of 1 to {MAX_WIDTH}."
    return ""
