"""Which gallery items are right for a query, told for a few queries at a time: no queries x gallery mask is kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import torch
from torch import Tensor


class Truth(Protocol):
    """A rule that says which answers are right."""

    @property
    def width(self) -> int:
        """Entries that one query's row needs while it is worked out, at most."""
        ...

    def right(self, rows: slice) -> Tensor:
        """Return whether each gallery item is right, bool [len(rows), gallery]."""
        ...


@dataclass(frozen=True, eq=False)
class SameLabel:
    """Right is what bears the query's label: the same motion behind both, or the same meaning."""

    queries: Tensor
    """int64 [queries]."""
    gallery: Tensor
    """int64 [gallery]."""

    @property
    def width(self) -> int:
        """One entry per gallery item."""
        return len(self.gallery)

    def right(self, rows: slice) -> Tensor:
        """Return whether the labels are equal."""
        return self.queries[rows, None] == self.gallery


class Agreement(Protocol):
    """A relation between captions."""

    def agree(self, some: Tensor, others: Tensor) -> Tensor:
        """Return whether two captions may answer for each other, bool [len(some), len(others)]; arguments: indices."""
        ...


@dataclass(frozen=True, eq=False)
class SameText:
    """Captions of one string."""

    texts: Tensor
    """Number of each caption's string, int64 [captions]."""

    def agree(self, some: Tensor, others: Tensor) -> Tensor:
        """Return whether the strings are identical."""
        return self.texts[some, None] == self.texts[others]


@dataclass(frozen=True, eq=False)
class NearText:
    """Captions whose sentence vectors have a cosine above a threshold."""

    unit_vectors: Tensor
    """Sentence vectors of length 1, [captions, width]."""
    raw_cosine: float
    """The threshold, a cosine from -1 to 1; equal is not above."""

    def agree(self, some: Tensor, others: Tensor) -> Tensor:
        """Return whether the raw cosine is above the threshold."""
        return self.unit_vectors[some] @ self.unit_vectors[others].T > self.raw_cosine


@dataclass(frozen=True, eq=False)
class Described:
    """The captions of each item of one side: of a text itself, of a motion or video those of its motion."""

    captions: Tensor
    """Indices of captions, item after item, int64 [all]."""
    items: Tensor
    """The item each of them describes, ascending, int64 [all]."""
    count: int
    """Number of items; some may have no caption."""

    @property
    def one_each(self) -> bool:
        """Whether every item has exactly one caption."""
        own = torch.arange(self.count, device=self.items.device)
        return len(self.items) == self.count and bool((self.items == own).all())


def described(captions: Sequence[Sequence[int]], device: torch.device) -> Described:
    """Return the captions of each item as tensors.

    Args:
        captions: Indices of the captions of each item.
        device: Where the tensors shall be.
    """
    flat = [caption for own in captions for caption in own]
    items = [item for item, own in enumerate(captions) for _ in own]
    return Described(torch.tensor(flat, device=device).long(), torch.tensor(items, device=device).long(), len(captions))


@dataclass(frozen=True, eq=False)
class AnyCaption:
    """Right is the query's own item, and every item one of whose captions agrees with one of the query's."""

    own: SameLabel
    relation: Agreement
    queries: Described
    gallery: Described

    @property
    def width(self) -> int:
        """Entries of one query: as many rows as it has captions, as many columns as the gallery has."""
        most = int(torch.bincount(self.queries.items).max()) if len(self.queries.items) else 0
        return max(self.gallery.count, most * len(self.gallery.captions))

    def right(self, rows: slice) -> Tensor:
        """Return whether the item is the query's own, or any two captions agree."""
        here = (self.queries.items >= rows.start) & (self.queries.items < rows.stop)
        agree = self.relation.agree(self.queries.captions[here], self.gallery.captions)
        own = self.own.right(rows)
        if not self.gallery.one_each:
            agree = _any(agree, 1, self.gallery.items, self.gallery.count)
        if not self.queries.one_each:
            agree = _any(agree, 0, self.queries.items[here] - rows.start, len(own))
        return own | agree


def _any(pairs: Tensor, dim: int, groups: Tensor, count: int) -> Tensor:
    """Whether any entry of each group is true, along one dimension."""
    shape = [count, pairs.shape[1]] if dim == 0 else [pairs.shape[0], count]
    sums = torch.zeros(shape, dtype=torch.int32, device=pairs.device)
    return sums.index_add_(dim, groups, pairs.to(torch.int32)) > 0
