"""The released network (``models/model.py`` of SMT): spatial gated convolutions, causal temporal ones, a root network.

What differs from the release: 22 joints in place of 25; one normalisation for all characters; offsets over height; real
windows; and the root network says how the root differs from the path scaled to the legs, because the release's answer,
de-normalised with the target's own statistics, cannot be had for an unseen target.
"""

from collections.abc import Iterable

import torch
from torch import Tensor, nn

from ...datasets.body.rotation_6d import from_six
from .batch import Moves, Rigs, copied, motion_features
from .layers import DOWNWARDS, CausalConv, GatedGraphConv
from .network import MOTION_FEATURES, Retargeter, bone_vectors, reduced

_EDGE = 3


def _spatial(inputs: int, outputs: int) -> GatedGraphConv:
    return GatedGraphConv(inputs, outputs, _EDGE, DOWNWARDS)


class RootNet(nn.Module):
    """Where the hips go: source positions, the root's feature told to every joint of the target, read at the root."""

    def __init__(self) -> None:
        super().__init__()
        self.source, self.target = _spatial(3, 16), _spatial(16 + 3, 3)

    def forward(self, positions: Tensor, edges: tuple[Tensor, Tensor], rest: Tensor) -> Tensor:
        """Return three numbers per frame, [batch, frames, 3].

        Args:
            positions: Normalised source positions, [batch, frames, 22, 3].
            edges: Bone vectors of source and target.
            rest: Rest positions of the target over height, [batch, 1, 22, 3].
        """
        root = self.source(positions, edges[0])[:, :, :1].expand(-1, -1, positions.shape[2], -1)
        joined = torch.cat([root, rest.expand(-1, positions.shape[1], -1, -1)], dim=-1)
        return self.target(joined, edges[1])[:, :, 0]


class ReleasedNetwork(Retargeter):
    """Encoder 9-16-32 on the source's bones, decoder 32-16-6 on the target's, and the root network."""

    def __init__(self) -> None:
        super().__init__()
        self.encoder = nn.ModuleList([_spatial(MOTION_FEATURES, 16), _spatial(16, 32)])
        self.seen, self.moved = CausalConv(32), CausalConv(6)
        self.decoder = nn.ModuleList([_spatial(32, 16), _spatial(16, 6)])
        self.root = RootNet()

    def forward(self, moves: Moves, source: Rigs, target: Rigs) -> Moves:
        """Return the targets' motions."""
        features = self.normalisation.motion(motion_features(moves, source.pose(moves), source))
        here, there = bone_vectors(source), bone_vectors(target)
        rest = (target.rest_m / target.height_m[:, None, None])[:, None]
        with reduced(features, self.training):
            states = features
            for layer in self.encoder:
                states = layer(states, here)
            states = self.seen(states)
            for layer in self.decoder:
                states = layer(states, there)
            states = self.moved(states)
            root = self.root(features[..., 6:], (here, there), rest)
        local = from_six(self.normalisation.rotations(states.float()))
        path = copied(moves, source, target).root_m
        return Moves(local, path + 0.1 * target.height_m[:, None, None] * root.float())

    def root_parameters(self) -> Iterable[nn.Parameter]:
        """Return the root network's."""
        return self.root.parameters()


class Discriminator(nn.Module):
    """Is this frame of a motion real? 9-16-32 on the bones, over time, the largest of the joints, 32-16-1."""

    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.ModuleList([_spatial(MOTION_FEATURES, 16), _spatial(16, 32)])
        self.time = CausalConv(32)
        self.answer = nn.Sequential(nn.Linear(32, 16), nn.ReLU(), nn.Dropout(0.5), nn.Linear(16, 1))

    def forward(self, features: Tensor, rigs: Rigs) -> Tensor:
        """Return one logit per frame, [batch, frames]; the release's sigmoid is in the loss.

        Args:
            features: Normalised motion features, [batch, frames, 22, 9].
            rigs: Who moves.
        """
        edges = bone_vectors(rigs)
        with reduced(features, self.training):
            states = features
            for layer in self.layers:
                states = layer(states, edges)
            return self.answer(self.time(states).amax(dim=2))[..., 0].float()
