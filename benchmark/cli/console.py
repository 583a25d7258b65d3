"""The only place that prints: results to stdout, everything else to stderr.

A command's result (a table, JSON, a path) goes to stdout, so that it can be piped; progress, warnings, mistakes and the
hint of what to do next go to stderr.
"""

import json
import sys
import time
from collections.abc import Iterable, Sequence
from types import TracebackType
from typing import Any, TextIO

from ...datasets.errors import BenchError


def result(text: str) -> None:
    """Print a line of the command's result to stdout."""
    print(text, file=sys.stdout)  # noqa: T201


def print_json(value: Any) -> None:
    """Print a JSON value to stdout, indented, keys in the order given; NaN and infinity are refused."""
    result(json.dumps(value, indent=2, ensure_ascii=False, allow_nan=False))


def table(columns: Sequence[str], rows: Iterable[Sequence[str]], *, align: str = "") -> None:
    """Print an aligned table to stdout; nothing is ever cut off.

    Args:
        columns: The heads.
        rows: Cells as text, one per column.
        align: One letter per column, ``l`` or ``r``; columns without a letter are left-aligned.
    """
    for line in table_lines(columns, rows, align=align):
        result(line)


def table_lines(columns: Sequence[str], rows: Iterable[Sequence[str]], *, align: str = "") -> list[str]:
    """Return the lines of an aligned table: the heads, a rule, the rows."""
    cells = [[str(cell) for cell in columns], *([str(cell) for cell in row] for row in rows)]
    widths = [max(len(row[i]) for row in cells) for i in range(len(columns))]
    sides = align.ljust(len(columns), "l")

    def line(row: Sequence[str]) -> str:
        padded = [c.rjust(w) if s == "r" else c.ljust(w) for c, w, s in zip(row, widths, sides, strict=True)]
        return "  ".join(padded).rstrip()

    return [line(cells[0]), "  ".join("-" * width for width in widths), *(line(row) for row in cells[1:])]


def say(text: str) -> None:
    """Tell the user something that is not the result (stderr)."""
    print(text, file=sys.stderr, flush=True)  # noqa: T201


def warn(text: str) -> None:
    """Tell the user of something that may be wrong but stops nothing (stderr)."""
    say(f"warning: {text}")


def fail(error: BenchError | str) -> None:
    """Tell the user of a mistake in one line (stderr)."""
    say("error: " + " ".join(str(error).split()))


def next_step(text: str) -> None:
    """Name the next sensible command (stderr)."""
    say(f"Next: {text}")


class Progress:
    """A counter with an estimate of the time left, on stderr.

    On a terminal one line is rewritten; elsewhere a plain line is printed now and then, so that logs stay readable.

    Use as a context manager::

        with Progress("scoring", total=32) as progress:
            for clip in clips:
                progress.advance()
    """

    def __init__(self, what: str, *, total: int, already: int = 0, every_s: float = 5.0) -> None:
        """Start counting.

        Args:
            what: The activity, for example ``scoring copy``.
            total: How many steps there are.
            already: Steps that were done earlier; they do not count for the estimate.
            every_s: Seconds between two plain lines where stderr is not a terminal.
        """
        self._what, self._total, self._already = what, total, already
        self._done = already
        self._start_s = self._last_s = time.monotonic()
        self._stream: TextIO = sys.stderr
        self._live = self._stream.isatty()
        self._every_s = 0.1 if self._live else every_s

    def __enter__(self) -> "Progress":
        if self._already:
            say(f"{self._what}: {self._already} of {self._total} were done before")
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._live:
            self._stream.write("\r\x1b[2K")
        if kind is None:
            say(f"{self._what}: {self._done} of {self._total} in {time.monotonic() - self._start_s:.1f} s")

    def advance(self, steps: int = 1) -> None:
        """Count steps as done."""
        self._done += steps
        now_s = time.monotonic()
        if now_s - self._last_s < self._every_s:
            return
        self._last_s = now_s
        new = self._done - self._already
        left_s = (now_s - self._start_s) / max(new, 1) * (self._total - self._done)
        line = f"{self._what}: {self._done} of {self._total}, about {left_s:.0f} s left"
        if self._live:
            self._stream.write(f"\r\x1b[2K{line}")
            self._stream.flush()
        else:
            say(line)
