"""``kid``: the kernel distance between two sets of embeddings, unbiased for any number of rows. The one that ranks."""

from collections.abc import Iterator

import torch
from torch import Tensor

from .errors import WrongEmbeddings

_ROWS = 1024
"""Rows of the kernel matrix that are held at once."""


def kid(
    results: Tensor, sources: Tensor, result_groups: Tensor | None = None, source_groups: Tensor | None = None
) -> Tensor:
    """Return the squared maximum mean discrepancy, float64; for sets of one distribution around 0, below it too.

    ``mean k(x, x') + mean k(y, y') - 2 mean k(x, y)`` with ``k(a, b) = (a . b / width + 1)^3`` (Binkowski et al. 2018),
    over all pairs, no subsets drawn; pairs x, x' of one row with itself are left out, which makes it unbiased. Rows
    that come in groups (the frames of a clip; a result and its own source) are not independent: with groups, pairs
    within a group are left out of all three means, and the value is unbiased over clips (for sets paired row by row,
    Gretton et al. 2012, equation 4, extended to groups). Differentiable.

    Args:
        results: Embeddings of the results, one vector per picture (``Embedding.means``), [rows, width].
        sources: The same of the sources, [other rows, width].
        result_groups: A whole number per row: the source motion it belongs to. ``None``: every row alone, and no pair
            of a result and a source left out.
        source_groups: The same for the sources; both or none.

    Raises:
        WrongEmbeddings: If shapes do not fit, a value is not finite, or fewer than two groups are in a set.
    """
    _check(results, sources, result_groups, source_groups)
    x, y = results.double(), sources.double()
    if result_groups is None or source_groups is None:
        alone, others = (torch.arange(rows.shape[0], device=x.device) for rows in (x, y))
        apart = -1 - others  # no group in common with the results
        return _mean(x, x, alone, alone) + _mean(y, y, others, others) - 2 * _mean(x, y, alone, apart)
    return (
        _mean(x, x, result_groups, result_groups)
        + _mean(y, y, source_groups, source_groups)
        - 2 * _mean(x, y, result_groups, source_groups)
    )


def _mean(a: Tensor, b: Tensor, a_groups: Tensor, b_groups: Tensor) -> Tensor:
    """The mean of the kernel over all pairs of rows from different groups."""
    total, count = a.new_zeros(()), 0
    for rows in _chunks(a.shape[0]):
        kernel = (a[rows] @ b.mT / a.shape[1] + 1) ** 3
        apart = a_groups[rows, None] != b_groups[None, :]
        total = total + (kernel * apart).sum()
        count += int(apart.sum())
    return total / count


def _chunks(rows: int) -> Iterator[slice]:
    for start in range(0, rows, _ROWS):
        yield slice(start, start + _ROWS)


def _check(x: Tensor, y: Tensor, x_groups: Tensor | None, y_groups: Tensor | None) -> None:
    if x.ndim != 2 or y.ndim != 2 or x.shape[1] != y.shape[1]:
        raise WrongEmbeddings(f"the sets are {list(x.shape)} and {list(y.shape)}; expected [rows, width], one width.")
    if not bool(x.isfinite().all() and y.isfinite().all()):
        raise WrongEmbeddings("a set holds values that are not finite.")
    if (x_groups is None) != (y_groups is None):
        raise WrongEmbeddings("one set has groups and the other has none; give both or none.")
    for rows, groups in ((x, x_groups), (y, y_groups)):
        if groups is not None and groups.shape != rows.shape[:1]:
            raise WrongEmbeddings(f"there are groups {list(groups.shape)} for {rows.shape[0]} rows; expected one each.")
        different = rows.shape[0] if groups is None else int(groups.unique().numel())
        if different < 2:
            raise WrongEmbeddings(f"a set has {different} independent rows; expected at least 2.")
