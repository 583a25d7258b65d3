"""Which programs belong to training, validation and test: drawn by one published seed, never chosen.

Drawn are structures: single intents, one after another, and one over another. Every name is given a number by a hash
of the seed and itself, so that adding an intent moves no other one.

* What ``mini`` has published stays: its unseen programs are validation's, its seen ones training's.
* Of the other single intents one in six is drawn for the test, the lowest numbers first, passing over those whose class
  of action training would then not know. An intent drawn for one split is in no composition of another one.
* Compositions of training's own intents are drawn for all three; those with a held-out intent belong to its split.
* Intents and compositions whose goals have the same structure lie in the same split.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import permutations, product
from typing import Literal

import numpy as np

from .compose import NotComposable, done_s, overlay, sequence, start_of_second_s, times_of_hold_s
from .ends import quiet_until_s
from .intent import Family
from .program import FPS, Program
from .registry import INTENTS
from .roles import can_be_first, can_be_lower, can_be_second, can_be_upper, hold_of
from .structures import kin, sample_programs

Split = Literal["train", "val", "test"]
Kind = Literal["single", "sequence", "overlay"]
SPLITS: tuple[Split, ...] = ("train", "val", "test")

SPLIT_SEED = 20_261_121
TRAINING_MOTIONS, VAL_MOTIONS, TEST_MOTIONS = 4_200, 240, 1_100
FRAMES = (60, 150)
"""Fewest and most frames of a clip."""

PUBLISHED_TRAINING = (
    "both_hands_on_hips", "bow", "clap", "cover_mouth", "hand_on_cheek", "hand_on_heart", "hand_on_hip",
    "hand_on_opposite_shoulder", "hug_oneself", "point", "punch", "rub_belly", "salute", "scratch_head", "touch_knee",
    "walk", "wave",
)  # fmt: skip
"""Intents that training holds in ``mini``, and so for good."""
PUBLISHED_VALIDATION = (
    "beat_chest", "cover_ears", "cross_arms", "drink", "hand_behind_back", "hands_on_knees", "hands_together",
    "hold_phone", "jump", "kick", "sidestep", "squat", "touch_opposite_elbow",
)  # fmt: skip
"""Intents that training never sees in ``mini``, and so for good."""

_TEST_SHARE = 0.16
"""Of the single intents that are neither published training's nor published validation's."""
_SHARES: Mapping[Split, float] = {"train": 0.64, "val": 0.12, "test": 0.24}
"""Of the compositions of training's own intents."""
_MOST: Mapping[tuple[Split, Kind], int] = {
    ("train", "overlay"): 180, ("train", "sequence"): 180, ("val", "overlay"): 30, ("val", "sequence"): 30,
    ("test", "overlay"): 160, ("test", "sequence"): 120,
}  # fmt: skip
"""Compositions per split and kind; the lowest numbers are taken."""
_PATTERNS: Mapping[Split, tuple[Kind, ...]] = {
    "train": ("single", "overlay", "single", "sequence"),
    "val": ("single", "overlay", "sequence"),
    "test": ("single", "overlay", "sequence", "overlay", "sequence"),
}
"""Kinds in turn, in a list of motions."""
_ATTEMPTS = 400


@dataclass(frozen=True, order=True)
class Structure:
    """What a motion is made of, before parameters are drawn."""

    kind: Kind
    names: tuple[str, ...]
    """The intent; or the first and the second; or the upper and the lower one."""

    @property
    def name(self) -> str:
        """The intent of its programs."""
        return {"single": "", "sequence": "+", "overlay": "@"}[self.kind].join(self.names)

    @property
    def actions(self) -> tuple[str, ...]:
        """Classes of action of its parts."""
        return tuple(INTENTS[name].action for name in self.names)

    @property
    def action(self) -> str | None:
        """The class of what is done: of an overlay, what is done on the way; ``None`` of a sequence, which has two."""
        return None if self.kind == "sequence" else self.actions[0]

    @property
    def pressed(self) -> bool:
        """Whether one of its parts presses skin on skin."""
        return any(INTENTS[name].pressed for name in self.names)


