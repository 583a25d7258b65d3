"""A trained LAVIMO that can be asked: texts, motions and videos become vectors that are compared by their cosine."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ...datasets.body import Motion
from ...datasets.readers.video import Video, squared
from ...datasets.text_motion.feature_motions import FeatureMotion
from ..trained_weights import NoWeights
from .build import load_for_search
from .frame_features import as_images
from .model import Given, padded_motions
from .motion_features import motion_features
from .presets import Plan
from .weights import LAVIMO_WEIGHTS, find_weights

_AT_ONCE = 64


class Retriever:
    """Three encoders into one space; all vectors have length 1, are float32 and lie on the CPU."""

    def __init__(self, folder: Path, device: str = "cpu") -> None:
        """Load the weights of a folder.

        Args:
            folder: As ``retargetbench train lavimo`` writes it.
            device: Where to compute.

        Raises:
            NoWeights: If the folder holds none.
            NoBackbone: If a backbone from the hub is not at hand.
        """
        self._network, self._vision = load_for_search(folder, device)
        self._device = device
        self.sha256 = LAVIMO_WEIGHTS.sha256(folder)
        """Of all files that decide what is embedded where."""

    @property
    def plan(self) -> Plan:
        """What the model is: its preset and its switches."""
        return self._network.plan

    @property
    def width(self) -> int:
        """Of the space."""
        return self.plan.preset.sizes.shared

    @property
    def frames(self) -> int:
        """How many frames of a video are looked at."""
        return self.plan.preset.frames

    @property
    def has_video(self) -> bool:
        """Whether videos can be embedded."""
        return self._vision is not None

    def embed_text(self, texts: Sequence[str]) -> Tensor:
        """Return the vectors of texts, [texts, width]."""
        found = []
        for start in range(0, len(texts), _AT_ONCE):
            ids, counted = self._network.text.numbers(texts[start : start + _AT_ONCE])  # type: ignore[operator]
            found.append(self._embedded(Given(ids=ids, counted=counted), "text"))
        return self._joined(found)

    def embed_motion(self, motions: Sequence[Motion | FeatureMotion]) -> Tensor:
        """Return the vectors of motions on any humanoid skeletons, or of HumanML3D, [motions, width].

        Raises:
            UnmappedJoints: If a skeleton is no humanoid.
            BadJoints: If a motion is of KIT-ML.
        """
        return self.embed_features([motion_features(motion) for motion in motions])

    def embed_features(self, features: Sequence[NDArray[np.float32]]) -> Tensor:
        """Return the vectors of motions given as ``motion_features`` makes them, [motions, width]."""
        found = []
        for start in range(0, len(features), _AT_ONCE):
            motion, frames = padded_motions(features[start : start + _AT_ONCE])
            found.append(self._embedded(Given(motion, frames), "motion"))
        return self._joined(found)

    def embed_video(self, videos: Sequence[Video]) -> Tensor:
        """Return the vectors of videos, [videos, width]; of each, as many frames as in training, evenly spread.

        Raises:
            NoWeights: If the weights know no videos (trained with ``--modalities two``).
        """
        size = self.plan.preset.size_px
        found = []
        for video in videos:
            chosen = np.linspace(0, len(video.frames) - 1, self.frames).round().astype(int)
            images = squared(video.frames[chosen], size).transpose(0, 3, 1, 2)
            found.append(self.embed_frames(images[None], (video.times_s[chosen] - video.times_s[0])[None]))
        return self._joined(found)

    @torch.no_grad()
    def embed_frames(self, images: NDArray[np.uint8], times_s: NDArray[np.floating]) -> Tensor:
        """Return the vectors of videos that are square and sampled already, [videos, width].

        Args:
            images: [videos, frames, 3, side, side].
            times_s: Seconds from the first frame, [videos, frames].

        Raises:
            NoWeights: If the weights know no videos.
        """
        if self._vision is None:
            raise NoWeights("these weights were trained on text and motion alone; name others to embed videos.")
        found = []
        for start in range(0, len(images), 8):
            part = as_images(images[start : start + 8], self._device)
            frames = self._vision(part.flatten(0, 1)).unflatten(0, part.shape[:2]).half().float()  # as they were cached
            times = torch.from_numpy(np.asarray(times_s[start : start + 8], dtype=np.float32))
            found.append(self._embedded(Given(frames=frames, times_s=times), "video"))
        return self._joined(found)

    def _embedded(self, given: Given, modality: str) -> Tensor:
        return self._network.embed(given.to(self._device))[modality].float().cpu()

    def _joined(self, parts: list[Tensor]) -> Tensor:
        return torch.cat(parts) if parts else torch.zeros(0, self.width)


def load_lavimo(folder: Path | None = None, device: str = "cpu") -> Retriever:
    """Return a trained LAVIMO.

    Args:
        folder: As ``retargetbench train lavimo`` writes it; ``None``: what the environment variable ``LAVIMO`` names,
            or the weights that come with the package.
        device: Where to compute.

    Raises:
        NoWeights: If there are none; the message names the command that makes them.
    """
    return Retriever(find_weights(folder), device)
