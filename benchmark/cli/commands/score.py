"""The command ``score``."""

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import tyro

from ....datasets.errors import BenchError
from ....datasets.files import write_atomically
from ....metrics.semantics.declarations import NOT_VALIDATED, is_semantic_key
from ....metrics.semantics.source import Precision
from ...against_source import (
    PENETRATION,
    PENETRATION_LIMIT,
    SKATE_RATIO,
    SOURCE_FILE,
    SPEED_RATIO,
    SourceComparison,
    against_source,
    against_source_text,
)
from ...cautions import table_cautions
from ...clip_scoring import ClipScorer
from ...judging.seats import SeatOptions, open_seats, worker_imports
from ...one_file.doors import DOORS, score_on
from ...records import Result, result_text
from ...records import Score as ScoreRecord
from ...scoring import ScoredTrack, score_submission
from ...submission.problems import MAX_SHOWN, BadSubmission
from ...tracks import Track, WrongTask, find_track, open_track
from .. import console


class BadWorkers(BenchError):
    """A number of workers that is not positive."""

    rule = "C005"


@dataclass(frozen=True)
class Score:
    """Score a folder of prediction files on a track.

    Reads prediction files and never runs a method. Everything is checked first, and every problem is named at once.
    Writes result.json, samples.csv and run.json below --out. A killed scoring is continued by the same command.

    With --judge, a vision-language model looks at pictures of every source and every result, and semantic scores stand
    beside the geometry (docs/judges.md). Name all judges in one command: a result holds those of its last scoring.

    Examples:
        retargetbench score runs/copy --track retarget/intents
        retargetbench score my-predictions.zip --track retarget/intents --json
        retargetbench score my-embeddings --track retrieval/intents --variant detailed
        retargetbench score my-classes --track recognition/intents
        retargetbench score runs/copy --track retarget/open-characters --data-root ~/open-characters --against-source
        retargetbench score runs/copy --judge clip --judge-folder ~/clip-vit-large-patch14
        retargetbench score runs/copy --judge blip2 --judge clip --judge-folder blip2=A --judge-folder clip=B
    """

    predictions: tyro.conf.Positional[Path]
    """Submission folder (method.toml, index.csv, predictions/; of a retrieval track embeddings.npz, of a recognition
    track scores.csv or ranking.csv), or one packed as .zip, .tar or .tar.gz."""
    track: str = "retarget/intents"
    """Track id; `retargetbench ls tracks` lists them."""
    variant: str | None = None
    """Variant of the track; by default its first one."""
    data_root: Path | None = None
    """Folder with the track's files, for tracks whose data does not come with the package."""
    out: Path = Path("results")
    """Folder that results are collected in."""
    workers: int = min(os.cpu_count() or 1, 8)
    """Worker processes; the numbers do not depend on it."""
    against_source: bool = False
    """Also compare root speed, skate and penetration with the source's own, clip by clip; writes against_source.csv."""
    judge: Annotated[tuple[str, ...], tyro.conf.UseAppendAction] = ()
    """Kind of judge, or KIND:OWNER/NAME[@REVISION]; may be given several times. See `retargetbench ls judges`."""
    judge_folder: Annotated[tuple[str, ...], tyro.conf.UseAppendAction] = ()
    """Folder with the judge's weights; with several judges JUDGE=FOLDER, once for each that has one."""
    judge_device: str = "cpu"
    """Where judges compute: cpu, cuda, cuda:1."""
    judge_precision: Precision = "float32"
    """Number format of the judges' weights; another one is another judge, with columns of its own."""
    renderer: str = "builtin"
    """Who makes the judges' pictures: builtin, or pytorch3d where it is installed (with columns of its own)."""
    json: bool = False
    """Print result.json instead of a table."""

    def run(self) -> int:
        """Score, write the records and print the result."""
        if self.workers < 1:
            raise BadWorkers(f"--workers is {self.workers}; expected at least 1.")
        track = find_track(self.track)
        if track.task in DOORS:
            return self._score_file(track)
        options = SeatOptions(self.renderer, self.judge_device, self.judge_precision)
        seats = open_seats(self.judge, self.judge_folder, options)
        clip_set = open_track(track.id, self.variant, self.data_root)
        scored_track = ScoredTrack(track.id, track.variant(self.variant), clip_set, track.metric_keys, seats)
        try:
            workers = min(self.workers, max(1, len(clip_set.pairs)))
            with ClipScorer(clip_set, workers, worker_imports(seats)) as scorer:
                title = f"scoring {self.predictions.name}"
                scored = score_submission(self.predictions, scored_track, self.out, scorer=scorer, title=title)
        except BadSubmission as error:
            return _refuse(error)
        print_result(scored.result, as_json=self.json)
        if self.against_source:
            comparisons = against_source(clip_set, scored.samples)
            write_atomically(scored.folder / SOURCE_FILE, against_source_text(comparisons).encode())
            if not self.json:
                print_exceptions(comparisons)
        console.say(f"Written to {scored.folder}")
        console.next_step(f"retargetbench compare {scored.folder} OTHER_RESULT")
        return 0

    def _score_file(self, track: Track) -> int:
        """The same for what answers for the whole test at once."""
        if self.judge or self.judge_folder or self.against_source:
            raise WrongTask(
                f"{track.id} is a {track.task} track: --judge and --against-source look at retargeted motions."
            )
        try:
            scored = score_on(track, self.variant, self.data_root, self.predictions, self.out)
        except BadSubmission as error:
            return _refuse(error)
        print_result(scored.result, as_json=self.json)
        console.say(f"Written to {scored.folder}")
        console.next_step(f"retargetbench compare {scored.folder} OTHER_RESULT")
        return 0


