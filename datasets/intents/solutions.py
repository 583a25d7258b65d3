"""What solving found for training's motions, small enough to come with the package.

Solving the training set takes seven hours of one core, posing it from what was found minutes. A file holds the shards
of one after the other: what was measured of each clip, and its departures (``solver.departures``).

``python -m retargetbench.datasets.intents.bake.solved build/intents-train`` writes the files from solved shards.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import as_file, files
from itertools import takewhile
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..body import Motion
from ..manifest import read_manifest, verify_files, write_manifest
from .archive import write_arrays
from .bodies import key_vertices
from .motion_jobs import MotionJob, body_of
from .motion_shards import asked_of, is_shard_of, read_clips, read_entries, write_shard
from .packed import pack_departures, unpack_departures
from .solver import pose_departures
from .solver.rig import PARAMETERS

SHARDS_PER_FILE = 10
_TOLD = ("asked", "clips", "dropped")
_STYLE_TOLERANCE = 1e-4
_MANIFEST = "solved.manifest.json"


@dataclass(frozen=True, eq=False)
class SolvedShard:
    """What was found for the motions of a shard."""

    told: Mapping[str, Any]
    """``asked``, ``clips`` and ``dropped``, as the shard says them, and the ``styles`` that were departed from."""
    departures: tuple[NDArray[np.int16], ...]
    """Of each kept clip, [knots, PARAMETERS]."""


def solved_shard(number: int, jobs: Sequence[MotionJob]) -> SolvedShard | None:
    """Return what came with the package for a shard of training, if it is there and was found for the same motions.

    Args:
        number: Of the shard.
        jobs: What it must hold.
    """
    with as_file(files(__package__) / "data" / "solved") as folder:
        name = _file_name(number // SHARDS_PER_FILE)
        if not (folder / name).is_file():
            return None
        verify_files(folder, {name: read_manifest(folder / _MANIFEST, verify=False).content["files"][name]})
        shards = read_solved(folder / name)
    place = number % SHARDS_PER_FILE
    if place >= len(shards) or shards[place].told["asked"][: len(jobs)] != asked_of(jobs):
        return None
    found = _of_first(shards[place], len(jobs))
    return found if np.allclose(found.told["styles"], styles_of(jobs), rtol=0, atol=_STYLE_TOLERANCE) else None


def styles_of(jobs: Sequence[MotionJob]) -> list[list[float]]:
    """Return numbers by which another version of a style is noticed: its length, and means of what it moves.

    Departures are from a style, and mean nothing without it. The last digits of sines differ between machines, so these
    are compared with a tolerance and not hashed.
    """
    marks = []
    for job in jobs:
        track = job.program.track()
        moved = (track.free_wxyz, track.elbows, track.curls, track.root_l, track.feet, track.knees)
        marks.append([float(job.program.frame_count), *(round(float(np.abs(part).mean()), 6) for part in moved)])
    return marks


def _of_first(shard: SolvedShard, count: int) -> SolvedShard:
    """What was found for the first motions of a shard: a shorter list of motions begins with them."""
    told = shard.told
    rows = [row for row, clip in enumerate(told["clips"]) if clip["job"] < count]
    few = {
        "asked": told["asked"][:count],
        "styles": told["styles"][:count],
        "clips": [told["clips"][row] for row in rows],
        "dropped": [clip for clip in told["dropped"] if clip["job"] < count],
    }
    return SolvedShard(few, tuple(shard.departures[row] for row in rows))


def pose_shard(jobs: Sequence[MotionJob], path: Path, found: SolvedShard) -> None:
    """Write the shard that solving wrote, from what it found.

    Args:
        jobs: Programs and bodies.
        path: Where the shard goes.
        found: From ``solved_shard``.
    """
    clips, motions = found.told["clips"], list[Motion]()
    for number, job in enumerate(jobs):
        rows = [row for row, clip in enumerate(clips) if clip["job"] == number]
        if rows:
            bodies = [body_of(clips[row]["body"]) for row in rows]
            motions += pose_departures(job.program, bodies, [found.departures[row] for row in rows], key_vertices())
    write_shard(path, jobs, [*clips, *found.told["dropped"]], motions, found.departures)


def collect(folder: Path, out: Path, jobs: Sequence[Sequence[MotionJob]]) -> list[Path]:
    """Write what was found for training's shards in a folder, as far as they are there without a gap.

    Args:
        folder: Of ``data build intents --part train``.
        out: Where the files go, with their manifest; what is whole there already is kept.
        jobs: Of each of training's shards, in order.

    Returns:
        The files that were written now.
    """
    written: list[Path] = []
    there = (is_shard_of(folder / f"train-{number:04d}.npz", own) for number, own in enumerate(jobs))
    whole = sum(1 for _ in takewhile(bool, there))
    for first in range(0, whole, SHARDS_PER_FILE):
        numbers = range(first, min(first + SHARDS_PER_FILE, whole))
        path = out / _file_name(first // SHARDS_PER_FILE)
        if path.is_file() and len(read_solved(path)) == SHARDS_PER_FILE:
            continue
        told, departures = [], list[NDArray[np.int16]]()
        for number in numbers:
            shard = folder / f"train-{number:04d}.npz"
            said, arrays = read_entries(shard), read_clips(shard)
            told.append({key: said[key] for key in _TOLD} | {"styles": styles_of(jobs[number])})
            departures += [unpack_departures(arrays, clip, PARAMETERS) for clip in range(len(said["clips"]))]
        text = np.frombuffer(json.dumps(told, sort_keys=True).encode(), dtype=np.uint8)
        write_arrays(path, {**pack_departures(departures), "told": text}, smaller=True)
        written.append(path)
    names = tuple(path.name for path in out.glob("train-*.npz"))
    write_manifest(out / _MANIFEST, {"name": "intents-solved", "licence": "CC0-1.0"}, names)
    return written


def _file_name(number: int) -> str:
    return f"train-{number:03d}.npz"


@lru_cache(maxsize=2)
def read_solved(path: Path) -> tuple[SolvedShard, ...]:
    """Return the shards of a file of ``collect``."""
    with np.load(path, allow_pickle=False) as archive:
        arrays = dict(archive)
    shards, first = [], 0
    for told in json.loads(bytes(arrays["told"]).decode()):
        count = len(told["clips"])
        clips = range(first, first + count)
        shards.append(SolvedShard(told, tuple(unpack_departures(arrays, clip, PARAMETERS) for clip in clips)))
        first += count
    return tuple(shards)
