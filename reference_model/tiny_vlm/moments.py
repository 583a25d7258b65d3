"""Pictures of single moments: training's programs, each on many bodies, posed for the picture and for nothing else.

A judge has to know bodies and poses apart, so a program is shown on as many bodies as can be had. Solved motions are
not needed for it (``solver.solve_moments``).
"""

import json
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import cache, partial
from pathlib import Path
from typing import Any

import numpy as np
import torch

from ...datasets.intents.bodies import body_names, key_vertices
from ...datasets.intents.motion_build import SHARD_MOTIONS
from ...datasets.intents.motion_jobs import NAMED_SHARE, SAMPLED, MotionJob, body_of, motion_count, motion_jobs
from ...datasets.intents.solver import solve_moments
from ...datasets.intents.solver.moments import MOMENTS
from ...datasets.intents.words import words_of
from ...datasets.intents.words.entry import Split
from ...datasets.workers import spread
from .drawing import draw_clip
from .looks import PURPOSES
from .picture_files import ShardPictures, is_drawn, pictures_path, write_pictures
from .render import Drawing
from .scenes import Scene, frames_of, scenes_of

VERSION = 1
"""Part of what pictures are made from: another version draws them anew."""
_BODIES_OF_SHARD = 12
"""Bodies that the programs of a shard are posed on: cutting one into limbs costs more than posing it."""


@dataclass(frozen=True)
class Moments:
    """What is drawn of a split."""

    split: Split
    drawings: tuple[Drawing, ...]
    """``per_clip`` of each: pictures of a program on one body."""
    bodies: int = 8
    """How many bodies a program is posed on."""
    seed: int = 1


@dataclass(frozen=True)
class MomentShard:
    """The programs of a file of pictures: ``SHARD_MOTIONS`` of them, all but the last one."""

    name: str
    split: Split
    start: int
    count: int
    of: int
    """How many programs of the split are asked for in all."""


def moment_shards(split: Split, count: int | None = None) -> tuple[MomentShard, ...]:
    """Return the shards of the first programs of a split.

    Args:
        split: Whose programs.
        count: How many; ``None``: all.
    """
    most = motion_count(split, count)
    starts = range(0, most, SHARD_MOTIONS)
    return tuple(
        MomentShard(f"{split}-moments-{number:04d}", split, start, min(SHARD_MOTIONS, most - start), most)
        for number, start in enumerate(starts)
    )


def render_moments(shards: Sequence[MomentShard], folder: Path, moments: Moments, processes: int = 1) -> Iterator[str]:
    """Draw what is missing, and yield a line per shard, empty if it was drawn before.

    Args:
        shards: From ``moment_shards``.
        folder: Where the pictures go.
        moments: What to draw of every program.
        processes: How many shards are drawn at a time; the pictures do not depend on it.
    """
    missing = [shard for shard in shards if not _is_drawn(shard, folder, moments)]
    yield from [""] * (len(shards) - len(missing))
    for _, line in spread(partial(_render, folder=folder, moments=moments), missing, processes, (__name__,)):
        yield line


def draw_moments(jobs: Sequence[MotionJob], moments: Moments, seed: Sequence[int]) -> tuple[ShardPictures, ...]:
    """Pose and draw programs, and return the pictures for each drawing.

    Args:
        jobs: Programs; their own bodies are not looked at.
        moments: What to draw of each.
        seed: Of bodies, frames and looks; equal seeds give equal pictures.
    """
    generator = np.random.default_rng(list(seed))
    pool = _bodies(moments, generator)
    contents = tuple(ShardPictures([], [], [], [], []) for _ in moments.drawings)
    for job in jobs:
        program = job.program
        scenes = scenes_of(program, words_of(program, moments.split), moments.split)
        bodies = [pool[row] for row in generator.permutation(len(pool))[: moments.bodies]]
        shown = [_choose(scenes, drawing.per_clip, generator) for drawing in moments.drawings]
        frames = np.unique(np.concatenate([own for _, own in shown]))
        start = zlib.crc32(program.name.encode())
        posed = solve_moments(program, [body_of(name) for name in bodies], frames, keys=key_vertices(), seed=start)
        for content, drawing, (scene_rows, own) in zip(contents, moments.drawings, shown, strict=True):
            first = len(content.scenes)
            content.scenes.extend(scenes)
            rows = np.searchsorted(frames, own).tolist()
            for name, motion in zip(bodies, posed, strict=True):
                look = [*seed, PURPOSES.index(drawing.purpose), zlib.crc32(f"{program.name}/{name}".encode())]
                drawn = draw_clip(body_of(name), motion, rows, drawing.purpose, look, drawing.size_px)
                content.bodies.append(name)
                content.drawn.append(drawn)
                content.scene_of.append([first + row for row in scene_rows])
                content.frame_of.append(own)
    return contents


def _choose(scenes: Sequence[Scene], count: int, generator: np.random.Generator) -> tuple[list[int], list[int]]:
    """Return scenes in turn, by number, and a frame of each."""
    rows = [k % len(scenes) for k in range(count)]
    return rows, [frames_of(scenes[row], 1, generator)[0] for row in rows]


def _bodies(moments: Moments, generator: np.random.Generator) -> list[str]:
    """Names of the bodies of a shard, each another: of training some from the shape basis; others have their own."""
    count = max(_BODIES_OF_SHARD, moments.bodies)
    named = generator.permutation(body_names(moments.split)).tolist()
    if moments.split != "train":
        return [str(name) for name in named[:count]]
    known = min(round(NAMED_SHARE * count), len(named))
    drawn = generator.integers(2**31, size=count - known)
    return [*(str(name) for name in named[:known]), *(f"{SAMPLED}{int(number)}" for number in drawn)]


def _render(shard: MomentShard, folder: Path, moments: Moments) -> str:
    torch.set_num_threads(1)
    jobs = _jobs(shard.split, shard.of)[shard.start : shard.start + shard.count]
    contents = draw_moments(jobs, moments, [moments.seed, shard.start])
    drawn = []
    for drawing, content in zip(moments.drawings, contents, strict=True):
        write_pictures(pictures_path(folder, drawing.purpose, shard.name), content, _origin(shard, moments))
        drawn.append(f"{sum(map(len, content.frame_of))} for {drawing.purpose}")
    return f"{shard.name}: pictures, {', '.join(drawn)}"


def _is_drawn(shard: MomentShard, folder: Path, moments: Moments) -> bool:
    origin = _origin(shard, moments)
    return all(is_drawn(pictures_path(folder, drawing.purpose, shard.name), origin) for drawing in moments.drawings)


def _origin(shard: MomentShard, moments: Moments) -> dict[str, Any]:
    """What a file of pictures is made from, as it is written into it."""
    return {
        "version": VERSION,
        "solver": asdict(MOMENTS),
        "programs": [shard.start, shard.count],
        "moments": json.loads(json.dumps(asdict(moments))),
    }


@cache
def _jobs(split: Split, count: int | None) -> tuple[MotionJob, ...]:
    return motion_jobs(split, count)
