"""Similarities of queries to a gallery, handed out a few queries at a time; here from a matrix that is at hand.

**Values that are not numbers.** By default NaN is refused by one sentence that says where it is: it is nearly always a
fault of the method that nobody wants to find in a table. A runner that has decided to count failures says
``failures="worst"``: a pair without a score is then worst for its query, a right item after and a wrong item before all
others, so that a failure can never help. Infinite similarities are numbers that can be ordered, and are; an embedding
that holds infinity has no direction and is treated like NaN. The zero vector has cosine 0 with everything.
"""

from dataclasses import dataclass
from typing import Literal, Protocol

import torch
from torch import Tensor

from .errors import WrongScores
from .tiles import row_tiles

Failures = Literal["refuse", "worst"]


class Scores(Protocol):
    """Similarities of queries to a gallery; higher is nearer, NaN is no score."""

    @property
    def shape(self) -> tuple[int, int]:
        """Number of queries and number of gallery items."""
        ...

    @property
    def device(self) -> torch.device:
        """Where the tiles are."""
        ...

    def rows(self, rows: slice) -> Tensor:
        """Return the similarities of some queries to the whole gallery, [len(rows), gallery]."""
        ...

    def turned(self) -> "Scores":
        """Return the same similarities with the gallery asking."""
        ...

    def take(self, queries: Tensor, gallery: Tensor) -> "Scores":
        """Return the similarities of some queries to some gallery items, both int64 indices."""
        ...


@dataclass(frozen=True, eq=False)
class MatrixScores:
    """Similarities that are at hand as a matrix, floating [queries, gallery]. Made by ``matrix_scores``."""

    matrix: Tensor

    @property
    def shape(self) -> tuple[int, int]:
        """Number of queries and number of gallery items."""
        return self.matrix.shape[0], self.matrix.shape[1]

    @property
    def device(self) -> torch.device:
        """Where the matrix is."""
        return self.matrix.device

    def rows(self, rows: slice) -> Tensor:
        """Return some rows."""
        return self.matrix[rows].contiguous()

    def turned(self) -> "MatrixScores":
        """Return the transposed matrix, not copied."""
        return MatrixScores(self.matrix.T)

    def take(self, queries: Tensor, gallery: Tensor) -> "MatrixScores":
        """Return a copy of some rows and columns."""
        return MatrixScores(self.matrix[queries[:, None], gallery])


def matrix_scores(matrix: Tensor, failures: Failures = "refuse") -> MatrixScores:
    """Return a matrix of similarities as scores, after checking it.

    Args:
        matrix: Floating [queries, gallery]; higher is nearer. Negate distances.
        failures: What NaN is: refused, or a failure that counts as the worst case.

    Raises:
        WrongScores: If it is no matrix of floating numbers, is empty, or holds NaN that is refused.
    """
    if matrix.ndim != 2 or not matrix.is_floating_point() or 0 in matrix.shape:
        raise WrongScores(
            f"the similarities are {list(matrix.shape)} of {matrix.dtype}; expected floating [queries, gallery], "
            "neither empty."
        )
    if failures == "refuse":
        for rows in row_tiles(*matrix.shape):
            bad = matrix[rows].isnan().any(dim=1).nonzero()[:, 0]
            if len(bad):
                raise WrongScores(
                    f"query {int(bad[0]) + rows.start} has a similarity that is not a number; give it one, or count "
                    'pairs without a score as the worst case (failures="worst").'
                )
    return MatrixScores(matrix.detach())
