"""All figures of one submission: every direction it can answer, in every protocol the set can answer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from ...datasets.errors import UnknownName
from .collection import RetrievalSet, Selection
from .declarations import BATCH, DIRECTIONS, PROTOCOLS, TIE_RULES, Column, Direction, Protocol, TieRule, modalities
from .placing import place
from .protocols import WHOLE_SET, Search, SentenceVectors, batches, lacks, require, search, truth
from .scores import Failures, Scores
from .searched import Searched
from .submission import read_submission
from .ties import Placement


@dataclass(frozen=True, eq=False)
class RetrievalSettings:
    """How a submission is scored; what is not the default and changes a figure stands in its key."""

    protocols: tuple[Protocol, ...] | None = None
    """``None``: all that the set can answer."""
    sentences: SentenceVectors | None = None
    """What ``threshold`` compares captions by."""
    all_captions: bool = False
    """Whether every caption is a text item (``captions=all``), or only the first of each motion, as in the papers."""
    ties: TieRule = "expected"
    batch_seed: int = 0
    failures: Failures = "refuse"
    """What a value that is not a number is: refused, or a failure that counts as the worst case."""

    def __post_init__(self) -> None:
        if self.ties not in TIE_RULES:
            raise UnknownName("rule for ties", self.ties, TIE_RULES)
        for protocol in self.protocols or ():
            if protocol not in PROTOCOLS:
                raise UnknownName("retrieval protocol", protocol, PROTOCOLS)


def score_submission(
    whole: RetrievalSet, submission: Mapping[str, Tensor], settings: RetrievalSettings | None = None
) -> list[Searched]:
    """Return what comes of every direction that a submission can answer, in every protocol asked for.

    Args:
        whole: The test set.
        submission: Embeddings by modality, similarities by direction, or both; see ``read_submission``.
        settings: How it is scored.

    Returns:
        One entry per direction and protocol, in the order of ``DIRECTIONS`` and ``PROTOCOLS``. A direction that has no
        query with a right answer in a protocol (no video of a dissimilar motion) is left out there.

    Raises:
        WrongSubmission: If a name is unknown, a number of rows does not fit, or no direction can be answered.
        WrongScores: If a value is not a number and failures are refused.
        NotAnswerable: If the set lacks what a protocol that was asked for needs.
    """
    settings = settings or RetrievalSettings()
    for protocol in settings.protocols or ():
        require(whole, protocol, settings.sentences)
    asked = settings.protocols or [p for p in PROTOCOLS if not lacks(whole, p, settings.sentences)]
    similarities = read_submission(whole, submission, settings.failures)
    found = []
    for direction in (d for d in DIRECTIONS if d in similarities):
        job = _Job(whole, similarities[direction], direction, settings)
        by_protocol = {one.column.protocol: one for one in _whole_set(job, [p for p in WHOLE_SET if p in asked])}
        if "dissimilar" in asked:
            by_protocol |= {one.column.protocol: one for one in _dissimilar(job)}
        if "batches-32" in asked:
            by_protocol |= {one.column.protocol: one for one in _batches(job)}
        found += [by_protocol[p] for p in PROTOCOLS if p in by_protocol]
    return found


def all_scores(searched: Sequence[Searched]) -> dict[str, float]:
    """Return every figure of a submission by its key."""
    return {key: value for one in searched for key, value in one.scores().items()}


@dataclass(frozen=True, eq=False)
class _Job:
    """One direction of a submission."""

    whole: RetrievalSet
    scores: Scores
    direction: Direction
    settings: RetrievalSettings

    def search(self, motions: Sequence[int] | np.ndarray) -> Search:
        """What is searched among some motions."""
        chosen = Selection(self.whole, np.asarray(motions, dtype=np.int64), self.settings.all_captions)
        return search(chosen, *modalities(self.direction))

    def place(self, part: Search, protocols: Sequence[Protocol]) -> list[Placement]:
        """Where the right answers of a part stand, by each protocol's rule."""
        device, sentences = self.scores.device, self.settings.sentences
        rules = [truth(part, protocol, sentences, device) for protocol in protocols]
        scores = self.scores
        chosen = (part.query_rows, part.gallery_rows)
        if any(not np.array_equal(rows, np.arange(n)) for rows, n in zip(chosen, scores.shape, strict=True)):
            scores = scores.take(*(torch.from_numpy(rows).to(device) for rows in chosen))
        return place(scores, rules)

    def searched(self, protocol: Protocol, parts: Sequence[Search], placement: Placement, words: tuple[str, ...],
                 gallery: int) -> Searched:  # fmt: skip
        """The result, under its column."""
        settings = self.settings
        more = (
            "captions=all" if settings.all_captions else "",
            f"subset={self.whole.subset}" if self.whole.subset else "",
            f"ties={settings.ties}" if settings.ties != "expected" else "",
        )
        batch = np.repeat(np.arange(len(parts)), [len(part.query_rows) for part in parts])
        return Searched(
            Column(self.direction, protocol, gallery, (*words, *filter(None, more))),
            np.concatenate([part.query_rows for part in parts]),
            np.concatenate([part.query_motions for part in parts]),
            batch if protocol == "batches-32" else None,
            placement,
            settings.ties,
        )


def _whole_set(job: _Job, protocols: Sequence[Protocol]) -> list[Searched]:
    """The protocols that share the whole gallery."""
    part = job.search(range(len(job.whole.motions)))
    if not protocols or not len(part.query_rows):
        return []
    sentences = job.settings.sentences
    found = []
    for protocol, placement in zip(protocols, job.place(part, protocols), strict=True):
        words = sentences.words if protocol == "threshold" and sentences is not None else ()
        found.append(job.searched(protocol, [part], placement, words, len(part.gallery_rows)))
    return found


def _dissimilar(job: _Job) -> list[Searched]:
    """Strict, among the motions of the list."""
    part = job.search([job.whole.position[motion] for motion in job.whole.dissimilar or ()])
    if not len(part.query_rows):
        return []
    return [job.searched("dissimilar", [part], job.place(part, ["dissimilar"])[0], (), len(part.gallery_rows))]


def _batches(job: _Job) -> list[Searched]:
    """Strict, within each batch."""
    whole, seed = job.whole, job.settings.batch_seed
    parts = [job.search(batch) for batch in batches(whole.motions, seed)]
    parts = [part for part in parts if len(part.query_rows)]
    if not parts:
        return []
    placed = [job.place(part, ["batches-32"])[0] for part in parts]
    fields = ("above", "tied_wrong", "tied_right", "ahead")
    joined = Placement(*(np.concatenate([getattr(one, name) for one in placed]) for name in fields))
    gallery = len(job.search(range(len(whole.motions))).gallery_rows)
    words = (f"seed={seed}", f"dropped={len(whole.motions) % BATCH}")
    return [job.searched("batches-32", parts, joined, words, gallery)]
