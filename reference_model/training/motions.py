"""The finished shards of solved motions in a folder, also while others are still being built."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import as_file, files
from pathlib import Path
from typing import Literal

from ...datasets import intents
from ...datasets.intents.motion_build import SHARD_MOTIONS
from ...datasets.intents.programs.splits import TEST_MOTIONS
from ...datasets.manifest import read_manifest
from .errors import NoMotions

Part = Literal["train", "val", "test"]

_NAME = re.compile(r"(train|val|test)-(\d{4})\.npz")


@dataclass(frozen=True)
class MotionShard:
    """A file of solved motions."""

    path: Path
    split: Part
    number: int


def find_shards(folder: Path, split: Part) -> tuple[MotionShard, ...]:
    """Return the finished shards of a folder of ``retargetbench data build intents``, in order.

    The test's motions are those that come with the package, whatever the folder.

    Raises:
        NoMotions: If there is none.
        DamagedData: If the package's file is.
    """
    if split == "test":
        return shipped_shards()
    found = []
    for path in sorted(folder.glob("*.npz")) if folder.is_dir() else []:
        named = _NAME.fullmatch(path.name)
        if named and named[1] == split:
            found.append(MotionShard(path, split, int(named[2])))
    if not found:
        raise NoMotions(
            f"{folder} holds no solved motions {split}-NNNN.npz; expected the folder that "
            f"`retargetbench data build intents --part {split} --out {folder}` writes."
        )
    return tuple(found)


def shards_sha256(shards: Sequence[MotionShard]) -> str:
    """Return one hash over the contents of some shards, in their order: the version of what was trained on."""
    digests = (hashlib.sha256(shard.path.read_bytes()).hexdigest() for shard in shards)
    return hashlib.sha256("\n".join(digests).encode()).hexdigest()


def shipped_shards() -> tuple[MotionShard, ...]:
    """Return the test's motions, which come with the package, as one shard; the file's hash is checked."""
    with as_file(files(intents) / "data") as folder:
        read_manifest(folder / "test.manifest.json")
        return (MotionShard(folder / "test.npz", "test", TEST_MOTIONS // SHARD_MOTIONS),)
