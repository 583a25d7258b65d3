"""Many clips over a few processes of one method; what comes out does not depend on how many or in which order."""

import os
import queue
import threading
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from ...datasets.clip_set import ClipSet, PairSpec
from ..submission.clip_files import ClipFileJudge
from .identity import clip_seed
from .memory import ProcessTable
from .methods import MethodSource
from .worker_process import ClipFailed, Limits, WorkerProcess

Save = Callable[[int, Path], None]
_Todo: TypeAlias = "queue.SimpleQueue[Job]"
_Done: TypeAlias = "queue.SimpleQueue[Outcome | BaseException]"


@dataclass(frozen=True)
class Job:
    """One clip to do."""

    number: int
    spec: PairSpec


@dataclass(frozen=True)
class Outcome:
    """What became of a clip."""

    job: Job
    seconds: float = 0.0
    rule: str = ""
    """Empty for success, else the rule that the method broke."""
    message: str = ""
    printed: str = ""
    """The end of what the method printed, for a clip on which it failed."""


Outcomes = Generator[Outcome, None, None]


def default_workers() -> int:
    """Return the number of cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class Pool:
    """Threads that each feed one process of the method, restarted after every failure."""

    def __init__(self, clips: ClipSet, source: MethodSource, limits: Limits, seed: int, save: Save) -> None:
        self._clips, self._source, self._limits, self._seed, self._save = clips, source, limits, seed, save
        self._judge = ClipFileJudge(clips)
        self._processes = ProcessTable()
        self._loading = threading.Lock()  # a clip set need not be safe to use from two threads
        self._stopping = threading.Event()
        self._running: set[WorkerProcess] = set()

    def run(self, jobs: Sequence[Job], workers: int, started: WorkerProcess | None = None) -> Outcomes:
        """Do all jobs and give each outcome as it comes, in no particular order.

        Args:
            jobs: The clips.
            workers: How many processes at most.
            started: A process that is running already; it is used and closed.
        """
        todo: _Todo = queue.SimpleQueue()
        for job in jobs:
            todo.put(job)
        done: _Done = queue.SimpleQueue()
        count = max(1, min(workers, len(jobs)))
        firsts = [started, *[None] * (count - 1)]
        threads = [threading.Thread(target=self._work, args=(todo, done, first), daemon=True) for first in firsts]
        for thread in threads:
            thread.start()
        try:
            for _ in jobs:
                outcome = done.get()
                if isinstance(outcome, BaseException):
                    raise outcome
                yield outcome
        finally:
            self._stopping.set()
            for worker in tuple(self._running):
                worker.kill()
            for thread in threads:
                thread.join()

    def _work(self, todo: _Todo, done: _Done, first: WorkerProcess | None) -> None:
        worker = first
        if worker is not None:
            self._running.add(worker)
        try:
            while not self._stopping.is_set():
                try:
                    job = todo.get_nowait()
                except queue.Empty:
                    return
                if worker is None:
                    worker = WorkerProcess(self._source, self._limits, self._processes)
                    self._running.add(worker)
                outcome = self._do(job, worker)
                if outcome.rule:
                    self._running.discard(worker)
                    worker.close()
                    worker = None
                done.put(outcome)
        except BaseException as error:  # the main thread decides; without this it would wait for ever
            done.put(error)
        finally:
            if worker is not None:
                self._running.discard(worker)
                worker.close()

    def _do(self, job: Job, worker: WorkerProcess) -> Outcome:
        with self._loading:
            given = self._clips.method_input(job.spec.clip_id, clip_seed(self._seed, job.spec.clip_id))
        try:
            prediction, seconds = worker.retarget(given)
        except ClipFailed as failed:
            return Outcome(job, rule=failed.rule, message=failed.message, printed=worker.printed())
        with self._loading:
            problems = self._judge.problems(prediction, job.spec.clip_id, "")
        if problems:
            message = "returned a wrong motion: " + " ".join(problem.message for problem in problems)
            return Outcome(job, rule=problems[0].rule, message=message, printed=worker.printed())
        self._save(job.number, prediction)
        return Outcome(job, seconds=seconds)
