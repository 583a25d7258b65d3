"""A method that is called once for all items, in its process: what may be said of such a function and its answer."""

import inspect
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .describing import describe
from .errors import BadMethod

ANSWER_FILE = "answer.npy"


def require_callable(function: Any, shown: str, *arguments: Any) -> None:
    """Refuse a function that cannot be called as the track will.

    Args:
        function: Of the method.
        shown: The call in messages: ``mine cannot be called as embed_text(items, seed=0)``.
        arguments: What it will be given, beside ``seed``.

    Raises:
        BadMethod: If its signature does not fit.
    """
    try:
        inspect.signature(function).bind(*arguments, seed=0)
    except TypeError as error:
        raise BadMethod(f"{shown}: {error}.") from None
    except ValueError:
        pass  # a built-in without a signature: the call will tell


def serve_array(
    folder: Path, name: str, call: Callable[[], Any], rule: str, complaint: Callable[[NDArray[Any]], str]
) -> dict[str, Any]:
    """Call a method and write its array into the folder; every failure becomes an answer.

    Args:
        folder: The method's.
        name: Of the function, in messages.
        call: Asks the method.
        rule: Of an array that is not what was asked for.
        complaint: What is wrong with an array; empty when nothing is.
    """
    start_s = time.perf_counter()
    try:
        returned = call()
        seconds = time.perf_counter() - start_s
        array = _as_array(returned)
    except BaseException as error:
        return {"rule": "P101", "message": f"{name} raised {describe(error, str(Path.cwd()))}."}
    wrong = _no_floats(array) or complaint(array)
    if wrong:
        return {"rule": rule, "message": f"{name} {wrong}"}
    np.save(folder / ANSWER_FILE, array.astype(array.dtype.newbyteorder("<"), order="C", copy=False))
    return {"seconds": seconds}


def _as_array(returned: Any) -> NDArray[Any]:
    """An array, whatever the method computes with: a tensor is taken to the processor and off its graph."""
    for step in ("detach", "cpu", "numpy"):
        if not isinstance(returned, np.ndarray) and callable(getattr(returned, step, None)):
            returned = getattr(returned, step)()
    return np.asarray(returned)


def _no_floats(array: NDArray[Any]) -> str:
    if array.dtype.kind != "f" or array.dtype.itemsize not in (2, 4, 8):
        return f"returned values of type {array.dtype}; expected float16, float32 or float64."
    return ""
