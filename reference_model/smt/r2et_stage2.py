"""The second stage of the R2ET-like rival: limbs are turned out of the body, and a gate keeps hands from leaving it."""

from dataclasses import replace

import torch
from torch import Tensor

from ...datasets.body.kinematics import Pose
from . import losses
from .batch import Moves, Rigs
from .drawn import Drawn
from .figure import figures
from .fine_tuning import FineTuning
from .network import Retargeter
from .pair_terms import Performed, pair_terms
from .r2et import R2etNetwork
from .r2et_losses import attraction
from .stage1 import Training
from .stage2 import Given, Stage2


class R2etStage2(Stage2):
    """Stage 2 that trains the shape-aware module alone.

    Repulsion is ``Stage2``'s penetration. Attraction has gradients to the gate only, as released: it cannot pull a hand
    anywhere, it can only take back what pushed it away.
    """

    def __init__(self, training: Training, tuning: FineTuning, network: Retargeter, given: Given) -> None:
        """Take a network of stage 1; the arguments are those of ``Stage2``.

        Raises:
            TypeError: If it is another network.
        """
        if not isinstance(network, R2etNetwork):
            raise TypeError(f"a {type(network).__name__}; this stage trains an R2etNetwork.")
        network.learn_shape()
        super().__init__(training, tuning, network, given)
        self._r2et = network

    def pair_parts(self, drawn: Drawn, given: Performed, done: Performed) -> dict[str, Tensor]:
        """Return twist, closeness to what the skeleton-aware module made, and attraction."""
        (moves, source, _), (made, target, _) = given, done
        weights = self.training.profile.weights
        others = replace(self.training.profile, weights=replace(weights, close_arms=0.0, close_rest=0.0))
        parts = pair_terms(given, done, others)
        arms, rest = losses.keep_close(made, self._r2et.base(moves, source, target), target.leg_m)
        parts["close"] = weights.close_arms * arms + weights.close_rest * rest
        if self.tuning.attraction:
            parts["attraction"] = self.tuning.attraction * self._attraction(drawn, (moves, source, target))
        return parts

    def _attraction(self, drawn: Drawn, asked: tuple[Moves, Rigs, Rigs]) -> Tensor:
        pose, every = asked[2].pose(self._r2et.gated(*asked)), self.tuning.geometry_every
        found = []
        for number, body in enumerate(figures(drawn.targets)):
            few = Pose(pose.rotations[number, ::every], pose.positions_m[number, ::every])
            found.append(attraction(body, body.posed_m(few)))
        return torch.stack(found).mean()
