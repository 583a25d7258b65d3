"""Rendering the training pictures from solved motions, shard by shard; the same command goes on where it stopped."""

import hashlib
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

import numpy as np
import torch

from ...datasets.body import Motion
from ...datasets.intents.motion_build import SHARD_MOTIONS
from ...datasets.intents.motion_jobs import body_of, motion_jobs
from ...datasets.intents.motion_shards import read_clips, read_entries
from ...datasets.intents.packed import unpack_clip
from ...datasets.intents.programs import Program
from ...datasets.intents.words.entry import Split
from ...datasets.workers import spread
from ..training.errors import NoMotions
from ..training.motions import MotionShard
from .drawing import draw_clip
from .looks import PURPOSES, Purpose
from .picture_files import ShardPictures, is_drawn, pictures_path, write_pictures
from .scenes import frames_of, scenes_of

VERSION = 1
"""Part of what pictures are made from: another version draws them anew."""


@dataclass(frozen=True)
class Drawing:
    """What is drawn of each clip."""

    purpose: Purpose
    per_clip: int = 12
    size_px: int = 112
    seed: int = 1


def render_shards(
    shards: tuple[MotionShard, ...], folder: Path, drawings: tuple[Drawing, ...], processes: int = 1
) -> Iterator[str]:
    """Draw what is missing, and yield a line per shard, empty if it was drawn before.

    Args:
        shards: From ``find_shards``.
        folder: Where the pictures go.
        drawings: What to draw of every clip.
        processes: How many shards are drawn at a time; the pictures do not depend on it.
    """
    most = (1 + max(shard.number for shard in shards)) * SHARD_MOTIONS
    render = partial(render_shard, folder=folder, drawings=drawings, programs=most)
    for _, line in spread(render, shards, processes, (__name__,)):
        yield line


def render_shard(shard: MotionShard, folder: Path, drawings: tuple[Drawing, ...], programs: int) -> str:
    """Draw what is missing of one shard, and say so.

    Args:
        shard: One of ``find_shards``.
        folder: Where the pictures go.
        drawings: What to draw of every clip.
        programs: How many programs of the split the shards of the folder cover.
    """
    torch.set_num_threads(1)
    digest = hashlib.sha256(shard.path.read_bytes()).hexdigest()
    drawn = []
    for drawing in drawings:
        path = pictures_path(folder, drawing.purpose, shard.path.stem)
        origin = {
            "motions": digest, "version": VERSION, "per_clip": drawing.per_clip, "size_px": drawing.size_px,
            "seed": drawing.seed,
        }  # fmt: skip
        if not is_drawn(path, origin):
            content = draw_shard(shard, programs_of(shard.split, programs), drawing)
            write_pictures(path, content, origin)
            drawn.append(f"{sum(map(len, content.frame_of))} for {drawing.purpose}")
    return f"{shard.path.stem}: pictures, {', '.join(drawn)}" if drawn else ""


@cache
def programs_of(split: Split, count: int) -> Mapping[str, Program]:
    """Return the first programs of a split by name; they follow from published seeds."""
    return {job.program.name: job.program for job in motion_jobs(split, count)}


def draw_shard(shard: MotionShard, programs: Mapping[str, Program], drawing: Drawing) -> ShardPictures:
    """Draw the pictures of all clips of a shard.

    Raises:
        NoMotions: If the shard holds a motion that this version has no program of.
    """
    said, arrays = read_entries(shard.path), read_clips(shard.path)
    content = ShardPictures([], [], [], [], [])
    first_scene: dict[str, tuple[int, int]] = {}
    for number, clip in enumerate(said["clips"]):
        name = clip["motion"]
        if name not in programs:
            raise NoMotions(f"{shard.path} holds '{name}', which this version does not have; build the motions anew.")
        if name not in first_scene:
            scenes = scenes_of(programs[name], said["words"][name], shard.split)
            first_scene[name] = (len(content.scenes), len(scenes))
            content.scenes.extend(scenes)
        start, count = first_scene[name]
        seed = [drawing.seed, PURPOSES.index(drawing.purpose), zlib.crc32(f"{name}/{clip['body']}".encode())]
        generator = np.random.default_rng([*seed, 1])
        own = [start + int(k) for k in np.arange(drawing.per_clip) % count]
        frames = [frames_of(content.scenes[k], 1, generator)[0] for k in own]
        rotations, roots = unpack_clip(arrays, number)
        body = body_of(clip["body"])
        motion = Motion(body.skeleton, rotations, roots, programs[name].fps)
        content.bodies.append(clip["body"])
        content.drawn.append(draw_clip(body, motion, frames, drawing.purpose, seed, drawing.size_px))
        content.scene_of.append(own)
        content.frame_of.append(frames)
    return content
