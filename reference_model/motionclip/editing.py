"""What is done with latents before they are decoded: interpolation, and arithmetic with words or motions."""

import torch
from torch import Tensor

from .errors import WrongRequest

STOPS = 5
"""As many as the release shows."""


def interpolated(start: Tensor, end: Tensor, stops: int = STOPS) -> Tensor:
    """Return latents on the straight line from one to another, both included, [stops, latent].

    Args:
        start: [latent].
        end: [latent].
        stops: How many, at least two.

    Raises:
        WrongRequest: If there are fewer than two.
    """
    if stops < 2:
        raise WrongRequest(f"an interpolation has {stops} stops; expected at least 2, its two ends.")
    shares = torch.linspace(0, 1, stops, device=start.device)[:, None]
    return torch.lerp(start[None], end[None], shares)


def edited(base: Tensor, without: Tensor | None = None, plus: Tensor | None = None) -> Tensor:
    """Return ``base - without + plus``: one thing that is done in place of another, the rest kept, [latent].

    The release does the same with latents of motions and of texts alike.

    Args:
        base: What is edited.
        without: What is taken away from it.
        plus: What is added.
    """
    found = base if without is None else base - without
    return found if plus is None else found + plus
