"""The network: graph convolutions over the skeleton and convolutions in time, in turn.

After ST-GCN (Yan, Xiong, Lin: Spatial Temporal Graph Convolutional Networks for Skeleton-Based Action Recognition, AAAI
2018): a joint takes from itself, from its neighbour nearer to the root and from those farther away by weights of their
own ("spatial configuration" partitioning), and every layer learns how much each edge counts. It is smaller than theirs
(4 blocks in place of 9), sees 22 joints, normalises rows, so that a joint with many children is not louder, and its
input by the training set's mean and spread in place of a batch's.
"""

import torch
from torch import Tensor, nn

from ...datasets.body.joint_names import BODY_PARENTS
from .settings import Sizes

JOINTS = len(BODY_PARENTS)
_LEAST_SPREAD = 0.02
"""Over the height of the head: what moves less is not blown up."""


def partitioned_skeleton() -> Tensor:
    """Return which joint takes how much from which, [3, to, from]: from itself, its parent, its children.

    Over all three parts a row sums to 1.
    """
    parts = torch.zeros(3, JOINTS, JOINTS)
    parts[0] = torch.eye(JOINTS)
    for joint, parent in enumerate(BODY_PARENTS):
        if parent >= 0:
            parts[1, joint, parent] = 1.0
            parts[2, parent, joint] = 1.0
    return parts / parts.sum(dim=(0, 2))[None, :, None]


class GraphBlock(nn.Module):
    """A graph convolution, a convolution in time, and a way around both."""

    skeleton: Tensor

    def __init__(self, inputs: int, outputs: int, stride: int, sizes: Sizes) -> None:
        """Build the block.

        Args:
            inputs: Channels that come in.
            outputs: Channels that go out.
            stride: In time.
            sizes: Of the network.
        """
        super().__init__()
        self.register_buffer("skeleton", partitioned_skeleton(), persistent=False)
        self.importance = nn.Parameter(torch.ones(3, JOINTS, JOINTS))
        self.spread = nn.Conv2d(inputs, 3 * outputs, 1)
        self.in_time = nn.Sequential(
            nn.BatchNorm2d(outputs),
            nn.ReLU(),
            nn.Conv2d(outputs, outputs, (sizes.kernel, 1), (stride, 1), (sizes.kernel // 2, 0)),
            nn.BatchNorm2d(outputs),
            nn.Dropout(sizes.dropout),
        )
        self.around = nn.Sequential(nn.Conv2d(inputs, outputs, 1, (stride, 1)), nn.BatchNorm2d(outputs))

    def forward(self, features: Tensor) -> Tensor:
        """Return features, [n, inputs, moments, joints] -> [n, outputs, moments / stride, joints]."""
        spread = self.spread(features).unflatten(1, (3, -1))
        taken = torch.einsum("npctj,pij->ncti", spread, self.skeleton * self.importance)
        return torch.relu(self.in_time(taken) + self.around(features))


class SkeletonGcnNetwork(nn.Module):
    """From places of joints to a number per class."""

    mean: Tensor
    spread: Tensor

    def __init__(self, sizes: Sizes, classes: int) -> None:
        """Build the network.

        Args:
            sizes: How large.
            classes: How many.
        """
        super().__init__()
        self.sizes = sizes
        self.register_buffer("mean", torch.zeros(JOINTS, 3))
        self.register_buffer("spread", torch.ones(JOINTS, 3))
        widths = (3, *sizes.channels)
        steps = zip(widths[:-1], widths[1:], sizes.strides, strict=True)
        self.blocks = nn.Sequential(*(GraphBlock(inputs, outputs, stride, sizes) for inputs, outputs, stride in steps))
        self.leave = nn.Linear(widths[-1], classes)

    def learn_scale(self, places: Tensor) -> None:
        """Take mean and spread of the input from the training set, [n, moments, 22, 3]; joints at rest stay small."""
        self.mean.copy_(places.mean(dim=(0, 1)))
        self.spread.copy_(places.std(dim=(0, 1)).clamp_min(_LEAST_SPREAD))

    def forward(self, places: Tensor) -> Tensor:
        """Return logits of classes, [n, moments, 22, 3] -> [n, classes]."""
        # contiguous: on some CPUs torch 2.13 aborts in the backward pass of convolutions over permuted arrays
        features = ((places - self.mean) / self.spread).permute(0, 3, 1, 2).contiguous()  # [n, 3, moments, joints]
        found: Tensor = self.leave(self.blocks(features).mean(dim=(2, 3)))
        return found


def parameter_count(network: nn.Module) -> int:
    """Return how many numbers are learned."""
    return sum(parameter.numel() for parameter in network.parameters())
