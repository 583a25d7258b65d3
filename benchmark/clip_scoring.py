"""Score single clips, in this process or spread over worker processes; the numbers do not depend on which."""

from collections.abc import Callable, Collection, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import Protocol, TypeVar

import numpy as np

from ..datasets.body import Motion, Skeleton
from ..datasets.clip_set import ClipSet, PairData
from ..datasets.workers import start_workers
from ..metrics.declarations import worst_case


class OfClip(Protocol):
    """Any work on one clip."""

    @property
    def clip_id(self) -> str:
        """Which clip; no two jobs that are spread together have the same."""
        ...


J = TypeVar("J", bound=OfClip)
R = TypeVar("R")

_METRICS = "retargetbench.metrics.geometry"
"""Torch, SciPy and Warp: seconds."""


@dataclass(frozen=True)
class ClipJob:
    """One clip to score; small and picklable."""

    clip_id: str
    prediction: Path | None
    """The prediction file; ``None`` for a clip that the method failed on."""
    keys: tuple[str, ...]
    """Metrics to compute, as far as they apply."""
    is_ground_truth: bool = False
    """Whether the prediction is the last of the pair's right answers, which then is no reference for itself."""


def score_clip(clip_set: ClipSet, job: ClipJob) -> dict[str, float]:
    """Return every metric of a job's keys that applies to its clip; a failed clip gets the worst cases."""
    from ..datasets.readers.clip_npz import read_clip
    from ..metrics.geometry import geometry_scores

    pair = clip_set.load(job.clip_id)
    if job.is_ground_truth:
        pair = replace(pair, ground_truths=pair.ground_truths[:-1])
    spec, skeleton = pair.spec, pair.target.skeleton
    if job.prediction is None:
        return {key: worst_case(key) for key in _applicable_keys(pair, job.keys)}
    predicted = read_clip(job.prediction, skeleton, frame_count=spec.frame_count, fps=spec.fps)
    return geometry_scores(pair, predicted, job.keys)


def _applicable_keys(pair: PairData, keys: Collection[str]) -> list[str]:
    """Which metrics a clip has, found by scoring what always can be: the rest pose and, where known, the answer.

    The rest pose alone would not do: the precision of contacts, for one, has no value where no contact is made.
    """
    from ..metrics.geometry import geometry_scores

    still = _still(pair.target.skeleton, pair.spec.frame_count, pair.spec.fps)
    found = {key for motion in (still, *pair.ground_truths[:1]) for key in geometry_scores(pair, motion, keys)}
    return [key for key in keys if key in found]


def _still(skeleton: Skeleton, frame_count: int, fps: float) -> Motion:
    rotations = np.zeros((frame_count, skeleton.joint_count, 4), dtype=np.float32)
    rotations[..., 0] = 1.0
    return Motion(skeleton, rotations, np.tile(skeleton.rest_offsets_m[0], (frame_count, 1)), fps)


class ClipScorer:
    """Workers that score clips of one clip set; made once, used for any number of methods.

    Each worker computes with one thread. With one worker everything happens in this process. Use as a context manager.
    """

    def __init__(self, clip_set: ClipSet, workers: int, imports: Sequence[str] = ()) -> None:
        """Remember what to score; workers start with the first clip, or with ``start``.

        Args:
            clip_set: Must be picklable when there is more than one worker.
            workers: Number of processes; 1 means this one.
            imports: Names of modules that they will need beside the metrics.
        """
        self._clip_set, self._workers, self._imports = clip_set, workers, (_METRICS, *imports)
        self._pools: list[ProcessPoolExecutor] = []
        self._worker_of: dict[str, int] = {}

    def __enter__(self) -> "ClipScorer":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        for pool in self._pools:
            pool.shutdown(wait=False, cancel_futures=True)
        for pool in self._pools:
            pool.shutdown()

    def start(self) -> None:
        """Start the workers now rather than with the first clip, so that they load what they need meanwhile."""
        if self._workers > 1:
            for pool in self._started_pools():
                pool.submit(_get_ready)

    def scores(self, jobs: Sequence[ClipJob]) -> Iterator[tuple[ClipJob, dict[str, float]]]:
        """Score clips and yield each as soon as it is done, in no particular order."""
        yield from self.spread(jobs, score_clip)

    def spread(self, jobs: Sequence[J], work: Callable[[ClipSet, J], R]) -> Iterator[tuple[J, R]]:
        """Do any work that is done clip by clip and yield each result as soon as it is there, in no particular order.

        Args:
            jobs: One per clip; picklable, as are the results.
            work: A function of a module, given the clip set and a job.
        """
        if not jobs:
            return
        if self._workers == 1:
            with one_thread():
                for job in jobs:
                    yield job, work(self._clip_set, job)
            return
        pools = self._started_pools()
        waiting = {job.clip_id: job for job in jobs}
        running: dict[Future[R], tuple[int, J]] = {}
        idle = list(range(len(pools)))
        while waiting or running:
            while waiting and idle:
                worker = idle.pop()
                job = waiting.pop(self._next_clip(worker, waiting))
                self._worker_of[job.clip_id] = worker
                running[pools[worker].submit(_do, work, job)] = worker, job
            done, _ = wait(running, return_when=FIRST_COMPLETED)
            for future in done:
                worker, job = running.pop(future)
                idle.append(worker)
                yield job, future.result()

    def _next_clip(self, worker: int, waiting: Collection[str]) -> str:
        """The worker's own clips of an earlier method first (it remembers their sources), then new, then others'."""
        return min(waiting, key=lambda clip: (self._worker_of.get(clip, worker) != worker, clip not in self._worker_of))

    def _started_pools(self) -> list[ProcessPoolExecutor]:
        if not self._pools:
            self._pools = [
                start_workers(1, self._imports, _start_worker, (self._clip_set,)) for _ in range(self._workers)
            ]
        return self._pools


class one_thread:  # noqa: N801 (used like a function)
    """For a ``with`` block: one torch thread for a while: sums then have one order, on any machine load."""

    def __enter__(self) -> None:
        import torch

        self._before = torch.get_num_threads()
        torch.set_num_threads(1)

    def __exit__(self, *_: object) -> None:
        import torch

        torch.set_num_threads(self._before)


_worker_clip_set: ClipSet | None = None


def _start_worker(clip_set: ClipSet) -> None:
    global _worker_clip_set
    _worker_clip_set = clip_set


def _get_ready() -> None:
    """A worker of a pool begins with its first work."""


def _do(work: Callable[[ClipSet, J], R], job: J) -> R:
    if _worker_clip_set is None:
        raise RuntimeError("a worker was given work before it was started")
    return work(_worker_clip_set, job)
