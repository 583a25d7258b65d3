"""Judge a submission to a retrieval track: every problem at once, nothing executed, sizes before contents."""

from pathlib import Path

import numpy as np

from ...datasets.errors import suggestion
from ...metrics.retrieval.data import RetrievalData
from ...metrics.retrieval.declarations import Modality
from ..one_file.check import FileCheck, check_path, read_basics
from ..submission.folder import CARD
from ..submission.problems import Problem, unknown_items
from ..submission.tables import FAILURES, INDEX, read_table, repeated
from .embeddings_file import EMBEDDINGS, Arrays, read_arrays
from .folder import INDEX_COLUMNS, EmbeddingSubmission, item_name

_NO_INDEX = {"S005", "S010", "S011", "S012", "S020"}
"""After these problems of index.csv it says nothing about what is missing."""


def check_embeddings(path: Path, data: RetrievalData) -> FileCheck[EmbeddingSubmission]:
    """Judge a submission folder or archive against a retrieval track's data, and read it."""
    return check_path(path, lambda folder: check_folder(folder, data))


def check_folder(folder: Path, data: RetrievalData) -> FileCheck[EmbeddingSubmission]:
    """Judge a submission folder against a retrieval track's data, and read it."""
    known = {item_name(kind, item) for kind, ids in data.item_ids.items() for item in ids}
    basics = read_basics(folder, (CARD, EMBEDDINGS, INDEX), data.data_sha256, known)
    if basics.is_hopeless:
        return FileCheck(basics.problems, None, {}, 0, None)
    problems, files = list(basics.problems), basics.files
    counts = {kind: len(ids) for kind, ids in data.item_ids.items()}
    arrays, wrong = read_arrays(folder / EMBEDDINGS, counts) if EMBEDDINGS in files else ({}, [])
    problems += wrong
    place = _Placing(data)
    if INDEX in files:
        problems += place.read(folder / INDEX)
        if EMBEDDINGS in files and not wrong:
            problems += place.fit(arrays)
    failures = {failure.clip_id: failure for failure in basics.failures}
    if not problems:
        arrays = {kind: array[place.rows(kind)] for kind, array in arrays.items()}
        problems += _without_failed(arrays, data, set(failures))
    held = {str(kind): len(array) for kind, array in arrays.items()}
    if problems or basics.card is None:
        return FileCheck(tuple(problems), basics.card, held, len(failures), None)
    return FileCheck((), basics.card, held, len(failures), EmbeddingSubmission(basics.card, arrays, failures))


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
        for kind, rows in self._row.items():
            problems += unknown_items(list(rows), set(self._ids[kind]), path.name, kind)
        if not any(problem.rule in _NO_INDEX for problem in problems):
            problems += self._missing(path.name)
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
