"""The alignment of two modalities: soft targets for what says nearly the same, or what others do with it.

LAVIMO promotes near captions to soft positives; TMR removes them from the comparison; plain InfoNCE punishes them.
"""

from dataclasses import dataclass
from typing import Literal

import torch
from torch import Tensor
from torch.nn.functional import log_softmax, normalize

COLDEST, WARMEST = 0.01, 1.0
"""Bounds of the learned temperature."""
FIRST_TEMPERATURE = 0.07


@dataclass(frozen=True)
class Pairing:
    """What a batch's items are to each other."""

    targets: Tensor
    """Share of each item in each query's answer, rows sum to 1, [items, items]."""
    left_out: Tensor
    """Pairs that are not compared, bool [items, items]; never the diagonal."""


def pair_up(similar: Tensor, near: float, negatives: Literal["soft", "mask", "all"]) -> Pairing:
    """Return targets and comparisons of a batch from its captions' similarities.

    ``soft``: ``S(i, j) = cos(t_i, t_j)`` where that is at least ``near``, else 0; the diagonal is 1; rows are divided
    by their sums. ``mask``: the target is the diagonal, near ones are left out. ``all``: the target is the diagonal.

    Args:
        similar: Raw cosines of the items' captions, [items, items], symmetric.
        near: From which cosine on two items say nearly the same.
        negatives: What becomes of them.
    """
    own = torch.eye(len(similar), dtype=torch.bool, device=similar.device)
    close = (similar >= near) & ~own
    if negatives == "soft":
        shares = torch.where(own, torch.ones_like(similar), similar * close)
        return Pairing(shares / shares.sum(dim=1, keepdim=True), torch.zeros_like(own))
    left_out = close if negatives == "mask" else torch.zeros_like(own)
    return Pairing(own.to(similar.dtype), left_out)


def alignment_loss(first: Tensor, second: Tensor, temperature: Tensor, pairing: Pairing) -> Tensor:
    """Return ``KL(target || prediction)`` from the first to the second modality plus the same the other way.

    The prediction is ``softmax_j(cos(a_i, b_j) / temperature)``. The direction of the divergence is not published; this
    one is finite where the target is 0, and 0 when the prediction equals the target.

    Args:
        first: Vectors of one modality, [items, width].
        second: Vectors of the other one, in the same order.
        temperature: Learned, a scalar.
        pairing: What the items are to each other; symmetric in what is near.
    """
    logits = normalize(first, dim=-1) @ normalize(second, dim=-1).T / temperature
    return _divergence(logits, pairing) + _divergence(logits.T, pairing)


def _divergence(logits: Tensor, pairing: Pairing) -> Tensor:
    predicted = log_softmax(logits.masked_fill(pairing.left_out, -torch.inf), dim=1)
    aimed = pairing.targets > 0
    # where nothing is aimed at nothing is added; the infinite logarithms there must not meet the zero
    gap = torch.where(aimed, pairing.targets.clamp(min=1e-12).log() - predicted.masked_fill(~aimed, 0.0), 0.0)
    return (pairing.targets * gap).sum(dim=1).mean()
