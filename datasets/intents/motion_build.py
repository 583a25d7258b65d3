"""Building a set of motions: shard by shard, resumable; what misses its tolerances is solved again, then dropped.

A shard is the unit of work and of resumption; a finished one is never solved again.
"""

import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from ..body import Motion
from ..manifest import write_manifest
from ..workers import spread
from .bodies import key_vertices
from .checker import measure, misses, tolerances_for
from .motion_jobs import SEED, MotionJob, MotionSplit, body_of, motion_jobs
from .motion_shards import is_shard_of, join_shards, measured_entry, set_content, write_shard
from .packed import as_unpacked
from .solutions import pose_shard, solved_shard
from .solver import SolverSettings, solve

SHARD_MOTIONS = 12
ATTEMPTS = 3


@dataclass(frozen=True)
class Shard:
    """A file of a set and what it must hold."""

    path: Path
    jobs: tuple[MotionJob, ...]
    number: int | None = None
    """Of a shard of training: which one, to find what was solved of it before."""

    @property
    def is_done(self) -> bool:
        """Whether the file is there and holds just this; a list that grew or changed is solved again."""
        return is_shard_of(self.path, self.jobs)


def plan_shards(folder: Path, split: MotionSplit, count: int | None = None) -> tuple[Shard, ...]:
    """Return the shards ``<split>-<NNNN>.npz`` of a set.

    Args:
        folder: Where they go.
        split: Which motions.
        count: How many of them; ``None``: all. The shards of a longer set begin with those of a shorter one.
    """
    jobs = motion_jobs(split, count)
    starts = range(0, len(jobs), SHARD_MOTIONS)
    return tuple(
        Shard(
            folder / f"{split}-{number:04d}.npz",
            jobs[start : start + SHARD_MOTIONS],
            number if split == "train" else None,
        )
        for number, start in enumerate(starts)
    )


def solve_shards(
    shards: Sequence[Shard], *, processes: int = 1, device: str = "cpu", anew: bool = False
) -> Iterator[Shard]:
    """Solve those shards that are not done and yield each as soon as its file is there.

    Training's whose solution comes with the package are posed from it. Called again after it was killed it goes on with
    what is missing; the files do not depend on it.

    Args:
        shards: From ``plan_shards``.
        processes: How many are solved at a time.
        device: Where; equal seeds give equal bits on one machine, and other last digits on another kind.
        anew: Solve all that is missing, and take nothing from the package.
    """
    missing = [shard for shard in shards if not shard.is_done]
    for shard, _ in spread(partial(_solve, device=device, anew=anew), missing, processes, (__name__,)):
        yield shard


def finish_set(folder: Path, split: MotionSplit, shards: Sequence[Shard]) -> Path:
    """Write the manifest of a set whose shards are all done, and return its path.

    Training stays in its shards; the smaller sets become one file.
    """
    manifest = folder / f"{split}.manifest.json"
    paths = [shard.path for shard in shards]
    content = set_content(split, paths)
    if split != "train":
        join_shards(paths, folder / f"{split}.npz")
        paths = [folder / f"{split}.npz"]
    write_manifest(manifest, content, tuple(path.name for path in paths))
    return manifest


def _solve(shard: Shard, device: str, anew: bool) -> None:
    torch.set_num_threads(1)
    found = None if anew or shard.number is None else solved_shard(shard.number, shard.jobs)
    if found is not None:
        pose_shard(shard.jobs, shard.path, found)
    else:
        solve_shard(shard.jobs, shard.path, device=device)


def solve_shard(
    jobs: Sequence[MotionJob], path: Path, settings: SolverSettings | None = None, device: str = "cpu"
) -> None:
    """Solve the motions of a shard and write it.

    Args:
        jobs: Programs and bodies.
        path: Where the shard goes.
        settings: Weights and schedule of the solver; ``None``: the usual ones.
        device: Where everything is computed.
    """
    torch.set_num_threads(1)
    solved: list[dict[str, Any]] = []
    found: list[_Found] = []
    for number, job in enumerate(jobs):
        for clip in _solve_motion(job, settings, device):
            solved.append({"job": number, **clip.entry})
            if clip.motion is not None:
                found.append(clip)
    departures = [clip.departures for clip in found if clip.departures is not None]
    write_shard(path, jobs, solved, [clip.motion for clip in found if clip.motion is not None], departures)


@dataclass(frozen=True, eq=False)
class _Found:
    """A clip of a motion."""

    entry: dict[str, Any]
    """What is said of it."""
    motion: Motion | None
    """``None`` of a dropped one."""
    departures: NDArray[np.int16] | None
    """Of training's: what it can be posed from again."""


def _solve_motion(job: MotionJob, settings: SolverSettings | None, device: str) -> list[_Found]:
    """Solve one program on its bodies; one entry per clip."""
    program, keys = job.program, key_vertices()
    chosen = replace(settings or SolverSettings(), rounded=job.words == "train")
    bodies = {name: body_of(name) for name in job.bodies}
    # A body that is named again is to be given another right answer.
    answers = [job.bodies[:slot].count(name) for slot, name in enumerate(job.bodies)]
    done: dict[int, _Found] = {}
    for attempt in range(ATTEMPTS):
        left = [slot for slot in range(len(job.bodies)) if slot not in done or done[slot].motion is None]
        if not left:
            break
        # By motion and answer alone: a character retargeted to itself gets its own motion back.
        seed = zlib.crc32(f"{SEED}/{program.name}/{attempt}".encode())
        asked = [bodies[job.bodies[slot]] for slot in left]
        seeds = [(seed, answers[slot]) for slot in left]
        solution = solve(program, asked, keys=keys, seed=seeds, settings=chosen, device=device)
        departures = [None] * len(left) if solution.departures is None else list(solution.departures)
        for slot, body, motion, own in zip(left, asked, solution.motions, departures, strict=True):
            rotations, roots = as_unpacked(motion.local_rotations_wxyz, motion.root_translation_m)
            shipped = replace(motion, local_rotations_wxyz=rotations, root_translation_m=roots)
            measured = measure(program, body, shipped, keys)
            missed = misses(measured, tolerances_for(program))
            earlier = done[slot].entry["missed"] if slot in done else []
            entry = {
                "motion": program.name,
                "intent": program.intent,
                "body": job.bodies[slot],
                "slot": slot,
                "kept": not missed,
                "missed": [*earlier, *missed],
                "attempts": attempt + 1,
                "measured": measured_entry(measured),
            }
            done[slot] = _Found(entry, None if missed else motion, own)
    return [done[slot] for slot in range(len(job.bodies))]
