"""Which motion is solved on which bodies, in training, validation and test; everything follows from seeds."""

import zlib
from dataclasses import dataclass
from typing import Literal

import numpy as np

from ..body import Character
from ..errors import UnknownName
from .bodies import body_names, load_body, sample_body
from .programs import Program
from .programs.splits import TEST_MOTIONS, TRAINING_MOTIONS, VAL_MOTIONS, motions

MotionSplit = Literal["train", "val", "test"]

SEED = 20_261_122
BODIES_PER_MOTION = {"train": (2, 3), "val": (1, 1), "test": (1, 1)}
"""Fewest and most bodies a motion is solved on."""
_MOTIONS = {"train": TRAINING_MOTIONS, "val": VAL_MOTIONS, "test": TEST_MOTIONS}
NAMED_SHARE = 0.4
"""Share of training's bodies that are named ones; the others are new ones from the shape basis."""
SAMPLED = "sampled:"
"""Before the seed of a body from the shape basis, in its name."""


@dataclass(frozen=True)
class MotionJob:
    """One program and the bodies that it is solved on."""

    program: Program
    bodies: tuple[str, ...]
    """Names of built-in bodies, or ``sampled:<seed>`` for one drawn from the shape basis."""
    words: MotionSplit | None = None
    """Whose words the motion is described in; ``None``: no words."""


def body_of(name: str) -> Character:
    """Return a built-in body by its name, or the body that ``sampled:<seed>`` draws from the shape basis."""
    if name.startswith(SAMPLED):
        return sample_body(np.random.default_rng(int(name.removeprefix(SAMPLED))))
    return load_body(name)


def motion_count(split: MotionSplit, count: int | None = None) -> int:
    """Return how many motions ``motion_jobs`` gives; drawing them takes a minute, counting them nothing."""
    return _MOTIONS[split] if count is None else min(count, _MOTIONS[split])


def motion_jobs(split: MotionSplit, count: int | None = None) -> tuple[MotionJob, ...]:
    """Return the first motions of a split, each with the bodies it is solved on; a longer list begins with a shorter.

    Args:
        split: Training motions get two or three bodies, those of validation and test one of their split's own.
        count: How many motions; ``None``: all of the split.

    Raises:
        UnknownName: If there is no such split.
    """
    if split not in BODIES_PER_MOTION:
        raise UnknownName("split of motions", split, BODIES_PER_MOTION)
    most = _MOTIONS[split] if count is None else count
    drawn = motions(split, most if split == "train" else min(most, _MOTIONS[split]))  # no more than are asked for
    return tuple(MotionJob(program, _bodies(split, program.name), words=split) for _, program in drawn)


def _bodies(split: MotionSplit, motion: str) -> tuple[str, ...]:
    generator = np.random.default_rng([SEED, zlib.crc32(motion.encode())])
    fewest, most = BODIES_PER_MOTION[split]
    count = int(generator.integers(fewest, most + 1))
    named = generator.permutation(body_names(split)).tolist()
    if split != "train":
        return tuple(named[:count])
    chosen = [named.pop() if generator.uniform() < NAMED_SHARE else "" for _ in range(count)]
    return tuple(name or f"{SAMPLED}{int(generator.integers(2**31))}" for name in chosen)
