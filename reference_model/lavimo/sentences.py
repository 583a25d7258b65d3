"""Which motions' captions say nearly the same, by a text model that the run's name states; never by the program."""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer
from torch.nn.functional import normalize

from .hub import HubText

TFIDF = "tfidf"


class SentenceModel(Protocol):
    """A frozen text model."""

    name: str
    """What stands in the records of a run."""
    near: float
    """Raw cosine from which on two motions' captions are near, unless a run says otherwise."""

    def vectors(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return a vector of length 1 per text, [texts, width]."""


class Tfidf:
    """Words and pairs of words, weighed by how rare they are among the captions of training."""

    name = TFIDF
    near = 0.7
    """See ``docs/lavimo.md`` for what lies above it."""

    def __init__(self, captions: Sequence[str]) -> None:
        """Count the words.

        Args:
            captions: All of training.
        """
        self._counts = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, dtype=np.float32, min_df=2)
        self._counts.fit(captions if len(captions) > 50 else [*captions, *captions])  # nothing is rare among a few

    def vectors(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return a vector of length 1 per text, or zeros where no word is known, [texts, words]."""
        return np.asarray(self._counts.transform(texts).toarray(), dtype=np.float32)


class HubSentences:
    """A sentence model of ``transformers``: the mean of its tokens' states, at length 1, as TMR uses one."""

    near = 0.9

    def __init__(self, named: str) -> None:
        """Load it.

        Args:
            named: Hub id or folder.

        Raises:
            NoBackbone: If it is not at hand.
        """
        self.name = named
        self._model = HubText(named, 128, option="--sentences").eval()

    @torch.no_grad()
    def vectors(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return a vector of length 1 per text, [texts, width]."""
        found = []
        for start in range(0, len(texts), 64):
            ids, counted = self._model.numbers(texts[start : start + 64])
            states, weights = self._model(ids, counted), counted[..., None].float()
            found.append(normalize((states * weights).sum(dim=1) / weights.sum(dim=1), dim=-1))
        return torch.cat(found).numpy().astype(np.float32)


def sentence_model(name: str, captions: Sequence[str]) -> SentenceModel:
    """Return a text model by its name: ``tfidf``, fitted to the captions, or a hub id or folder."""
    return Tfidf(captions) if name == TFIDF else HubSentences(name)


def motion_similarities(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the cosines between motions from the vectors of their captions, [motions, motions].

    A motion is the mean of its captions' vectors, at length 1 again: what two paraphrases share counts, not which words
    one of them happened to choose.

    Args:
        vectors: [motions, captions, width].
    """
    mean = vectors.mean(axis=1)
    unit = mean / np.maximum(np.linalg.norm(mean, axis=1, keepdims=True), 1e-9)
    return unit @ unit.T
