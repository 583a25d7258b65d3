"""What a report is made from: scored runs and, where they are at hand, the predictions behind them."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ..comparison import NoSuchResult, ScoredRun, load_run
from ..records import RESULT_FILE, RUN_FILE, Run, read_run
from ..submission.folder import Submission, read_folder
from ..submission.tables import INDEX


@dataclass(frozen=True)
class ReportSource:
    """One row of the report."""

    run: ScoredRun
    predictions: Path | None = None
    """The submission folder that was scored; without it the row has no pictures."""
    made: Run | None = None
    """``run.json``: machine and speed."""


def load_sources(results: Sequence[Path], predictions: Sequence[Path] = ()) -> list[ReportSource]:
    """Read scored runs and find each one's predictions by their hash, whatever their folders are called.

    Args:
        results: Folders of results, or folders above them: everything below is taken.
        predictions: Submission folders, or folders that hold some.

    Raises:
        NoSuchResult: If there is no result at or below a path.
        BadRecord: If a record cannot be read.
    """
    known = submissions_by_hash(predictions)
    sources: dict[Path, ReportSource] = {}
    for place in results:
        folders = _result_folders(place)
        if not folders:
            raise NoSuchResult(f"there is no {RESULT_FILE} at or below '{place}'; give a folder written by score.")
        for folder in folders:
            run = load_run(folder)
            made = read_run(folder / RUN_FILE) if (folder / RUN_FILE).is_file() else None
            sources[folder.resolve()] = ReportSource(run, known.get(run.result.predictions_sha256), made)
    return list(sources.values())


def _result_folders(place: Path) -> list[Path]:
    if place.is_file():
        return [place.parent]
    return sorted(path.parent for path in place.rglob(RESULT_FILE)) if place.is_dir() else []


def submissions_by_hash(places: Sequence[Path]) -> dict[str, Path]:
    """Return the submission folders at or below some folders by the hash of their predictions."""
    found = {}
    for place in places:
        for index in sorted(place.rglob(INDEX)):
            submission = read_submission(index.parent)
            if submission is not None:
                found[submission.predictions_sha256()] = index.parent
    return found


def read_submission(folder: Path) -> Submission | None:
    """Return a submission whose files are all there, or ``None``: a broken one just gives no pictures."""
    submission, problems = read_folder(folder)
    if submission is None or problems or not all(file.is_file() for file in submission.files.values()):
        return None
    return submission
