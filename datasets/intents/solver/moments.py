"""Single moments of a program, solved on many bodies at once: what a picture is drawn from.

A picture shows no way to its pose. Without the way a pose costs some 25 ms in place of the 2.4 s of a clip, so that
every program can be seen on many bodies. What comes out is no ground truth: it is not checked, nor smooth in time.
"""

from collections.abc import Mapping, Sequence

import numpy as np
import torch
from numpy.typing import NDArray

from ...body import Character, Motion
from ..programs import Program
from .problem import Problem
from .settings import SolverSettings
from .window import Window

MOMENTS = SolverSettings(iterations=40, query_every=25)
"""Fewer steps than a clip gets. Of 276 held contacts on four bodies half come within 0.4 % H, three in four within 0.7,
nine in ten within 1.5, a pixel or two; narrow bodies are further off, a child up to 4. With 60 steps and a query every
20 nine in ten come within 0.6, for a quarter more time."""


def solve_moments(
    program: Program,
    bodies: Sequence[Character],
    frames: NDArray[np.intp],
    *,
    keys: Mapping[str, int],
    seed: int,
    settings: SolverSettings = MOMENTS,
) -> tuple[Motion, ...]:
    """Pose bodies as a program has them at some of its frames.

    Programs that ask for nothing but their style are taken as they are.

    Args:
        program: Goals and style.
        bodies: One result each; they share their joints and their vertex order.
        frames: Which, ascending, each once.
        keys: Key vertex name -> vertex, the same on every body.
        seed: Of where the search sets out.
        settings: Weights and schedule.

    Returns:
        One motion per body that holds just these frames, in order; the time between them is not the motion's.
    """
    problem = Problem(program, bodies, keys, settings, "cpu")
    knots, _, _ = problem.start([(seed, 0)] * len(problem.bodies))
    window = Window(problem.scene, frames)
    found = problem.explore(knots, window, settings.learning_rate) if problem.has_goals else torch.zeros_like(knots)
    return problem.motions(found, window)[: len(bodies)]
