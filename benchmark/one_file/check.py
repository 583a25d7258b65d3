"""Judging a submission that answers for the whole test at once: what every such track asks of a folder."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, Protocol, TypeVar

from ..submission.archive import opened
from ..submission.check import run_problems, walk
from ..submission.folder import CARD
from ..submission.method_card import MethodCard, read_card
from ..submission.problems import BadSubmission, Problem, unknown_items
from ..submission.tables import FAILURES, Failure, read_failures

_MOST_FILES = 1000


class FileSubmission(Protocol):
    """What was read of a submission, whatever the track."""

    @property
    def card(self) -> MethodCard:
        """Who made it."""

    @property
    def failures(self) -> Mapping[str, Failure]:
        """Name of an item -> why there is no answer for it."""

    def predictions_sha256(self) -> str:
        """Return one hash over all that is scored, whatever the order of rows in the file was."""


S = TypeVar("S", bound=FileSubmission)


@dataclass(frozen=True, eq=False)
class FileCheck(Generic[S]):
    """The answer of ``check``."""

    problems: tuple[Problem, ...]
    """Everything that is wrong; empty for a submission that can be scored."""
    card: MethodCard | None
    counts: Mapping[str, int]
    """How many items of each kind the submission answers for."""
    failed: int
    """Items declared in failures.csv: valid, but scored with the worst case."""
    submission: S | None
    """What was read; ``None`` when something is wrong."""


@dataclass(frozen=True)
class Basics:
    """What is looked at first in any folder."""

    files: Collection[str]
    card: MethodCard | None
    failures: tuple[Failure, ...]
    problems: tuple[Problem, ...]
    is_hopeless: bool = False
    """Whether nothing else in the folder should be opened."""


def check_path(path: Path, check_folder: Callable[[Path], FileCheck[S]]) -> FileCheck[S]:
    """Judge a submission folder or archive by a function for folders."""
    try:
        with opened(path) as folder:
            return check_folder(folder)
    except BadSubmission as error:
        return FileCheck(error.problems, None, {}, 0, None)


def read_basics(
    folder: Path, required: Sequence[str], data_sha256: str, items: Collection[str], instead: str = ""
) -> Basics:
    """Read what every such submission has: its files' names, the card, the declared failures.

    Args:
        folder: The submission.
        required: Files that must be there; a run writes the last one when it has finished.
        data_sha256: The track's data version.
        items: Names that ``failures.csv`` may hold.
        instead: What may lie there in place of the last of ``required``, for messages.
    """
    *first, last = required
    named = [*first, f"{last} or {instead}" if instead else last]
    files, problems = walk(folder, most_files=_MOST_FILES)
    if problems:  # links, special files, far too many files: nothing in there is opened
        return Basics((), None, (), tuple(problems), is_hopeless=True)
    if not files:
        message = f"the folder is empty; expected {', '.join(named[:-1])} and {named[-1]}."
        return Basics((), None, (), (Problem("S002", message),), is_hopeless=True)
    problems = [
        Problem("S005", f"{shown} is missing; it must lie at the top of the submission.", name)
        for name, shown in zip(required, named, strict=True)
        if name not in files
    ]
    problems += run_problems(folder, data_sha256, written_last=last)
    card, wrong = read_card(folder / CARD) if CARD in files else (None, [])
    problems += wrong
    failures, wrong = read_failures(folder / FAILURES)
    problems += [*wrong, *unknown_items([failure.clip_id for failure in failures], items, FAILURES)]
    return Basics(files.keys(), card, tuple(failures), tuple(problems))
