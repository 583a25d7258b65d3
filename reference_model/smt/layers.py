"""The layers of both networks: gated graph convolution, temporal convolution, attention over joints.

All take states [batch, frames, joints, channels].
"""

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn.functional import conv2d, pad, softplus
from torch.nn.utils.parametrizations import weight_norm

from ...datasets.body.joint_names import BODY_PARENTS

DOWNWARDS = tuple((parent, child) for child, parent in enumerate(BODY_PARENTS) if parent >= 0)
"""(sender, receiver) of each bone, from parent to child: the released graph."""
BOTH_WAYS = DOWNWARDS + tuple((child, parent) for parent, child in DOWNWARDS)


class GatedGraphConv(nn.Module):
    """Gated messages along edges, as in CGConv (Xie and Grossman 2018), with a linear residual.

    ``x_i' = W_r x_i + sum_j sigmoid(W_f z) softplus(W_s z)`` with ``z = [x_i, x_j, e_ij]``. The products are taken
    apart, per node and per edge, which is the same and costs less.
    """

    senders: Tensor
    receivers: Tensor

    def __init__(self, inputs: int, outputs: int, edge_inputs: int, edges: Sequence[tuple[int, int]]) -> None:
        """Make the layer for a fixed graph."""
        super().__init__()
        self.own = nn.Linear(inputs, 2 * outputs)
        self.other = nn.Linear(inputs, 2 * outputs, bias=False)
        self.edge = nn.Linear(edge_inputs, 2 * outputs, bias=False)
        self.residual = nn.Linear(inputs, outputs)
        self.register_buffer("senders", torch.tensor([a for a, _ in edges]), persistent=False)
        self.register_buffer("receivers", torch.tensor([b for _, b in edges]), persistent=False)

    def forward(self, states: Tensor, edges: Tensor) -> Tensor:
        """Return new states; ``edges`` are the edges' attributes, [batch, 1, edges, edge_inputs]."""
        own, other = self.own(states), self.other(states)
        told = own.index_select(-2, self.receivers) + other.index_select(-2, self.senders) + self.edge(edges)
        gate, value = told.chunk(2, dim=-1)
        message = torch.sigmoid(gate) * softplus(value)
        kept = self.residual(states)
        return kept.index_add(-2, self.receivers, message.to(kept.dtype))


class CausalConv(nn.Module):
    """The released temporal block: weight-normalised convolution of width 3, ReLU, dropout, residual; looks back."""

    def __init__(self, channels: int, dropout: float = 0.5) -> None:
        """Make the layer."""
        super().__init__()
        self.conv = weight_norm(nn.Conv1d(channels, channels, 3))
        self.dropout = nn.Dropout(dropout)

    def forward(self, states: Tensor) -> Tensor:
        """Return new states."""
        over_time = states.permute(0, 2, 3, 1)
        seen = pad(over_time.flatten(0, 1), (2, 0), mode="replicate")
        moved = self.dropout(torch.relu(self.conv(seen))).unflatten(0, over_time.shape[:2])
        return states + moved.permute(0, 3, 1, 2)


class JointAttention(nn.Module):
    """Attention between the joints of one frame."""

    def __init__(self, width: int, heads: int) -> None:
        """Make the layer."""
        super().__init__()
        self.heads = heads
        self.asked = nn.Linear(width, 3 * width)
        self.out = nn.Linear(width, width)

    def forward(self, states: Tensor) -> Tensor:
        """Return what each joint hears, of the same shape."""
        parts = self.asked(states).flatten(0, 1).unflatten(-1, (3, self.heads, -1))
        # small matrices, very many: a plain batched product is quicker than torch's attention for long sequences
        query, key, value = parts.permute(2, 0, 3, 1, 4).flatten(1, 2)
        nearness = torch.bmm(query * query.shape[-1] ** -0.5, key.transpose(1, 2))
        heard = torch.bmm(nearness.softmax(dim=-1), value).unflatten(0, (-1, self.heads))
        return self.out(heard.transpose(1, 2).flatten(-2)).view(states.shape)


class TimeMix(nn.Module):
    """A convolution over time for each channel, looking both ways, then a linear layer; the ends are repeated."""

    def __init__(self, width: int, reach: int = 2) -> None:
        """Make the layer; it sees ``reach`` frames to either side."""
        super().__init__()
        self.reach = reach
        self.taps = nn.Parameter(torch.randn(2 * reach + 1, width) / (2 * reach + 1) ** 0.5)
        self.out = nn.Linear(width, width)

    def forward(self, states: Tensor) -> Tensor:
        """Return what each joint hears of the frames around, of the same shape."""
        reach = self.reach
        first, last = states[:, :1].expand(-1, reach, -1, -1), states[:, -1:].expand(-1, reach, -1, -1)
        padded = torch.cat([first, states, last], dim=1)
        # channels in front, as convolutions want them, without moving anything in memory
        kernel = self.taps.t()[:, None, :, None]
        mixed = conv2d(padded.permute(0, 3, 1, 2), kernel, groups=len(kernel))
        return self.out(mixed.permute(0, 2, 3, 1))


class Block(nn.Module):
    """Bones, joints, frames, channels: one layer for each, every one added to what was there."""

    def __init__(self, width: int, heads: int, edge_inputs: int) -> None:
        """Make the block; its graph has every bone both ways."""
        super().__init__()
        self.graph = GatedGraphConv(width, width // 2, edge_inputs, BOTH_WAYS)  # messages are what costs most
        self.told = nn.Linear(width // 2, width)
        self.attention, self.time = JointAttention(width, heads), TimeMix(width)
        self.channels = nn.Sequential(nn.Linear(width, 2 * width), nn.GELU(), nn.Linear(2 * width, width))
        self.norms = nn.ModuleList(nn.LayerNorm(width) for _ in range(4))

    def forward(self, states: Tensor, edges: Tensor) -> Tensor:
        """Return new states; ``edges`` are the attributes of the bones both ways, [batch, 1, 42, edge_inputs]."""
        states = states + self.told(self.graph(self.norms[0](states), edges))
        states = states + self.attention(self.norms[1](states))
        states = states + self.time(self.norms[2](states))
        return states + self.channels(self.norms[3](states))
