"""The test pairs of ``full``, and those of ``val``: drawn by one published seed, before anything was solved or scored.

A pair is a motion, a source and a target. Seen motions (SM) are motions of training, on a target that training does not
hold them on; unseen ones (UM) come from structures that training never sees. Seen targets (SC) are training's named
bodies; unseen ones (UC) those of the test, or of validation. Two of three pairs have self-contacts.
"""

import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from ..clip_set import SPLITS
from .bodies import body_names
from .motion_jobs import MotionSplit, motion_jobs
from .programs import Program

PAIR_SEED = 20_261_123
MOST_FRAMES = 120
CONTACT_SHARE = 2 / 3
_UNSEEN_SOURCES = 0.5
"""Share of the pairs with an unseen target whose source is unseen as well."""


@dataclass(frozen=True)
class DrawnPair:
    """One pair, before it is solved."""

    split: str
    """One of ``SPLITS``."""
    source: str
    target: str
    motion: Program

    def program(self) -> Program:
        """Return the motion instance."""
        return self.motion


@dataclass(frozen=True)
class PairPlan:
    """What a variant draws its pairs from."""

    per_split: int
    held_out: MotionSplit
    """Whose motions and bodies are the unseen ones."""
    skip_training: int
    """How many of training's motions, from the first, belong to the seen pairs of another variant."""


PLANS = {
    "full": PairPlan(per_split=112, held_out="test", skip_training=0),
    "val": PairPlan(per_split=12, held_out="val", skip_training=1400),
}
_TRAINING_MOTIONS = 1400
"""How many of training's motions a variant draws its seen pairs from."""


@cache
def drawn_pairs(variant: str) -> tuple[DrawnPair, ...]:
    """Return the pairs of a variant, split by split, always the same.

    Args:
        variant: ``full`` or ``val``.
    """
    plan = PLANS[variant]
    seen, unseen = _seen_motions(plan), _unseen_motions(plan)
    pairs: list[DrawnPair] = []
    for split in SPLITS:
        generator = np.random.default_rng([PAIR_SEED, zlib.crc32(f"{variant}/{split}".encode())])
        motions = seen if split.endswith("SM") else unseen
        chosen = _mixed(generator.permutation(len(motions)).tolist(), motions, plan.per_split)
        for motion in chosen:
            del motions[motion.name]
        pairs += _with_bodies(split, plan, chosen, generator)
    return tuple(pairs)


@cache
def training_bodies_of() -> dict[str, tuple[str, ...]]:
    """Return the bodies that training holds each of its motions on."""
    return {job.program.name: job.bodies for job in motion_jobs("train")}


def _seen_motions(plan: PairPlan) -> dict[str, Program]:
    jobs = motion_jobs("train")[plan.skip_training : plan.skip_training + _TRAINING_MOTIONS]
    return {job.program.name: job.program for job in jobs if job.program.frame_count <= MOST_FRAMES}


def _unseen_motions(plan: PairPlan) -> dict[str, Program]:
    programs = (job.program for job in motion_jobs(plan.held_out))
    return {program.name: program for program in programs if program.frame_count <= MOST_FRAMES}


def _mixed(order: Sequence[int], motions: dict[str, Program], count: int) -> list[Program]:
    """Take motions in a drawn order, with and without self-contacts in the wanted shares."""
    listed = list(motions.values())
    touching = round(count * CONTACT_SHARE)
    left = {True: touching, False: count - touching}
    chosen = []
    for number in order:
        has_contact = bool(listed[number].contacts)
        if left[has_contact]:
            left[has_contact] -= 1
            chosen.append(listed[number])
    return chosen


def _with_bodies(
    split: str, plan: PairPlan, motions: Sequence[Program], generator: np.random.Generator
) -> Iterator[DrawnPair]:
    training, held_out = body_names("train"), body_names(plan.held_out)
    targets = training if split.startswith("SC") else held_out
    turns: list[str] = []
    for motion in motions:
        known = training_bodies_of().get(motion.name, ())
        if not set(turns) - {*known}:
            # Every body in turn, in an order that is drawn again each time.
            turns += generator.permutation(targets).tolist()
        target = next(body for body in turns if body not in known)
        turns.remove(target)
        unseen_source = split.startswith("UC") and generator.uniform() < _UNSEEN_SOURCES
        sources = [body for body in (held_out if unseen_source else training) if body != target]
        yield DrawnPair(split, str(generator.choice(sources)), target, motion)
