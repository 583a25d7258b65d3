"""The command ``score``."""

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import tyro

from ....datasets.errors import BenchError
from ....datasets.files import write_atomically
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
from ...clip_scoring import ClipScorer
from ...records import Result, result_text
from ...scoring import ScoredTrack, score_submission
from ...submission.problems import MAX_SHOWN, BadSubmission
from ...tracks import find_track, open_track
from .. import console


class BadWorkers(BenchError):
    """A number of workers that is not positive."""

    rule = "C005"


@dataclass(frozen=True)
class Score:
    """Score a folder of prediction files on a track.

    Reads prediction files and never runs a method. Everything is checked first, and every problem is named at once.
    Writes result.json, samples.csv and run.json below --out. A killed scoring is continued by the same command.

    Examples:
        retargetbench score runs/copy --track retarget/intents
        retargetbench score my-predictions.zip --track retarget/intents --json
        retargetbench score runs/copy --track retarget/open-characters --data-root ~/open-characters --against-source
    """

    predictions: tyro.conf.Positional[Path]
    """Submission folder (method.toml, index.csv, predictions/), or one packed as .zip, .tar or .tar.gz."""
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
    json: bool = False
    """Print result.json instead of a table."""

    def run(self) -> int:
        """Score, write the records and print the result."""
        if self.workers < 1:
            raise BadWorkers(f"--workers is {self.workers}; expected at least 1.")
        track = find_track(self.track)
        clip_set = open_track(track.id, self.variant, self.data_root)
        scored_track = ScoredTrack(track.id, track.variant(self.variant), clip_set, track.metric_keys)
        try:
            with ClipScorer(clip_set, min(self.workers, max(1, len(clip_set.pairs)))) as scorer:
                title = f"scoring {self.predictions.name}"
                scored = score_submission(self.predictions, scored_track, self.out, scorer=scorer, title=title)
        except BadSubmission as error:
            for problem in error.problems[:MAX_SHOWN]:
                console.fail(str(problem))
            console.say(f"{len(error.problems)} problems; nothing was scored, earlier results are as they were.")
            return 2
        print_result(scored.result, as_json=self.json)
        if self.against_source:
            comparisons = against_source(clip_set, scored.samples)
            write_atomically(scored.folder / SOURCE_FILE, against_source_text(comparisons).encode())
            if not self.json:
                print_exceptions(comparisons)
        console.say(f"Written to {scored.folder}")
        console.next_step(f"retargetbench compare {scored.folder} OTHER_RESULT")
        return 0


def print_result(result: Result, *, as_json: bool) -> None:
    """Print a result to stdout: ``result.json`` itself, or a table of all clips with the failures named."""
    if as_json:
        console.print_json(json.loads(result_text(result)))
        return
    console.result(f"{result.method.name} on {result.track} ({result.variant}, data {result.data[:12]})")
    rows = [
        (key, number(s.value), interval(s.lo, s.hi), s.unit, better(s.direction), str(s.n))
        for key, s in result.scores["all"].items()
    ]
    console.table(("metric", "value", "95 % interval", "unit", "better", "clips"), rows, align="lrlllr")
    notes = sorted({s.note for s in result.scores["all"].values() if s.note})
    for note in notes:
        console.result(note)
    if result.failures.count:
        console.result(f"{result.failures.count} clips failed and count the worst case of every metric.")


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
