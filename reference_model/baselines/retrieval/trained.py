"""Baselines that read: the words that training used for motions like this one.

Text is a bag of words. A motion is the bag of words that its features foretell, from its nearest training motions or
by linear regression. What the features leave out, the baseline cannot know: the root's path alone finds no clap.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ....datasets.body import Motion
from ....datasets.errors import UnknownName
from .features import FEATURES, Scaled
from .words import BagOfWords

_AT_ONCE = 256


@dataclass(frozen=True)
class LabelledMotion:
    """A training motion with its captions, at least one."""

    motion: Motion
    captions: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class _Read:
    """A training set as numbers."""

    words: BagOfWords
    scaled: Scaled
    seen: NDArray[np.float64]
    """Features, [training motions, width]."""
    told: NDArray[np.float64]
    """Mean of the captions' bags of words, [training motions, words]."""

    def embed_text(self, captions: Sequence[str]) -> Tensor:
        """Return the bags of words of captions, float32 [captions, words]."""
        return torch.from_numpy(self.words(captions)).float()


def _read(training: Sequence[LabelledMotion], features: str) -> _Read:
    if features not in FEATURES:
        raise UnknownName("kind of features", features, FEATURES)
    motions = [labelled.motion for labelled in training]
    scaled = Scaled(FEATURES[features], motions)
    words = BagOfWords([caption for labelled in training for caption in labelled.captions])
    told = np.stack([words(labelled.captions).mean(axis=0) for labelled in training])
    return _Read(words, scaled, scaled(motions), told)


@dataclass(frozen=True, eq=False)
class Neighbours:
    """A motion's words are those of its nearest training motions. Made by ``fit_neighbours``."""

    read: _Read = field(repr=False)
    k: int

    def embed_text(self, captions: Sequence[str]) -> Tensor:
        """Return the bags of words of captions, float32 [captions, words]."""
        return self.read.embed_text(captions)

    def embed_motion(self, motions: Sequence[Motion]) -> Tensor:
        """Return the mean words of the k nearest training motions, float32 [motions, words]."""
        asked, seen = torch.from_numpy(self.read.scaled(motions)), torch.from_numpy(self.read.seen)
        told = torch.from_numpy(self.read.told)
        found = []
        for start in range(0, len(asked), _AT_ONCE):
            # Exact distances: the faster form by products of vectors loses the difference of near twins.
            part = asked[start : start + _AT_ONCE]
            far = torch.cdist(part, seen, compute_mode="donot_use_mm_for_euclid_dist")
            found.append(told[far.argsort(dim=1, stable=True)[:, : self.k]].mean(dim=1))
        return torch.cat(found).float()


@dataclass(frozen=True, eq=False)
class Regression:
    """A motion's words are a linear function of its features. Made by ``fit_regression``."""

    read: _Read = field(repr=False)
    weights: NDArray[np.float64] = field(repr=False)
    """[width, words]."""

    def embed_text(self, captions: Sequence[str]) -> Tensor:
        """Return the bags of words of captions less the mean one, float32 [captions, words]."""
        bags = self.read.words(captions)
        return torch.from_numpy(bags - self.read.told.mean(axis=0)).float()

    def embed_motion(self, motions: Sequence[Motion]) -> Tensor:
        """Return the words foretold less the mean ones, float32 [motions, words]."""
        return torch.from_numpy(self.read.scaled(motions) @ self.weights).float()


def fit_neighbours(training: Sequence[LabelledMotion], features: str, k: int = 5) -> Neighbours:
    """Return the k-nearest-neighbours baseline.

    Args:
        training: Motions with captions, none of the test.
        features: What is seen of a motion: ``duration``, ``root-path`` (with the duration) or ``raw-poses``.
        k: How many neighbours; at most the training motions.

    Raises:
        UnknownName: If there are no such features.
    """
    return Neighbours(_read(training, features), min(k, len(training)))


def fit_regression(training: Sequence[LabelledMotion], features: str = "raw-poses", ridge: float = 1e-3) -> Regression:
    """Return the bag-of-words baseline: ridge regression from features to words.

    ``W = (X^T X / n + ridge I)^-1 X^T Y / n`` with features X of total variance 1 a kind and centred bags of words Y.

    Args:
        training: Motions with captions, none of the test.
        features: What is seen of a motion.
        ridge: Penalty of the weights; to be chosen on validation motions.

    Raises:
        UnknownName: If there are no such features.
    """
    read = _read(training, features)
    centred = read.told - read.told.mean(axis=0)
    count, width = read.seen.shape
    gram = read.seen.T @ read.seen / count + ridge * np.eye(width)
    return Regression(read, np.linalg.solve(gram, read.seen.T @ centred / count))
