"""What two programs share when they differ only in parameters: the structure of their goals."""

from collections.abc import Mapping
from functools import cache
from itertools import pairwise

import numpy as np

from .goals import Contact
from .program import FPS, Program
from .registry import INTENTS

GoalStructure = tuple[tuple[str, ...], ...]
"""Per act: its touching pairs and kinds of goals, or its intent's name when nothing touches; sorted."""

_DRAWS = 6
_DRAW_SEED = 4_711


def goal_structure(program: Program) -> GoalStructure:
    """Return the structure of a program's goals, the same for all its parameters and for its mirror image.

    An act with contacts is the set of its pairs of key vertices, each held once or again and again, left and right
    exchanged or not, whichever comes first in the alphabet, and the kinds of its goals. An act without contacts has
    nothing but its way of moving: its intent's name stands for it. The order of two acts, and whether they are done
    one after the other or at once, makes no other structure: unseen ought to mean more than rearranged.
    """
    return tuple(sorted(_of_act(act) for act in program.acts))


def _of_act(act: Program) -> tuple[str, ...]:
    if not act.contacts:
        return (act.intent,)
    pairs = [(vertex, place, _again(act, (vertex, place))) for vertex, place in act.contact_pairs()]
    versions = (pairs, [(_mirrored(v), _mirrored(p), again) for v, p, again in pairs])
    described = min(tuple(sorted(" & ".join(sorted((v, p))) + again for v, p, again in each)) for each in versions)
    return (*described, *sorted({type(goal).__name__ for goal in act.goals}))


def _again(act: Program, pair: tuple[str, str]) -> str:
    """Whether a contact comes, goes and comes again."""
    spans = sorted((c.from_s, c.to_s) for c in act.goals if isinstance(c, Contact) and (c.vertex, c.place) == pair)
    gaps = [later[0] - earlier[1] for earlier, later in pairwise(spans)]
    return " again" if any(gap > 1.5 / FPS for gap in gaps) else ""


def _mirrored(vertex: str) -> str:
    for side, other in (("left_", "right_"), ("right_", "left_")):
        if vertex.startswith(side):
            return other + vertex.removeprefix(side)
    return vertex


@cache
def sample_programs(intent: str) -> tuple[Program, ...]:
    """Return a few programs of an intent, always the same, to see what its parameters change."""
    generator = np.random.default_rng(_DRAW_SEED)
    return tuple(INTENTS[intent].draw(generator) for _ in range(_DRAWS))


@cache
def kin() -> Mapping[str, str]:
    """Return the first intent, in the alphabet, of those whose goals have a structure in common, per intent.

    Intents of one kin must lie in one split: what one of them teaches gives the others away.
    """
    first_with: dict[GoalStructure, str] = {}
    head = {name: name for name in INTENTS}

    def find(name: str) -> str:
        """Return the head of a name's kin."""
        while head[name] != name:
            name = head[name]
        return name

    for name in INTENTS:
        for structure in {goal_structure(program) for program in sample_programs(name)}:
            other = find(first_with.setdefault(structure, name))
            ahead, behind = sorted((other, find(name)))
            head[behind] = ahead
    return {name: find(name) for name in INTENTS}
