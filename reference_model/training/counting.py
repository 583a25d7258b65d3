"""How long work tells its progress. Imports nothing that computes."""

from collections.abc import Callable
from typing import Protocol


class Counter(Protocol):
    """Counts finished pieces of work."""

    def advance(self, note: str = "") -> None:
        """Count one piece; the note is told to the user."""

    def __enter__(self) -> "Counter":
        """Begin to count."""

    def __exit__(self, *_: object) -> None:
        """Stop counting."""


Counting = Callable[[str, int, int], Counter]
"""From a title, the number of pieces and how many were done before, to a counter."""
