"""The protocols: which part of a set takes part, and which answers are right. ``docs/retrieval.md`` explains each."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn.functional import normalize

from .collection import RetrievalSet, Selection
from .declarations import BATCH, Modality, Protocol
from .errors import NotAnswerable, WrongSet
from .truth import AnyCaption, Described, NearText, SameLabel, SameText, Truth, described

WHOLE_SET: tuple[Protocol, ...] = ("all-strict", "all-samecaption", "same-meaning", "threshold")
"""Protocols that share one gallery and differ in what is right: one pass over the similarities serves them all."""


def raw_cosine(unit_scale: float) -> float:
    """Return the raw cosine of a threshold that is written on a scale from 0 to 1, as TMR writes it.

    TMR's 0.95 in its metric and 0.80 in its training filter are ``(1 + cosine) / 2``: cosines of 0.90 and 0.60.
    """
    return 2 * unit_scale - 1


@dataclass(frozen=True, eq=False)
class SentenceVectors:
    """What the protocol ``threshold`` compares captions by.

    Raises:
        WrongSet: If the vectors are no matrix of finite numbers, or the threshold is no cosine.
    """

    model: str
    """Name of the sentence model, part of every key."""
    vectors: Tensor
    """One per caption of the set, [captions, width]; any length above 0."""
    above: float = 0.9
    """A caption answers for another if the **raw cosine** is above this; TMR's 0.95 is 0.9 here (``raw_cosine``)."""

    def __post_init__(self) -> None:
        if not -1 <= self.above < 1:
            raise WrongSet(f"the threshold is {self.above}; expected a raw cosine of at least -1 and below 1.")
        fits = self.vectors.ndim == 2 and self.vectors.is_floating_point()
        if not fits or not bool((self.vectors.isfinite().all(dim=1) & self.vectors.any(dim=1)).all()):
            raise WrongSet(
                f"the sentence vectors are {list(self.vectors.shape)} of {self.vectors.dtype}; expected floating "
                "[captions, width], each finite and not zero."
            )

    @cached_property
    def unit(self) -> Tensor:
        """The vectors at length 1."""
        return normalize(self.vectors.detach(), dim=1)

    @property
    def words(self) -> tuple[str, str]:
        """What a key says of it."""
        return f"cos>{self.above:.6f}".rstrip("0").rstrip("."), self.model


def lacks(whole: RetrievalSet, protocol: Protocol, sentences: SentenceVectors | None) -> str:
    """Return what a set lacks for a protocol, in words; empty if it lacks nothing."""
    if protocol in ("all-samecaption", "threshold") and not len(whole.captions):
        return "captions"
    if protocol == "threshold" and sentences is None:
        return "sentence vectors of its captions"
    if protocol == "same-meaning" and whole.meanings is None:
        return "normal forms of meaning"
    if protocol == "dissimilar" and not whole.dissimilar:
        return "a list of dissimilar motions"
    if protocol == "batches-32" and len(whole.motions) < BATCH:
        return f"{BATCH} motions"
    return ""


def require(whole: RetrievalSet, protocol: Protocol, sentences: SentenceVectors | None) -> None:
    """Refuse a protocol that a set cannot answer.

    Raises:
        NotAnswerable: If the set lacks something.
    """
    if missing := lacks(whole, protocol, sentences):
        raise NotAnswerable(f"{protocol} needs {missing}, which this set lacks; leave the protocol out or add them.")


def batches(motions: Sequence[str], seed: int) -> list[NDArray[np.int64]]:
    """Return the batches of ``batches-32``: sorted ids, permuted, cut into 32s, the remainder dropped.

    The permutation is NumPy's legacy one, frozen for ever, which TMR and its successors use with seed 0.

    Args:
        motions: Ids.
        seed: Of the permutation.
    """
    order = np.array(sorted(range(len(motions)), key=lambda i: motions[i]), dtype=np.int64)
    shuffled = order[np.random.RandomState(seed).permutation(len(order))]
    return [shuffled[start : start + BATCH] for start in range(0, len(order) - BATCH + 1, BATCH)]


@dataclass(frozen=True, eq=False)
class Search:
    """A kind of query and a kind of answer, on a part of a set."""

    selection: Selection
    query: Modality
    answer: Modality
    query_rows: NDArray[np.int64]
    """Rows of the queries' embeddings; only queries whose own motion has an item in the gallery."""
    gallery_rows: NDArray[np.int64]
    """Rows of the gallery's embeddings."""

    @property
    def query_motions(self) -> NDArray[np.int64]:
        """Index of the motion behind each query."""
        return self.selection.whole.owners(self.query)[self.query_rows]

    @property
    def gallery_motions(self) -> NDArray[np.int64]:
        """Index of the motion behind each gallery item."""
        return self.selection.whole.owners(self.answer)[self.gallery_rows]


def search(selection: Selection, query: Modality, answer: Modality) -> Search:
    """Return what is searched for what; queries without an own item in the gallery are left out."""
    asked, gallery = selection.rows(query), selection.rows(answer)
    owners = selection.whole.owners
    return Search(selection, query, answer, asked[np.isin(owners(query)[asked], owners(answer)[gallery])], gallery)


def truth(part: Search, protocol: Protocol, sentences: SentenceVectors | None, device: torch.device) -> Truth:
    """Return which answers are right.

    Args:
        part: What is searched.
        protocol: The rule; ``dissimilar`` and ``batches-32`` are strict on their part of the set.
        sentences: What ``threshold`` compares captions by.
        device: Where the similarities are.

    Raises:
        WrongSet: If there is not one sentence vector per caption.
    """
    whole = part.selection.whole
    strict = SameLabel(*(torch.from_numpy(m).to(device) for m in (part.query_motions, part.gallery_motions)))
    if protocol == "same-meaning":
        assert whole.meanings is not None, "asked by require"
        numbers = torch.from_numpy(_numbered(whole.meanings)).to(device)
        return SameLabel(numbers[strict.queries], numbers[strict.gallery])
    if protocol == "all-samecaption":
        texts = torch.from_numpy(_numbered(whole.captions)).to(device)
        return AnyCaption(strict, SameText(texts), *_sides(part, device))
    if protocol == "threshold":
        assert sentences is not None, "asked by require"
        if len(sentences.vectors) != len(whole.captions):
            raise WrongSet(
                f"{len(whole.captions)} captions have {len(sentences.vectors)} sentence vectors; expected one each."
            )
        near = NearText(sentences.unit.to(device), sentences.above)
        return AnyCaption(strict, near, *_sides(part, device))
    return strict


def _numbered(words: Sequence[str]) -> NDArray[np.int64]:
    """The same number for the same string."""
    numbers: dict[str, int] = {}
    return np.array([numbers.setdefault(word, len(numbers)) for word in words], dtype=np.int64)


def _sides(part: Search, device: torch.device) -> tuple[Described, Described]:
    """The captions that stand for each query and for each gallery item."""
    own = dict(zip(part.selection.motions.tolist(), part.selection.captions, strict=True))
    sides = (
        (part.query, part.query_rows, part.query_motions),
        (part.answer, part.gallery_rows, part.gallery_motions),
    )
    query, gallery = (
        described([(row,) for row in rows.tolist()] if kind == "text" else [own[m] for m in motions.tolist()], device)
        for kind, rows, motions in sides
    )
    return query, gallery