@cache
def intent_splits() -> Mapping[str, Split]:
    """Return the split of every single intent.

    Raises:
        ValueError: If intents of one kin were published in different splits.
    """
    families: dict[str, list[str]] = {}
    for name, head in kin().items():
        families.setdefault(head, []).append(name)
    drawn: dict[str, Split] = {}
    for names in families.values():
        published = {
            s for s, known in (("train", PUBLISHED_TRAINING), ("val", PUBLISHED_VALIDATION)) if {*known} & {*names}
        }
        if len(published) > 1:
            raise ValueError(f"published in two splits, but with the same goals: {names}")
        drawn |= dict.fromkeys(names, "val" if published == {"val"} else "train")
    for head in _test_families(families):
        drawn |= dict.fromkeys(families[head], "test")
    return drawn


def _test_families(families: Mapping[str, list[str]]) -> list[str]:
    """Draw kins for the test, keeping every class of theirs known to training."""
    published = {*PUBLISHED_TRAINING, *PUBLISHED_VALIDATION}
    free = [head for head, names in families.items() if not published & {*names}]
    left = {*INTENTS} - {n for names in families.values() if {*PUBLISHED_VALIDATION} & {*names} for n in names}
    quota = int(np.ceil(_TEST_SHARE * sum(len(families[head]) for head in free)))
    taken: list[str] = []
    for head in sorted(free, key=lambda h: number(f"intent/{h}")):
        names = {*families[head]}
        stay = {INTENTS[n].action for n in left - names}
        if len(names) <= quota and {INTENTS[n].action for n in names} <= stay:
            taken.append(head)
            left -= names
            quota -= len(names)
    return taken


@cache
def structures(split: Split) -> tuple[Structure, ...]:
    """Return the structures of a split, sorted: single intents, sequences and overlays."""
    splits = intent_splits()
    singles = [Structure("single", (name,)) for name in INTENTS if splits[name] == split]
    composed = [s for kind in ("overlay", "sequence") for s in _lowest(split, kind)]
    return tuple(sorted([*singles, *composed]))


def _lowest(split: Split, kind: Kind) -> list[Structure]:
    """Return the compositions of a kind with the lowest numbers in a split that clips can be made of."""
    wanted = [s for s in _compositions(kind) if _split_of(s) == split]
    taken: list[Structure] = []
    for structure in sorted(wanted, key=lambda s: number(f"structure/{s.name}")):
        if len(taken) == _MOST[split, kind]:
            break
        if _fits(structure):
            taken.append(structure)
    return taken


@cache
def _compositions(kind: Kind) -> tuple[Structure, ...]:
    """Return all pairs of different intents of which each can always play its part."""
    if kind == "overlay":
        uppers, working = _able(can_be_upper, "contact", "gesture"), _able(can_be_upper, "action")
        gaits, postures = _able(can_be_lower, "locomotion"), _able(can_be_lower, "posture")
        # One works sitting or kneeling, but not on the run.
        pairs: Iterable[tuple[str, ...]] = (*product(uppers, (*gaits, *postures)), *product(working, postures))
    else:
        firsts, seconds = {*_able(can_be_first)}, {*_able(can_be_second)}
        pairs = (p for p in permutations(INTENTS, 2) if p[0] in firsts and p[1] in seconds)
    return tuple(Structure(kind, (one, two)) for one, two in pairs if one != two)


def _able(role: Callable[[Program], bool], *families: Family) -> list[str]:
    """Return the intents that can always play a part, of some families, or of any."""
    names = [name for name, intent in INTENTS.items() if not families or intent.family in families]
    return [name for name in names if all(role(program) for program in sample_programs(name))]


def _split_of(structure: Structure) -> Split | None:
    """Return where a composition belongs; ``None`` when its parts are held out for different splits."""
    splits = intent_splits()
    held_out = {splits[name] for name in structure.names} - {"train"}
    if held_out:
        return held_out.pop() if len(held_out) == 1 else None
    place = number("kin/" + "/".join(sorted(kin()[name] for name in structure.names)))
    return "train" if place < _SHARES["train"] else "val" if place < _SHARES["train"] + _SHARES["val"] else "test"


