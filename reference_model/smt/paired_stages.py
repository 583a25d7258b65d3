"""Both stages with right answers: half of every batch is pairs, and there the answer is asked for in place of the rest.

The other half, and every term that is not between a source and its result (reconstruction, cycle, the meaning and the
penetration of stage 2), is as without pairs: what differs between ``smt`` and ``smt-paired`` is what pairs are worth.
"""

from dataclasses import dataclass

import numpy as np
from torch import Tensor

from ...datasets.body.kinematics import Pose
from ...metrics.position import mse_san
from ..training.distributed import process_number
from . import losses
from .batch import Moves
from .fine_tuning import FineTuning
from .network import Retargeter
from .pair_terms import Performed, pair_terms
from .paired_clips import Pair, Pairs
from .profiles import Profile
from .sources import SourceClips, Window
from .stage1 import Drawn, Stage1, Training, moves_of
from .stage2 import Given, Stage2
from .targets import TargetBodies

ROTATIONS, ROOT, POSITIONS = 50.0, 5.0, 5000.0
"""Weights of an answer: 6D rotations, root, and positions, because hands are at the end of chains.

At the copy the answer so weighs about as much (0.34 on training's motions) as the skin relation of the other half of
the batch (0.29): neither drowns the other."""


@dataclass(frozen=True, eq=False)
class Answered(Drawn):
    """What a step is given, with the right answers of the last pairs."""

    answers: list[Window]


def with_pairs(drawn: Drawn, pairs: list[Pair]) -> Answered:
    """Return a batch whose last pairs are replaced by pairs with an answer."""
    kept = len(drawn.windows) - len(pairs)
    return Answered(
        drawn.windows[:kept] + [pair.window for pair in pairs],
        drawn.targets[:kept] + [pair.answer.rig for pair in pairs],
        [pair.answer for pair in pairs],
    )


def paired_parts(drawn: Answered, given: Performed, done: Performed, profile: Profile) -> dict[str, Tensor]:
    """Return the weighted terms: those of ``pair_terms`` where no answer is known, ``answer`` where one is.

    Args:
        drawn: The batch.
        given: The sources.
        done: The results, with gradients.
        profile: Of the stage.
    """
    alone = len(drawn.windows) - len(drawn.answers)
    parts = {}
    if alone:
        free = slice(0, alone)
        parts = pair_terms(_part(given, free), _part(done, free), profile)
    made, target, pose = _part(done, slice(alone, None))
    answer = moves_of(drawn.answers, str(made.root_m.device))
    return parts | {"answer": answer_loss((made, target, pose), answer)}


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


class PairedStage1(Stage1):
    """Stage 1 with pairs."""

    def __init__(self, training: Training, sources: SourceClips, targets: TargetBodies, pairs: Pairs) -> None:
        """Build the network as ``Stage1`` does.

        Args:
            training: How.
            sources: Source clips of training.
            targets: Bodies to retarget to where no answer is known.
            pairs: Where pairs come from.
        """
        super().__init__(training, sources, targets)
        self._pairs = pairs

    def draw(self, step: int) -> Answered:
        """Return a batch of which half has answers."""
        return with_pairs(super().draw(step), _drawn(self._pairs, self.training, step))

    def pair_parts(self, drawn: Drawn, given: Performed, done: Performed) -> dict[str, Tensor]:
        """Return the terms between sources and results."""
        assert isinstance(drawn, Answered)
        return paired_parts(drawn, given, done, self.training.profile)


class PairedStage2(Stage2):
    """Stage 2 with pairs."""

    def __init__(self, training: Training, tuning: FineTuning, network: Retargeter, given: Given, pairs: Pairs) -> None:
        """Take a network of stage 1; the arguments are those of ``Stage2``, and where pairs come from."""
        super().__init__(training, tuning, network, given)
        self._pairs = pairs

    def draw(self, step: int) -> Answered:
        """Return a batch of which half has answers."""
        return with_pairs(super().draw(step), _drawn(self._pairs, self.training, step))

    def pair_parts(self, drawn: Drawn, given: Performed, done: Performed) -> dict[str, Tensor]:
        """Return the terms between sources and results."""
        assert isinstance(drawn, Answered)
        return paired_parts(drawn, given, done, self.training.profile)


def _drawn(pairs: Pairs, training: Training, step: int) -> list[Pair]:
    """Half of a batch, of an odd one the larger half."""
    generator = np.random.default_rng([training.seed, step, process_number(), 10])
    return pairs.draw_pairs((training.profile.batch + 1) // 2, generator)


def _part(performed: Performed, part: slice) -> Performed:
    moves, rigs, pose = performed
    return moves[part], rigs[part], Pose(pose.rotations[part], pose.positions_m[part])
