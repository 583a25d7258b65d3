"""Judge a submission to a retrieval track: every problem at once, nothing executed, sizes before contents."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ...datasets.errors import suggestion
from ...metrics.retrieval.data import RetrievalData
from ...metrics.retrieval.declarations import Modality
from ..submission.archive import opened
from ..submission.check import run_problems, walk
from ..submission.folder import CARD
from ..submission.method_card import MethodCard, read_card
from ..submission.problems import BadSubmission, Problem
from ..submission.tables import FAILURES, INDEX, Failure, read_failures, read_table, repeated
from .embeddings_file import EMBEDDINGS, Arrays, read_arrays
from .folder import INDEX_COLUMNS, EmbeddingSubmission, item_name

_MOST_FILES = 1000
_MOST_SUGGESTIONS = 20
_NO_INDEX = {"S005", "S010", "S011", "S012", "S020"}
"""After these problems of index.csv it says nothing about what is missing."""


@dataclass(frozen=True, eq=False)
class RetrievalCheck:
    """The answer of ``check`` on a retrieval track."""

    problems: tuple[Problem, ...]
    """Everything that is wrong; empty for a submission that can be scored."""
    card: MethodCard | None
    counts: Mapping[Modality, int]
    """How many items of each kind the submission holds embeddings of."""
    failed: int
    """Items declared in failures.csv: valid, but scored with the worst case."""
    submission: EmbeddingSubmission | None
    """What was read; ``None`` when something is wrong."""


def check_embeddings(path: Path, data: RetrievalData) -> RetrievalCheck:
    """Judge a submission folder or archive against a retrieval track's data, and read it."""
    try:
        with opened(path) as folder:
            return check_folder(folder, data)
    except BadSubmission as error:
        return RetrievalCheck(error.problems, None, {}, 0, None)


def check_folder(folder: Path, data: RetrievalData) -> RetrievalCheck:
    """Judge a submission folder against a retrieval track's data, and read it."""
    files, problems = walk(folder, most_files=_MOST_FILES)
    if problems:  # links, special files, far too many files: nothing in there is opened
        return RetrievalCheck(tuple(problems), None, {}, 0, None)
    if not files:
        message = f"the folder is empty; expected {CARD}, {INDEX} and {EMBEDDINGS}."
        return RetrievalCheck((Problem("S002", message),), None, {}, 0, None)
    problems = [
        Problem("S005", f"'{name}' is missing; it must lie at the top of the submission.", name)
        for name in (CARD, INDEX, EMBEDDINGS)
        if name not in files
    ]
    problems += run_problems(folder, data.data_sha256)
    card, wrong = read_card(folder / CARD) if CARD in files else (None, [])
    problems += wrong
    counts = {kind: len(ids) for kind, ids in data.item_ids.items()}
    arrays, wrong = read_arrays(folder / EMBEDDINGS, counts) if EMBEDDINGS in files else ({}, [])
    problems += wrong
    place = _Placing(data)
    if INDEX in files:
        problems += place.read(folder / INDEX)
        if EMBEDDINGS in files and not wrong:
            problems += place.fit(arrays)
    failures, wrong = read_failures(folder / FAILURES)
    problems += wrong
    problems += _failure_problems(failures, data)
    if not problems:
        arrays = {kind: array[place.rows(kind)] for kind, array in arrays.items()}
        problems += _without_failed(arrays, data, {failure.clip_id for failure in failures})
    held = {kind: len(array) for kind, array in arrays.items()}
    if problems or card is None:
        return RetrievalCheck(tuple(problems), card, held, len(failures), None)
    submission = EmbeddingSubmission(card, arrays, {failure.clip_id: failure for failure in failures})
    return RetrievalCheck((), card, held, len(failures), submission)


