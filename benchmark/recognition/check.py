"""Judge a submission to a recognition track: every problem at once, nothing executed, sizes before contents."""

from pathlib import Path

import numpy as np

from ...datasets.errors import shorten
from ...metrics.recognition.data import RecognitionData
from ..one_file.check import FileCheck, check_path, read_basics
from ..submission.folder import CARD
from ..submission.problems import Problem, unknown_items
from ..submission.tables import FAILURES
from .folder import RANKING, SCORES, ClassSubmission
from .tables import Rows, read_ranking, read_scores

_NO_ROWS = {"S010", "S011", "S012", "S020", "S031"}
"""After these problems of the table it says nothing about what is missing."""


def check_classes(path: Path, data: RecognitionData) -> FileCheck[ClassSubmission]:
    """Judge a submission folder or archive against a recognition track's data, and read it."""
    return check_path(path, lambda folder: check_folder(folder, data))


def check_folder(folder: Path, data: RecognitionData) -> FileCheck[ClassSubmission]:
    """Judge a submission folder against a recognition track's data, and read it."""
    is_ranked = (folder / RANKING).is_file() and not (folder / SCORES).is_file()
    table = RANKING if is_ranked else SCORES
    known = set(data.ids)
    basics = read_basics(folder, (CARD, table), data.data_sha256, known, instead=RANKING)
    if basics.is_hopeless:
        return FileCheck(basics.problems, None, {}, 0, None)
    problems = list(basics.problems)
    if {SCORES, RANKING} <= set(basics.files):
        problems.append(Problem("S033", f"holds {SCORES} and {RANKING}; keep the one that is to be scored."))
    rows: Rows = {}
    failures = {failure.clip_id: failure for failure in basics.failures}
    if table in basics.files:
        rows, wrong = (read_ranking if is_ranked else read_scores)(folder / table, data.classes)
        problems += [*wrong, *unknown_items(list(rows), known, table, "motion")]
        for name in (name for name in rows if name in failures):
            text = f"the motion '{name[:120]}' is in {table} and in {FAILURES}; keep it in one of them."
            problems.append(Problem("S015", text, FAILURES))
        missing = [name for name in data.ids if name not in rows and name not in failures]
        if missing and not any(problem.rule in _NO_ROWS for problem in wrong):
            text = (
                f"{len(missing)} of {len(known)} motions are missing: {shorten(missing, 3)}. Classify them, or list "
                f"them in {FAILURES} (clip_id,rule,message)."
            )
            problems.append(Problem("S017", text, table))
    held = {"motion": len(rows)}
    if problems or basics.card is None:
        return FileCheck(tuple(problems), basics.card, held, len(failures), None)
    none = np.full(len(data.classes), np.nan)
    scores = np.array([rows.get(name, none) for name in data.ids])
    return FileCheck((), basics.card, held, len(failures), ClassSubmission(basics.card, scores, failures))
