"""``scores.csv`` and ``ranking.csv`` as strangers wrote them: read as scores of classes, every problem at once."""

import math
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ...datasets.errors import shorten, suggestion
from ..submission.problems import MAX_SUGGESTIONS, Problem
from ..submission.tables import read_lines, repeated
from .folder import ID

Rows = Mapping[str, NDArray[np.float64]]
"""Id of a motion -> its score of each class."""


def read_scores(path: Path, classes: Sequence[str]) -> tuple[Rows, list[Problem]]:
    """Read ``scores.csv``: a line per motion, a column per class, in any order.

    Returns:
        The rows that can be used, and everything that is wrong.
    """
    lines, problems = read_lines(path)
    head = [cell.strip() for cell in lines[0]] if lines else []
    wrong = _head_problems(path.name, head, classes)
    if lines is None or wrong:
        return {}, [*problems, *wrong]
    column = {name: place for place, name in enumerate(head)}
    order = [column[name] for name in classes]
    rows: dict[str, NDArray[np.float64]] = {}
    names: list[str] = []
    for number, cells in _whole_lines(path.name, lines, problems):
        values = [_number(cells[place]) for place in order]
        bad = next((k for k, value in enumerate(values) if not math.isfinite(value)), None)
        names.append(cells[column[ID]])
        if bad is not None:
            found = f"line {number} has the score '{cells[order[bad]][:40]}' of '{classes[bad]}'"
            problems.append(Problem("S032", f"{found}; expected a finite number.", path.name))
        rows[names[-1]] = np.array(values)
    return rows, problems + repeated("S015", path.name, "the motion", names)


def read_ranking(path: Path, classes: Sequence[str]) -> tuple[Rows, list[Problem]]:
    """Read ``ranking.csv``: a line per motion with the likeliest class first; empty cells at its end are no answer.

    Of n classes the first one scores n, the next one less by 1, and those that are not named 0.

    Returns:
        The rows that can be used, and everything that is wrong.
    """
    lines, problems = read_lines(path)
    head = [cell.strip() for cell in lines[0]] if lines else []
    if lines is None:
        return {}, problems
    if head != [ID, *map(str, range(1, len(head)))] or not 2 <= len(head) <= len(classes) + 1:
        expected = f"{ID},1,2,... with at most {len(classes)} ranks"
        problems.append(
            Problem("S011", f"begins with {shorten(head, 4) or 'nothing'}; expected {expected}.", path.name)
        )
        return {}, problems
    place = {name: number for number, name in enumerate(classes)}
    rows: dict[str, NDArray[np.float64]] = {}
    names: list[str] = []
    for number, cells in _whole_lines(path.name, lines, problems):
        ranked = [cell.strip() for cell in cells[1:]]
        while ranked and not ranked[-1]:
            ranked.pop()
        for name in (name for name in ranked if name not in place):
            near = suggestion(name[:60], classes) if len(problems) < MAX_SUGGESTIONS else ""
            problems.append(Problem("S031", f"line {number}: the track has no class '{name[:60]}'.{near}", path.name))
        if len(set(ranked)) < len(ranked):
            problems.append(Problem("S031", f"line {number} names a class twice.", path.name))
        row = np.zeros(len(classes))
        row[[place[name] for name in ranked if name in place]] = [
            len(classes) - rank for rank, name in enumerate(ranked) if name in place
        ]
        names.append(cells[0])
        rows[names[-1]] = row
    return rows, problems + repeated("S015", path.name, "the motion", names)


def _whole_lines(where: str, lines: Sequence[list[str]], problems: list[Problem]) -> list[tuple[int, list[str]]]:
    """The lines below the head that have all cells and an id, numbered from 2; the others become problems."""
    whole = []
    for number, cells in enumerate(lines[1:], start=2):
        if len(cells) == len(lines[0]) and cells[0].strip():
            whole.append((number, cells))
        elif cells:
            found = f"{len(cells)} cells; expected {len(lines[0])}" if cells[0].strip() else "no id"
            problems.append(Problem("S012", f"line {number} has {found}.", where))
    return whole


def _head_problems(where: str, head: Sequence[str], classes: Sequence[str]) -> list[Problem]:
    problems = []
    if head[:1] != [ID]:
        begun = head[0][:40] if head else ""
        problems.append(Problem("S011", f"begins with '{begun}'; its first column must be '{ID}'.", where))
    for name in (name for name in head[1:] if name not in classes):
        near = suggestion(name[:60], classes) if len(problems) < MAX_SUGGESTIONS else ""
        problems.append(Problem("S031", f"the track has no class '{name[:60]}'.{near}", where))
    missing = [name for name in classes if name not in head]
    if missing:
        text = f"lacks {len(missing)} of {len(classes)} classes: {shorten(missing, 6)}."
        problems.append(Problem("S031", text, where))
    return problems + repeated("S031", where, "the class", list(head))


def _number(cell: str) -> float:
    try:
        return float(cell)
    except ValueError:
        return math.nan
