"""Captions as bags of words: how often each known word occurs, rare words counting more."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer


class BagOfWords:
    """TF-IDF vectors over the words of the training captions.

    ``tf x (1 + ln((1 + n) / (1 + df)))`` at length 1 (scikit-learn's smooth form). Case and punctuation are left out;
    words that training never saw say nothing, and a caption of none but such is the zero vector.
    """

    def __init__(self, captions: Sequence[str]) -> None:
        """Learn the words and how rare they are.

        Args:
            captions: Of training; at least one word in all.
        """
        self._vectorizer = TfidfVectorizer(token_pattern=r"[^\W_]+", dtype=np.float64)
        self._vectorizer.fit(captions)

    @property
    def vocabulary(self) -> tuple[str, ...]:
        """The words, in the order of the vectors' entries."""
        return tuple(self._vectorizer.get_feature_names_out().tolist())

    def __call__(self, captions: Sequence[str]) -> NDArray[np.float64]:
        """Return the vectors, [captions, words]."""
        return np.asarray(self._vectorizer.transform(captions).toarray())


def word_count(caption: str) -> int:
    """Return the number of words that blanks separate."""
    return len(caption.split())
