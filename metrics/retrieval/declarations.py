"""The retrieval metrics, declared without importing anything that computes.

They stand apart from ``metrics.declarations.METRICS``: what a figure means depends on who searches for what
(``t2m``: a text is the query, the motions are the gallery), on the protocol and on the size of the gallery, and all
three are part of every key: ``t2m/R@1@1[all-strict,4384]``. ``docs/retrieval.md`` explains each protocol.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from ...datasets.errors import UnknownName
from ..metric import Metric
from .errors import WrongColumn

Direction = Literal["t2m", "m2t", "v2m", "m2v", "t2v", "v2t"]
Protocol = Literal["all-strict", "all-samecaption", "same-meaning", "threshold", "dissimilar", "batches-32"]
TieRule = Literal["expected", "tmr-averaging", "optimistic", "argsort"]
Modality = Literal["text", "motion", "video"]

DIRECTIONS: tuple[Direction, ...] = get_args(Direction)
PROTOCOLS: tuple[Protocol, ...] = get_args(Protocol)
TIE_RULES: tuple[TieRule, ...] = get_args(TieRule)
MODALITIES: dict[str, Modality] = {"t": "text", "m": "motion", "v": "video"}

RECALLS = (1, 2, 3, 5, 10)
"""The k of the R@k that every table shows."""

BATCH = 32
"""Motions in a batch of ``batches-32``."""

_WORDS = {"threshold": ("cos>", ""), "batches-32": ("seed=", "dropped=")}
"""What a key must say behind the gallery size, by protocol; the empty word is the name of a sentence model."""
_OPTIONAL = ("captions=all", "subset=", "ties=")
_NUMBERS = {"cos>": r"-?\d+(\.\d+)?", "seed=": r"\d+", "dropped=": r"\d+"}


def modalities(direction: Direction) -> tuple[Modality, Modality]:
    """Return what asks and what is searched: ``t2m`` is a text that asks for motions."""
    return MODALITIES[direction[0]], MODALITIES[direction[2]]


@dataclass(frozen=True)
class Column:
    """All that two figures must share before they may stand in one column.

    Raises:
        UnknownName: If there is no such direction or protocol.
        WrongColumn: If a word is missing, superfluous, or could not be read back from the key.
    """

    direction: Direction
    protocol: Protocol
    gallery: int
    """Items in the gallery; of ``batches-32`` all items that the batches are drawn from."""
    words: tuple[str, ...] = ()
    """What else the figure depends on: ``cos>0.9`` and the sentence model (``threshold``), ``seed=0`` and
    ``dropped=18`` (``batches-32``); then, where they apply, ``captions=all``, ``subset=no-mirror``,
    ``ties=tmr-averaging``."""

    def __post_init__(self) -> None:
        if self.direction not in DIRECTIONS:
            raise UnknownName("direction of retrieval", self.direction, DIRECTIONS)
        if self.protocol not in PROTOCOLS:
            raise UnknownName("retrieval protocol", self.protocol, PROTOCOLS)
        if self.gallery < 1:
            raise WrongColumn(f"the gallery of {self.protocol} holds {self.gallery} items; expected at least 1.")
        expected = _WORDS.get(self.protocol, ())
        own, more = self.words[: len(expected)], self.words[len(expected) :]
        fits = len(own) == len(expected) and all(map(_is_word, own, expected))
        starts = [next((i for i, o in enumerate(_OPTIONAL) if w.startswith(o)), -1) for w in more]
        ties = [word.removeprefix("ties=") for word in more if word.startswith("ties=")]
        if not fits or -1 in starts or starts != sorted(set(starts)) or not set(ties) <= {*TIE_RULES[1:]}:
            form = ",".join([*(f"{word or 'MODEL'}..." for word in expected), *(f"[{o}]" for o in _OPTIONAL)])
            raise WrongColumn(f"{self.protocol} is qualified by '{','.join(self.words)}'; expected {form}.")
        if bad := [word for word in self.words if re.search(r"[\s,\[\]]", word)]:
            raise WrongColumn(f"'{bad[0]}' cannot stand in a key; leave out blanks, commas and brackets.")

    @property
    def qualifier(self) -> str:
        """What stands in the brackets of a key."""
        return ",".join((self.protocol, str(self.gallery), *self.words))


def _is_word(word: str, expected: str) -> bool:
    """Whether a word is one of the kind expected: a prefix and its number, or, for the empty prefix, any name."""
    if expected:
        return re.fullmatch(re.escape(expected) + _NUMBERS[expected], word) is not None
    return bool(word) and not word.startswith(_OPTIONAL)


@dataclass(frozen=True)
class RetrievalMetric(Metric):
    """A metric of a search. R@k and MeanR are means over queries, and each query has a value; MedR is of the set."""

    column: Column | None = None
    """None only for the bare formulas in ``RETRIEVAL``."""


_FORMULAS: tuple[tuple[str, str], ...] = (
    *((f"R@{k}", f"queries whose best right answer is among the first {k} of the gallery") for k in RECALLS),
    ("MedR", "median over queries of the rank, counted from 1, of the best right answer; of batches-32 the mean of the "
             "batches' medians"),
    ("MeanR", "mean over queries of the rank, counted from 1, of the best right answer"),
)  # fmt: skip

FORMULAS = tuple(name for name, _ in _FORMULAS)
"""``R@1`` ... ``MeanR``, in the order of the tables."""


def retrieval_metrics(column: Column) -> tuple[RetrievalMetric, ...]:
    """Return the metrics of one column with their full keys: ``t2m/R@1@1[all-strict,4384]``.

    A rank is at worst the size of the gallery; so counts a query that a method failed on.
    """
    largest = BATCH if column.protocol == "batches-32" and column.direction[2] == "m" else column.gallery
    found = []
    for name, summary in _FORMULAS:
        recall = name.startswith("R@")
        lower, upper, worst = (0.0, 100.0, 0.0) if recall else (1.0, float(largest), float(largest))
        found.append(
            RetrievalMetric(
                name=f"{column.direction}/{name}",
                version=1,
                unit="%" if recall else "rank",
                direction="higher" if recall else "lower",
                lower=lower,
                upper=upper,
                needs="nothing",
                summary=summary,
                worst=worst,
                qualifier=column.qualifier,
                family="retrieval",
                per="set" if name == "MedR" else "clip",
                column=column,
            )
        )
    return tuple(found)


_KEY = re.compile(r"(?P<direction>[a-z0-9]+)/(?P<name>[^@]+(@\d+)?)@(?P<version>\d+)\[(?P<words>[^\]]+)\]")


def is_retrieval_key(key: str) -> bool:
    """Whether a key begins with a direction of retrieval; it may still be mistyped behind that."""
    return key.partition("/")[0] in DIRECTIONS and "/" in key


def retrieval_metric(key: str) -> RetrievalMetric:
    """Return the declaration of a retrieval key.

    Raises:
        UnknownName: If there is no such metric, protocol or direction.
        WrongColumn: If the words in the brackets do not belong to the protocol.
    """
    match = _KEY.fullmatch(key)
    known = [m.key for m in retrieval_metrics(Column("t2m", "all-strict", 4384))]
    if match is None:
        raise UnknownName("metric", key, known)
    protocol, size, *words = match["words"].split(",") if "," in match["words"] else (match["words"], "")
    column = Column(match["direction"], protocol, int(size) if size.isdigit() else 0, tuple(words))  # type: ignore[arg-type]
    for metric in retrieval_metrics(column):
        if metric.key == key:
            return metric
    raise UnknownName("metric", key, _keys(column))


def search_order(key: str) -> tuple[str, int]:
    """Return what sorts retrieval keys as the tables show them.

    Returns:
        Direction, protocol and other words as text that sorts, and the formula's place.
    """
    metric = retrieval_metric(key)
    column = metric.column
    assert column is not None  # of a key it is always known
    places = (DIRECTIONS.index(column.direction), PROTOCOLS.index(column.protocol), len(column.words))
    words = " ".join(f"{place:02d}" for place in places)
    return f"{words} {column.qualifier}", FORMULAS.index(metric.name.partition("/")[2])


def _keys(column: Column) -> Sequence[str]:
    return [metric.key for metric in retrieval_metrics(column)]
