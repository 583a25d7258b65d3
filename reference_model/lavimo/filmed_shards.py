"""From shards of solved motions to a library: features, captions and a video of every clip, shard by shard."""

import hashlib
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from json import dumps
from pathlib import Path
from typing import Any

import numpy as np
import torch

from ...datasets.body import Character, Motion
from ...datasets.intents.bodies import body_names
from ...datasets.intents.motion_jobs import body_of
from ...datasets.intents.motion_shards import read_clips, read_entries
from ...datasets.intents.packed import unpack_clip
from ...datasets.intents.programs.program import FPS
from ...datasets.spans import shown_span
from ...datasets.workers import spread
from ..baselines.rotation_copy import retarget as rotation_copy
from ..training.motions import MotionShard
from .filming import Film, Take, film
from .library_files import ShardContent, Told, is_filmed, write_library_shard
from .motion_features import motion_features

VERSION = 2
"""Part of what a library is made from: another version makes it anew."""


@dataclass(frozen=True)
class Shooting:
    """What is filmed of each motion."""

    take: Take
    per_motion: int = 2
    """Most clips of a motion; it is solved on two or three bodies."""
    another_body: bool = False
    """Whether the video shows another body than the motion's own, the rotations copied, and a part of the motion, so
    that its length does not give the motion away: for evaluation. Training does without: there a motion is solved on
    several bodies, and a video of one is shown with the motion of another."""
    seed: int = 1


def film_shards(shards: Sequence[MotionShard], folder: Path, shooting: Shooting, processes: int = 1) -> Iterator[str]:
    """Make what is missing, and yield a line per shard, empty if it was made before.

    Args:
        shards: From ``training.motions.find_shards``.
        folder: Of the library.
        shooting: What is filmed.
        processes: How many shards are made at a time; the files do not depend on it.
    """
    for _, line in spread(partial(film_shard, folder=folder, shooting=shooting), shards, processes, (__name__,)):
        yield line


def film_shard(shard: MotionShard, folder: Path, shooting: Shooting) -> str:
    """Make the files of one shard if they are missing, and say so."""
    torch.set_num_threads(1)
    digest = hashlib.sha256(shard.path.read_bytes()).hexdigest()
    origin = {"motions": digest, "version": VERSION, **asdict(shooting)}
    if is_filmed(folder, shard.path.stem, origin):
        return ""
    content = filmed(shard, shooting)
    if not content.films:  # all its motions were dropped
        return ""
    write_library_shard(folder, shard.path.stem, content, origin)
    return f"{shard.path.stem}: {len(content.films)} videos"


def filmed(shard: MotionShard, shooting: Shooting) -> ShardContent:
    """Return the clips of a shard in all three modalities."""
    said, arrays = read_entries(shard.path), read_clips(shard.path)
    content = ShardContent([], [], [], [], [])
    place: dict[str, int] = {}
    for number, clip in enumerate(said["clips"]):
        name = clip["motion"]
        if name not in place:
            place[name] = len(content.told)
            content.told.append(told_of(name, said["words"][name]))
        if content.of_clip.count(place[name]) == shooting.per_motion:
            continue
        body = body_of(clip["body"])
        motion = Motion(body.skeleton, *unpack_clip(arrays, number), FPS)
        content.of_clip.append(place[name])
        content.bodies.append(clip["body"])
        content.features.append(motion_features(motion))
        content.films.append(_film(shard, (clip, body, motion), shooting))
    return content


def told_of(name: str, words: Mapping[str, Any]) -> Told:
    """Return what is said of a motion.

    Args:
        name: Of the program.
        words: From ``datasets.intents.words.words_of``.
    """
    captions = (*(caption["text"] for caption in words["captions"]), words["detailed"])
    return Told(name, captions, dumps(words["meaning"], sort_keys=True))


def _film(shard: MotionShard, clip: tuple[Mapping[str, Any], Character, Motion], shooting: Shooting) -> Film:
    entry, body, motion = clip
    seed = [shooting.seed, zlib.crc32(f"{entry['motion']}/{entry['body']}".encode())]
    if shooting.another_body:
        others = [name for name in body_names(shard.split) if name != entry["body"]]
        other = body_of(str(np.random.default_rng([*seed, 1]).choice(others)))
        motion = rotation_copy(body, motion, other, seed=0)
        span = shown_span(f"{entry['motion']}/{entry['body']}", motion.frame_count)
        body, motion = other, motion.window(span.start, span.stop)
    return film(body, motion, shooting.take, seed)
