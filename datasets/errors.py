"""The one base class of every mistake a user can make, and the words all of them share."""

import difflib
from collections.abc import Iterable, Sequence


class BenchError(Exception):
    """A mistake a user can mend.

    Every subclass has a ``rule`` of its own ("M002"); the message says what was found, where, what was expected and
    how to fix it. The command line prints ``[rule] message`` and exits with a code other than 0, without a traceback.
    """

    rule = "E000"

    def __str__(self) -> str:
        return f"[{self.rule}] {super().__str__()}"


class UnknownName(BenchError):
    """A name that is not in a closed list; the message offers the nearest ones."""

    rule = "E001"

    def __init__(self, kind: str, name: str, valid: Iterable[str]) -> None:
        super().__init__(f"there is no {kind} '{name}'.{suggestion(name, valid)}")


def suggestion(name: str, valid: Iterable[str], most: int = 3) -> str:
    """Return a sentence with the nearest valid names, or with all of them when none is near.

    Args:
        name: What the user wrote.
        valid: What could have been written.
        most: How many near names to offer.
    """
    names = sorted(set(valid))
    near = difflib.get_close_matches(name, names, n=most, cutoff=0.5)
    if near:
        return " Did you mean " + " or ".join(f"'{n}'" for n in near) + "?"
    return f" Known: {shorten(names)}." if names else ""


def shorten(names: Sequence[str], most: int = 12) -> str:
    """Join names with commas and cut a long list, saying how many more there are."""
    shown = ", ".join(names[:most])
    return shown if len(names) <= most else f"{shown} and {len(names) - most} more"
