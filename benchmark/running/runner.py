"""Run a method on a track: the one thing it does is to write prediction files.

The same call continues a run that was stopped or killed. Nothing depends on the number of processes, on the order of
clips, or on how a run was split.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager, closing, nullcontext
from dataclasses import dataclass, field
from pathlib import Path

from ...datasets.clip_set import ClipSet
from ..submission.method_card import MethodCard
from ..submission.tables import Failure
from . import oracle
from .errors import BadRunOption
from .identity import RunIdentity, Shard, command_line, method_identity, numbered
from .memory import ProcessTable
from .methods import MethodSource
from .pool import Job, Outcome, Outcomes, Pool, default_workers
from .run_folder import RunFolder, open_run_folder
from .worker_process import Limits, WorkerProcess


@dataclass(frozen=True)
class RunPlan:
    """What to run."""

    clips: ClipSet
    track: str
    variant: str
    method: MethodSource
    out: Path
    seed: int = 0
    shard: Shard = field(default_factory=Shard)
    workers: int | None = None
    """Processes of the method; ``None``: one per core."""
    limits: Limits = field(default_factory=Limits)

    def __post_init__(self) -> None:
        if self.workers is not None and self.workers < 1:
            raise BadRunOption(f"--workers is {self.workers}; expected at least 1.")


@dataclass(frozen=True)
class RunSummary:
    """What a run has done."""

    out: Path
    card: MethodCard
    clips: int
    """Clips of this run or shard."""
    already: int
    """How many of them had been done before."""
    failures: tuple[Failure, ...]
    seconds: float
    """Seconds the method itself took for the clips done now."""
    frames: int


Watch = Callable[[Outcome], None]


def run_method(plan: RunPlan, watch: Callable[[int, int], AbstractContextManager[Watch]] | None = None) -> RunSummary:
    """Run a method and write its predictions.

    Args:
        plan: What to run.
        watch: Called once with (clips in all, clips done before); gives a context whose value is called per clip.

    Raises:
        BadPlugin: If the plug-in cannot be imported.
        BadMethod: If the method cannot be called or has a wrong card.
        MethodDoesNotStart: If its process dies while it is imported.
        OtherRun: If the output folder holds another run; it is left as it is.
        FolderInUse: If another process is writing into it.
        NoGroundTruth: If ground truth is asked for where there is none.
    """
    specs = numbered(plan.clips.pairs)
    mine = {number: specs[number] for number in plan.shard.numbers(len(specs))}
    if plan.method.kind == "oracle":
        oracle.require_ground_truth(plan.clips, [Job(number, spec) for number, spec in mine.items()])
    worker = None if plan.method.kind == "oracle" else WorkerProcess(plan.method, plan.limits, ProcessTable())
    with worker or nullcontext():
        about = {"card": oracle.CARD} if worker is None else worker.about
        card, method = method_identity(plan.method, about)
        shard = str(plan.shard) if plan.shard.count > 1 else None
        command = command_line(plan.method, plan.track, plan.variant, plan.seed)
        data = plan.clips.data_sha256
        identity = RunIdentity(plan.track, plan.variant, data, len(specs), method, plan.seed, shard, command)
        with open_run_folder(plan.out, identity, card) as folder:
            already = folder.finished() & mine.keys()
            jobs = [Job(number, spec) for number, spec in mine.items() if number not in already]
            outcomes = _watched(_outcomes(plan, folder, jobs, worker), folder, watch, (len(mine), len(already)))
            failures = tuple(
                Failure(o.job.spec.clip_id, o.rule, o.message)
                for o in sorted(outcomes, key=lambda o: o.job.number)
                if o.rule
            )
            folder.finish(mine, failures)
    seconds = sum(o.seconds for o in outcomes)
    frames = sum(o.job.spec.frame_count for o in outcomes if not o.rule)
    return RunSummary(plan.out, card, len(mine), len(already), failures, seconds, frames)


def _outcomes(plan: RunPlan, folder: RunFolder, jobs: list[Job], worker: WorkerProcess | None) -> Outcomes:
    if worker is None:
        return oracle.predict_ground_truth(plan.clips, jobs, folder.save)
    pool = Pool(plan.clips, plan.method, plan.limits, plan.seed, folder.save)
    return pool.run(jobs, plan.workers or default_workers(), worker)


def _watched(
    outcomes: Outcomes,
    folder: RunFolder,
    watch: Callable[[int, int], AbstractContextManager[Watch]] | None,
    counts: tuple[int, int],
) -> list[Outcome]:
    seen = []
    with closing(outcomes), watch(*counts) if watch else nullcontext(lambda outcome: None) as tell:
        for outcome in outcomes:
            if not outcome.rule and outcome.seconds:
                folder.note_time(outcome.job.spec.clip_id, outcome.seconds, outcome.job.spec.frame_count)
            seen.append(outcome)
            tell(outcome)
    return seen
