"""An exception of a method in one line."""

import traceback
from pathlib import Path

from ...datasets.errors import BenchError


def describe(error: BaseException, folder: str) -> str:
    """Return one line for an exception: type, text and where; nothing that differs between equal runs.

    Args:
        error: The exception.
        folder: The method's working folder, another one in every process; left out of the text.
    """
    text = " ".join(str(error).replace(folder, ".").split())[:300].rstrip(".")
    frames = [f for f in traceback.extract_tb(error.__traceback__) if not f.filename.startswith("<frozen")]
    place = f" ({Path(frames[-1].filename).name}, line {frames[-1].lineno})" if frames else ""
    if isinstance(error, SyntaxError):
        place = f" ({Path(error.filename or '?').name}, line {error.lineno})"
        text = error.msg
    kind = type(error).__name__ if not isinstance(error, BenchError) else "a mistake"
    return f"{kind}: {text}{place}" if text else f"{kind}{place}"
