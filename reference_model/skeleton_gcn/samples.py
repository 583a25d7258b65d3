"""The labelled motions of some shards as arrays, read once."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from ...datasets.body import Motion
from ...datasets.intents.motion_jobs import body_of
from ...datasets.intents.motion_shards import read_clips, read_entries
from ...datasets.intents.packed import unpack_clip
from ...datasets.intents.programs.program import FPS
from ..training.counting import Counting
from ..training.motions import MotionShard
from .joints import joint_places, mirrored


@dataclass(frozen=True, eq=False)
class Samples:
    """Labelled motions."""

    places: NDArray[np.float16] = field(repr=False)
    """From ``joint_places``, [n, moments, 22, 3]."""
    truth: NDArray[np.bool_] = field(repr=False)
    """The classes that each shows, [n, classes]."""
    classes: tuple[str, ...]
    sha256: str
    """Over all of it: what makes a training set another one."""

    def __len__(self) -> int:
        return len(self.places)

    def draw(self, count: int, generator: np.random.Generator) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Draw motions, every second one in a mirror, with what they should be called.

        Args:
            count: How many.
            generator: Where the randomness comes from.

        Returns:
            Places [count, moments, 22, 3], and shares of classes that sum to 1, [count, classes].
        """
        rows = generator.integers(len(self), size=count)
        places, flips = self.places[rows].astype(np.float32), generator.random(count) < 0.5
        places[flips] = mirrored(places[flips])
        right = self.truth[rows].astype(np.float32)
        return places, right / right.sum(axis=1, keepdims=True)


def read_samples(shards: Sequence[MotionShard], moments: int, counting: Counting) -> Samples:
    """Read all motions of some shards with their classes.

    Args:
        shards: From ``find_shards``.
        moments: At which a motion is looked at.
        counting: Makes a counter for progress.
    """
    places: list[NDArray[np.float16]] = []
    shown: list[Sequence[str]] = []
    with counting("reading motions (shards)", len(shards), 0) as counter:
        for shard in shards:
            said, arrays = read_entries(shard.path), read_clips(shard.path)
            for number, clip in enumerate(said["clips"]):
                rotations, roots = unpack_clip(arrays, number)
                motion = Motion(body_of(clip["body"]).skeleton, rotations, roots, FPS)
                places.append(joint_places(motion, moments).astype(np.float16))
                shown.append(said["words"][clip["motion"]]["actions"])
            counter.advance()
    classes = tuple(sorted({name for own in shown for name in own}))
    truth = np.array([[name in own for name in classes] for own in shown])
    stacked = np.stack(places)
    digest = hashlib.sha256("\n".join(classes).encode() + stacked.tobytes() + truth.tobytes()).hexdigest()
    return Samples(stacked, truth, classes, digest)
