"""The audit over many clips: in worker processes, with progress, continued by the same call after a kill."""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import as_completed
from dataclasses import asdict, dataclass, replace
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ...datasets.clip_set import ClipSet, PairSpec
from ...datasets.workers import start_workers
from ..clip_scores import ClipScores, code_identity, identity_of
from .judging import JudgeName
from .measuring import AuditRequest, caption_of, measure

if TYPE_CHECKING:
    from ...metrics.semantics.judge import Judge, Looking

_CODE = ("benchmark.audit.damages",)
_CODE_OF_JUDGES = ("metrics.semantics", "datasets.rendering")
_MODULES = ("case.py", "measuring.py", "judging.py")
"""Beside the damages: what a clip's numbers depend on. Statistics and pages are made anew every time."""
KEPT_FILE = "clips.jsonl"
_IMPORTS = ("retargetbench.benchmark.audit.measuring", "retargetbench.metrics.semantics.blip2")


@dataclass(frozen=True)
class AuditedJudge:
    """A judge, as far as its numbers depend on it: one whose weights or looking changed has measured nothing yet."""

    name: JudgeName
    fingerprint: str
    looking: "Looking"
    """What it is shown of a clip."""


@dataclass(frozen=True)
class AuditRun:
    """What is measured of clips: geometry metrics, or one judge.

    Each is kept by itself: another judge costs no geometry again.
    """

    clips: ClipSet
    """Picklable when there is more than one worker."""
    request: AuditRequest
    judge: AuditedJudge | None = None

    def identity(self, clip_id: str) -> str:
        """Return a hash of all that a clip's numbers depend on."""
        request = self.request
        asked = [list(request.damages), list(request.keys), request.seed]
        judge = None if self.judge is None else [self.judge.fingerprint, asdict(self.judge.looking)]
        words = None if self.judge is None else caption_of(self.clips, clip_id)
        code = [code_identity(), audit_identity(self.judge is not None)]
        return identity_of(self.clips.data_sha256, clip_id, asked, judge, words, code)

    def undamaged(self) -> "AuditRun":
        """Return the same without damages: what a judge's admissibility asks for and nothing else."""
        return replace(self, request=replace(self.request, damages=()))

    def known(self, clip_ids: Sequence[str], folder: Path) -> int:
        """Return how many clips an earlier call has finished."""
        kept = ClipScores(folder / KEPT_FILE)
        return sum(kept.find(self.identity(clip_id)) is not None for clip_id in clip_ids)


@cache
def audit_identity(judged: bool) -> str:
    """Return a hash of the code of the damages and, where a judge measures, of judges and pictures."""
    digest = hashlib.sha256()
    for package in (*_CODE, *(_CODE_OF_JUDGES if judged else ())):
        for name, content in _sources(files(f"retargetbench.{package}"), package):
            digest.update(name.encode() + content)
    for module in _MODULES:
        digest.update((files("retargetbench.benchmark.audit") / module).read_bytes())
    return digest.hexdigest()


def _sources(folder: Traversable, name: str) -> Iterator[tuple[str, bytes]]:
    for entry in sorted(folder.iterdir(), key=lambda one: one.name):
        if entry.is_dir():
            yield from _sources(entry, f"{name}/{entry.name}")
        elif entry.name.endswith(".py"):
            yield f"{name}/{entry.name}", entry.read_bytes()


def sampled(pairs: Sequence[PairSpec], count: int | None, seed: int) -> tuple[str, ...]:
    """Return the clip ids of a sample drawn by seed, sorted; a larger sample holds a smaller one.

    Args:
        pairs: Of the clip set.
        count: How many; ``None``, or more than there are: all.
        seed: Draws.
    """
    names = sorted(pair.clip_id for pair in pairs)
    order = np.random.default_rng([seed, len(names)]).permutation(len(names))
    return tuple(sorted(names[i] for i in order[:count]))


def run_audit(
    run: AuditRun, clip_ids: Sequence[str], folder: Path, *, workers: int = 1, done: Callable[[], None] | None = None
) -> dict[str, Mapping[str, float]]:
    """Measure clips and return their numbers by clip id, in the order asked for.

    Each finished clip is a line of a file in ``folder``; the same call after a kill reads those and does the others.

    Args:
        run: What is measured.
        clip_ids: Which clips.
        folder: Where the finished ones are kept.
        workers: Processes; 1 means this one. The numbers do not depend on it.
        done: Called for every clip that is finished now.
    """
    kept = ClipScores(folder / KEPT_FILE)
    identities = {clip_id: run.identity(clip_id) for clip_id in clip_ids}
    found = {clip_id: kept.find(identity) for clip_id, identity in identities.items()}
    missing = [clip_id for clip_id, numbers in found.items() if numbers is None]
    for clip_id, numbers in _measured(run, missing, workers):
        kept.keep(identities[clip_id], numbers)
        found[clip_id] = numbers
        if done is not None:
            done()
    return {clip_id: numbers for clip_id, numbers in found.items() if numbers is not None}


def _measured(run: AuditRun, clip_ids: Sequence[str], workers: int) -> Iterator[tuple[str, dict[str, float]]]:
    if not clip_ids:
        return
    if workers == 1:
        worker = _Worker(run)
        for clip_id in clip_ids:
            yield clip_id, worker.measure(clip_id)
        return
    with start_workers(min(workers, len(clip_ids)), _IMPORTS, _start, (run,)) as pool:
        futures = {pool.submit(_measure_here, clip_id): clip_id for clip_id in clip_ids}
        try:
            for future in as_completed(futures):
                yield futures[future], future.result()
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


class _Worker:
    """One process's judge and clips, with one thread of torch."""

    def __init__(self, run: AuditRun) -> None:
        self._run = run
        judge = run.judge
        self._judges: list[tuple[Judge, Looking]] = [] if judge is None else [(judge.name.load(), judge.looking)]

    def measure(self, clip_id: str) -> dict[str, float]:
        """Measure one clip."""
        import torch

        before = torch.get_num_threads()
        torch.set_num_threads(1)
        try:
            return measure(self._run.clips, clip_id, self._run.request, self._judges)
        finally:
            torch.set_num_threads(before)


_worker: _Worker | None = None


def _start(run: AuditRun) -> None:
    global _worker
    _worker = _Worker(run)


def _measure_here(clip_id: str) -> dict[str, float]:
    if _worker is None:
        raise RuntimeError("a worker was given work before it was started")
    return _worker.measure(clip_id)
