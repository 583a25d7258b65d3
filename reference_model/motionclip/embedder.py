"""MotionCLIP as a retrieval and recognition method: texts, motions and videos as unit vectors of one space."""

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import normalize

from ...datasets.body import Motion
from ...datasets.readers.video import Video
from ..baselines.recognition.classifiers import Scores
from .model import MotionClipModel
from .pose import motion_windows
from .recognition import by_class_texts
from .standard_body import standard_body


class MotionClipEmbedder:
    """Vectors to be compared by their cosine; all have length 1."""

    def __init__(self, model: MotionClipModel) -> None:
        """Take a trained model.

        Args:
            model: The model; its CLIP is loaded when the first text or video comes.
        """
        self._model = model

    @property
    def width(self) -> int:
        """Of the space."""
        return self._model.network.latent

    def embed_text(self, texts: Sequence[str]) -> Tensor:
        """Return the CLIP's vectors of texts, [texts, width].

        Raises:
            BenchError: If the CLIP is not at hand.
        """
        return self._model.embed_text(texts) if texts else torch.zeros(0, self.width)

    def embed_motion(self, motions: Sequence[Motion]) -> Tensor:
        """Return the vectors of motions on any humanoid skeletons, [motions, width].

        A motion is cut into windows that overlap by half; its vector is the mean direction of their latents.

        Raises:
            UnmappedJoints: If a skeleton is no humanoid.
        """
        found = [normalize(directions.mean(dim=0), dim=-1) for directions in map(self._directions, motions)]
        return torch.stack(found) if found else torch.zeros(0, self.width)

    def embed_video(self, videos: Sequence[Video], most: int = 16) -> Tensor:
        """Return the vectors of videos, [videos, width]: the mean direction of the CLIP's vectors of frames.

        Nothing was trained on videos; this is what the alignment to pictures gives away.

        Args:
            videos: Any size and length.
            most: How many frames of a video are looked at, evenly spread.

        Raises:
            BenchError: If the CLIP is not at hand.
        """
        found = []
        for video in videos:
            count = len(video.frames)
            chosen = np.linspace(0, count - 1, min(most, count)).round().astype(int)
            pictures = torch.from_numpy(video.frames[chosen]).permute(0, 3, 1, 2).float() / 255
            found.append(normalize(self._model.embed_pictures(pictures).mean(dim=0), dim=-1))
        return torch.stack(found) if found else torch.zeros(0, self.width)

    def classify(self, motions: Sequence[Motion], classes: Sequence[str]) -> Scores:
        """Return how near each motion comes to each class name, [motions, classes]; see ``by_class_texts``.

        A motion shows a class if one of its windows does: of two acts, one after the other, both are near, where the
        mean of all windows would lie between them.

        Raises:
            UnmappedJoints: If a skeleton is no humanoid.
            BenchError: If the CLIP is not at hand.
        """
        windows = [self._directions(motion) for motion in motions]
        if not windows:
            return np.zeros((0, len(classes)))
        scores = by_class_texts(self._model, torch.cat(windows), classes)
        begins = np.cumsum([0, *map(len, windows[:-1])])
        return np.asarray(np.maximum.reduceat(scores, begins, axis=0))

    def _directions(self, motion: Motion) -> Tensor:
        """The latents of a motion's windows as unit vectors, [windows, width]."""
        windows = motion_windows(motion, standard_body().skeleton, self._model.network.sizes.frames)
        return normalize(self._model.encode(windows), dim=-1)
