"""Sets of solved motions as files: shards of packed motions, and the manifest that counts what was dropped."""

import io
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from ..body import Motion
from ..manifest import read_manifest
from .archive import write_arrays
from .checker import Measured
from .motion_jobs import SAMPLED, SEED, MotionJob, body_of
from .packed import join_packed, pack_clips, pack_departures, unpack_clip
from .words import words_of


@dataclass(frozen=True, eq=False)
class SolvedMotion:
    """One accepted motion, read from a shard."""

    name: str
    """Name of the program."""
    intent: str
    body: str
    motion: Motion
    words: Mapping[str, Any]
    """What ``words.words_of`` says of it."""


def write_shard(
    path: Path,
    jobs: Sequence[MotionJob],
    solved: Sequence[dict[str, Any]],
    motions: Sequence[Motion],
    departures: Sequence[NDArray[np.int16]] = (),
) -> None:
    """Write a finished shard, whole or not at all.

    Args:
        path: Where it goes.
        jobs: What was asked.
        solved: One entry per clip: ``motion, intent, body, measured`` and whether it was ``kept``; dropped ones too.
        motions: The motions of the kept ones, in order.
        departures: What they were posed from, where that is kept, [knots, parameters] each.
    """
    content = {
        "asked": asked_of(jobs),
        "words": {job.program.name: words_of(job.program, job.words) for job in jobs if job.words is not None},
        "clips": [entry for entry in solved if entry["kept"]],
        "dropped": [entry for entry in solved if not entry["kept"]],
    }
    arrays = pack_clips([(m.local_rotations_wxyz, m.root_translation_m) for m in motions]) if motions else {}
    if departures:
        arrays |= pack_departures(departures)
    _write(path, content, arrays)


def _write(path: Path, content: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> None:
    text = json.dumps(content, sort_keys=True).encode()
    write_arrays(path, {**arrays, "entries": np.frombuffer(text, dtype=np.uint8)}, smaller=True)


def read_motions(manifest: Path) -> Iterator[SolvedMotion]:
    """Read the accepted motions of a built set, shard by shard, after checking every file's hash.

    Raises:
        DamagedData: If a file is missing or changed.
    """
    listed = read_manifest(manifest)
    for name in sorted(listed.content["files"]):
        path = manifest.parent / name
        said, arrays = read_entries(path), read_clips(path)
        for number, clip in enumerate(said["clips"]):
            rotations, roots = unpack_clip(arrays, number)
            skeleton = body_of(clip["body"]).skeleton
            motion = Motion(skeleton, rotations, roots, float(listed.content["fps"]))
            words = said["words"].get(clip["motion"], {})
            yield SolvedMotion(clip["motion"], clip["intent"], clip["body"], motion, words)


def join_shards(paths: Sequence[Path], path: Path) -> None:
    """Write the content of several shards as one."""
    said = [read_entries(p) for p in paths]
    clips = [(arrays, clip) for p, own in zip(paths, said, strict=True) for arrays in (read_clips(p),)
             for clip in range(len(own["clips"]))]  # fmt: skip
    content = {key: [entry for own in said for entry in own[key]] for key in ("asked", "clips", "dropped")}
    words = {name: told for own in said for name, told in own["words"].items()}
    _write(path, {**content, "words": words}, join_packed(clips))


def measured_entry(measured: Measured) -> dict[str, float | None]:
    """Return what the checker measured, rounded to four digits, as it is stored."""
    return {k: None if v is None else float(f"{v:.4g}") for k, v in asdict(measured).items()}


def is_shard_of(path: Path, jobs: Sequence[MotionJob]) -> bool:
    """Whether a file is the finished shard of these jobs: a list that grew or changed is solved again.

    So is a shard of training that an earlier version solved, which kept no departures.
    """
    try:
        said = read_entries(path)
        kept = not _is_training(jobs) or not said["clips"] or "departures" in read_clips(path)
        return bool(kept and said["asked"] == asked_of(jobs))
    except (OSError, ValueError, KeyError, BadZipFile):
        return False


def _is_training(jobs: Sequence[MotionJob]) -> bool:
    return any(job.words == "train" for job in jobs)


def asked_of(jobs: Sequence[MotionJob]) -> list[list[Any]]:
    """Return what a shard was asked for, as it is written into it."""
    return [[job.program.name, list(job.bodies)] for job in jobs]


def read_entries(path: Path) -> dict[str, Any]:
    """Return what a shard says of itself: what was ``asked``, the ``clips`` it holds and the ``dropped`` ones."""
    with np.load(io.BytesIO(path.read_bytes()), allow_pickle=False) as archive:
        content = json.loads(bytes(archive["entries"]).decode())
    return dict(content)


def read_clips(path: Path) -> dict[str, NDArray[Any]]:
    """Return the packed motions of a shard's clips, in the order of its entries."""
    with np.load(path, allow_pickle=False) as archive:
        return {key: archive[key] for key in archive.files if key != "entries"}


def kept_and_dropped(shards: Sequence[Mapping[str, Any]]) -> dict[str, dict[str, list[int]]]:
    """Count accepted and dropped clips, per program and per body: dropping the hard ones must be seen.

    Args:
        shards: What each shard says of itself.
    """
    rates: dict[str, dict[str, list[int]]] = {"intent": {}, "body": {}}
    for shard in shards:
        for which, group in ((0, shard["clips"]), (1, shard["dropped"])):
            for clip in group:
                for kind in rates:
                    key = "sampled" if kind == "body" and clip[kind].startswith(SAMPLED) else clip[kind]
                    rates[kind].setdefault(key, [0, 0])[which] += 1
    return rates


def set_content(split: str, paths: Sequence[Path]) -> dict[str, Any]:
    """Return what the manifest of a set says: its counts, and what was dropped."""
    shards = [read_entries(path) for path in paths]
    words = [told for shard in shards for told in shard["words"].values()]
    return {
        "name": f"intents-{split}",
        "fps": 30.0,
        "licence": "CC0-1.0",
        "seed": SEED,
        "motions": sum(len(shard["asked"]) for shard in shards),
        "meanings": len({json.dumps(told["meaning"], sort_keys=True) for told in words}),
        "actions": len({action for told in words for action in told["actions"]}),
        "clips": sum(len(shard["clips"]) for shard in shards),
        "dropped": sum(len(shard["dropped"]) for shard in shards),
        "kept_and_dropped": kept_and_dropped(shards),
    }
