"""Judge a submission against a track: every problem at once, nothing executed, nothing large loaded."""

import json
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ...datasets.clip_set import ClipSet, PairSpec
from ...datasets.errors import shorten, suggestion
from .archive import MAX_FILE_BYTES, opened
from .clip_files import ClipFileJudge
from .folder import RUN, Submission, read_folder
from .method_card import MethodCard
from .problems import MAX_SUGGESTIONS, BadSubmission, Problem, unknown_items
from .tables import FAILURES, INDEX, PREDICTIONS

_NO_INDEX = {"S005", "S010", "S011", "S020"}
"""After these problems of index.csv it says nothing about which clips and files are there."""


@dataclass(frozen=True)
class CheckReport:
    """The answer of ``check``."""

    problems: tuple[Problem, ...]
    """Everything that is wrong; empty for a submission that can be scored."""
    card: MethodCard | None
    clips_expected: int
    clips_predicted: int
    clips_failed: int
    """Clips declared in failures.csv: valid, but scored with the worst case."""


def check_submission(path: Path, clips: ClipSet) -> CheckReport:
    """Judge a submission folder or archive against a track's clip set.

    Only files inside the submission are read; none is executed or unpickled, and sizes are limited before anything is
    allocated.
    """
    try:
        with opened(path) as folder:
            return check_folder(folder, clips)
    except BadSubmission as error:
        return CheckReport(error.problems, None, len(clips.pairs), 0, 0)


def check_folder(folder: Path, clips: ClipSet) -> CheckReport:
    """Judge a submission folder against a track's clip set."""
    specs = {spec.clip_id: spec for spec in clips.pairs}
    files, problems = walk(folder, most_files=1000 + 4 * len(specs))
    if problems:  # links, special files, far too many files: nothing in there is opened
        return CheckReport(tuple(problems), None, len(specs), 0, 0)
    if not files:
        message = "the folder is empty; expected method.toml, index.csv and predictions/<NNNNN>.npz."
        return CheckReport((Problem("S002", message),), None, len(specs), 0, 0)
    submission, problems = read_folder(folder)
    wrong_run = run_problems(folder, clips.data_sha256)
    if any(p.rule == "S024" for p in wrong_run):  # says the same, and why
        problems = [p for p in problems if (p.rule, p.where) != ("S005", INDEX)]
    problems += wrong_run
    if submission is None:
        return CheckReport(tuple(problems), None, len(specs), 0, 0)
    index_is_whole = not wrong_run and not any(p.where == INDEX and p.rule in _NO_INDEX for p in problems)
    problems += _coverage(submission, specs, index_is_whole=index_is_whole)
    problems += _file_problems(submission, specs, clips, files)
    if index_is_whole:
        problems += _unlisted(submission, files)
    predicted = len(submission.files.keys() & specs.keys())
    failed = len(submission.failures.keys() & specs.keys())
    return CheckReport(tuple(problems), submission.card, len(specs), predicted, failed)


def walk(folder: Path, *, most_files: int) -> tuple[dict[str, int], list[Problem]]:
    """Return relative name -> size of every file, and links, special files or too many of them as problems."""
    files: dict[str, int] = {}
    problems: list[Problem] = []
    for name, status in _entries(folder):
        if stat.S_ISREG(status.st_mode):
            files[name] = status.st_size
        else:
            kind = "a symbolic link" if stat.S_ISLNK(status.st_mode) else "not a regular file"
            problems.append(Problem("S003", f"is {kind}; replace it by the file itself.", name))
        if len(files) + len(problems) > most_files:
            message = f"there are more than {most_files} files; a submission has one file per clip and a few more."
            return files, [Problem("S004", message)]
    return files, problems


def _entries(folder: Path, prefix: str = "") -> Iterator[tuple[str, os.stat_result]]:
    with os.scandir(folder) as entries:
        for entry in sorted(entries, key=lambda e: e.name):
            if entry.is_dir(follow_symlinks=False):
                yield from _entries(Path(entry.path), f"{prefix}{entry.name}/")
            else:
                yield prefix + entry.name, entry.stat(follow_symlinks=False)


