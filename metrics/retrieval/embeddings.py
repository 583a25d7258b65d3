"""Similarities of embeddings, computed a few queries at a time: the whole matrix never exists."""

from dataclasses import dataclass, replace
from typing import Literal

import torch
from torch import Tensor

from ...datasets.errors import UnknownName
from .equal_rows import first_equal_rows, first_of_each
from .errors import WrongScores
from .scores import Failures
from .tiles import row_tiles

Similarity = Literal["cosine", "dot"]
SIMILARITIES: tuple[Similarity, ...] = ("cosine", "dot")

_GALLERY_PART = 2**16
"""Gallery rows that are converted and multiplied at once."""


@dataclass(frozen=True, eq=False)
class Embedded:
    """One side of a search. Made by ``embedded``."""

    vectors: Tensor
    """[items, width], in the type given."""
    scale: Tensor
    """1 over the length of each vector, 0 for the zero vector, [items]."""
    failed: Tensor
    """Whether a vector holds a value that is not finite, bool [items]."""
    equal_to: Tensor | None
    """Index of the first vector equal to each, int64 [items]; ``None``: all differ."""

    def take(self, items: Tensor) -> "Embedded":
        """Return some of the items."""
        equal = None if self.equal_to is None else first_of_each(self.equal_to[items])
        return Embedded(self.vectors[items], self.scale[items], self.failed[items], equal)


def embedded(vectors: Tensor, failures: Failures = "refuse", what: str = "item") -> Embedded:
    """Return embeddings with all that a search needs to know of them, after checking them.

    Args:
        vectors: Floating [items, width].
        failures: What a vector with a value that is not finite is: refused, or an item the method failed on.
        what: What one of them is called in messages.

    Raises:
        WrongScores: If they are not floating [items, width], are empty, or hold a value that is refused.
    """
    if vectors.ndim != 2 or not vectors.is_floating_point() or 0 in vectors.shape:
        raise WrongScores(
            f"the embeddings of each {what} are {list(vectors.shape)} of {vectors.dtype}; expected floating "
            "[items, width], neither empty."
        )
    vectors = vectors.detach()
    kind = working_type(vectors)
    scale = torch.empty(len(vectors), dtype=kind, device=vectors.device)
    failed = torch.empty(len(vectors), dtype=torch.bool, device=vectors.device)
    for rows in row_tiles(*vectors.shape):
        failed[rows] = ~vectors[rows].isfinite().all(dim=1)
        length = torch.linalg.vector_norm(vectors[rows].double(), dim=1)
        scale[rows] = torch.where(length > 0, 1 / length, 0).to(kind)
    if failures == "refuse" and bool(failed.any()):
        first = int(failed.nonzero()[0, 0])
        raise WrongScores(
            f"{what} {first} has an embedding with values that are not finite ({int(failed.sum())} of {len(failed)} "
            'have); give it one, or count such items as failures (failures="worst").'
        )
    exact = vectors if vectors.dtype == kind else vectors.to(kind)
    return Embedded(vectors, scale, failed, first_equal_rows(exact))


def working_type(*vectors: Tensor) -> torch.dtype:
    """Return the type similarities are computed in: float64 if any embedding is, else float32."""
    return torch.float64 if any(v.dtype == torch.float64 for v in vectors) else torch.float32


@dataclass(frozen=True, eq=False)
class EmbeddingScores:
    """Similarities of embeddings, computed tile by tile; the whole matrix never exists. Made by ``embedding_scores``.

    Gallery items with equal embeddings have exactly equal similarities, on every device.
    """

    queries: Embedded
    gallery: Embedded
    similarity: Similarity = "cosine"

    @property
    def shape(self) -> tuple[int, int]:
        """Number of queries and number of gallery items."""
        return len(self.queries.vectors), len(self.gallery.vectors)

    @property
    def device(self) -> torch.device:
        """Where the embeddings are."""
        return self.queries.vectors.device

    def rows(self, rows: slice) -> Tensor:
        """Return the similarities of some queries to the whole gallery; NaN where either side failed."""
        kind = working_type(self.queries.vectors, self.gallery.vectors)
        asked = self.queries.vectors[rows].to(kind)
        if self.similarity == "cosine":
            asked = asked * self.queries.scale[rows, None].to(kind)
        gallery = self.gallery.vectors
        tile = torch.empty(len(asked), len(gallery), dtype=kind, device=self.device)
        for start in range(0, len(gallery), _GALLERY_PART):
            part = slice(start, start + _GALLERY_PART)
            tile[:, part] = asked @ gallery[part].to(kind).T
        if self.similarity == "cosine":
            tile *= self.gallery.scale.to(kind)
        if self.gallery.equal_to is not None:
            own = torch.arange(len(gallery), device=self.device)
            again = (self.gallery.equal_to != own).nonzero()[:, 0]
            tile[:, again] = tile[:, self.gallery.equal_to[again]]
        tile[:, self.gallery.failed] = torch.nan
        tile[self.queries.failed[rows]] = torch.nan
        return tile

    def turned(self) -> "EmbeddingScores":
        """Return the same with the gallery asking."""
        return replace(self, queries=self.gallery, gallery=self.queries)

    def take(self, queries: Tensor, gallery: Tensor) -> "EmbeddingScores":
        """Return the same for some queries and some gallery items."""
        return replace(self, queries=self.queries.take(queries), gallery=self.gallery.take(gallery))


def embedding_scores(
    queries: Tensor, gallery: Tensor, similarity: Similarity = "cosine", failures: Failures = "refuse"
) -> EmbeddingScores:
    """Return the similarities of two sets of embeddings, which are computed when they are asked for.

    Args:
        queries: Floating [queries, width].
        gallery: Floating [gallery, width], on the same device.
        similarity: ``cosine``: dot product over both lengths. ``dot``: dot product.
        failures: What an embedding with values that are not finite is: refused, or a failure that counts as the worst
            case.

    Raises:
        WrongScores: If shapes or devices do not fit, or a value is not finite and refused.
        UnknownName: If there is no such similarity.
    """
    if similarity not in SIMILARITIES:
        raise UnknownName("similarity", similarity, SIMILARITIES)
    return pair_scores(embedded(queries, failures, "query"), embedded(gallery, failures, "gallery item"), similarity)


def pair_scores(queries: Embedded, gallery: Embedded, similarity: Similarity = "cosine") -> EmbeddingScores:
    """Return the similarities of two sides that were checked before.

    Raises:
        WrongScores: If widths or devices differ.
    """
    a, b = queries.vectors, gallery.vectors
    if a.shape[1] != b.shape[1] or a.device != b.device:
        raise WrongScores(
            f"the queries are {list(a.shape)} on {a.device}, the gallery {list(b.shape)} on {b.device}; expected one "
            "width and one device."
        )
    return EmbeddingScores(queries, gallery, similarity)
