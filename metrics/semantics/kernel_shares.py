"""``kid`` clip by clip: what each clip adds to the distance between two sets, so that it can be resampled and paired.

A distance between sets is no mean over clips. But to first order, how it changes when a clip counts more or less often
is one: the shares below are ``kid`` plus that change (the infinitesimal jackknife, Jaeckel 1972). Their mean is ``kid``
itself, exactly, and resampling their mean gives an interval for ``kid``. The second order is left out of it; how often
it then holds the truth is simulated in the tests and stands in ``docs/judges.md``.
"""

import torch
from torch import Tensor

from .errors import WrongEmbeddings

_ROWS = 1024
"""Rows of the kernel matrix that are held at once."""


def kid_shares(results: Tensor, sources: Tensor, groups: Tensor) -> Tensor:
    """Return one number per clip whose mean is ``kid(results, sources, groups, groups)``, float64 [clips].

    With ``h_ij`` the mean over pictures of ``k(x_i, x_j) + k(y_i, y_j) - k(x_i, y_j) - k(y_i, x_j)`` and ``kid`` its
    mean over the ``D`` ordered pairs of clips from different groups, clip i of n has
    ``kid + 2 n / D * sum over its pairs of (h_ij - kid)``.

    Args:
        results: Embeddings of the results, as many pictures of every clip, [clips, pictures, width].
        sources: The same of the clips' own sources, same shape.
        groups: A whole number per clip: the source motion it belongs to, [clips]. Pairs within a group are left out.

    Raises:
        WrongEmbeddings: If shapes do not fit, a value is not finite, or there are fewer than two groups.
    """
    _check(results, sources, groups)
    between = _between(results.double(), sources.double())
    apart = (groups[:, None] != groups[None, :]).to(between.dtype)
    pairs = apart.sum()
    whole = (between * apart).sum() / pairs
    return whole + 2 * groups.shape[0] / pairs * ((between - whole) * apart).sum(dim=1)


def _between(x: Tensor, y: Tensor) -> Tensor:
    """How far two clips are apart, the mean over their pictures of the kernel's four terms, [clips, clips]."""
    clips, pictures = x.shape[:2]
    rows = max(_ROWS // pictures, 1)
    others_x, others_y = x.flatten(0, 1).mT, y.flatten(0, 1).mT
    found = []
    for start in range(0, clips, rows):
        mine_x, mine_y = (side[start : start + rows].flatten(0, 1) for side in (x, y))
        kernel = _kernel(mine_x, others_x) + _kernel(mine_y, others_y)
        kernel = kernel - _kernel(mine_x, others_y) - _kernel(mine_y, others_x)
        found.append(kernel.reshape(-1, pictures, clips, pictures).mean(dim=(1, 3)))
    return torch.cat(found)


def _kernel(rows: Tensor, columns: Tensor) -> Tensor:
    """Return ``k(a, b) = (a . b / width + 1)^3`` of all rows with all columns."""
    return (rows @ columns / rows.shape[1] + 1) ** 3


def _check(results: Tensor, sources: Tensor, groups: Tensor) -> None:
    if results.ndim != 3 or results.shape != sources.shape or groups.shape != results.shape[:1]:
        raise WrongEmbeddings(
            f"the sets are {list(results.shape)} and {list(sources.shape)} with groups {list(groups.shape)}; expected "
            "[clips, pictures, width] twice, and one group per clip."
        )
    if not bool(results.isfinite().all() and sources.isfinite().all()):
        raise WrongEmbeddings("a set holds values that are not finite.")
    if int(groups.unique().numel()) < 2:
        raise WrongEmbeddings(f"{groups.shape[0]} clips show one motion; expected at least 2 motions.")
