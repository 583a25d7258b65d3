"""The first k answers to each query, found tile by tile: what a search shows."""

import torch
from torch import Tensor

from .scores import Scores
from .tiles import row_tiles


@torch.no_grad()
def top_k(scores: Scores, k: int) -> tuple[Tensor, Tensor]:
    """Return the gallery items of the k highest similarities of each query, best first, and these similarities.

    Equal similarities keep the gallery's order, also where the k-th is tied with items that are left out. An item
    without a score (NaN) counts as minus infinity. For figures use ``placing.place``, which breaks no tie by order.

    Args:
        scores: The similarities.
        k: How many; all items if the gallery has fewer.

    Returns:
        int64 [queries, k] and floating [queries, k], on the scores' device.
    """
    queries, gallery = scores.shape
    k = min(k, gallery)
    items, values = [], []
    for rows in row_tiles(queries, gallery):
        tile = scores.rows(rows)
        if bool(tile.sum().isnan()):
            tile = tile.masked_fill(tile.isnan(), -torch.inf)
        chosen = _first_k(tile, k)
        taken = tile.gather(1, chosen)
        order = taken.argsort(dim=1, descending=True, stable=True)
        items.append(chosen.gather(1, order))
        values.append(taken.gather(1, order))
    return torch.cat(items), torch.cat(values)


def _first_k(tile: Tensor, k: int) -> Tensor:
    """The items of the k highest values of each row, ascending; of those level with the k-th the first ones."""
    level = tile.topk(k, dim=1).values[:, -1:]
    kept = tile >= level
    for row in (kept.sum(dim=1) > k).nonzero()[:, 0].tolist():
        tied = (tile[row] == level[row]).nonzero()[:, 0]
        above = int((tile[row] > level[row]).sum())
        kept[row, tied[k - above :]] = False
    return kept.nonzero()[:, 1].view(len(tile), k)
