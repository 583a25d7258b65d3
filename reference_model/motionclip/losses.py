"""The five terms of MotionCLIP's loss; their weights stand in ``presets.LossWeights``."""

from collections.abc import Mapping

from torch import Tensor
from torch.nn.functional import cosine_similarity

from .presets import LossWeights
from .standard_body import StandardPlaces


def reconstruction_terms(made: Tensor, given: Tensor, places: StandardPlaces) -> dict[str, Tensor]:
    """Return the three terms on the motion itself, not weighted.

    Args:
        made: What the decoder made, [n, frames, 135].
        given: What the encoder was given, the same shape.
        places: The standard body; hands and feet count through it, for they move furthest.
    """
    steps = [features[:, 1:] - features[:, :-1] for features in (made, given)]
    return {
        "rotations": (made - given).square().mean(),
        "vertices": (places.skin_m(made) - places.skin_m(given)).square().mean(),
        "differences": (steps[0] - steps[1]).square().mean(),
    }


def alignment_terms(latents: Tensor, texts: Tensor, images: Tensor) -> dict[str, Tensor]:
    """Return 1 - cosine of the latents with the captions' and the pictures' embeddings, means over [n, latent]."""
    return {
        "text": (1 - cosine_similarity(latents, texts, dim=-1)).mean(),
        "image": (1 - cosine_similarity(latents, images, dim=-1)).mean(),
    }


def weighted(terms: Mapping[str, Tensor], weights: LossWeights) -> dict[str, Tensor]:
    """Return the terms times their weights; those of weight 0 are left out."""
    chosen = {name: getattr(weights, name) for name in terms}
    return {name: chosen[name] * term for name, term in terms.items() if chosen[name]}
