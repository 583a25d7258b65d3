"""Builds the pairs of ``retarget/intents``: solves them, keeps what the checker accepts, packs it with a manifest.

``retargetbench data build mini|val|full`` runs it; killed, it goes on where it was. Building again on the same machine
gives the same bytes.
"""

import hashlib
import json
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from ..errors import BenchError, UnknownName
from ..manifest import write_manifest
from .archive import write_arrays
from .bodies import body_names, key_vertices
from .drawn_pairs import PAIR_SEED, PLANS, drawn_pairs, training_bodies_of
from .mini_pairs import MINI_PAIRS, TRAINING_INTENTS, VALIDATION_INTENTS, MiniPair, training_bodies
from .motion_build import Shard, solve_shards
from .motion_jobs import SEED, MotionJob
from .motion_shards import kept_and_dropped, read_clips, read_entries
from .packed import join_packed
from .programs import Program

SOLUTIONS = 3
"""Right answers per pair: the shipped one and two more, which start elsewhere and weigh the style differently."""
PERMUTATION_SEED = 7_401
BUILT = ("mini", "val", "full")
_PAIRS_PER_SHARD = 3
_BODY_FILES = ("bodies.npz", "bodies_uncounted.npz")


class NotSolved(BenchError):
    """A pair of ``mini`` of which no attempt stayed within the tolerances."""

    rule = "D110"


class Pair(Protocol):
    """A test pair, before it is solved."""

    @property
    def split(self) -> str:
        """One of the four splits."""

    @property
    def source(self) -> str:
        """Name of the source body."""

    @property
    def target(self) -> str:
        """Name of the target body."""

    def program(self) -> Program:
        """Return the motion instance."""


@dataclass(frozen=True, eq=False)
class SolvedPair:
    """A pair whose four clips were all accepted."""

    pair: Pair
    program: Program
    packed: Mapping[str, NDArray[Any]]
    """Its clips: the source's, then the solutions on the target."""
    entries: tuple[Mapping[str, Any], ...]
    """What was measured of each, and how often it was solved."""


def pairs_of(variant: str) -> Sequence[Pair]:
    """Return the pairs of a variant.

    Raises:
        UnknownName: If there is no such variant.
    """
    if variant not in BUILT:
        raise UnknownName("variant of retarget/intents", variant, BUILT)
    return MINI_PAIRS if variant == "mini" else drawn_pairs(variant)


def plan_pairs(folder: Path, variant: str) -> tuple[Shard, ...]:
    """Return the files that the pairs of a variant are solved into, three pairs each, in ``<variant>.parts``.

    Raises:
        UnknownName: If there is no such variant.
    """
    jobs = [MotionJob(p.program(), (p.source, *[p.target] * SOLUTIONS)) for p in pairs_of(variant)]
    starts = range(0, len(jobs), _PAIRS_PER_SHARD)
    parts = folder / f"{variant}.parts"
    return tuple(Shard(parts / f"{n:04d}.npz", tuple(jobs[s : s + _PAIRS_PER_SHARD])) for n, s in enumerate(starts))


def build_pairs(shards: Sequence[Shard], *, processes: int = 1) -> Iterator[Shard]:
    """Solve the shards that are not done; yields each when its file is there."""
    if shards:
        shards[0].path.parent.mkdir(parents=True, exist_ok=True)
    yield from solve_shards(shards, processes=processes)


def finish_pairs(folder: Path, variant: str, shards: Sequence[Shard]) -> Path:
    """Write ``<variant>.npz`` and ``<variant>.manifest.json``, with the bodies, and return the manifest's path.

    A pair of which a clip was dropped is left out, and the manifest says so.

    Raises:
        NotSolved: If a pair of ``mini`` was dropped: its list of pairs is fixed.
    """
    solved, dropped = _sorted_out(pairs_of(variant), shards)
    if variant == "mini" and dropped:
        lost = "; ".join(f"{entry['motion']} on {entry['target']} missed {entry['missed']}" for entry in dropped)
        raise NotSolved(f"{len(dropped)} pairs of mini were not solved: {lost}; change the program or the solver.")
    with as_file(files(__package__) / "data") as own:
        for name in _BODY_FILES:
            if not (folder / name).exists() or not (folder / name).samefile(own / name):
                shutil.copyfile(own / name, folder / name)
    write_arrays(folder / f"{variant}.npz", _arrays(solved), smaller=True)
    manifest = folder / f"{variant}.manifest.json"
    content = _content(variant, solved) | {
        "dropped_pairs": dropped,
        "kept_and_dropped": kept_and_dropped([read_entries(shard.path) for shard in shards]),
    }
    write_manifest(manifest, content, (f"{variant}.npz", *_BODY_FILES))
    return manifest


