"""The named configurations: ``paper`` (the release's sizes), ``tiny`` (what is shipped) and ``quick``. No torch.

Sizes, losses and optimiser of ``paper`` are those of the authors' code; ``docs/motionclip.md`` lists what differs.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True)
class Sizes:
    """How large the network is."""

    width: int = 512
    layers: int = 8
    """Of the encoder, and as many of the decoder."""
    heads: int = 4
    feed_forward: int = 1024
    dropout: float = 0.1
    frames: int = 60
    """Length of a window, at 30 frames per second."""
    unit_latents: bool = False
    """Whether the decoder is only ever given latents of one length. The release's are free, though only their direction
    is aligned to CLIP: a text embedding then has another length than what the decoder was trained on."""


@dataclass(frozen=True)
class LossWeights:
    """Weights of the five terms; the released text model's."""

    rotations: float = 100.0
    """On the mean squared error of the features (6D rotations and root path)."""
    vertices: float = 100.0
    """On the mean squared error of places on the standard body's skin in metres, the root held still."""
    differences: float = 100.0
    """On the mean squared error of the features' frame differences."""
    text: float = 1.0
    """On 1 - cosine of the latent and the caption's embedding."""
    image: float = 1.0
    """On 1 - cosine of the latent and a rendered frame's embedding."""


@dataclass(frozen=True)
class Preset:
    """A network and how it is trained."""

    sizes: Sizes
    steps: int
    batch: int
    rate: float
    places: int | None
    """How many vertices of the standard body the vertex term looks at; ``None``: all."""
    falling_rate: bool = False
    """Whether the learning rate warms up and then falls to nothing; the release keeps it."""
    weights: LossWeights = LossWeights()


PRESETS: Mapping[str, Preset] = MappingProxyType(
    {
        "paper": Preset(Sizes(), steps=500_000, batch=20, rate=1e-4, places=None),
        "tiny": Preset(
            Sizes(width=128, layers=4, feed_forward=256, unit_latents=True),
            steps=16_000, batch=64, rate=5e-4, places=128, falling_rate=True,
        ),
        "quick": Preset(
            Sizes(width=32, layers=1, heads=2, feed_forward=32, dropout=0.0, frames=20, unit_latents=True),
            steps=30, batch=8, rate=3e-3, places=16,
        ),
    }
)  # fmt: skip
"""The release trains ``paper`` for 100 epochs of BABEL; how many steps that is depends on the data, so the number here
is ours."""
