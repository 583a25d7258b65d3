"""The solver: Adam over spline knots of the departures from a program's style, for many bodies at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from ...body import Character, Motion
from ..programs import Program
from .departures import rounded, unrounded
from .problem import Problem
from .settings import SolverSettings


@dataclass(frozen=True, eq=False)
class Solution:
    """One program solved on several bodies."""

    program: Program
    motions: tuple[Motion, ...]
    """One per body, in the order given."""
    drawn: tuple[tuple[int, int], ...]
    """Seed and number of the answer of each."""
    departures: NDArray[np.int16] | None = None
    """What ``pose_departures`` makes these motions of, [clips, knots, P]; of a solution that was asked for rounded."""


def solve(
    program: Program,
    bodies: Sequence[Character],
    *,
    keys: Mapping[str, int],
    seed: int | Sequence[int] | Sequence[tuple[int, int]],
    settings: SolverSettings | None = None,
    device: torch.device | str = "cpu",
) -> Solution:
    """Solve a program on bodies that share their joints and their vertex order.

    A clip depends on its program, its body, its seed and its number among the answers, not on what it is solved along
    with: the same four give the same motion, bit by bit on one machine. The seed says where the way is looked for. The
    right answers of one seed set out together, start elsewhere at its end and weigh the style differently from there.
    A source and the truth of the pair A -> A are one clip: the same seed, the same answer.

    Args:
        program: Goals and style.
        bodies: One clip is solved per entry; a body may be given several times.
        keys: Key vertex name -> vertex, the same on every body.
        seed: Of each clip, or one for all, with the number of the right answer: ``(seed, 2)``. Without it a body's
            first clip is answer 0, its next one answer 1.
        settings: Weights and schedule; ``None``: the usual ones.
        device: Where everything is computed.
    """
    drawn = _drawn(seed, bodies)
    chosen = settings or SolverSettings()
    problem = Problem(program, bodies, keys, chosen, device)
    knots, pushes, weights = problem.start(drawn * (2 if len(bodies) == 1 else 1))
    rest = torch.nonzero(~problem.content(knots + pushes, weights))[:, 0]
    found = knots + pushes
    if len(rest):
        asked, rows = problem.at(rest)
        solved = asked.descend(knots[rows], pushes[rows], weights[rows])
        found = found.index_copy(0, rest, solved[: len(rest)])
    departures = rounded(found) if chosen.rounded else None
    motions = problem.motions(found if departures is None else unrounded(departures).to(found))
    kept = None if departures is None else departures[: len(drawn)]
    return Solution(program, motions[: len(drawn)], tuple(drawn), kept)


def pose_departures(
    program: Program, bodies: Sequence[Character], departures: Sequence[NDArray[np.int16]], keys: Mapping[str, int]
) -> tuple[Motion, ...]:
    """Return the motions of departures: those of ``solve`` with rounded settings, bit by bit on one machine.

    Args:
        program: Whose style is departed from.
        bodies: One per clip.
        departures: Of each clip, [knots, P].
        keys: Key vertex name -> vertex.
    """
    knots = unrounded(np.stack(departures))
    problem = Problem(program, bodies, keys, SolverSettings(), "cpu")
    return problem.motions(knots.repeat(2, 1, 1) if len(bodies) == 1 else knots)[: len(bodies)]


def _drawn(seed: int | Sequence[int] | Sequence[tuple[int, int]], bodies: Sequence[Character]) -> list[tuple[int, int]]:
    """Seed and answer of each clip; unless said, the answer is how many times its body was named before."""
    given = [seed] * len(bodies) if isinstance(seed, int) else list(seed)
    before = [sum(other is body for other in bodies[:i]) for i, body in enumerate(bodies)]
    return [own if isinstance(own, tuple) else (own, n) for own, n in zip(given, before, strict=True)]
