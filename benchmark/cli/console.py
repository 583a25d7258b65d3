"""The only place that prints: results to stdout, everything else to stderr.

A command's result (a table, JSON, a path) goes to stdout, so that it can be piped; progress, warnings, mistakes and the
hint of what to do next go to stderr.
"""

import json
import sys
from collections.abc import Iterable, Sequence
from typing import Any

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
        """Join one row, padded to the columns' widths."""
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
