"""The submission folder: what lies where, written and read.

``method.toml`` (the method card), ``index.csv`` (file,clip_id), ``predictions/<NNNNN>.npz``; optional: ``failures.csv``
(clips declared as failed) and ``run.json`` (which run wrote the folder).
"""

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from ...datasets.body import Motion
from ...datasets.files import write_atomically
from ...datasets.readers.clip_npz import write_clip
from .archive import opened
from .method_card import MethodCard, card_text, read_card
from .problems import BadSubmission, Problem
from .tables import (
    FAILURES,
    INDEX,
    PREDICTIONS,
    Failure,
    IndexRow,
    failures_text,
    index_text,
    prediction_file,
    read_failures,
    read_index,
)

CARD = "method.toml"
RUN = "run.json"
TIMING = "timing.csv"


@dataclass(frozen=True)
class Submission:
    """A submission that has been read; its prediction files are not opened yet."""

    folder: Path
    card: MethodCard
    files: Mapping[str, Path]
    """Clip id -> prediction file."""
    failures: Mapping[str, Failure]
    """Clip id -> why there is no prediction."""

    def predictions_sha256(self) -> str:
        """Return one hash over clip ids, prediction files and declared failures; file names do not matter."""
        digest = hashlib.sha256()
        for clip_id in sorted({*self.files, *self.failures}):
            content = self.files[clip_id].read_bytes() if clip_id in self.files else b"failed"
            digest.update(f"{clip_id}\t{hashlib.sha256(content).hexdigest()}\n".encode())
        return digest.hexdigest()


def read_folder(folder: Path) -> tuple[Submission | None, list[Problem]]:
    """Read card and tables of a submission folder and collect everything that is wrong with them.

    Returns:
        The submission, ``None`` when a required file is missing or unreadable, and the problems. Rows of the index
        that cannot be used are left out of the submission and named in the problems.
    """
    problems = [
        Problem("S005", f"'{name}' is missing; it must lie at the top of the submission.", name)
        for name in (CARD, INDEX)
        if not (folder / name).is_file()
    ]
    card: MethodCard | None = None
    rows: list[IndexRow] = []
    if (folder / CARD).is_file():
        card, wrong = read_card(folder / CARD)
        problems += wrong
    if (folder / INDEX).is_file():
        rows, wrong = read_index(folder / INDEX)
        problems += wrong
    failures, wrong = read_failures(folder / FAILURES)
    problems += wrong
    files = {row.clip_id: folder / row.file for row in rows}
    missing = card is None or not (folder / INDEX).is_file()
    placeholder = card or MethodCard("unknown", "unknown")
    submission = Submission(folder, placeholder, files, {f.clip_id: f for f in failures})
    return (submission if not missing or files else None), problems


@contextmanager
def open_submission(path: Path) -> Iterator[Submission]:
    """Open a submission folder or archive for reading.

    Only card and tables are judged here; ``check.check_submission`` judges everything against a track.

    Raises:
        BadSubmission: With every problem of archive, card and tables.
    """
    with opened(path) as folder:
        submission, problems = read_folder(folder)
        if problems or submission is None:
            raise BadSubmission(problems or [Problem("S002", "the submission is empty.")])
        yield submission


def write_submission(
    folder: Path, card: MethodCard, motions: Mapping[str, Motion], failures: Mapping[str, str] | None = None
) -> None:
    """Write a whole submission folder.

    Args:
        folder: Created when it does not exist; must not hold an earlier submission.
        card: The method card.
        motions: Clip id -> predicted motion on the target's skeleton.
        failures: Clip id -> message, for clips without a prediction.

    Raises:
        FileExistsError: If the folder already holds an index.
    """
    if (folder / INDEX).exists():
        raise FileExistsError(f"{folder} already holds a submission")
    (folder / PREDICTIONS).mkdir(parents=True, exist_ok=True)
    clip_ids = sorted({*motions, *(failures or {})})
    rows = []
    for number, clip_id in enumerate(clip_ids):
        if clip_id in motions:
            write_clip(folder / prediction_file(number), motions[clip_id])
            rows.append(IndexRow(prediction_file(number), clip_id))
    if failures:
        declared = [Failure(clip_id, "declared", message) for clip_id, message in failures.items()]
        write_atomically(folder / FAILURES, failures_text(declared).encode())
    write_atomically(folder / CARD, card_text(card).encode())
    write_atomically(folder / INDEX, index_text(rows).encode())
