"""The command ``submit``: a scored result becomes a row that can be committed."""

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

import tyro

from ..benchmark.cautions import table_cautions
from ..benchmark.cli import console
from ..benchmark.clip_scoring import ClipScorer
from ..benchmark.comparison import ScoredRun, load_run
from ..benchmark.records import RUN_FILE, SAMPLES_FILE, Result, read_run
from ..benchmark.running.methods import GROUND_TRUTH, installed_methods
from ..benchmark.scoring import score_submission
from ..benchmark.submission.folder import open_submission
from ..benchmark.tracks import find_track, open_track
from ..datasets.clip_set import ClipSet
from ..datasets.errors import BenchError
from ..metrics.audit import warning_of
from .consistency import altered_numbers, clip_problems
from .judges_again import judge_problems, track_again
from .rows import Row, Tolerance, Trust, file_sha256, row_path, write_row
from .tolerance import differing_numbers


class NotARow(BenchError):
    """A result that cannot become a row."""

    rule = "L002"


@dataclass(frozen=True)
class Submit:
    """Turn a scored result into a row of the leaderboard, ready to be committed.

    Everything is checked first: that the data is a version this program knows, that every number follows from the
    table of clips, that the clips are the track's; with --predictions also that scoring them again gives the same
    numbers. Problems are all named, and nothing is written then.

    Examples:
        retargetbench submit results/retarget/intents@*/copy/* --rows leaderboards/rows
        retargetbench submit results/retarget/intents@*/mine/* --predictions runs/mine --tolerance interval
    """

    result: tyro.conf.Positional[Path]
    """Folder of one result."""
    rows: Path = Path("leaderboards/rows")
    """Folder of the rows."""
    predictions: Path | None = None
    """The submission that was scored: it is scored again, and must give the same numbers."""
    tolerance: Literal["auto", "numerical", "interval"] = "auto"
    """What a repeated run of the method may differ by: `numerical` 1e-4 of each value, `interval` (for methods that
    iterate or are trained) the row's 95 % interval. auto: `interval` for methods with learned numbers."""
    data_root: Path | None = None
    """Folder with the track's files, for tracks whose data does not come with the package."""
    judge_folder: Annotated[tuple[str, ...], tyro.conf.UseAppendAction] = ()
    """JUDGE=FOLDER with a judge's weights, to score --predictions again; JUDGE as in the metric keys."""
    json: bool = False
    """Print {"row", "problems"} instead of the path."""

    def run(self) -> int:
        """Check the result and write the row."""
        run = load_run(self.result)
        clip_set = open_track(find_track(run.result.track).id, run.result.variant, self.data_root)
        problems = result_problems(run, clip_set)
        if self.predictions is not None and not problems:
            problems = rescoring_problems(run, self.predictions, clip_set, self.judge_folder)
        path = row_path(self.rows, run.result)
        if not problems:
            row = make_row(run, self._tolerance(run.result))
            write_row(path, row, (run.folder / SAMPLES_FILE).read_bytes())
            for caution in table_cautions(row.warnings):
                console.warn(caution)
        if self.json:
            console.print_json({"row": None if problems else str(path), "problems": problems})
        for problem in problems:
            console.fail(NotARow(problem))
        if problems:
            console.say(f"{len(problems)} problems; no row was written.")
            return 1
        if not self.json:
            console.result(str(path))
        console.next_step(f"retargetbench reproduce {path}")
        return 0

    def _tolerance(self, result: Result) -> Tolerance:
        if self.tolerance != "auto":
            return self.tolerance
        return "interval" if result.method.parameters else "numerical"


def result_problems(run: ScoredRun, clip_set: ClipSet) -> list[str]:
    """Return one sentence per reason why a result cannot become a row."""
    result = run.result
    if result.data != clip_set.data_sha256:
        return [
            f"the result was scored on data {result.data[:12]}, this version of {result.track} has "
            f"{clip_set.data_sha256[:12]}; score the predictions again."
        ]
    known = set(find_track(result.track).metric_keys)
    missing = sorted(known - set(run.samples.keys))
    problems = [f"the metrics {', '.join(missing)} were not scored; score all of the track's."] if missing else []
    return problems + clip_problems(run.samples, clip_set) + altered_numbers(result, run.samples)


def rescoring_problems(
    run: ScoredRun, predictions: Path, clip_set: ClipSet, judge_folders: tuple[str, ...] = ()
) -> list[str]:
    """Score predictions again and return one sentence per number of the result that they do not confirm."""
    result = run.result
    with open_submission(predictions) as submission:
        given = submission.predictions_sha256()
    if given != result.predictions_sha256:
        return [f"{predictions} holds other predictions ({given[:12]}) than were scored."]
    track = track_again(result, clip_set, judge_folders)
    with tempfile.TemporaryDirectory(prefix="retargetbench-") as place, ClipScorer(clip_set, 1) as scorer:
        again = score_submission(predictions, track, Path(place), scorer=scorer, title="scoring again")
    return judge_problems(result, again.result) or differing_numbers(result, again.result, tolerance="numerical")


def make_row(run: ScoredRun, tolerance: Tolerance) -> Row:
    """Return the row of a checked result, at trust level T1."""
    result = run.result.model_copy(update={"trust": "T1"})  # nobody submits a higher level
    if result.method.name == GROUND_TRUTH:
        made_by = "oracle"
    else:
        made_by = "method" if result.method.name in installed_methods() else "predictions"
    record = run.folder / RUN_FILE
    environment = read_run(record).environment if record.is_file() else {}
    return Row.model_validate(
        {
            "result": result,
            "samples_sha256": file_sha256(run.folder / SAMPLES_FILE),
            "made_by": made_by,
            "tolerance": tolerance,
            "environment": environment,
            "warnings": {key: text for key in result.scores["all"] if (text := warning_of(key))},
            "trust": Trust(level="T1"),
        }
    )
