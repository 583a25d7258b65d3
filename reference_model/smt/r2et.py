"""A network in the manner of R2ET (Zhang et al., CVPR 2023): a rotation copy corrected twice, frame by frame.

First for the skeletons: attention over the joints' rotations and both skeletons' bones gives a turn of every joint.
Then for the shapes: a perceptron per limb, which sees both shapes and the pose so far, turns the limb's joints out of
the body, and a gate of 0 to 1 per joint says how much of that is done. The two are trained one after the other.

Facts of the network: the released ``model_skeleton_aware.py`` and ``model_shape_aware.py``. What differs is in
``docs/smt.md``.
"""

from collections.abc import Iterable
from itertools import pairwise

import torch
from torch import Tensor, nn

from ...datasets.body.joint_names import BODY_JOINTS
from ...datasets.body.rotation_6d import from_six, to_six
from .batch import Moves, Rigs, copied
from .layers import JointAttention
from .network import Retargeter, reduced
from .profiles import Sizes
from .rig import JOINTS

LIMBS = tuple(
    [BODY_JOINTS.index(side + bone) for bone in bones]
    for side in ("Left", "Right")
    for bones in (("Arm", "ForeArm", "Hand"), ("UpLeg", "Leg"))
)
"""Joints that the shape-aware module turns."""
_SIX, _BONE, _BOX = 6, 3, 3
_SEEN = JOINTS * (_SIX + 2 * 3)
_STEP = 0.3
"""Scale of what the last layers say of a rotation."""


