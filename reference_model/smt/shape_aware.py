"""The network that is shipped: it corrects a rotation copy, sees both shapes, and looks at what it has done.

Encoder: blocks of graph, attention, time and channels on the source's bones. Decoder, run several times with the same
weights: what the target does so far, both shapes, and how far its forearms and hands have left the skin they were near
on the source (``skin_relation``); out comes a change of every joint's rotation in its own axes, and of the root. The
last layers begin at zero: an untrained network is the rotation copy, and a target equal to the source stays near it.

Everything it sees is turned and shifted with the hips, so heading and place of a clip do not matter.
"""

from collections.abc import Iterable

import torch
from torch import Tensor, nn

from ...datasets.body.kinematics import Pose
from ...datasets.body.rotation_6d import from_six, to_six
from .batch import Moves, Rigs, copied, motion_features
from .layers import BOTH_WAYS, Block
from .network import MOTION_FEATURES, Retargeter, reduced
from .profiles import Sizes
from .rig import JOINTS, SHAPE_FEATURES
from .skin_relation import FEATURES, Surroundings, arm_features, misses, surroundings

_IDENTITY = (1.0, 0.0, 0.0, 0.0, 1.0, 0.0)
_STEP = 0.3
"""Scale of what the last layer says of a rotation."""
_ROOT_STEP = 0.1
_EDGE = 2 * SHAPE_FEATURES
_SOURCE = MOTION_FEATURES + 1 + SHAPE_FEATURES
_STATE = 3 + 6 + 6 + 3 + 1 + SHAPE_FEATURES + FEATURES


class ShapeAwareNetwork(Retargeter):
    """Rotation copy plus learned corrections."""

    identity: Tensor

    def __init__(self, sizes: Sizes, fps: float = 30.0) -> None:
        """Make the network, which begins as rotation copy.

        Args:
            sizes: Of its layers.
            fps: Frames per second of the motions that it is given.
        """
        super().__init__(fps)
        self.sizes = sizes
        self.read = nn.Linear(_SOURCE, sizes.width)
        self.joints = nn.Parameter(0.1 * torch.randn(JOINTS, sizes.width))
        self.encoder = nn.ModuleList(Block(sizes.width, sizes.heads, _EDGE) for _ in range(sizes.encoder_blocks))
        self.look = nn.Linear(_STATE, sizes.width)
        self.decoder = nn.ModuleList(Block(sizes.width, sizes.heads, _EDGE) for _ in range(sizes.decoder_blocks))
        self.last = nn.LayerNorm(sizes.width)
        self.turn, self.shift = nn.Linear(sizes.width, 6), nn.Linear(sizes.width, 3)
        for layer in (self.turn, self.shift):
            nn.init.zeros_(layer.weight)
            nn.init.zeros_(layer.bias)
        self.register_buffer("identity", torch.tensor(_IDENTITY), persistent=False)

    def forward(self, moves: Moves, source: Rigs, target: Rigs) -> Moves:
        """Return the targets' motions."""
        copy = copied(moves, source, target)
        with torch.no_grad():
            pose = source.pose(moves)
            near = surroundings((source.skin_points(pose), source.height_m), source.found & target.found)
        encoded = self._encode(moves, pose, source)
        edges = self._edges(target)
        shape = self.normalisation.shape(target.shape)[:, None].expand(-1, moves.root_m.shape[1], -1, -1)
        turn = copy.local.new_zeros(*copy.local.shape[:3], 6)
        shift = torch.zeros_like(copy.root_m)
        done = copy
        for _ in range(self.sizes.passes):
            with torch.no_grad():  # what is seen is no path for gradients: each pass learns its own correction
                state = self._state(done.detach(), target, near)
                seen = torch.cat(
                    [state, turn.detach(), shift.detach()[:, :, None].expand(-1, -1, JOINTS, -1), shape], -1
                )
            with reduced(seen, self.training):
                states = encoded + self.look(seen)
                for block in self.decoder:
                    states = block(states, edges)
                states = self.last(states)
            # in full precision: what is added here is a small part of a rotation
            turn = turn + _STEP * self.turn(states.float())
            shift = shift + _ROOT_STEP * self.shift(states[:, :, 0].float())
            done = self._corrected(copy, target, turn, shift)
        return done

    def root_parameters(self) -> Iterable[nn.Parameter]:
        """Return the layer that shifts the root."""
        return self.shift.parameters()

    def stacks(self) -> list[nn.Module]:
        """Return the blocks."""
        return [self.encoder, self.decoder]

    def _encode(self, moves: Moves, pose: Pose, source: Rigs) -> Tensor:
        features = motion_features(moves, pose, source)
        hips = pose.rotations[:, :, :1]
        # the hips' own rotation is replaced by which way is up, seen from them: a heading means nothing
        up = torch.cat([hips[..., 1, :], torch.zeros_like(hips[..., 1, :])], dim=-1)
        rotations = torch.cat([up, features[..., 1:, :6]], dim=2)
        about = _from_hips(pose, source)
        level = features[:, :, :1, 7:8].expand(-1, -1, JOINTS, -1)
        shape = self.normalisation.shape(source.shape)[:, None].expand(-1, rotations.shape[1], -1, -1)
        given = torch.cat([rotations, 2 * about, level, shape], dim=-1)
        edges = self._edges(source)
        with reduced(given, self.training):
            states = self.read(given) + self.joints
            for block in self.encoder:
                states = block(states, edges)
        return states

    def _edges(self, rigs: Rigs) -> Tensor:
        """Shapes of both ends of each bone, both ways, [batch, 1, 42, 18]."""
        shape = self.normalisation.shape(rigs.shape)
        senders, receivers = [a for a, _ in BOTH_WAYS], [b for _, b in BOTH_WAYS]
        return torch.cat([shape[:, senders], shape[:, receivers]], dim=-1)[:, None]

    @staticmethod
    def _state(done: Moves, target: Rigs, near: Surroundings) -> Tensor:
        """What the target does so far and where its arms should go, [batch, frames, 22, 3 + 6 + 28 + 1]."""
        pose = target.pose(done)
        from_hips = pose.rotations[:, :, :1].transpose(-1, -2) @ pose.rotations
        joints = pose.positions_m / target.height_m[:, None, None, None]
        level = joints[:, :, :1, 1:2].expand(-1, -1, JOINTS, -1)
        found = misses(near, (target.skin_points(pose), target.height_m))
        told = arm_features(found, pose.rotations, joints)
        return torch.cat([2 * _from_hips(pose, target), to_six(from_hips), told, level], dim=-1)

    def _corrected(self, copy: Moves, target: Rigs, turn: Tensor, shift: Tensor) -> Moves:
        local = copy.local @ from_six(self.identity + turn)
        way = (copy.local[:, :, 0] @ shift[..., None])[..., 0]
        return Moves(local, copy.root_m + target.leg_m[:, None, None] * way)


def _from_hips(pose: Pose, rigs: Rigs) -> Tensor:
    """Joint positions over height in the hips' axes, [batch, frames, 22, 3]."""
    away = (pose.positions_m - pose.positions_m[:, :, :1]) / rigs.height_m[:, None, None, None]
    return (pose.rotations[:, :, :1].transpose(-1, -2) @ away[..., None])[..., 0]
