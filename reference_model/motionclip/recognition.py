"""Recognising what a motion shows by class texts; ``baselines.recognition.classifiers`` has probe and neighbours."""

from collections.abc import Sequence

import numpy as np
from torch import Tensor
from torch.nn.functional import normalize

from ..baselines.recognition.classifiers import Scores
from .model import MotionClipModel


def by_class_texts(model: MotionClipModel, latents: Tensor, classes: Sequence[str]) -> Scores:
    """Return the cosine of motions and class names; the names stand alone, in no sentence, as in the release.

    Args:
        model: Whose latents they are.
        latents: Of motions, [n, latent].
        classes: Names; nothing was trained on them as such, so any will do.
    """
    texts = model.embed_text(classes)
    return np.asarray((normalize(latents, dim=-1) @ normalize(texts, dim=-1).mT).double().numpy())
