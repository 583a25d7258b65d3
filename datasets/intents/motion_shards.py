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
from .packed import pack_clips, unpack_clip


@dataclass(frozen=True, eq=False)
class SolvedMotion:
    """One accepted motion, read from a shard."""

    name: str
    """Name of the program."""
    intent: str
    body: str
    motion: Motion


def write_shard(
    path: Path, jobs: Sequence[MotionJob], solved: Sequence[dict[str, Any]], motions: Sequence[Motion]
) -> None:
    """Write a finished shard, whole or not at all.

    Args:
        path: Where it goes.
        jobs: What was asked.
        solved: One entry per clip: ``motion, intent, body, measured`` and whether it was ``kept``; dropped ones too.
        motions: The motions of the kept ones, in order.
    """
    content = {
        "asked": asked_of(jobs),
        "clips": [entry for entry in solved if entry["kept"]],
        "dropped": [entry for entry in solved if not entry["kept"]],
    }
    text = json.dumps(content, sort_keys=True).encode()
    arrays = pack_clips([(m.local_rotations_wxyz, m.root_translation_m) for m in motions]) if motions else {}
    write_arrays(path, {**arrays, "entries": np.frombuffer(text, dtype=np.uint8)}, smaller=True)


def read_motions(manifest: Path) -> Iterator[SolvedMotion]:
    """Read the accepted motions of a built set, shard by shard, after checking every file's hash.

    Raises:
        DamagedData: If a file is missing or changed.
    """
    listed = read_manifest(manifest)
    for name in sorted(listed.content["files"]):
        with np.load(manifest.parent / name, allow_pickle=False) as archive:
            arrays = {key: archive[key] for key in archive.files}
        for number, clip in enumerate(json.loads(bytes(arrays["entries"]).decode())["clips"]):
            rotations, roots = unpack_clip(arrays, number)
            skeleton = body_of(clip["body"]).skeleton
            motion = Motion(skeleton, rotations, roots, float(listed.content["fps"]))
            yield SolvedMotion(clip["motion"], clip["intent"], clip["body"], motion)


def measured_entry(measured: Measured) -> dict[str, float | None]:
    """Return what the checker measured, rounded to four digits, as it is stored."""
    return {k: None if v is None else float(f"{v:.4g}") for k, v in asdict(measured).items()}


def is_shard_of(path: Path, jobs: Sequence[MotionJob]) -> bool:
    """Whether a file is the finished shard of these jobs: a list that grew or changed is solved again."""
    try:
        asked = read_entries(path)["asked"]
    except (OSError, ValueError, KeyError, BadZipFile):
        return False
    return bool(asked == asked_of(jobs))


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
    return {
        "name": f"intents-{split}",
        "fps": 30.0,
        "licence": "CC0-1.0",
        "seed": SEED,
        "motions": sum(len(shard["asked"]) for shard in shards),
        "clips": sum(len(shard["clips"]) for shard in shards),
        "dropped": sum(len(shard["dropped"]) for shard in shards),
        "kept_and_dropped": kept_and_dropped(shards),
    }
