"""What a training step of both stages is given, and what is asked of its results.

Of a batch drawn without answers (``Drawn``) it is the terms between source and result. With pairs (``smt-paired``) half
of every batch has right answers (``Answered``), and there the answer is asked for in place of those terms. All else
(reconstruction, cycle, the meaning and the penetration of stage 2) is alike: what differs is what pairs are worth.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from ...datasets.body.kinematics import Pose, quaternions_to_matrices
from ...metrics.position import mse_san
from . import losses
from .batch import Moves
from .pair_terms import Performed, pair_terms
from .paired_clips import Pair
from .profiles import Profile
from .rig import Rig
from .sources import Window

ROTATIONS, ROOT, POSITIONS = 50.0, 5.0, 5000.0
"""Weights of an answer: 6D rotations, root, and positions, because hands are at the end of chains.

At the copy the answer so weighs about as much (0.34 on training's motions) as the skin relation of the other half of
the batch (0.29): neither drowns the other."""


@dataclass(frozen=True, eq=False)
class Drawn:
    """What a step is given: source windows, and bodies that were drawn apart from them."""

    windows: list[Window]
    targets: list[Rig]

    def terms(self, given: Performed, done: Performed, profile: Profile) -> dict[str, Tensor]:
        """Return the weighted terms between sources and results.

        Args:
            given: The sources.
            done: The results, with gradients.
            profile: Of the stage.
        """
        return pair_terms(given, done, profile)


@dataclass(frozen=True, eq=False)
class Answered(Drawn):
    """What a step is given, with the right answers of the last pairs."""

    answers: list[Window]

    def terms(self, given: Performed, done: Performed, profile: Profile) -> dict[str, Tensor]:
        """Return those of ``Drawn`` where no answer is known, and ``answer`` where one is."""
        alone = len(self.windows) - len(self.answers)
        parts = {}
        if alone:
            free = slice(0, alone)
            parts = pair_terms(_part(given, free), _part(done, free), profile)
        made, target, pose = _part(done, slice(alone, None))
        answer = moves_of(self.answers, str(made.root_m.device))
        return parts | {"answer": answer_loss((made, target, pose), answer)}


def with_answers(drawn: Drawn, pairs: Sequence[Pair]) -> Answered:
    """Return a batch whose last pairs are replaced by pairs with an answer."""
    kept = len(drawn.windows) - len(pairs)
    return Answered(
        drawn.windows[:kept] + [pair.window for pair in pairs],
        drawn.targets[:kept] + [pair.answer.rig for pair in pairs],
        [pair.answer for pair in pairs],
    )


def moves_of(windows: Sequence[Window], device: str) -> Moves:
    """Return windows as one batch."""
    rotations = torch.from_numpy(np.stack([w.rotations_wxyz for w in windows])).to(device).float()
    root = torch.from_numpy(np.stack([w.root_m for w in windows])).to(device).float()
    return Moves(quaternions_to_matrices(rotations), root)


def answer_loss(done: Performed, answer: Moves) -> Tensor:
    """Return how far results are from right answers on the same bodies.

    ``50 |6D|^2 + 5 |root| / H + 5000 mse_san``: mean squared error of the 6D rotations, mean absolute error of the root
    over height, and the metric ``mse_san`` of the joints' world positions.

    Args:
        done: The results, with gradients.
        answer: Other solutions of the sources' programs, beginning where the sources do.
    """
    made, target, pose = done
    errors = mse_san(pose.positions_m, target.pose(answer).positions_m, height_m=1.0) / target.height_m**2
    rotations, root = losses.rotation_error(made, answer), losses.root_error(made, answer, target.height_m)
    return ROTATIONS * rotations + ROOT * root + POSITIONS * errors.mean()


def _part(performed: Performed, part: slice) -> Performed:
    moves, rigs, pose = performed
    return moves[part], rigs[part], Pose(pose.rotations[part], pose.positions_m[part])
