"""MotionCLIP as methods of the recognition and retrieval tracks: found by entry point, weights are loaded when asked.

``motionclip`` embeds texts, motions and videos, and classifies by class names alone. ``motionclip-probe`` and
``motionclip-neighbours`` are fitted on its latents of training's motions, as the tracks allow and their cards say.
"""

from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

from torch import Tensor

from ...datasets.body import Motion
from ...datasets.readers.video import Video
from ..baselines.recognition.classifiers import Scores, by_training
from ..baselines.training_motions import trained_card, training_motions
from ..trained_weights import named_folder
from .embedder import MotionClipEmbedder
from .model import load_model
from .weights import JUDGE_FOLDER, MOTIONCLIP_WEIGHTS, NAME, find_weights


class MotionClipMethod:
    """The model as it is: nothing is fitted to a track's classes."""

    def __init__(self, folder: Path | None = None, judge_folder: Path | None = None) -> None:
        """Make the method; nothing is loaded yet.

        Args:
            folder: Of the weights; ``None``: what the environment variable ``MOTIONCLIP`` names, or this package's.
            judge_folder: Of the CLIP's weights; ``None``: what ``MOTIONCLIP_JUDGE_FOLDER`` names, if anything.
        """
        self._named, self._judge_folder = folder, judge_folder

    @cached_property
    def card(self) -> Mapping[str, Any]:
        """What a results table says of it.

        Raises:
            NoWeights: If there are no weights.
        """
        folder = find_weights(self._named)
        config = MOTIONCLIP_WEIGHTS.read_config(folder)
        return {
            "name": NAME,
            "version": "1",
            "parameters": int(config["parameters"]),
            "trained_on": [*config["trained_on"], f"the training data of {config['clip']['name']}"],
            "weights_sha256": MOTIONCLIP_WEIGHTS.sha256(folder),
        }

    def embed_text(self, captions: Sequence[str], *, seed: int) -> Tensor:
        """Return the CLIP's unit vectors of captions, [captions, width].

        Raises:
            NoWeights: If there are no weights.
            BenchError: If the CLIP is not at hand.
        """
        return self.embedder.embed_text(captions)

    def embed_motion(self, motions: Sequence[Motion], *, seed: int) -> Tensor:
        """Return unit vectors of motions on any humanoid skeletons, [motions, width].

        Raises:
            NoWeights: If there are no weights.
            UnmappedJoints: If a skeleton is no humanoid.
        """
        return self.embedder.embed_motion(motions)

    def embed_video(self, videos: Sequence[Video], *, seed: int) -> Tensor:
        """Return the CLIP's mean unit vectors of videos, [videos, width].

        Raises:
            NoWeights: If there are no weights.
            BenchError: If the CLIP is not at hand.
        """
        return self.embedder.embed_video(videos)

    def classify(self, motions: Sequence[Motion], classes: Sequence[str], *, seed: int) -> Scores:
        """Return the cosines of motions and bare class names, [motions, classes].

        Raises:
            NoWeights: If there are no weights.
            UnmappedJoints: If a skeleton is no humanoid.
            BenchError: If the CLIP is not at hand.
        """
        return self.embedder.classify(motions, classes)

    @cached_property
    def embedder(self) -> MotionClipEmbedder:
        """The trained model.

        Raises:
            NoWeights: If there are no weights.
        """
        return MotionClipEmbedder(load_model(self._named, self._judge_folder or named_folder(JUDGE_FOLDER)))


class LatentClassifier:
    """A linear probe, or nearest neighbours, on the latents of training's motions."""

    def __init__(self, name: str, model: MotionClipMethod, *, probe: bool) -> None:
        """Keep what is to be fitted when it is asked.

        Args:
            name: In tables.
            model: Whose latents.
            probe: Whether classes are a linear function of the latents; otherwise those of the nearest motions.
        """
        self._name, self._model, self._probe = name, model, probe

    @cached_property
    def card(self) -> Mapping[str, Any]:
        """What a results table says of it; the parameters are those of the model before what is fitted.

        Raises:
            NoWeights: If there are no weights.
        """
        model = self._model.card
        return {
            **model,
            "name": self._name,
            "trained_on": [*model["trained_on"], *trained_card(self._name)["trained_on"]],
        }

    def classify(self, motions: Sequence[Motion], classes: Sequence[str], *, seed: int) -> Scores:
        """Return probabilities, or shares of the nearest training motions, [motions, classes].

        Raises:
            NoWeights: If there are no weights.
            NoTraining: If the training motions are not at hand.
            UnmappedJoints: If a skeleton is no humanoid.
        """
        embedder = self._model.embedder
        training = training_motions(self._name)
        known = embedder.embed_motion([solved.motion for solved in training]).numpy()
        shown = [solved.words["actions"] for solved in training]
        return by_training(known, shown, embedder.embed_motion(motions).numpy(), classes, probe=self._probe)


MOTIONCLIP = MotionClipMethod()
PROBE = LatentClassifier("motionclip-probe", MOTIONCLIP, probe=True)
NEIGHBOURS = LatentClassifier("motionclip-neighbours", MOTIONCLIP, probe=False)
