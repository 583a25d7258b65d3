"""The two tables of a submission: ``index.csv`` (file,clip_id) and ``failures.csv`` (clip_id,rule,message)."""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from ...datasets.errors import suggestion
from .problems import Problem

INDEX = "index.csv"
FAILURES = "failures.csv"
PREDICTIONS = "predictions"
INDEX_COLUMNS = ("file", "clip_id")
FAILURE_COLUMNS = ("clip_id", "rule", "message")
MAX_TABLE_BYTES = 16 * 1024 * 1024
MAX_MESSAGE = 500


@dataclass(frozen=True)
class IndexRow:
    """One line of ``index.csv``."""

    file: str
    """``predictions/<NNNNN>.npz``, relative to the submission, forward slashes."""
    clip_id: str


@dataclass(frozen=True)
class Failure:
    """A clip without a prediction, declared as such: it is scored with the worst case of every metric."""

    clip_id: str
    rule: str
    message: str


def prediction_file(number: int) -> str:
    """Return the name of the prediction file of the track's clip ``number`` (in clip-id order, from 0)."""
    return f"{PREDICTIONS}/{number:05d}.npz"


def index_text(rows: Iterable[IndexRow]) -> str:
    """Return ``index.csv``, sorted by clip id, LF."""
    ordered = sorted(rows, key=lambda row: row.clip_id)
    return csv_text(INDEX_COLUMNS, [(row.file, row.clip_id) for row in ordered])


def failures_text(failures: Iterable[Failure]) -> str:
    """Return ``failures.csv``, sorted by clip id, LF, messages on one line each."""
    ordered = sorted(failures, key=lambda failure: failure.clip_id)
    return csv_text(FAILURE_COLUMNS, [(f.clip_id, f.rule, " ".join(f.message.split())[:MAX_MESSAGE]) for f in ordered])


def read_index(path: Path) -> tuple[list[IndexRow], list[Problem]]:
    """Read ``index.csv``; rows that cannot be used are left out and named in the problems."""
    rows, problems = read_table(path, INDEX_COLUMNS)
    good: list[IndexRow] = []
    for line, (file, clip_id) in rows:
        complaint = _path_complaint(file)
        if complaint:
            problems.append(
                Problem("S013", f"line {line} names the file {file[:120]!r}, which {complaint}.", path.name)
            )
        else:
            good.append(IndexRow(file, clip_id))
    problems += repeated("S014", path.name, "the file", [row.file for row in good])
    problems += repeated("S015", path.name, "the clip", [row.clip_id for row in good])
    return good, problems


def read_failures(path: Path) -> tuple[list[Failure], list[Problem]]:
    """Read ``failures.csv``; no such file means that nothing failed."""
    if not path.exists():
        return [], []
    rows, problems = read_table(path, FAILURE_COLUMNS)
    failures = [Failure(*cells) for _, cells in rows]
    problems += repeated("S015", path.name, "the clip", [failure.clip_id for failure in failures])
    return failures, problems


def csv_text(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table as it is written: LF, quoted where needed."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return stream.getvalue()


def _path_complaint(file: str) -> str:
    """Why a file name in the index cannot be taken; empty when it can."""
    example = f"; expected a path like {prediction_file(0)}"
    path = PurePosixPath(file)
    if path.is_absolute() or "\\" in file or ":" in file:
        return f"is not a relative path with forward slashes{example}"
    if ".." in path.parts:
        return f"leaves the submission{example}"
    if not file.isprintable() or len(file) > 200 or str(path) != file:
        return f"is not a plain path{example}"
    if len(path.parts) != 2 or path.parts[0] != PREDICTIONS or path.suffix != ".npz":
        return f"is not an .npz directly in {PREDICTIONS}/{example}"
    return ""


def read_lines(path: Path) -> tuple[list[list[str]] | None, list[Problem]]:
    """Read the cells of a CSV table that a stranger wrote, line by line; ``None`` when it cannot be read."""
    try:
        with path.open("rb") as stream:
            content = stream.read(MAX_TABLE_BYTES + 1)
        if len(content) > MAX_TABLE_BYTES:
            return None, [Problem("S020", f"is larger than {MAX_TABLE_BYTES >> 20} MiB.", path.name)]
        text = content.decode("utf-8-sig")
        lines = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except (UnicodeDecodeError, csv.Error, OSError) as error:
        reason = " ".join(str(error).split())
        return None, [Problem("S010", f"is not readable as UTF-8, comma-separated text: {reason}.", path.name)]
    problems = []
    if content.startswith(b"\xef\xbb\xbf"):
        fix = "save it as UTF-8 without a mark (spreadsheets call it 'CSV', not 'CSV UTF-8')"
        problems.append(Problem("S026", f"begins with a byte-order mark; {fix}.", path.name))
    return lines, problems


def read_table(path: Path, columns: Sequence[str]) -> tuple[list[tuple[int, list[str]]], list[Problem]]:
    """Read a CSV table that a stranger wrote.

    Returns:
        (line number, cells in the order of ``columns``) of every complete row, and the problems.
    """
    lines, problems = read_lines(path)
    if lines is None:
        return [], problems
    head = [cell.strip() for cell in lines[0]] if lines else []
    wrong = _column_problems(path.name, head, columns)
    if wrong:
        return [], problems + wrong
    order = [head.index(column) for column in columns]
    rows: list[tuple[int, list[str]]] = []
    for number, cells in enumerate(lines[1:], start=2):
        if not cells:
            continue
        if len(cells) != len(head) or not all(cells[i].strip() for i in order[:2]):
            found = (
                f"line {number} has {len(cells)} cells"
                if len(cells) != len(head)
                else f"line {number} has an empty cell"
            )
            problems.append(Problem("S012", f"{found}; expected {','.join(head)}.", path.name))
        else:
            rows.append((number, [cells[i] for i in order]))
    return rows, problems


def _column_problems(name: str, head: Sequence[str], columns: Sequence[str]) -> list[Problem]:
    missing = [column for column in columns if column not in head]
    expected = ",".join(columns)
    problems = [
        Problem("S011", f"lacks the column '{column}'; its first line must be {expected}.{_near(column, head)}", name)
        for column in missing
    ]
    extra = [column for column in head if column not in columns]
    if extra and not missing:
        shown = ", ".join(repr(column[:40]) for column in extra[:5])
        problems.append(Problem("S011", f"has unknown columns {shown}; its first line must be {expected}.", name))
    if len(set(head)) != len(head):
        problems.append(Problem("S011", f"names a column twice; its first line must be {expected}.", name))
    return problems


def _near(column: str, head: Sequence[str]) -> str:
    return suggestion(column, [cell[:40] for cell in head if cell]).replace("Did you mean", "Is it") if head else ""


def repeated(rule: str, where: str, kind: str, names: Sequence[str]) -> list[Problem]:
    """Return a problem for each name that a table lists more than once."""
    count: dict[str, int] = {}
    for name in names:
        count[name] = count.get(name, 0) + 1
    return [
        Problem(rule, f"lists {kind} '{name[:120]}' {n} times; list it once.", where)
        for name, n in count.items()
        if n > 1
    ]
