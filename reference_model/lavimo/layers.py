"""What the three encoders and the decoder are made of: transformers over moments that are known in seconds."""

import math
from dataclasses import dataclass

import torch
from torch import Tensor, nn

_SLOWEST_HZ, _FASTEST_HZ = 1 / 60, 10.0


@dataclass(frozen=True)
class Encoded:
    """What an encoder makes of a batch."""

    vectors: Tensor
    """One per item, [items, width]: what is compared."""
    tokens: Tensor
    """States of all moments or words, [items, tokens, width]: what the fusion looks at."""
    counted: Tensor
    """Which tokens are real and not padding, bool [items, tokens]."""


@dataclass(frozen=True)
class Sizing:
    """Of a stack of layers."""

    width: int
    layers: int
    heads: int
    feed: int
    dropout: float = 0.1


def time_waves(times_s: Tensor, width: int) -> Tensor:
    """Return sines and cosines of moments, [..., width] of [...].

    Seconds and not frame numbers: motion and video are sampled at rates of their own, and how long something takes is
    part of what it is. Periods run from a tenth of a second to a minute.
    """
    half = width // 2
    waves = torch.logspace(math.log10(_SLOWEST_HZ), math.log10(_FASTEST_HZ), half, device=times_s.device)
    angles = 2 * math.pi * times_s[..., None] * waves
    return torch.cat([angles.sin(), angles.cos()], dim=-1)


class MomentEncoder(nn.Module):
    """A transformer over moments with a learned token in front, whose state is the item's vector (as in ACTOR)."""

    def __init__(self, given: int, sizing: Sizing) -> None:
        """Make the layers.

        Args:
            given: Width of a moment's description.
            sizing: Of the layers.
        """
        super().__init__()
        self.reads = nn.Linear(given, sizing.width)
        self.prefix = nn.Parameter(torch.randn(sizing.width) / sizing.width**0.5)
        self.layers = encoder_layers(sizing)
        self.norm = nn.LayerNorm(sizing.width)

    def forward(self, moments: Tensor, times_s: Tensor, counted: Tensor) -> Encoded:
        """Return vectors and tokens.

        Args:
            moments: [items, moments, given].
            times_s: [items, moments].
            counted: Which moments are real, bool [items, moments].
        """
        states = self.reads(moments)
        states = states + time_waves(times_s, states.shape[-1])
        states = torch.cat([self.prefix.expand(len(states), 1, -1), states], dim=1)
        hidden = torch.cat([torch.zeros_like(counted[:, :1]), ~counted], dim=1)
        states = self.norm(self.layers(states, src_key_padding_mask=hidden))
        return Encoded(states[:, 0], states[:, 1:], counted)


def encoder_layers(sizing: Sizing) -> nn.TransformerEncoder:
    """Return a stack of pre-norm layers with GELU."""
    layer = nn.TransformerEncoderLayer(
        sizing.width, sizing.heads, sizing.feed, sizing.dropout, "gelu", batch_first=True, norm_first=True
    )
    return nn.TransformerEncoder(layer, sizing.layers, enable_nested_tensor=False)


def parameter_count(module: nn.Module) -> int:
    """Return how many parameters a module has, shared ones counted once."""
    return sum(parameter.numel() for parameter in module.parameters())
