"""The command ``demo``."""

import json
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from ...clip_scoring import ClipScorer
from ...comparison import ScoredRun, load_run
from ...progress import Progress
from ...records import result_text
from ...report.page import write_report
from ...report.sources import load_sources
from ...running.errors import OtherRun
from ...running.methods import GROUND_TRUTH, find_method
from ...running.pool import Outcome
from ...running.runner import RunPlan, Watch, run_method
from ...scoring import ScoredTrack, score_submission
from ...tracks import find_track, open_track
from .. import console
from ..method_table import print_methods

TRACK, VARIANT = "retarget/intents", "mini"
METHODS = ("rest-pose", "random", "copy-unscaled", "copy", "classical", GROUND_TRUTH)


@dataclass(frozen=True)
class Demo:
    """Run and score six methods on the built-in clips, offline, and write a report with pictures.

    Two floors (rest pose, random), rotation copy without and with root scaling, a classical optimiser, and the ground
    truth as the ceiling, on the 32 clips of `mini`. Predictions, result files and report.html are written below --out.
    """

    out: Path = Path("demo")
    """Folder for predictions, results and the report."""
    workers: int = min(os.cpu_count() or 1, 8)
    """Worker processes; the numbers do not depend on it."""
    json: bool = False
    """Print {"track": ..., "rows": [result.json, ...]} instead of a table."""

    def run(self) -> int:
        """Run, score, report."""
        started_s = time.monotonic()
        track = find_track(TRACK)
        scored_track = ScoredTrack(track.id, VARIANT, open_track(track.id, VARIANT), track.metric_keys)
        runs = self._scored_runs(scored_track)
        report = self.out / "report.html"
        sources = load_sources([run.folder for run in runs], [self.out / "predictions"])
        write_report(sources, report, clip_sets=[scored_track.clip_set])
        if self.json:
            rows = [json.loads(result_text(run.result)) for run in runs]
            console.print_json({"track": track.id, "rows": rows})
        else:
            console.result(f"{track.id}, {VARIANT}: {len(scored_track.clip_set.pairs)} clips\n")
            print_methods(runs)
        console.say(f"Report: {report}   Results: {self.out / 'results'}   ({time.monotonic() - started_s:.0f} s)")
        console.next_step(f"retargetbench run my-method --plugin my_method.py --out runs/my-method --track {track.id}")
        return 0

    def _scored_runs(self, track: ScoredTrack) -> list[ScoredRun]:
        runs = []
        with ClipScorer(track.clip_set, self.workers) as scorer:
            for name in METHODS:
                predictions = self.out / "predictions" / name.replace(":", "-")
                _run(name, track, predictions, self.workers)
                scored = score_submission(
                    predictions, track, self.out / "results", scorer=scorer, title=f"scoring {name}"
                )
                runs.append(load_run(scored.folder))
        return runs


def _run(name: str, track: ScoredTrack, out: Path, workers: int) -> None:
    plan = RunPlan(
        clips=track.clip_set,
        track=track.track_id,
        variant=track.variant,
        method=find_method(name),
        out=out,
        workers=workers,
    )

    @contextmanager
    def watch(total: int, already: int) -> Iterator[Watch]:
        with Progress(f"running {name}", total=total, already=already) as progress:

            def tell(outcome: Outcome) -> None:
                progress.advance(f"failed: {outcome.job.spec.clip_id}: {outcome.message}" if outcome.rule else "")

            yield tell

    try:
        run_method(plan, watch=watch)
    except OtherRun:  # an earlier demo, of another version of the package
        console.say(f"{out} holds predictions of another version; they are made again.")
        shutil.rmtree(out)
        run_method(plan, watch=watch)
