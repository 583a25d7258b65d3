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
        failed = tile.isnan()
        gaps = failed if bool(failed.any()) else None
        for truth, counts in zip(truths, found, strict=True):
            right = truth.right(rows)
            _refuse_unanswerable(right, rows)
            counts.append(_counts(tile, right, gaps).cpu())
    return [Placement(*np.ascontiguousarray(torch.cat(counts, dim=1).numpy())) for counts in found]


def _refuse_unanswerable(right: Tensor, rows: slice) -> None:
    answered = right.any(dim=1)
    if not bool(answered.all()):
        query = rows.start + int((~answered).nonzero()[0, 0])
        raise WrongScores(f"query {query} has no right answer in the gallery; leave it out.")


def _counts(tile: Tensor, right: Tensor, failed: Tensor | None) -> Tensor:
    """Above, tied wrong, tied right and ahead of each query, int64 [4, queries]."""
    usable = right if failed is None else right & ~failed
    best = torch.where(usable, tile, -torch.inf).amax(dim=1, keepdim=True)
    above = (tile > best).sum(dim=1)
    equal = tile == best
    tied = equal.sum(dim=1)
    tied_right = (equal & usable).sum(dim=1)
    tied_wrong = tied - tied_right
    ahead = _ahead(equal, usable, tied_wrong)
    if failed is not None:
        above += (failed & ~right).sum(dim=1)
        lost = ~usable.any(dim=1)
        above[lost] = (~right[lost]).sum(dim=1)
        tied_wrong[lost], tied_right[lost], ahead[lost] = 0, 1, 0
    return torch.stack([above, tied_wrong, tied_right, ahead])


def _ahead(equal: Tensor, right: Tensor, tied_wrong: Tensor) -> Tensor:
    """Wrong tied items that come before the first right one in the gallery's order; only ties are looked at."""
    ahead = torch.zeros_like(tied_wrong)
    rows = tied_wrong.nonzero()[:, 0]
    if len(rows):
        tied, good = equal[rows], right[rows]
        first = (tied & good).to(torch.uint8).argmax(dim=1, keepdim=True)
        before = torch.arange(tied.shape[1], device=tied.device) < first
        ahead[rows] = (tied & ~good & before).sum(dim=1)
    return ahead