class SkeletonModule(nn.Module):
    """From rotations and the bones of both skeletons to a change of every joint."""

    def __init__(self, width: int, heads: int) -> None:
        """Make the module; widths and numbers of heads are in the released proportions."""
        super().__init__()
        self.pose = nn.Sequential(nn.Linear(_SIX, width), JointAttention(width, heads), nn.Linear(width, 4 * width))
        few = max(heads // 2, 1)
        self.bones = nn.Sequential(nn.Linear(_BONE, width), JointAttention(width, few), nn.Linear(width, 2 * width))
        self.joints = nn.Parameter(0.1 * torch.randn(JOINTS, 8 * width))
        self.last = nn.Sequential(nn.Linear(8 * width, 2 * width), nn.ReLU(), nn.Linear(2 * width, _SIX))

    def forward(self, six: Tensor, source: Tensor, target: Tensor) -> Tensor:
        """Return changes, [batch, frames, 22, 6].

        Args:
            six: 6D rotations, [batch, frames, 22, 6].
            source: Bone vectors, normalised, [batch, 22, 3].
            target: The same of the target.
        """
        skeletons = [self.bones(b[:, None]).expand(-1, six.shape[1], -1, -1) for b in (source, target)]
        return self.last(torch.cat([self.pose(six), *skeletons], dim=-1) + self.joints)


def _perceptron(*sizes: int) -> nn.Sequential:
    layers: list[nn.Module] = []
    for inputs, outputs in pairwise(sizes):
        layers += [nn.Linear(inputs, outputs), nn.ReLU()]
    return nn.Sequential(*layers[:-1])


class ShapeModule(nn.Module):
    """From both shapes and a pose to a change of the limbs' joints, and how much of it is done."""

    def __init__(self, width: int) -> None:
        """Make the module, which begins by changing nothing."""
        super().__init__()
        hidden = 4 * width
        self.limbs = nn.ModuleList(_perceptron(_SEEN, hidden, hidden, _SIX * len(joints)) for joints in LIMBS)
        self.gate = _perceptron(_SEEN, 2 * hidden, 2 * hidden, hidden, JOINTS)
        for limb in self.limbs:
            _begin_at_zero(limb)

    def forward(self, six: Tensor, boxes: tuple[Tensor, Tensor], bones: Tensor) -> tuple[Tensor, Tensor]:
        """Return changes, [batch, frames, 22, 6], and gates, [batch, frames, 22, 1].

        Args:
            six: 6D rotations so far, [batch, frames, 22, 6].
            boxes: Sizes of the skin about each joint of source and target, normalised, [batch, 22, 3] each.
            bones: Bone vectors of the target, normalised, [batch, 22, 3].
        """
        source, target, skeleton = (b[:, None].expand(-1, six.shape[1], -1, -1) for b in (*boxes, bones))
        seen = torch.cat([source, target, six], dim=-1).flatten(2)
        change = six.new_zeros(six.shape)
        for joints, limb in zip(LIMBS, self.limbs, strict=True):
            change[:, :, joints] = limb(seen).unflatten(-1, (len(joints), _SIX)).to(change.dtype)
        gate = self.gate(torch.cat([skeleton, target, six], dim=-1).flatten(2))
        return change, torch.sigmoid(gate)[..., None]


class R2etNetwork(Retargeter):
    """Rotation copy, skeleton-aware change, gated shape-aware change; the root's path is scaled to the legs."""

    identity: Tensor

    def __init__(self, sizes: Sizes, fps: float = 30.0) -> None:
        """Make the network, which begins as rotation copy; the shape-aware module waits for ``learn_shape``.

        Args:
            sizes: Its width and heads.
            fps: Frames per second of the motions that it is given.
        """
        super().__init__(fps)
        self.skeleton, self.shape = SkeletonModule(sizes.width, sizes.heads), ShapeModule(sizes.width)
        _begin_at_zero(self.skeleton.last)
        self.shape.requires_grad_(False)
        self.register_buffer("identity", torch.tensor([1.0, 0.0, 0.0, 0.0, 1.0, 0.0]), persistent=False)

    def learn_shape(self) -> None:
        """Hold the skeleton-aware module from now on, and let the shape-aware one learn."""
        self.skeleton.requires_grad_(False)
        self.shape.requires_grad_(True)

    def forward(self, moves: Moves, source: Rigs, target: Rigs) -> Moves:
        """Return the targets' motions."""
        return self._shaped(self.base(moves, source, target), source, target)

    def base(self, moves: Moves, source: Rigs, target: Rigs) -> Moves:
        """Return what the skeleton-aware module alone makes."""
        copy, six = copied(moves, source, target), _six(moves.local)
        with reduced(six, self.training):
            change = self.skeleton(six, self._bones(source), self._bones(target))
        return Moves(copy.local @ from_six(self.identity + _STEP * change.float()), copy.root_m)

    def gated(self, moves: Moves, source: Rigs, target: Rigs) -> Moves:
        """Return what ``forward`` does, with gradients to the gate alone."""
        return self._shaped(self.base(moves, source, target), source, target, gate_alone=True)

    def root_parameters(self) -> Iterable[nn.Parameter]:
        """Return nothing: the root's path is not learned."""
        return ()

    def _shaped(self, base: Moves, source: Rigs, target: Rigs, *, gate_alone: bool = False) -> Moves:
        six = _six(base.local).detach()
        with reduced(six, self.training):
            change, gate = self.shape(six, (self._boxes(source), self._boxes(target)), self._bones(target))
        change = change.detach() if gate_alone else change
        turn = from_six(self.identity + _STEP * gate.float() * change.float())
        return Moves(base.local @ turn, base.root_m)

    def _bones(self, rigs: Rigs) -> Tensor:
        return self.normalisation.shape(rigs.shape)[..., :_BONE]

    def _boxes(self, rigs: Rigs) -> Tensor:
        shape = self.normalisation.shape(rigs.shape)
        return shape[..., -_BOX:] - shape[..., _BONE:-_BOX]


def _six(local: Tensor) -> Tensor:
    """6D rotations; the hips' is which way is up, seen from them: a heading means nothing."""
    up = local[..., :1, 1, :]
    return torch.cat([torch.cat([up, torch.zeros_like(up)], dim=-1), to_six(local[..., 1:, :, :])], dim=-2)


def _begin_at_zero(layers: nn.Module) -> None:
    last = list(layers.children())[-1]
    for parameter in last.parameters():
        nn.init.zeros_(parameter)
