"""Files of votes, as the page downloads them: read and checked, every problem at once."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from ...datasets.errors import suggestion
from ..submission.problems import Problem
from .errors import BadVotes
from .key import StudyKey, StudyTrial

VOTES_FORMAT = "retargetbench-votes/1"
MAX_FILE_BYTES = 16 << 20
_MOST_ID = 40

Answer = Literal["left", "same", "right"]
ANSWERS: tuple[Answer, ...] = ("left", "same", "right")


@dataclass(frozen=True)
class Vote:
    """One answer, by the trial's own order of its two sides."""

    trial: str
    question: str
    preference: float
    """1: the trial's first item is preferred; -1: its second; 0: no difference."""
    picked_left: bool | None
    """Whether the side that was preferred stood on the left; ``None`` for no difference."""


@dataclass(frozen=True)
class RaterVotes:
    """All answers of one rater."""

    rater: str
    simulated: bool
    """Whether a program made the file, not a person."""
    votes: tuple[Vote, ...]


def read_votes(paths: Sequence[Path], key: StudyKey) -> list[RaterVotes]:
    """Read the files of all raters, sorted by rater.

    Args:
        paths: Files, or folders whose ``*.json`` are taken.
        key: The study that they must be on.

    Raises:
        BadVotes: With every problem of every file.
    """
    problems: list[Problem] = []
    read: dict[Path, RaterVotes] = {}
    for path in _files(paths):
        rater, found = _read_file(path, key)
        problems += found
        if rater is not None:
            read[path] = rater
    problems += _between_files(read)
    if problems or not read:
        raise BadVotes(problems or [Problem("V001", "no file of votes was given.")])
    return sorted(read.values(), key=lambda one: one.rater)


def _files(paths: Iterable[Path]) -> list[Path]:
    found: list[Path] = []
    for path in paths:
        found += sorted(path.glob("*.json")) if path.is_dir() else [path]
    return list(dict.fromkeys(found))


def _between_files(read: dict[Path, RaterVotes]) -> list[Problem]:
    problems, first = [], dict[str, Path]()
    for path, one in read.items():
        if one.rater in first:
            message = f"is of rater '{one.rater}', as is {first[one.rater]}; keep the file that counts."
            problems.append(Problem("V004", message, str(path)))
        first.setdefault(one.rater, path)
    by_program = [path for path, one in read.items() if one.simulated]
    if by_program and len(by_program) < len(read):
        message = "was made by a simulator and stands among people's votes; score the two apart."
        problems += [Problem("V009", message, str(path)) for path in by_program]
    return problems


def _read_file(path: Path, key: StudyKey) -> tuple[RaterVotes | None, list[Problem]]:
    """What a file holds, ``None`` when nothing can be taken from it, and its problems."""

    def problem(rule: str, message: str) -> tuple[None, list[Problem]]:
        """Return a problem for which nothing of the file can be taken."""
        return None, [Problem(rule, message, str(path))]

    try:
        if path.stat().st_size > MAX_FILE_BYTES:
            return problem("V001", f"has more than {MAX_FILE_BYTES >> 20} MiB; no file of votes is as large.")
        content = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        return problem("V001", f"cannot be read ({error.strerror}).")
    except (ValueError, RecursionError) as error:
        return problem("V001", f"is no JSON ({error}); give the file that the page downloaded.")
    if not isinstance(content, dict) or content.get("format") != VOTES_FORMAT:
        return problem("V002", f"is no file of votes; expected one of format {VOTES_FORMAT}, which the page downloads.")
    kinds = {"study": str, "rater": str, "simulated": bool, "votes": list}
    wrong = [name for name, kind in kinds.items() if not isinstance(content.get(name), kind)]
    if wrong:
        return problem("V002", f"lacks {', '.join(wrong)}, or they are of a wrong type.")
    if content["study"] != key.study:
        return problem("V003", f"is on study {content['study'][:_MOST_ID]}, not on {key.study}.")
    checked = _VoteChecker(key, str(path))
    votes = [checked.vote(place, row) for place, row in enumerate(content["votes"], start=1)]
    kept = tuple(vote for vote in votes if vote is not None)
    return RaterVotes(content["rater"][:_MOST_ID], content["simulated"], kept), checked.problems


class _VoteChecker:
    """Checks the votes of one file; what is wrong gathers in ``problems``."""

    def __init__(self, key: StudyKey, where: str) -> None:
        self.problems: list[Problem] = []
        self._where = where
        self._trials = {trial.id: trial for trial in key.trials}
        self._questions = {question.id for question in key.questions}
        self._seen: set[tuple[str, str]] = set()

    def vote(self, place: int, row: object) -> Vote | None:
        """Return the vote in a row, or ``None`` after a problem."""
        fields = ("trial", "question", "left", "right", "answer")
        if not isinstance(row, dict) or not all(isinstance(row.get(name), str) for name in fields):
            return self._problem("V002", f"vote {place} lacks one of {', '.join(fields)}.")
        trial = self._trials.get(row["trial"])
        if trial is None:
            return self._problem("V005", f"vote {place} is on a trial '{row['trial'][:_MOST_ID]}' that there is not.")
        if row["question"] not in self._questions:
            near = suggestion(row["question"][:_MOST_ID], self._questions)
            return self._problem(
                "V005", f"vote {place} answers '{row['question'][:_MOST_ID]}', which is not asked.{near}"
            )
        if row["answer"] not in ANSWERS:
            return self._problem(
                "V007", f"vote {place} is '{row['answer'][:_MOST_ID]}'; expected {', '.join(ANSWERS)}."
            )
        if {row["left"], row["right"]} != set(trial.items):
            return self._problem("V008", f"vote {place} has sides that trial {trial.id} does not show.")
        if (trial.id, row["question"]) in self._seen:
            return self._problem("V006", f"vote {place} answers trial {trial.id} ({row['question']}) again.")
        self._seen.add((trial.id, row["question"]))
        return _vote(trial, row)

    def _problem(self, rule: str, message: str) -> Vote | None:
        self.problems.append(Problem(rule, message, self._where))
        return None


def _vote(trial: StudyTrial, row: dict[str, Any]) -> Vote:
    if row["answer"] == "same":
        return Vote(trial.id, row["question"], 0.0, None)
    preferred = row[row["answer"]]
    return Vote(trial.id, row["question"], 1.0 if preferred == trial.items[0] else -1.0, row["answer"] == "left")
