"""Carrying out what another room announced: it works and says what came out, the printing is done here."""

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from ..progress import Progress
from . import console


class Work(Protocol):
    """A dataclass of settings of a trainer or a command that must not print."""

    def carry_out(self, counting: Callable[[str, int, int], Progress]) -> Mapping[str, Any]:
        """Do it.

        Returns:
            ``lines`` for people, ``next`` for the next sensible command, and values for JSON.
        """
        ...


def carry_out(work: Work) -> int:
    """Do the work with progress on stderr, print what came out, and return the exit code."""

    def counting(title: str, total: int, already: int) -> Progress:
        """A counter on stderr."""
        return Progress(title, total=total, already=already)

    done = dict(work.carry_out(counting))
    lines, following = done.pop("lines"), done.pop("next")
    if getattr(work, "json", False):
        console.print_json(done)
    else:
        for line in lines:
            console.result(line)
    console.next_step(following)
    return 0