class _Placing:
    """``index.csv``: which row of an array is which item."""

    def __init__(self, data: RetrievalData) -> None:
        self._ids = data.item_ids
        self._row: dict[Modality, dict[str, int]] = {}

    def read(self, path: Path) -> list[Problem]:
        """Read the table; return everything that is wrong with it."""
        lines, problems = read_table(path, INDEX_COLUMNS)
        items = []
        for line, (kind, row, item) in lines:
            if kind not in self._ids:
                shown = f"line {line} is of the kind '{kind[:40]}', the track has {', '.join(self._ids)}."
                problems.append(Problem("S027", shown + suggestion(kind[:40], self._ids), path.name))
            elif not (row.isascii() and row.isdigit() and len(row) <= 9):
                text = f"line {line} has the row '{row[:40]}'; expected a number, counted from 0."
                problems.append(Problem("S028", text, path.name))
            else:
                items.append(item_name(kind, item))
                self._row.setdefault(kind, {})[item] = int(row)
        problems += repeated("S015", path.name, "the item", items)
        problems += self._unknown(path.name)
        if not any(problem.rule in _NO_INDEX for problem in problems):
            problems += self._missing(path.name)
        return problems

    def _unknown(self, where: str) -> list[Problem]:
        problems: list[Problem] = []
        for kind, rows in self._row.items():
            known = set(self._ids[kind])
            for item in (item for item in rows if item not in known):
                near = suggestion(item[:200], known, most=1) if len(problems) < _MOST_SUGGESTIONS else ""
                problems.append(Problem("S016", f"the track has no {kind} '{item[:120]}'.{near}", where))
        return problems

    def _missing(self, where: str) -> list[Problem]:
        problems = []
        for kind, rows in self._row.items():
            lost = [item for item in self._ids[kind] if item not in rows]
            if lost:
                text = (
                    f"{len(lost)} of {len(self._ids[kind])} {kind} items are missing, for example {lost[0]}. Embed "
                    f"them, or give them any row and list them in {FAILURES} (clip_id,rule,message)."
                )
                problems.append(Problem("S017", text, where))
        return problems

    def fit(self, arrays: Arrays) -> list[Problem]:
        """Return what does not fit between the table and the arrays."""
        problems = []
        for kind in (kind for kind in self._ids if (kind in arrays) != (kind in self._row)):
            have, lack = (EMBEDDINGS, INDEX) if kind in arrays else (INDEX, EMBEDDINGS)
            problems.append(Problem("S027", f"{have} has {kind} items, {lack} has none; give both or neither.", have))
        for kind, rows in self._row.items():
            if kind in arrays and sorted(rows.values()) != list(range(len(arrays[kind]))):
                text = (
                    f"the {len(rows)} lines of {kind} do not number the {len(arrays[kind])} rows of its array from 0 "
                    f"to {len(arrays[kind]) - 1}, each once."
                )
                problems.append(Problem("S028", text, INDEX))
        return problems

    def rows(self, kind: Modality) -> "np.ndarray[tuple[int], np.dtype[np.int64]]":
        """Return the row of each of the track's items, in their order."""
        return np.array([self._row[kind][item] for item in self._ids[kind]], dtype=np.int64)


def _failure_problems(failures: Sequence[Failure], data: RetrievalData) -> list[Problem]:
    known = {item_name(kind, item) for kind, ids in data.item_ids.items() for item in ids}
    problems: list[Problem] = []
    for name in (failure.clip_id for failure in failures if failure.clip_id not in known):
        near = suggestion(name[:200], known, most=1) if len(problems) < _MOST_SUGGESTIONS else ""
        problems.append(Problem("S016", f"the track has no item '{name[:120]}'.{near}", FAILURES))
    return problems


def _without_failed(arrays: Arrays, data: RetrievalData, failed: set[str]) -> list[Problem]:
    """Put NaN into the rows of failed items; return the other items whose embeddings are not finite."""
    problems = []
    for kind, array in arrays.items():
        ids = data.item_ids[kind]
        out = np.array([item_name(kind, item) in failed for item in ids])
        array[out] = np.nan
        lost = np.flatnonzero(~np.isfinite(array).all(axis=1) & ~out)
        if len(lost):
            text = (
                f"the embeddings of {len(lost)} {kind} items hold NaN or infinity, for example of {ids[lost[0]]}; list "
                f"items on which the method failed in {FAILURES} as {item_name(kind, ids[lost[0]])}."
            )
            problems.append(Problem("S030", text, EMBEDDINGS))
    return problems
