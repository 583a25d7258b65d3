"""The floors and baselines as methods of the recognition tracks: ``retargetbench run recognition-random --track ...``.

A method has ``classify(motions, classes, *, seed)``, called once with all motions, and a ``card``; they satisfy the
public protocol as any submission would.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from ....datasets.body import Motion
from ..cards import method_card
from ..retrieval.features import Scaled, raw_poses
from ..training_motions import trained_card, training_motions
from .classifiers import Scores, by_training

MAJORITY_NAME = "recognition-majority"


class Random:
    """Normal random scores: chance, without ties."""

    card = method_card("recognition-random", "1")

    def classify(self, motions: Sequence[Motion], classes: Sequence[str], *, seed: int) -> Scores:
        """Return random scores, [motions, classes]."""
        return np.random.default_rng(seed).standard_normal((len(motions), len(classes)))


class Majority:
    """The same for every motion: how many of training's motions show each class."""

    @property
    def card(self) -> Mapping[str, Any]:
        """What a results table says of it, with the version of the training motions.

        Raises:
            NoTraining: If the training motions are not at hand.
        """
        return trained_card(MAJORITY_NAME)

    def classify(self, motions: Sequence[Motion], classes: Sequence[str], *, seed: int) -> Scores:
        """Return each class's share of training's motions, [motions, classes].

        Raises:
            NoTraining: If the training motions are not at hand.
        """
        training = training_motions(MAJORITY_NAME)
        shown = [[name in solved.words["actions"] for name in classes] for solved in training]
        return np.tile(np.mean(shown, axis=0), (len(motions), 1))


class RawPoses:
    """A classifier on raw poses: 13 joints relative to the hips at 16 moments, in heights of the resting hips."""

    def __init__(self, name: str, *, probe: bool) -> None:
        """Keep what is to be fitted.

        Args:
            name: In tables.
            probe: Whether classes are a linear function of the poses; otherwise those of the nearest motions.
        """
        self._name, self._probe = name, probe

    @property
    def card(self) -> Mapping[str, Any]:
        """What a results table says of it, with the version of the training motions.

        Raises:
            NoTraining: If the training motions are not at hand.
        """
        return trained_card(self._name)

    def classify(self, motions: Sequence[Motion], classes: Sequence[str], *, seed: int) -> Scores:
        """Return probabilities, or shares of the nearest training motions, [motions, classes].

        Raises:
            NoTraining: If the training motions are not at hand.
            UnmappedJoints: If a motion's skeleton is no humanoid.
        """
        training = training_motions(self._name)
        scaled = Scaled(raw_poses, [solved.motion for solved in training])
        known, asked = scaled([solved.motion for solved in training]), scaled(motions)
        return by_training(known, [solved.words["actions"] for solved in training], asked, classes, probe=self._probe)


RANDOM, MAJORITY = Random(), Majority()
KNN_RAW_POSES = RawPoses("recognition-knn-raw-poses", probe=False)
PROBE_RAW_POSES = RawPoses("recognition-probe-raw-poses", probe=True)
