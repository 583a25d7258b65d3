"""The transformer auto-encoder: a window of motion into one latent, and a latent into all frames at once."""

import math

import torch
from torch import Tensor, nn
from torch.nn.functional import normalize

from .pose import FEATURES
from .presets import Sizes


class MotionAutoEncoder(nn.Module):
    """MotionCLIP's encoder and decoder (Tevet et al., ECCV 2022).

    The encoder reads a linear embedding of each frame behind two prefix tokens; what becomes of the first one is the
    latent (the second, a deviation in the model this descends from, is there and never read, as in the release). The
    decoder's queries are sinusoidal positions alone, its memory is the latent alone. Where the latent, whose width is
    the CLIP's, is not as wide as the transformer, one linear map lies in between on each side.
    """

    latent_norm: Tensor

    def __init__(self, sizes: Sizes, latent: int) -> None:
        """Build an untrained network.

        Args:
            sizes: How large.
            latent: Width of the CLIP's embeddings.
        """
        super().__init__()
        self.sizes, self.latent = sizes, latent
        width, same = sizes.width, latent == sizes.width
        self.embed = nn.Linear(FEATURES, width)
        self.prefix = nn.Parameter(torch.randn(2, width))
        settings = (width, sizes.heads, sizes.feed_forward, sizes.dropout, "gelu")
        self.encoder = nn.TransformerEncoder(
            nn.TransformerEncoderLayer(*settings, batch_first=True), sizes.layers, enable_nested_tensor=False
        )
        self.to_latent: nn.Module = nn.Identity() if same else nn.Linear(width, latent)
        self.from_latent: nn.Module = nn.Identity() if same else nn.Linear(latent, width)
        self.decoder = nn.TransformerDecoder(nn.TransformerDecoderLayer(*settings, batch_first=True), sizes.layers)
        self.read = nn.Linear(width, FEATURES)
        self.register_buffer("latent_norm", torch.tensor(math.sqrt(latent)))

    def encode(self, features: Tensor) -> Tensor:
        """Return the latents of windows, [n, frames, 135] -> [n, latent]."""
        frames = self.embed(features)
        tokens = torch.cat([self.prefix.expand(len(frames), -1, -1), frames], dim=1)
        read = self.encoder(tokens + positions(tokens.shape[1], tokens.shape[2], tokens.device))
        latents: Tensor = self.to_latent(read[:, 0])
        return normalize(latents, dim=-1) * self.latent_norm if self.sizes.unit_latents else latents

    def decode(self, latents: Tensor, frames: int | None = None) -> Tensor:
        """Return windows, [n, latent] -> [n, frames, 135].

        Args:
            latents: Of motions, or ``latents_of`` embeddings of texts or pictures.
            frames: How many; ``None``: as many as a training window has. The network has seen no other number.
        """
        count = frames or self.sizes.frames
        if self.sizes.unit_latents:  # sums and differences of latents leave the sphere
            latents = normalize(latents, dim=-1) * self.latent_norm
        queries = positions(count, self.sizes.width, latents.device).expand(len(latents), -1, -1)
        made: Tensor = self.read(self.decoder(queries, self.from_latent(latents)[:, None]))
        return made

    def latents_of(self, embeddings: Tensor) -> Tensor:
        """Return a CLIP's unit embeddings with the length that latents have on average, [n, latent] both."""
        return normalize(embeddings, dim=-1) * self.latent_norm

    @torch.no_grad()
    def note_norms(self, latents: Tensor) -> None:
        """Follow the mean length of training's latents; where all have one length there is nothing to follow."""
        if not self.sizes.unit_latents:
            self.latent_norm.lerp_(latents.norm(dim=-1).mean(), 0.01)


def positions(count: int, width: int, device: torch.device | str = "cpu") -> Tensor:
    """Return sinusoidal positions (Vaswani et al. 2017), [count, width]."""
    at = torch.arange(count, dtype=torch.float32, device=device)[:, None]
    rates = torch.exp(torch.arange(0, width, 2, dtype=torch.float32, device=device) * (-math.log(10_000.0) / width))
    found = torch.zeros(count, width, device=device)
    found[:, 0::2], found[:, 1::2] = torch.sin(at * rates), torch.cos(at * rates)
    return found


def parameter_count(network: nn.Module) -> int:
    """Return how many numbers are learned."""
    return sum(p.numel() for p in network.parameters())