def _refuse(error: BadSubmission) -> int:
    for problem in error.problems[:MAX_SHOWN]:
        console.fail(str(problem))
    console.say(f"{len(error.problems)} problems; nothing was scored, earlier results are as they were.")
    return 2


def print_result(result: Result, *, as_json: bool) -> None:
    """Print a result to stdout: ``result.json`` itself, or a table of all clips with the failures named."""
    if as_json:
        console.print_json(json.loads(result_text(result)))
        return
    console.result(f"{result.method.name} on {result.track} ({result.variant}, data {result.data[:12]})")
    rows = [
        (
            *(key, number(s.value), interval(s.lo, s.hi), s.unit, better(s.direction), str(s.n)),
            NOT_VALIDATED if is_semantic_key(key) else "",
        )
        for key, s in result.scores["all"].items()
    ]
    console.table(("metric", "value", "95 % interval", "unit", "better", "clips", ""), rows, align="lrlllr")
    for note in notes(result.scores["all"]):
        console.result(note)
    if result.failures.count:
        console.result(f"{result.failures.count} clips failed and count the worst case of every metric.")


def notes(scores: Mapping[str, ScoreRecord]) -> list[str]:
    """Return what must be said below a table of scores: missing intervals, failed audits, who the judges are."""
    own = {s.note for key, s in scores.items() if s.note and not is_semantic_key(key)}
    beside = {s.note.partition("; ")[2] for key, s in scores.items() if s.note and is_semantic_key(key)}
    return [*sorted((own | beside) - {""}), *table_cautions(scores)]


def print_exceptions(comparisons: Sequence[SourceComparison]) -> None:
    """Print the clips that stray from their source: each value with the source's own behind a slash."""
    straying = [one for one in comparisons if one.exceptions]
    console.result(
        f"{len(straying)} of {len(comparisons)} clips stray from their source: root speed outside "
        f"{SPEED_RATIO[0]:g} to {SPEED_RATIO[1]:g} times its own, skate over {SKATE_RATIO:g} times its own, or "
        f"{PENETRATION} over {PENETRATION_LIMIT:g} %"
    )
    rows = [
        (
            one.clip_id,
            f"{number(one.root_speed)} / {number(one.source_root_speed)}",
            f"{number(one.skate_mean)} / {number(one.source_skate_mean)}",
            f"{number(one.pen_limb)} / {number(one.source_pen_limb)}",
            ", ".join(one.exceptions),
        )
        for one in straying
    ]
    if rows:
        heads = ("clip", "root speed / source", "skate / source", "pen_limb / source", "exception")
        console.table(heads, rows, align="lrrrl")


def number(value: float | None) -> str:
    """Return a number with four significant digits, or a dash where there is none."""
    return "-" if value is None else f"{value:.4g}"


def interval(lo: float | None, hi: float | None) -> str:
    """Return an interval as text, or a dash where there is none."""
    return "-" if lo is None or hi is None else f"{lo:.4g} to {hi:.4g}"


def better(direction: str) -> str:
    """Return which way is better, in a word."""
    return "" if direction == "none" else direction
