"""Make the numbers of committed rows again: run the method or score stored predictions, and compare."""

import tempfile
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Literal

from ..benchmark.clip_scoring import ClipScorer
from ..benchmark.records import Result
from ..benchmark.running.methods import GROUND_TRUTH, find_method
from ..benchmark.running.runner import RunPlan, run_method
from ..benchmark.scoring import score_submission
from ..benchmark.submission.method_card import MethodCard
from ..benchmark.tracks import open_track
from ..datasets.clip_set import ClipSet
from ..datasets.errors import BenchError
from .consistency import clip_problems, row_problems
from .judges_again import judge_problems, track_again
from .rows import Row, read_row
from .tolerance import differing_numbers

Outcome = Literal["reproduced", "not reproduced", "numbers follow"]

_LIMBS = ("left_arm", "left_hand", "right_arm", "right_hand", "left_leg", "right_leg")


@dataclass(frozen=True)
class Verdict:
    """What came of one row."""

    path: Path
    outcome: Outcome
    """``numbers follow``: the row agrees with its table of clips and the data, and no more was asked for."""
    how: str
    """How it was made again, in words."""
    problems: tuple[str, ...] = ()
    row: Row | None = None


@dataclass(frozen=True)
class Settings:
    """How rows are made again."""

    predictions: Mapping[str, Path] = field(default_factory=dict)
    """Hash of predictions -> their folder; a row whose predictions are here is scored again instead of run again."""
    data_root: Path | None = None
    workers: int = 1
    numbers_only: bool = False
    """Whether to stop after checking that each row follows from its table of clips and fits the data."""
    show_progress: bool = False
    judge_folders: tuple[str, ...] = ()
    """``JUDGE=FOLDER``, for rows judged by weights that come neither with the package nor from the hub."""


class Reproducer:
    """Reproduces rows one after the other; data and workers are shared. Use as a context manager."""

    def __init__(self, settings: Settings) -> None:
        """Nothing is opened yet."""
        self._settings = settings
        self._open = ExitStack()
        self._clip_sets: dict[tuple[str, str], ClipSet] = {}
        self._scorers: dict[tuple[str, str], ClipScorer] = {}

    def __enter__(self) -> "Reproducer":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._open.close()

    def reproduce(self, path: Path) -> Verdict:
        """Check one row and make its numbers again; a mistake of one row is its verdict and stops no other."""
        try:
            row, samples = read_row(path)
            clip_set = self._clip_set(row.result)
            problems = _data_problems(row.result, clip_set)
            if problems:
                return Verdict(path, "not reproduced", "it is of other data", tuple(problems), row)
            problems = row_problems(path, row, samples) + clip_problems(samples, clip_set)
            if problems:
                return Verdict(path, "not reproduced", "its numbers do not follow from its clips", tuple(problems), row)
            if row.invalidated is not None:
                why = f"not made again, invalidated: {row.invalidated.reason}"
                return Verdict(path, "numbers follow", why, (), row)
            if self._settings.numbers_only:
                return Verdict(path, "numbers follow", "not made again, as asked", (), row)
            return self._made_again(path, row, clip_set)
        except BenchError as error:
            return Verdict(path, "not reproduced", "it could not be made again", (str(error),))

    def _clip_set(self, result: Result) -> ClipSet:
        key = (result.track, result.variant)
        if key not in self._clip_sets:
            self._clip_sets[key] = open_track(result.track, result.variant, self._settings.data_root)
        return self._clip_sets[key]

    def _scorer(self, result: Result, clip_set: ClipSet) -> ClipScorer:
        key = (result.track, result.variant)
        if key not in self._scorers:
            self._scorers[key] = self._open.enter_context(ClipScorer(clip_set, self._settings.workers))
        return self._scorers[key]

    def _made_again(self, path: Path, row: Row, clip_set: ClipSet) -> Verdict:
        result = row.result
        with tempfile.TemporaryDirectory(prefix="retargetbench-") as place:
            stored = self._settings.predictions.get(result.predictions_sha256)
            if stored is None and row.made_by == "predictions":
                problem = (
                    f"no installed method is called '{result.method.name}' and its predictions "
                    f"({result.predictions_sha256[:12]}) were not given; name their folder with --predictions."
                )
                return Verdict(path, "not reproduced", "it could not be made again", (problem,), row)
            if stored is None:
                predictions = Path(place) / "predictions"
                problems = self._run(row, clip_set, predictions)
                if problems:
                    return Verdict(path, "not reproduced", "the method here is another one", tuple(problems), row)
            else:
                predictions = stored
            track = track_again(result, clip_set, self._settings.judge_folders)
            title = f"scoring {result.method.name}" if self._settings.show_progress else None
            scorer = self._scorer(result, clip_set)
            again = score_submission(predictions, track, Path(place) / "results", scorer=scorer, title=title).result
        return _verdict(path, row, again, clip_set, rescored=stored is not None)

    def _run(self, row: Row, clip_set: ClipSet, out: Path) -> list[str]:
        """Run the row's method into a folder; return what differs between it and the row's."""
        result = row.result
        plan = RunPlan(
            clips=clip_set,
            track=result.track,
            variant=result.variant,
            method=find_method(GROUND_TRUTH if row.made_by == "oracle" else result.method.name),
            out=out,
            seed=result.seed,
            workers=self._settings.workers,
        )
        return _method_problems(result, run_method(plan).card)


def _data_problems(result: Result, clip_set: ClipSet) -> list[str]:
    if result.data == clip_set.data_sha256:
        return []
    return [
        f"the row was scored on data {result.data[:12]}, here {result.track} ({result.variant}) is "
        f"{clip_set.data_sha256[:12]}; use the version of retargetbench that has it."
    ]


def _method_problems(result: Result, card: MethodCard) -> list[str]:
    problems = []
    for name, mine, here in (
        ("version", result.method.version, card.version),
        ("weights", result.method.weights_sha256, card.weights_sha256 or None),
    ):
        if mine != here:
            problems.append(f"the row's method has {name} {mine or 'none'}, the installed one {here or 'none'}.")
    return problems


def _verdict(path: Path, row: Row, again: Result, clip_set: ClipSet, *, rescored: bool) -> Verdict:
    same = again.predictions_sha256 == row.result.predictions_sha256
    tolerance = "numerical" if same else row.tolerance
    problems = judge_problems(row.result, again) or differing_numbers(row.result, again, tolerance=tolerance)
    if problems and not judge_problems(
        row.result, again
    ):  # loading every body only where a vertex more or less may be all the difference
        percent = one_vertex_percent(clip_set)
        problems = differing_numbers(row.result, again, tolerance=tolerance, vertex_percent=percent)
    if rescored:
        how = "its predictions were scored again"
    else:
        how = "the method was run again: " + ("identical predictions" if same else "predictions differ in their bits")
    how += ", every number within " + ("1e-4" if tolerance == "numerical" else "its interval") if not problems else ""
    return Verdict(path, "not reproduced" if problems else "reproduced", how, tuple(problems), row)


def one_vertex_percent(clip_set: ClipSet) -> float:
    """Return what share of the limb vertices one vertex is, in percent, on the target that has the fewest."""
    of_target = {spec.target: spec.clip_id for spec in clip_set.pairs}
    counts = [len(clip_set.load(clip_id).target.part_vertices(*_LIMBS)) for clip_id in of_target.values()]
    return 100 / max(min(counts, default=1), 1)
