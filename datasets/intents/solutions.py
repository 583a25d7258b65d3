"""What solving found for training's motions, small enough to come with the package.

Solving the training set takes seven hours of one core, posing it from what was found minutes. A file holds the shards
of one after the other: what was measured of each clip, and its departures (``solver.departures``).

``python -m retargetbench.datasets.intents.solutions build/intents-train`` writes the files from solved shards.
"""

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..body import Motion
from .archive import write_arrays
from .bodies import key_vertices
from .motion_jobs import MotionJob, body_of
from .motion_shards import asked_of, read_clips, read_entries, write_shard
from .packed import pack_departures, unpack_departures
from .solver import pose_departures
from .solver.rig import PARAMETERS

SHARDS_PER_FILE = 10
_TOLD = ("asked", "clips", "dropped")


@dataclass(frozen=True, eq=False)
class SolvedShard:
    """What was found for the motions of a shard."""

    told: Mapping[str, Any]
    """``asked``, ``clips`` and ``dropped``, as the shard says them."""
    departures: tuple[NDArray[np.int16], ...]
    """Of each kept clip, [knots, PARAMETERS]."""


def solved_shard(number: int, jobs: Sequence[MotionJob]) -> SolvedShard | None:
    """Return what came with the package for a shard of training, if it is there and was found for the same motions.

    Args:
        number: Of the shard.
        jobs: What it must hold.
    """
    with as_file(files(__package__) / "data" / "solved") as folder:
        path = folder / _file_name(number // SHARDS_PER_FILE)
        if not path.is_file():
            return None
        shards = read_solved(path)
    place = number % SHARDS_PER_FILE
    if place >= len(shards) or shards[place].told["asked"] != asked_of(jobs):
        return None
    return shards[place]


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
    solved = [*({**clip, "kept": True} for clip in clips), *({**clip, "kept": False} for clip in found.told["dropped"])]
    write_shard(path, jobs, solved, motions, found.departures)


def collect(folder: Path, out: Path) -> list[Path]:
    """Write what was found for training's shards in a folder, as far as they are there without a gap.

    Args:
        folder: Of ``data build intents --part train``.
        out: Where the files go.
    """
    written: list[Path] = []
    names = sorted(folder.glob("train-[0-9][0-9][0-9][0-9].npz"))
    whole = next((n for n, path in enumerate(names) if path.name != f"train-{n:04d}.npz"), len(names))
    for first in range(0, whole, SHARDS_PER_FILE):
        shards = names[first : min(first + SHARDS_PER_FILE, whole)]
        told, departures = [], list[NDArray[np.int16]]()
        for path in shards:
            said, arrays = read_entries(path), read_clips(path)
            told.append({key: said[key] for key in _TOLD})
            departures += [unpack_departures(arrays, clip, PARAMETERS) for clip in range(len(said["clips"]))]
        text = np.frombuffer(json.dumps(told, sort_keys=True).encode(), dtype=np.uint8)
        path = out / _file_name(first // SHARDS_PER_FILE)
        write_arrays(path, {**pack_departures(departures), "told": text}, smaller=True)
        written.append(path)
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


if __name__ == "__main__":
    collect(Path(sys.argv[1]), Path(__file__).parent / "data" / "solved")
