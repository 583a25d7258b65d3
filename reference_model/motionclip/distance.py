"""Motion FID and KID: how far a set of generated motions lies from a set of real ones, in MotionCLIP's latents.

A latent is taken as a unit vector times the root of its width, as ``kid``'s kernel wants it. The numbers mean something
only beside others by the same weights; a model that generates is never to be judged by its own encoder alone.
"""

import torch
from torch import Tensor
from torch.nn.functional import normalize

from ...metrics.semantics.declarations import FID_DIMENSIONS
from ...metrics.semantics.frechet import FrechetReference, evenly, fid, fit_reference
from ...metrics.semantics.kernel_distance import kid
from .model import MotionClipModel


def motion_features(latents: Tensor) -> Tensor:
    """Return latents as features of distances, mean square 1, [n, latent]."""
    return normalize(latents, dim=-1) * latents.shape[-1] ** 0.5


def motion_reference(
    model: MotionClipModel, latents: Tensor, samples: int, dimensions: int = FID_DIMENSIONS
) -> FrechetReference:
    """Fit the projection that all sets go through, for example on training's motions.

    Args:
        model: Whose latents they are; the reference belongs to its weights.
        latents: Of real motions, [n, latent].
        samples: Motions that sets will have.
        dimensions: Components to keep.

    Raises:
        WrongEmbeddings: If the motions span too few dimensions, or sets will be too small.
    """
    return fit_reference(motion_features(latents), model.fingerprint, samples, dimensions)


def motion_fid(generated: Tensor, real: Tensor, reference: FrechetReference) -> float:
    """Return the Frechet distance of two sets of latents, [n, latent] each, cut evenly to the reference's number.

    Raises:
        WrongEmbeddings: If a set is smaller than that.
    """
    sets = [evenly(motion_features(latents), reference.samples) for latents in (generated, real)]
    return float(fid(sets[0], sets[1], reference))


def motion_kid(generated: Tensor, real: Tensor, *, paired: bool = False) -> float:
    """Return the unbiased kernel distance of two sets of latents, [n, latent] and [m, latent].

    Args:
        generated: Of generated motions.
        real: Of real ones.
        paired: Whether row i of both is of one caption: such pairs are then left out, for they are not independent.

    Raises:
        WrongEmbeddings: If a set has fewer than two rows.
    """
    groups = torch.arange(len(generated)) if paired else None
    return float(kid(motion_features(generated), motion_features(real), groups, groups))
