"""What a study is made of: scored runs, their predictions, questions and sizes."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ...datasets.errors import shorten
from ..comparison import NotComparable, ScoredRun
from ..report.sources import read_submission, submissions_by_hash
from .errors import BadStudyRequest
from .plan import StudyOptions
from .questions import Question


@dataclass(frozen=True)
class StudySource:
    """One method of a study: its scored run and the prediction file of each clip."""

    run: ScoredRun
    files: dict[str, Path]
    """Clip id -> prediction file."""

    @property
    def name(self) -> str:
        """The method's name."""
        return self.run.result.method.name


@dataclass(frozen=True)
class Look:
    """What the page shows besides the trials."""

    title: str = "Which motion is right?"
    height_px: int = 360
    """Height of a frame."""


@dataclass(frozen=True)
class StudyRequest:
    """What is asked for."""

    sources: Sequence[StudySource]
    questions: tuple[Question, ...]
    options: StudyOptions = field(default_factory=StudyOptions)
    look: Look = field(default_factory=Look)


def find_sources(runs: Sequence[ScoredRun], predictions: Sequence[Path]) -> list[StudySource]:
    """Return the runs with their predictions, which are found by their hash below some folders.

    Raises:
        BadStudyRequest: If there are fewer than two methods, two of one name, or predictions are not found.
        NotComparable: If the runs are not on the same data.
    """
    if len(runs) < 2:
        raise BadStudyRequest(f"a study compares at least two results; {len(runs)} given. Name two folders of results.")
    names = [run.result.method.name for run in runs]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise BadStudyRequest(f"two of the results are of '{twice[0]}'; name one result per method.")
    for run in runs[1:]:
        if (run.result.track, run.result.data) != (runs[0].result.track, runs[0].result.data):
            raise NotComparable(f"{run.folder} and {runs[0].folder} are not on the same data; score both on the same.")
    known = submissions_by_hash(predictions)
    lost = [run.result.method.name for run in runs if run.result.predictions_sha256 not in known]
    if lost:
        raise BadStudyRequest(
            f"no predictions of {shorten(lost)} below {shorten([str(p) for p in predictions]) or 'any folder'}; "
            "give the folders that were scored with --predictions."
        )
    submissions = [read_submission(known[run.result.predictions_sha256]) for run in runs]
    return [StudySource(run, dict(s.files)) for run, s in zip(runs, submissions, strict=True) if s is not None]