def _fits(structure: Structure) -> bool:
    """Whether at least every fourth draw of parameters gives a clip of the right length."""
    frames = [_frames(structure.kind, *parts) for parts in product(*map(_spans, structure.names))]
    return sum(FRAMES[0] <= count <= FRAMES[1] for count in frames) >= len(frames) / 4


@dataclass(frozen=True)
class _Span:
    """When a program begins and ends to move, and what of it may be prolonged."""

    frame_count: int
    begun_s: float
    done_s: float
    hold_s: tuple[float, float] | None


@cache
def _spans(intent: str) -> tuple[_Span, ...]:
    samples = sample_programs(intent)
    return tuple(_Span(p.frame_count, quiet_until_s(p), done_s(p) or p.length_s, hold_of(p)) for p in samples)


def _frames(kind: Kind, one: _Span, two: _Span) -> int:
    """Return how many frames a composition will have."""
    if kind == "sequence":
        return round(start_of_second_s(one.done_s, two.begun_s) * FPS) + two.frame_count
    if two.hold_s is None:
        return one.frame_count
    return two.frame_count + round(times_of_hold_s(two.hold_s, one.begun_s, one.done_s)[1] * FPS)


def draw_motion(structure: Structure, generator: np.random.Generator) -> Program:
    """Draw the parameters of a motion, again until the clip has the right length.

    Raises:
        NotComposable: If no draw gave a clip of 60 to 150 frames.
    """
    for _ in range(_ATTEMPTS):
        program = _drawn(structure, generator)
        if program is not None:
            return program
    raise NotComposable(f"{structure.name}: none of {_ATTEMPTS} draws has {FRAMES[0]} to {FRAMES[1]} frames.")


def _drawn(structure: Structure, generator: np.random.Generator) -> Program | None:
    """Draw once; ``None`` when the clip has not the right length."""
    parts = [INTENTS[name].draw(generator) for name in structure.names]
    try:
        program = _put_together(structure.kind, parts)
    except NotComposable:
        return None
    return program if FRAMES[0] <= program.frame_count <= FRAMES[1] else None


def _put_together(kind: Kind, parts: list[Program]) -> Program:
    if kind == "single":
        return parts[0]
    if kind == "sequence" and sum(part.frame_count for part in parts) > FRAMES[1] + 40:
        raise NotComposable(f"{parts[0].name} and {parts[1].name} are too long, one after the other.")
    return sequence(*parts) if kind == "sequence" else overlay(*parts)


def motions(split: Split, count: int) -> Iterator[tuple[Structure, Program]]:
    """Yield the first motions of a split, always the same, each with its structure; no two share a name.

    Kinds take turns, and so do the structures of a kind.
    """
    by_kind: dict[Kind, list[Structure]] = {"single": [], "sequence": [], "overlay": []}
    for structure in sorted(structures(split), key=lambda s: number(f"turn/{s.name}")):
        by_kind[structure.kind].append(structure)
    turns = dict.fromkeys(by_kind, 0)
    names: set[str] = set()
    for index in range(count):
        kind = _PATTERNS[split][index % len(_PATTERNS[split])]
        structure = by_kind[kind][turns[kind] % len(by_kind[kind])]
        turns[kind] += 1
        generator = np.random.default_rng([SPLIT_SEED, SPLITS.index(split), index])
        program = draw_motion(structure, generator)
        while program.name in names:
            program = draw_motion(structure, generator)
        names.add(program.name)
        yield structure, program


def training_motions(count: int = TRAINING_MOTIONS) -> tuple[Program, ...]:
    """Return the first motions of training; a longer list begins with a shorter one."""
    return tuple(program for _, program in motions("train", count))


def val_motions() -> tuple[Program, ...]:
    """Return the motions of validation."""
    return tuple(program for _, program in motions("val", VAL_MOTIONS))


def test_motions() -> tuple[Program, ...]:
    """Return the motions of the test, all of structures that training never sees."""
    return tuple(program for _, program in motions("test", TEST_MOTIONS))


def number(text: str) -> float:
    """Return a number between 0 and 1 that depends on the published seed and the text alone."""
    digest = hashlib.sha256(f"{SPLIT_SEED}/{text}".encode()).digest()
    return int.from_bytes(digest[:8], "big") / 2**64
