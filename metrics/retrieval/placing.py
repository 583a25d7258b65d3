"""Where the best right answer of each query stands: one pass over the similarities, a tile of queries at a time.

Nothing is sorted. The best score of the right items is looked up, and the wrong items above it and level with it are
counted; every tie rule follows from those counts (``ties``). Memory is a few tiles, whatever the gallery's size.
"""

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from .errors import WrongScores
from .scores import Scores
from .ties import Placement
from .tiles import row_tiles
from .truth import Truth


@torch.no_grad()
def place(scores: Scores, truths: Sequence[Truth]) -> list[Placement]:
    """Return where the best right answer of each query stands, by each of several rules of what is right.

    A similarity that is NaN is worst for its query: a wrong item without a score counts as above, a right one is no
    answer; a query none of whose right items has a score stands behind every wrong one.

    Args:
        scores: The similarities.
        truths: Which answers are right; on the scores' device.

    Raises:
        WrongScores: If a query has no right answer in the gallery.
    """
    queries, gallery = scores.shape
    width = max(gallery, *(truth.width for truth in truths))
    found: list[list[Tensor]] = [[] for _ in truths]
    for rows in row_tiles(queries, width):
        tile = scores.rows(rows)
        # A sum shows at a glance that nothing is NaN; where infinities cancel in it, the values are looked at.
        failed = tile.isnan() if bool(tile.sum().isnan()) else None
        for truth, counts in zip(truths, found, strict=True):
            right = truth.right(rows)
            _refuse_unanswerable(right, rows)
            counts.append(_counts(tile, right, failed).cpu())
    return [Placement(*np.ascontiguousarray(torch.cat(counts, dim=1).numpy())) for counts in found]


def _refuse_unanswerable(right: Tensor, rows: slice) -> None:
    answered = right.view(torch.uint8).amax(dim=1)
    if not bool(answered.all()):
        query = rows.start + int((answered == 0).nonzero()[0, 0])
        raise WrongScores(f"query {query} has no right answer in the gallery; leave it out.")


def _counts(tile: Tensor, right: Tensor, failed: Tensor | None) -> Tensor:
    """Above, tied wrong, tied right and ahead of each query, int64 [4, queries]."""
    usable = right if failed is None else right & ~failed
    best = torch.where(usable, tile, -torch.inf).amax(dim=1, keepdim=True)
    above = _count(tile > best)
    equal = tile == best
    tied = _count(equal)
    tied_right, ahead = torch.ones_like(tied), torch.zeros_like(tied)
    close = (tied > 1).nonzero()[:, 0]
    if len(close):
        tied_right[close], ahead[close] = _among_tied(equal[close], usable[close])
    tied_wrong = tied - tied_right
    if failed is not None:
        above += _count(failed & ~right)
        lost = usable.view(torch.uint8).amax(dim=1) == 0
        above[lost] = _count(~right[lost])
        tied_wrong[lost], tied_right[lost], ahead[lost] = 0, 1, 0
    return torch.stack([above, tied_wrong, tied_right, ahead])


def _among_tied(equal: Tensor, right: Tensor) -> tuple[Tensor, Tensor]:
    """Right tied items, and wrong ones that come before the first of them in the gallery's order, int64 each."""
    good = equal & right
    first = good.view(torch.uint8).argmax(dim=1, keepdim=True)
    before = torch.arange(equal.shape[1], device=equal.device) < first
    return _count(good), _count(equal & ~right & before)


def _count(mask: Tensor) -> Tensor:
    """True entries of each row, int64; bytes are summed many times faster than truth values are."""
    return mask.view(torch.uint8).sum(dim=1, dtype=torch.int32).long()
