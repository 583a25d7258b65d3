"""The floors and baselines as methods of the retrieval tracks: ``retargetbench run retrieval-random --track ...``.

A method has at least two of ``embed_text(captions, *, seed)``, ``embed_motion(motions, *, seed)`` and
``embed_video(videos, *, seed)``, each called once with all items of its kind, and a ``card``; they satisfy the public
protocol as any submission would.
"""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

from torch import Tensor

from ....datasets.body import Motion
from ..cards import method_card
from ..training_motions import trained_card, training_motions
from .untrained import caption_length_embeddings, constant_embeddings, duration_embeddings, random_embeddings


class Random:
    """Normal random vectors: chance, without ties."""

    card = method_card("retrieval-random", "1")

    def embed_text(self, captions: Sequence[str], *, seed: int) -> Tensor:
        """Return random vectors, [captions, 16]."""
        return random_embeddings({"text": len(captions)}, seed=seed)["text"]

    def embed_motion(self, motions: Sequence[Motion], *, seed: int) -> Tensor:
        """Return random vectors, [motions, 16]."""
        return random_embeddings({"motion": len(motions)}, seed=seed)["motion"]

    def embed_video(self, videos: Sequence[Any], *, seed: int) -> Tensor:
        """Return random vectors, [videos, 16]."""
        return random_embeddings({"video": len(videos)}, seed=seed)["video"]


class Constant:
    """One vector for all: exactly chance, by ties alone."""

    card = method_card("retrieval-constant", "1")

    def embed_text(self, captions: Sequence[str], *, seed: int) -> Tensor:
        """Return ones, [captions, 1]."""
        return constant_embeddings({"text": len(captions)})["text"]

    def embed_motion(self, motions: Sequence[Motion], *, seed: int) -> Tensor:
        """Return ones, [motions, 1]."""
        return constant_embeddings({"motion": len(motions)})["motion"]

    def embed_video(self, videos: Sequence[Any], *, seed: int) -> Tensor:
        """Return ones, [videos, 1]."""
        return constant_embeddings({"video": len(videos)})["video"]


class CaptionLength:
    """The longer caption belongs to the longer motion."""

    card = method_card("retrieval-caption-length", "1")

    def embed_text(self, captions: Sequence[str], *, seed: int) -> Tensor:
        """Return the place of each caption among all by its number of words, as points on an arc, [captions, 2]."""
        return caption_length_embeddings(captions, ())["text"]

    def embed_motion(self, motions: Sequence[Motion], *, seed: int) -> Tensor:
        """Return the place of each motion among all by its duration, as points on an arc, [motions, 2]."""
        return caption_length_embeddings((), motions)["motion"]


class Duration:
    """A video belongs to the motion that is as long. Not for tracks without videos."""

    card = method_card("retrieval-duration", "1")

    def embed_motion(self, motions: Sequence[Motion], *, seed: int) -> Tensor:
        """Return the logarithm of each duration as points on an arc, [motions, 2]."""
        return duration_embeddings({"motion": [motion.duration_s for motion in motions]})["motion"]

    def embed_video(self, videos: Sequence[Any], *, seed: int) -> Tensor:
        """Return the same of videos, which know their ``duration_s``, [videos, 2]."""
        return duration_embeddings({"video": [video.duration_s for video in videos]})["video"]


class Trained:
    """A baseline that learns words from training motions; it is fitted when it is first asked, which takes a while."""

    def __init__(self, name: str, features: str, *, regression: bool = False) -> None:
        """Keep what is to be fitted.

        Args:
            name: In tables.
            features: What is seen of a motion: ``duration``, ``root-path``, ``raw-poses``.
            regression: Whether words are foretold by regression; otherwise from the nearest motions.
        """
        self._name, self._features, self._regression = name, features, regression

    @property
    def card(self) -> Mapping[str, Any]:
        """What a results table says of it, with the version of the training motions.

        Raises:
            NoTraining: If the training motions are not at hand.
        """
        return trained_card(self._name)

    def embed_text(self, captions: Sequence[str], *, seed: int) -> Tensor:
        """Return the bags of words of captions, [captions, words]."""
        return self._fitted.embed_text(captions)

    def embed_motion(self, motions: Sequence[Motion], *, seed: int) -> Tensor:
        """Return the bags of words that motions foretell, [motions, words]."""
        return self._fitted.embed_motion(motions)

    @cached_property
    def _fitted(self) -> Any:
        # scikit-learn: only for those that learn
        from .trained import LabelledMotion, fit_neighbours, fit_regression

        motions = training_motions(self._name)
        training = [
            LabelledMotion(solved.motion, tuple(str(caption["text"]) for caption in solved.words["captions"]))
            for solved in motions
        ]
        if self._regression:
            return fit_regression(training, self._features)
        return fit_neighbours(training, self._features)


RANDOM, CONSTANT, CAPTION_LENGTH, DURATION = Random(), Constant(), CaptionLength(), Duration()
KNN_DURATION = Trained("retrieval-knn-duration", "duration")
KNN_ROOT_PATH = Trained("retrieval-knn-root-path", "root-path")
KNN_RAW_POSES = Trained("retrieval-knn-raw-poses", "raw-poses")
WORDS_REGRESSION = Trained("retrieval-words-regression", "raw-poses", regression=True)
