"""LAVIMO as methods of the retrieval tracks: found by entry point, weights are loaded when asked.

``lavimo`` embeds texts, motions and videos; ``lavimo-two``, trained without videos, texts and motions.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from ...datasets.body import Motion
from ...datasets.readers.video import Video
from ...datasets.text_motion.feature_motions import FeatureMotion
from ..baselines.cards import method_card
from ..trained_weights import NoWeights
from .presets import BUILT_IN, DEFAULT_SWITCHES
from .weights import LAVIMO_WEIGHTS, METHODS, VARIABLES, find_weights

if TYPE_CHECKING:
    from torch import Tensor

    from .retriever import Retriever


class LavimoTwoMethod:
    """A model of texts and motions."""

    modalities: Literal["three", "two"] = "two"
    """What ``--modalities`` must have said when its weights were trained."""

    def __init__(self, folder: Path | None = None) -> None:
        """Make the method; nothing is loaded yet.

        Args:
            folder: Of the weights; ``None``: what the environment variable ``LAVIMO`` (``LAVIMO_TWO`` for two
                modalities) names, or this package's.
        """
        self._named = folder

    @cached_property
    def card(self) -> Mapping[str, Any]:
        """What a results table says of it. The version names the preset and every switch that is not LAVIMO's.

        Raises:
            NoWeights: If there are no weights, or they know other modalities.
        """
        config = LAVIMO_WEIGHTS.read_config(self._folder)
        preset, switches = config["plan"]["preset"], config["plan"]["switches"]
        usual = {**asdict(DEFAULT_SWITCHES), "modalities": self.modalities}
        changed = [f"{name} {value}" for name, value in switches.items() if value != usual[name]]
        from_hub = {preset["text"], switches["sentences"]} | (
            {preset["vision"]} if self.modalities == "three" else set()
        )
        borrowed = sorted(from_hub - {BUILT_IN, DEFAULT_SWITCHES.sentences})
        return method_card(
            METHODS[self.modalities],
            ", ".join(["1", preset["name"], *changed]),
            parameters=int(config["parameters"]),
            trained_on=(*config["trained_on"], *(f"the training data of {name}" for name in borrowed)),
            weights_sha256=LAVIMO_WEIGHTS.sha256(self._folder),
        )

    def embed_text(self, captions: Sequence[str], *, seed: int) -> "Tensor":
        """Return unit vectors of captions, [captions, width].

        Raises:
            NoWeights: If there are no weights, or they know other modalities.
            NoBackbone: If a backbone from the hub is not at hand.
        """
        return self.retriever.embed_text(captions)

    def embed_motion(self, motions: Sequence[Motion | FeatureMotion], *, seed: int) -> "Tensor":
        """Return unit vectors of motions on any humanoid skeletons, or of HumanML3D, [motions, width].

        Raises:
            NoWeights: If there are no weights, or they know other modalities.
            UnmappedJoints: If a skeleton is no humanoid.
            BadJoints: If a motion is of KIT-ML.
        """
        return self.retriever.embed_motion(motions)

    @cached_property
    def retriever(self) -> "Retriever":
        """The trained model.

        Raises:
            NoWeights: If there are no weights, or they know other modalities.
            NoBackbone: If a backbone from the hub is not at hand.
        """
        from .retriever import load_lavimo

        return load_lavimo(self._folder)

    @cached_property
    def _folder(self) -> Path:
        """The weights, which are of this method."""
        folder = find_weights(self._named, METHODS[self.modalities])
        found = LAVIMO_WEIGHTS.read_config(folder)["plan"]["switches"]["modalities"]
        if found != self.modalities:
            raise NoWeights(
                f"the weights in {folder} were trained with --modalities {found}, those of {METHODS[self.modalities]} "
                f"with --modalities {self.modalities}; run {METHODS[found]} with {VARIABLES[METHODS[found]]}={folder}"
            )
        return folder


class LavimoMethod(LavimoTwoMethod):
    """A model of texts, motions and videos."""

    modalities = "three"

    def embed_video(self, videos: Sequence[Video], *, seed: int) -> "Tensor":
        """Return unit vectors of videos, [videos, width].

        Raises:
            NoWeights: If there are no weights, or they know other modalities.
            NoBackbone: If a backbone from the hub is not at hand.
        """
        return self.retriever.embed_video(videos)


def method_of(folder: Path) -> LavimoTwoMethod:
    """Return the method that a folder of weights belongs to.

    Raises:
        NoWeights: If it holds none.
    """
    found = LAVIMO_WEIGHTS.read_config(folder)["plan"]["switches"]["modalities"]
    return LavimoMethod(folder) if found == "three" else LavimoTwoMethod(folder)


LAVIMO = LavimoMethod()
LAVIMO_TWO = LavimoTwoMethod()
