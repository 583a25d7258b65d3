"""The command ``run``."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import tyro

from ...one_file.doors import DOORS, Door
from ...one_file.running import OneFilePlan
from ...progress import Progress
from ...running.errors import BadRunOption
from ...running.identity import Shard
from ...running.methods import MethodSource, find_method
from ...running.pool import Outcome
from ...running.runner import RunPlan, RunSummary, Watch, run_method
from ...running.worker_process import Limits
from ...tracks import Track, find_track, open_data, open_track
from .. import console

EXIT_FAILURES = 1


@dataclass(frozen=True)
class Run:
    """Run a method on every clip of a track and write its predictions; `retargetbench score` reads them.

    A method is the name of an installed one (`retargetbench ls methods`), the function `retarget` of a file given with
    --plugin, or oracle:ground-truth; on a retrieval track two of its `embed_text`, `embed_motion`, `embed_video`,
    on a recognition track its function `classify`. The same command continues a run that was stopped. A clip on which
    the method fails is recorded in failures.csv, the others go on, and the exit code is 1; running again tries those
    clips again.

    The method runs in a process of its own with its own empty folder, closed input, a time and a memory limit, and
    copies of its input. That protects results from accidents. It is not a sandbox: run code you do not trust in a
    container.

    Examples:
        retargetbench run copy --track retarget/intents --out runs/copy
        retargetbench run mine --plugin my_method.py --track retarget/intents --out runs/mine
        retargetbench run copy --track retarget/intents --out runs/copy-1 --shard 1/2
        retargetbench run retrieval-random --track retrieval/intents --out runs/random
        retargetbench run recognition-random --track recognition/intents --out runs/random
    """

    method: tyro.conf.Positional[str]
    """Name of an installed method, any name for a --plugin, or oracle:ground-truth."""
    out: Path
    """Folder for the predictions; made when it does not exist."""
    track: str = "retarget/intents"
    """Track id; `retargetbench ls tracks` lists them."""
    variant: str | None = None
    """Variant of the track; by default its first one."""
    plugin: Path | None = None
    """Python file that defines retarget(source, motion, target, *, seed) -> Motion; for a retrieval track
    two or three of embed_text, embed_motion and embed_video(items, *, seed), each returning [items, width]; for a
    recognition track classify(motions, classes, *, seed), returning an array [motions, classes]."""
    shard: str = "1/1"
    """i/n does every n-th clip, beginning with the i-th; `retargetbench merge` joins the parts."""
    seed: int = 0
    """Seed of the run; every clip gets its own, made from this one and the clip id."""
    workers: int | None = None
    """Processes of the method; by default one per core. The predictions do not depend on it."""
    timeout_s: float = 600.0
    """Wall-clock seconds a method may take for one clip; on retrieval and recognition tracks for one call."""
    memory_gib: float = 16.0
    """Resident memory that the method's process and everything it starts may hold."""
    data_root: Path | None = None
    """Folder with the track's files, for tracks whose data does not come with the package."""
    json: bool = False
    """Print what was done as JSON."""

    def run(self) -> int:
        """Run the method; 1 when it failed on some clips."""
        track = find_track(self.track)
        method = find_method(self.method, self.plugin, track.task)
        shard = Shard.parse(self.shard)
        if track.task in DOORS:
            return self._run_once(track, DOORS[track.task], method, shard)
        plan = RunPlan(
            clips=open_track(track.id, self.variant, self.data_root),
            track=track.id,
            variant=track.variant(self.variant),
            method=method,
            out=self.out,
            seed=self.seed,
            shard=shard,
            workers=self.workers,
            limits=Limits(self.timeout_s, self.memory_gib, (self.data_root,) if self.data_root else ()),
        )
        summary = run_method(plan, watch=self._watch)
        if self.json:
            console.print_json(_as_json(summary))
        else:
            self._tell(summary)
        if shard.count > 1:
            console.next_step(f"retargetbench merge <all {shard.count} shards> --out <folder>")
        else:
            root = f" --data-root {self.data_root}" if self.data_root else ""
            console.next_step(f"retargetbench score {self.out} --track {track.id}{root}")
        return EXIT_FAILURES if summary.failures else 0

    def _run_once(self, track: Track, door: Door, method: MethodSource, shard: Shard) -> int:
        """The same for a method that is called once for all items of a kind."""
        if shard.count > 1 or self.workers is not None:
            raise BadRunOption(
                f"{track.id} is a {track.task} track, where a method is called once with all items of a kind; "
                "--shard and --workers have nothing to split."
            )
        plan = OneFilePlan(
            data=open_data(track, self.variant, self.data_root),
            track=track.id,
            variant=track.variant(self.variant),
            method=method,
            out=self.out,
            seed=self.seed,
            limits=Limits(self.timeout_s, self.memory_gib, (self.data_root,) if self.data_root else ()),
        )
        summary = door.run(plan)
        held = ", ".join(f"{count} {kind}" for kind, count in summary.counts.items())
        if self.json:
            card = summary.card.to_dict()
            items = dict(summary.counts)
            console.print_json({"out": str(summary.out), "method": card, "items": items, "lost": summary.lost})
        else:
            console.result(f"{door.answers} of {held} items in {summary.out}")
        if summary.lost:
            console.say(f"{summary.lost} items have no finite {door.answers}; they will be scored with the worst case.")
        variant = f" --variant {self.variant}" if self.variant else ""
        root = f" --data-root {self.data_root}" if self.data_root else ""
        console.next_step(f"retargetbench score {self.out} --track {track.id}{variant}{root}")
        return EXIT_FAILURES if summary.lost else 0

    @contextmanager
    def _watch(self, total: int, already: int) -> Iterator[Watch]:
        with Progress(f"run {self.method}", total=total, already=already) as progress:

            def tell(outcome: Outcome) -> None:
                """Say one clip's outcome."""
                note = f"failed: {outcome.job.spec.clip_id}: [{outcome.rule}] {outcome.message}" if outcome.rule else ""
                if outcome.printed:
                    note += f" The method's last words: {outcome.printed[-300:]}"
                progress.advance(note)

            yield tell

    def _tell(self, summary: RunSummary) -> None:
        done = summary.clips - len(summary.failures)
        speed = f", {summary.frames / summary.seconds:.0f} frames/s of the method" if summary.seconds else ""
        console.result(f"{done} of {summary.clips} clips predicted in {summary.out}{speed}")
        if summary.failures:
            console.table(["failed clip", "rule", "why"], [[f.clip_id, f.rule, f.message] for f in summary.failures])
            console.say(
                "They will be scored with each metric's worst case. The same command tries them again; "
                "a changed method needs another --out."
            )


def _as_json(summary: RunSummary) -> dict[str, Any]:
    return {
        "out": str(summary.out),
        "method": summary.card.to_dict(),
        "clips": summary.clips,
        "already": summary.already,
        "predicted": summary.clips - len(summary.failures),
        "failures": [{"clip_id": f.clip_id, "rule": f.rule, "message": f.message} for f in summary.failures],
        "method_s": summary.seconds,
        "frames": summary.frames,
    }
