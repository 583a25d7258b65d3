"""The losses of both models."""

import torch
from torch import Tensor
from torch.nn.functional import cross_entropy, log_softmax, smooth_l1_loss


def contrastive(logits: Tensor, fitting: Tensor, undecided: Tensor) -> Tensor:
    """Return the symmetric contrastive loss with several right answers (InfoNCE, van den Oord et al. 2018, masked).

    ``- mean over rows of mean over fitting columns of log softmax``, over pictures and over captions; undecided pairs
    are in neither.

    Args:
        logits: Similarity over temperature, [pictures, captions].
        fitting: Which fit, bool, at least one per row and column.
        undecided: Which count for nothing, bool.
    """
    logits = logits.masked_fill(undecided, -1e4)
    right = fitting.to(logits.dtype)
    rows = -(log_softmax(logits, dim=1) * right).sum(dim=1) / right.sum(dim=1).clamp(min=1)
    columns = -(log_softmax(logits, dim=0) * right).sum(dim=0) / right.sum(dim=0).clamp(min=1)
    return (rows.mean() + columns.mean()) / 2


def hard_negatives(logits: Tensor, possible: Tensor, draws: Tensor) -> Tensor:
    """Return for each picture a caption that does not fit, the likelier the more alike it seems, [pictures].

    Args:
        logits: As of ``contrastive``.
        possible: Which pairs certainly do not fit, bool [pictures, captions].
        draws: Numbers between 0 and 1, [pictures].
    """
    chances = logits.detach().float().masked_fill(~possible, -1e4).softmax(dim=1).cumsum(dim=1)
    chosen = torch.searchsorted(chances, draws[:, None].to(chances) * chances[:, -1:])[:, 0]
    return chosen.clamp(max=logits.shape[1] - 1)


def points_loss(found: Tensor, wanted: Tensor, weights: Tensor) -> Tensor:
    """Return the weighted smooth L1 error of points in the picture; half an error in units of 5 % of its side.

    Args:
        found: [pictures, points * 3].
        wanted: [pictures, points, 3].
        weights: Of each point, [points].
    """
    errors = smooth_l1_loss(found.unflatten(1, (-1, 3)) * 20, wanted.clamp(-1.0, 2.0) * 20, reduction="none") / 2
    return (errors.mean(dim=(0, 2)) * weights).sum() / weights.sum()


def slots_loss(logits: Tensor, slots: Tensor) -> Tensor:
    """Return the cross entropy of both hands' slots where they are known.

    Args:
        logits: [pictures, 2, slots].
        slots: [pictures, 2], -1 where not known.
    """
    known = slots >= 0
    if not bool(known.any()):
        return logits.sum() * 0
    return cross_entropy(logits[known], slots[known])
