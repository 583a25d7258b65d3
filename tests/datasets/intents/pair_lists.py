"""The pairs of a variant as the rules see them: as they are drawn, or as they are shipped."""

import functools
from dataclasses import dataclass
from importlib.resources import files
from itertools import product
from pathlib import Path

import numpy as np

from retargetbench.datasets.intents import drawn_pairs
from retargetbench.datasets.intents.bodies import body_names
from retargetbench.datasets.intents.programs import splits
from retargetbench.datasets.intents.programs.structures import goal_structure, sample_programs
from retargetbench.datasets.manifest import read_manifest

DATA = Path(str(files("retargetbench.datasets.intents"))) / "data"


def manifest(variant):
    """Return what the manifest of a shipped variant says."""
    return read_manifest(DATA / f"{variant}.manifest.json").content


@dataclass(frozen=True)
class Listed:
    """What the rules need to know of a pair."""

    split: str
    motion: str
    intent: str
    source: str
    target: str
    frame_count: int
    touches: bool
    structures: frozenset
    """Structures that its goals have, or may have."""


@dataclass(frozen=True)
class PairList:
    """The pairs of a variant, and the training that they were drawn against."""

    variant: str
    asked: list[tuple[str, str, str, str]]
    """Split, motion, source and target of all pairs, those that were dropped too."""
    pairs: list[Listed]
    held: dict[str, list[str]]
    """Motion -> bodies that training holds it on; of ``mini``, whose motions training has not: may hold it on."""
    training_intents: set[str]
    training_structures: set
    training_bodies: set[str]

    @property
    def unseen_bodies(self):
        """The bodies that training never sees and that this variant may use."""
        return set(body_names("test" if self.variant == "full" else "val"))

    def of(self, ending):
        """The pairs of the splits with an unseen character (UC), an unseen motion (UM) and so on."""
        return [pair for pair in self.pairs if ending in pair.split]


@functools.cache
def _structures(intent):
    """All structures of goals that the parameters of an intent, or of a composition, lead to."""
    names = intent.replace("@", "+").split("+")
    return frozenset(tuple(sorted(acts)) for acts in product(*({goal_structure(p)[0] for p in sample_programs(name)}
                                                               for name in names)))  # fmt: skip


@functools.cache
def shipped(variant):
    """Return the pairs of a variant as its manifest and its arrays have them."""
    said = manifest(variant)
    with np.load(DATA / f"{variant}.npz", allow_pickle=False) as archive:
        touching = set(archive["goal_pair"].tolist())
    keys = ("split", "motion", "intent", "source", "target", "frame_count")
    pairs = [
        Listed(*(entry[key] for key in keys), row in touching, _structures(entry["intent"]))
        for row, entry in enumerate(said["pairs"])
    ]
    asked = [
        tuple(e[key] for key in ("split", "motion", "source", "target")) for e in said["pairs"] + said["dropped_pairs"]
    ]
    intents = {structure.name for structure in splits.structures("train")}
    return PairList(
        variant,
        asked,
        pairs,
        said["training_motions"],
        intents,
        {goals for intent in intents for goals in _structures(intent)},
        {*body_names("train"), *(body for bodies in said["training_motions"].values() for body in bodies)},
    )


@functools.cache
def drawn(variant):
    """Return the pairs of a variant as they are drawn, and all of training beside them."""
    jobs = drawn_pairs.motion_jobs("train")
    pairs = [
        Listed(p.split, p.motion.name, p.motion.intent, p.source, p.target, p.motion.frame_count,
               bool(p.motion.contacts), frozenset({goal_structure(p.motion)}))
        for p in drawn_pairs.drawn_pairs(variant)
    ]  # fmt: skip
    return PairList(
        variant,
        [(p.split, p.motion, p.source, p.target) for p in pairs],
        pairs,
        {name: list(bodies) for name, bodies in drawn_pairs.training_bodies_of().items()},
        {job.program.intent for job in jobs},
        {goal_structure(job.program) for job in jobs},
        {body for job in jobs for body in job.bodies},
    )
