"""The command ``demo``."""

import json
import os
import shutil
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from ....datasets.clip_set import ClipSet
from ...clip_scoring import ClipScorer
from ...comparison import ScoredRun, load_run
from ...judging.seats import shipped_seats, worker_imports
from ...progress import duration
from ...records import result_text
from ...report.page import write_report
from ...report.sources import load_sources
from ...running.errors import OtherRun
from ...running.methods import GROUND_TRUTH, find_method
from ...running.runner import RunPlan, run_method
from ...scoring import ScoredTrack, score_submission
from ...tracks import find_track, open_track
from .. import console
from ..method_table import print_methods

TRACK, VARIANT = "retarget/intents", "mini"
METHODS = (GROUND_TRUTH, "rest-pose", "random", "copy", "smt", "classical")
"""In the order in which they run: the slow one last, when there is most left to score beside it."""

JUDGES = ("tiny-blip2",)
"""Who looks at pictures of the clips, where its weights are in the package."""

ONE_PROCESS = frozenset(METHODS) - {"classical"}
"""Methods that take less time for all clips than a second process takes to start."""


@dataclass(frozen=True)
class Demo:
    """Run and score six methods on the built-in clips, offline, and write a report with pictures.

    Two floors (rest pose, random), rotation copy, a classical optimiser, the trained network SMT, and the ground truth
    as the ceiling, on the 32 clips of `mini`, by geometry and by the built-in judge. Predictions, result files and
    report.html are written below --out.

    Examples:
        retargetbench demo
        retargetbench demo --out ~/demo --workers 4
        retargetbench demo --json > rows.json
    """

    out: Path = Path("demo")
    """Folder for predictions, results and the report."""
    workers: int = min(os.cpu_count() or 1, 8)
    """Worker processes; the numbers do not depend on it."""
    no_judge: bool = False
    """Geometry only: nobody looks at pictures."""
    json: bool = False
    """Print {"track": ..., "rows": [result.json, ...]} instead of a table."""

    def run(self) -> int:
        """Run, score, report."""
        started_s = time.monotonic()
        track = find_track(TRACK)
        judges = () if self.no_judge else shipped_seats(JUDGES)
        scored_track = ScoredTrack(track.id, VARIANT, open_track(track.id, VARIANT), track.metric_keys, judges)
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
        """Run methods one after the other and score each while the next one runs."""
        # A clip set need not be safe to use from two threads: the methods' thread gets its own.
        plans = [self._plan(name, open_track(TRACK, VARIANT)) for name in METHODS]
        runs = []
        imports = worker_imports(track.judges)
        with ClipScorer(track.clip_set, self.workers, imports) as scorer, ThreadPoolExecutor(1) as thread:
            scorer.start()
            predicted = [thread.submit(_run, plan) for plan in plans]
            try:
                for plan, done in zip(plans, predicted, strict=True):
                    done.result()
                    title = f"scoring {plan.method.name}"
                    scored = score_submission(plan.out, track, self.out / "results", scorer=scorer, title=title)
                    runs.append(load_run(scored.folder))
            finally:
                thread.shutdown(wait=False, cancel_futures=True)
        return runs

    def _plan(self, name: str, clip_set: ClipSet) -> RunPlan:
        return RunPlan(
            clips=clip_set,
            track=TRACK,
            variant=VARIANT,
            method=find_method(name),
            out=self.out / "predictions" / name.replace(":", "-"),
            workers=1 if name in ONE_PROCESS else self.workers,
        )


def _run(plan: RunPlan) -> None:
    begin_s = time.monotonic()
    try:
        summary = run_method(plan)
    except OtherRun:  # an earlier demo, of another version of the package
        console.say(f"{plan.out} holds predictions of another version; they are made again.")
        shutil.rmtree(plan.out)
        summary = run_method(plan)
    kept = f", {summary.already} of them done before" if summary.already else ""
    console.say(f"ran {plan.method.name}: {summary.clips} clips{kept}, in {duration(time.monotonic() - begin_s)}")
    for failure in summary.failures:
        console.warn(f"{plan.method.name} failed on {failure.clip_id}: [{failure.rule}] {failure.message}")
