"""The motion asks the three modalities, and what it hears is decoded back to the motion: training only."""

import torch
from torch import Tensor, nn
from torch.nn.functional import scaled_dot_product_attention

from .layers import Encoded, Sizing, time_waves


class MotionQueryFusion(nn.Module):
    """Attention with the motion as the only query: ``A(Q_m, K_m, V_m) + A(Q_m, K_t, V_t) + A(Q_m, K_v, V_v)``.

    The query is the motion's vector, keys and values are the tokens of each modality, so that one vector comes out: of
    tokens in, tokens out the decoder could copy the motion and would need nobody. One block, pre-norm, no residual:
    the first term already carries the motion (what was never published and is chosen here: ``docs/lavimo.md``).
    """

    def __init__(self, sizing: Sizing, modalities: tuple[str, ...]) -> None:
        """Make the layers.

        Args:
            sizing: Width and heads.
            modalities: Who is asked, of ``motion``, ``text`` and ``video``.
        """
        super().__init__()
        self.heads = sizing.heads
        self.query_norm = nn.LayerNorm(sizing.width)
        self.query = nn.Linear(sizing.width, sizing.width)
        self.norms = nn.ModuleDict({name: nn.LayerNorm(sizing.width) for name in modalities})
        self.keys = nn.ModuleDict({name: nn.Linear(sizing.width, 2 * sizing.width) for name in modalities})
        self.out = nn.Linear(sizing.width, sizing.width)

    def forward(self, asked: dict[str, Encoded], *, whole_tokens: bool) -> Tensor:
        """Return the fused latent of each item, [items, width].

        Args:
            asked: What each modality's encoder made of the batch; ``motion`` asks.
            whole_tokens: Whether keys are all tokens, or each modality's vector alone.
        """
        query = self._split(self.query(self.query_norm(asked["motion"].vectors))[:, None])
        heard = torch.zeros_like(query)
        for name, norm in self.norms.items():
            own = asked[name]
            tokens = own.tokens if whole_tokens else own.vectors[:, None]
            key, value = self.keys[name](norm(tokens)).chunk(2, dim=-1)
            seen = own.counted[:, None, None] if whole_tokens else None
            heard = heard + scaled_dot_product_attention(query, self._split(key), self._split(value), attn_mask=seen)
        return self.out(heard.transpose(1, 2).flatten(1))

    def _split(self, states: Tensor) -> Tensor:
        """[items, tokens, width] to [items, heads, tokens, width of a head]."""
        return states.unflatten(-1, (self.heads, -1)).transpose(1, 2)


class MotionDecoder(nn.Module):
    """From a latent to the whole motion at once: empty queries that know their moment attend to it (as in ACTOR)."""

    def __init__(self, sizing: Sizing, given: int) -> None:
        """Make the layers.

        Args:
            sizing: Of the layers.
            given: Width of a moment's description.
        """
        super().__init__()
        layer = nn.TransformerDecoderLayer(
            sizing.width, sizing.heads, sizing.feed, sizing.dropout, "gelu", batch_first=True, norm_first=True
        )
        self.layers = nn.TransformerDecoder(layer, sizing.layers)
        self.norm = nn.LayerNorm(sizing.width)
        self.writes = nn.Linear(sizing.width, given)

    def forward(self, latent: Tensor, times_s: Tensor, counted: Tensor) -> Tensor:
        """Return the described moments, [items, moments, given].

        Args:
            latent: [items, width].
            times_s: [items, moments].
            counted: Which moments are real, bool [items, moments].
        """
        queries = time_waves(times_s, latent.shape[-1])
        states = self.layers(queries, latent[:, None], tgt_key_padding_mask=~counted)
        return self.writes(self.norm(states))


def reconstruction_loss(made: Tensor, motion: Tensor, counted: Tensor) -> Tensor:
    """Return the mean squared error over the real moments.

    Args:
        made: From the decoder, [items, moments, width].
        motion: Normalised features, the same shape.
        counted: Which moments are real, bool [items, moments].
    """
    squared = (made - motion).square().mean(dim=-1)
    return (squared * counted).sum() / counted.sum().clamp(min=1)