def _sorted_out(pairs: Sequence[Pair], shards: Sequence[Shard]) -> tuple[list[SolvedPair], list[dict[str, Any]]]:
    """Return the pairs that were solved, and what is to be said of the dropped ones."""
    solved: list[SolvedPair] = []
    dropped: list[dict[str, Any]] = []
    left = iter(pairs)
    for shard in shards:
        said = read_entries(shard.path)
        clips = read_clips(shard.path)
        for number, job in enumerate(shard.jobs):
            pair = next(left)
            kept = [row for row, clip in enumerate(said["clips"]) if clip["job"] == number]
            if len(kept) == 1 + SOLUTIONS:
                entries = tuple(said["clips"][row] for row in kept)
                solved.append(SolvedPair(pair, job.program, join_packed([(clips, row) for row in kept]), entries))
                continue
            missed = sorted({name for clip in said["dropped"] if clip["job"] == number for name in clip["missed"]})
            dropped.append({
                "split": pair.split, "motion": job.program.name, "intent": job.program.intent, "source": pair.source,
                "target": pair.target, "missed": missed,
            })  # fmt: skip
    return solved, dropped


def clip_id(pair: Pair, program: Program) -> str:
    """Return the pair's clip id."""
    return f"retarget/intents/{program.name}/{pair.source}>{pair.target}"


def _arrays(solved: Sequence[SolvedPair]) -> dict[str, NDArray[Any]]:
    """Pack motions clip after clip (per pair: the source, then its solutions) and the goals of every pair."""
    arrays = join_packed([(s.packed, clip) for s in solved for clip in range(1 + SOLUTIONS)])
    keys = key_vertices()
    goals = [(row, s.program, pair) for row, s in enumerate(solved) for pair in s.program.contact_pairs()]
    arrays["goal_pair"] = np.array([row for row, _, _ in goals], dtype=np.int16)
    arrays["goal_vertices"] = np.array([(keys[a], keys[b]) for _, _, (a, b) in goals], dtype=np.int32)
    arrays["goal_names"] = np.array([f"{a} on {b}" for _, _, (a, b) in goals])
    arrays["goal_faces_skin"] = np.array(
        [any(c.faces_skin for c in p.contacts if (c.vertex, c.place) == pair) for _, p, pair in goals]
    )
    arrays["goal_held"] = np.concatenate([p.held(*pair) for _, p, pair in goals])
    arrays["goal_free"] = np.concatenate([p.free(*pair) for _, p, pair in goals])
    arrays["planted"] = np.concatenate([s.program.planted() for s in solved])
    return arrays


def _content(variant: str, solved: Sequence[SolvedPair]) -> dict[str, Any]:
    held = _held_by_training(solved)
    content = {
        "name": f"intents-{variant}",
        "fps": 30.0,
        "licence": "CC0-1.0",
        "solutions_per_pair": SOLUTIONS,
        "permutation_seed": PERMUTATION_SEED,
        "seed": SEED,
        "training_motions": {name: list(bodies) for name, bodies in held.items()},
        "pairs": [_pair_entry(s) for s in solved],
    }
    if variant == "mini":
        return content | {"training_intents": list(TRAINING_INTENTS), "validation_intents": list(VALIDATION_INTENTS)}
    return content | {"pair_seed": PAIR_SEED, "drawn": 4 * PLANS[variant].per_split, "training": training_list()}


def training_list() -> dict[str, Any]:
    """Return how many motions training is made of, and the hash of its list: each motion with its bodies, in order."""
    listed = training_bodies_of()
    digest = hashlib.sha256(json.dumps([[name, list(bodies)] for name, bodies in listed.items()]).encode()).hexdigest()
    return {"motions": len(listed), "sha256": digest}


def _held_by_training(solved: Sequence[SolvedPair]) -> dict[str, tuple[str, ...]]:
    """Return the seen motions and the bodies that training may hold them on."""
    seen = [s for s in solved if s.pair.split.endswith("SM")]
    return {
        s.program.name: training_bodies(s.pair, body_names("train"))
        if isinstance(s.pair, MiniPair)
        else training_bodies_of()[s.program.name]
        for s in seen
    }


def _pair_entry(solved: SolvedPair) -> dict[str, Any]:
    attempts = sum(int(entry["attempts"]) for entry in solved.entries)
    measured = [entry["measured"] for entry in solved.entries]
    return {
        "clip_id": clip_id(solved.pair, solved.program),
        "split": solved.pair.split,
        "motion": solved.program.name,
        "intent": solved.program.intent,
        "source": solved.pair.source,
        "target": solved.pair.target,
        "frame_count": solved.program.frame_count,
        "solved": attempts,
        "dropped": attempts - len(measured),
        "measured": {"source": measured[0], "solutions": measured[1:]},
    }