def run_problems(folder: Path, data_sha256: str, *, written_last: str = INDEX) -> list[Problem]:
    """Return what ``run.json`` says against scoring a folder; one that was not written by ``run`` has none.

    Args:
        folder: The submission.
        data_sha256: The track's data version.
        written_last: The file without which a run has not finished.
    """
    path = folder / RUN
    if not path.is_file() or path.stat().st_size > 1 << 20:
        return []
    try:
        run = json.loads(path.read_bytes())
    except (ValueError, RecursionError):
        return [Problem("S010", "is not JSON; delete it, or restore what `retargetbench run` wrote.", RUN)]
    if not isinstance(run, dict):
        return [Problem("S010", "is not a JSON object; delete it, or restore what `retargetbench run` wrote.", RUN)]
    problems = []
    data = run.get("data")
    if isinstance(data, str) and data != data_sha256:
        message = f"the predictions were made for data {data[:12]}, the track has {data_sha256[:12]}; run it again."
        problems.append(Problem("S025", message, RUN))
    shard = run.get("shard")
    if shard:
        message = f"this is shard {shard} of a split run; join all shards with `retargetbench merge` first."
        problems.append(Problem("S024", message, RUN))
    elif not (folder / written_last).is_file():
        problems.append(
            Problem("S024", "the run has not finished; the same `retargetbench run` command continues it.", RUN)
        )
    return problems


def _coverage(submission: Submission, specs: dict[str, PairSpec], *, index_is_whole: bool) -> list[Problem]:
    problems = unknown_items(submission.files, specs, INDEX, "clip")
    problems += unknown_items(submission.failures, specs, FAILURES, "clip")
    for clip_id in sorted(submission.files.keys() & submission.failures.keys()):
        message = f"the clip '{clip_id[:120]}' is in {INDEX} and in {FAILURES}; keep it in one of them."
        problems.append(Problem("S015", message, FAILURES))
    missing = sorted(specs.keys() - submission.files.keys() - submission.failures.keys())
    if missing and index_is_whole:
        message = (
            f"{len(missing)} of {len(specs)} clips are missing: {shorten(missing, 3)}. Predict them, or list them in "
            f"{FAILURES} (clip_id,rule,message)."
        )
        problems.append(Problem("S017", message, INDEX))
    return problems


def _file_problems(
    submission: Submission, specs: dict[str, PairSpec], clips: ClipSet, files: dict[str, int]
) -> list[Problem]:
    problems: list[Problem] = []
    judge = ClipFileJudge(clips)
    unlisted = _unlisted_files(submission, files)
    for clip_id, path in submission.files.items():
        name = path.relative_to(submission.folder).as_posix()
        if name not in files:
            near = suggestion(name, unlisted, most=1) if len(problems) < MAX_SUGGESTIONS and unlisted else ""
            message = f"{INDEX} lists it for '{clip_id[:120]}', but there is no such file.{near}"
            problems.append(Problem("S018", message, name))
        elif files[name] > MAX_FILE_BYTES:
            size = f"{files[name] / 1e6:,.0f} MB"
            problems.append(Problem("S020", f"has {size}; a prediction has at most {MAX_FILE_BYTES >> 20} MiB.", name))
        elif clip_id in specs:
            problems += judge.problems(path, clip_id, name)
    return problems


def _unlisted(submission: Submission, files: dict[str, int]) -> list[Problem]:
    message = f"no line of {INDEX} names it; list it or delete it."
    return [Problem("S019", message, name) for name in _unlisted_files(submission, files)]


def _unlisted_files(submission: Submission, files: dict[str, int]) -> list[str]:
    listed = {path.relative_to(submission.folder).as_posix() for path in submission.files.values()}
    return [name for name in files if name.startswith(f"{PREDICTIONS}/") and name not in listed]
