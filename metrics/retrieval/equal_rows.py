"""Which embeddings are equal bit for bit.

Two equal rows must get equal scores, or a tie is broken by the way a matrix product happens to sum at the edge of a
block: equal captions have equal embeddings, so such ties are the rule in motion-to-text, not the exception.
"""

import torch
from torch import Tensor

from .tiles import row_tiles

_SEED = 0x5EED


def first_equal_rows(vectors: Tensor) -> Tensor | None:
    """Return for each row the index of the first row equal to it, int64 [rows]; ``None`` if no two are equal.

    Rows are compared by a 64-bit hash of their bits, and rows of one hash value by value. A row that holds NaN equals
    no other.

    Args:
        vectors: float32 or float64, [rows, width].
    """
    kind = torch.int64 if vectors.dtype == torch.float64 else torch.int32
    generator = torch.Generator().manual_seed(_SEED)
    factors = torch.randint(-(2**62), 2**62, (vectors.shape[1],), generator=generator).to(vectors.device)
    hashes = torch.empty(vectors.shape[0], dtype=torch.int64, device=vectors.device)
    for rows in row_tiles(*vectors.shape):
        bits = (vectors[rows] + 0.0).view(kind)  # -0 + 0 is +0: one number, one pattern of bits
        hashes[rows] = (bits * factors).sum(dim=1)
    first = first_of_each(hashes)
    if first is None:
        return None
    own = torch.arange(len(first), device=first.device)
    suspects = (first != own).nonzero()[:, 0]
    for rows in row_tiles(len(suspects), vectors.shape[1]):
        chosen = suspects[rows]
        same = (vectors[chosen] == vectors[first[chosen]]).all(dim=1)
        first[chosen[~same]] = chosen[~same]
    return first if bool((first != own).any()) else None


def first_of_each(labels: Tensor) -> Tensor | None:
    """Return for each entry the index of the first entry with its label; ``None`` if all labels differ.

    Args:
        labels: int64 [n].
    """
    kinds, which = torch.unique(labels, return_inverse=True)
    if len(kinds) == len(labels):
        return None
    own = torch.arange(len(labels), device=labels.device)
    firsts = torch.full_like(kinds, len(labels)).scatter_reduce_(0, which, own, "amin")
    return firsts[which]
