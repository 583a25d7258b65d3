"""Score a submission that answers for the whole test at once: check it, make the figures, write the three records."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol, TypeVar

from ...datasets.files import write_atomically
from ..environment import environment_record
from ..ranking import metric_order
from ..records import RESULT_FILE, RUN_FILE, SAMPLES_FILE, Failures, Result, Score, result_text, run_text
from ..samples import SampleTable, samples_text
from ..scored_folder import method_of, result_folder, run_facts, run_id, track_version
from ..submission.archive import opened
from ..submission.problems import BadSubmission
from ..summary import ALL, summarise
from .check import FileCheck, FileSubmission


@dataclass(frozen=True)
class Figures:
    """What comes out of a submission."""

    table: SampleTable
    """A row per item, from which most scores follow as means."""
    of_sets: Mapping[str, Score] = field(default_factory=dict)
    """Scores that are no mean over items; they win over the table's."""
    files: Mapping[str, bytes] = field(default_factory=dict)
    """Name -> content of what lies beside the records."""


S = TypeVar("S", bound=FileSubmission)


class OneFileTask(Protocol[S]):
    """A track's data with how a submission is checked and what is made of it."""

    @property
    def track_id(self) -> str:
        """Of the track."""

    @property
    def variant(self) -> str:
        """Of the track."""

    @property
    def data_sha256(self) -> str:
        """The data version."""

    def check(self, folder: Path) -> FileCheck[S]:
        """Judge a submission folder, and read it."""

    def figures(self, submission: S) -> Figures:
        """Return what comes out of a submission that is fine."""


@dataclass(frozen=True)
class ScoredFile:
    """A scored run."""

    folder: Path
    """Where its records are."""
    result: Result
    samples: SampleTable


def score_file(predictions: Path, task: OneFileTask[S], out: Path) -> ScoredFile:
    """Score a submission folder or archive and write its records.

    Everything is checked first; nothing is scored when something is wrong.

    Args:
        predictions: The submission.
        task: What it is scored on.
        out: The ``results`` folder; the records go to ``<track>@<data hash>/<method>/<run>`` below it.

    Raises:
        BadSubmission: With every problem of the submission.
    """
    started_s = time.monotonic()
    with opened(predictions) as folder:
        checked = task.check(folder)
        if checked.submission is None:
            raise BadSubmission(checked.problems)
        run = run_facts(folder)
    submission = checked.submission
    figures = task.figures(submission)
    data, sha256 = task.data_sha256, submission.predictions_sha256()
    scores = summarise(figures.table, data=data)[ALL] | dict(figures.of_sets)
    result = Result(
        track=task.track_id,
        variant=task.variant,
        data=data,
        method=method_of(submission.card),
        scores={ALL: {key: scores[key] for key in metric_order(scores)}},
        failures=Failures(count=len(submission.failures), ids=tuple(sorted(submission.failures))),
        seed=run.seed,
        command=run.command_on(task.track_id, task.variant),
        predictions_sha256=sha256,
    )
    target = result_folder(out, track_version(task.track_id, data), submission.card.name, run_id(sha256, run.seed))
    environment = environment_record(scoring_s=time.monotonic() - started_s, speed=run.speed)
    for name, content in figures.files.items():
        write_atomically(target / name, content)
    write_atomically(target / SAMPLES_FILE, samples_text(figures.table).encode())
    write_atomically(target / RUN_FILE, run_text(environment).encode())
    write_atomically(target / RESULT_FILE, result_text(result).encode())  # last: where it is, all is
    return ScoredFile(target, result, figures.table)
