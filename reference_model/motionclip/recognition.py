"""Recognising what a motion shows: by class texts, and what is measured of that, of a probe and of neighbours.

``baselines.recognition.classifiers`` has probe and neighbours.
"""

from collections.abc import Sequence

import numpy as np
from torch import Tensor
from torch.nn.functional import normalize

from ...metrics.recognition.accuracy import labels_of, recognition_scores, top_k
from ..baselines.recognition.classifiers import Scores, by_linear_probe, by_neighbours
from .intervals import macro_scores
from .model import MotionClipModel
from .motion_set import MotionSet


def by_class_texts(model: MotionClipModel, latents: Tensor, classes: Sequence[str]) -> Scores:
    """Return the cosine of motions and class names; the names stand alone, in no sentence, as in the release.

    Args:
        model: Whose latents they are.
        latents: Of motions, [n, latent].
        classes: Names; nothing was trained on them as such, so any will do.
    """
    texts = model.embed_text(classes)
    return np.asarray((normalize(latents, dim=-1) @ normalize(texts, dim=-1).mT).double().numpy())


def recognition(model: MotionClipModel, known: MotionSet, asked: MotionSet) -> dict[str, float]:
    """Return how well the acts of a set are recognised, beside nearest neighbours on raw poses.

    Args:
        model: Whose latents they are.
        known: Labelled motions, which probe and neighbours are fitted on.
        asked: Others.
    """
    classes = tuple(sorted({*known.actions, *asked.actions}))
    found: dict[str, Scores] = {"class texts": by_class_texts(model, asked.latents, classes)}
    if len(set(known.actions)) > 1:
        latents = known.latents.numpy(), asked.latents.numpy()
        poses = known.features.reshape(len(known.items), -1), asked.features.reshape(len(asked.items), -1)
        found["linear probe"] = by_linear_probe(latents[0], known.actions, latents[1], classes)
        found["neighbours"] = by_neighbours(latents[0], known.actions, latents[1], classes)
        found["raw-pose neighbours"] = by_neighbours(poses[0], known.actions, poses[1], classes)
    truth, scores = labels_of(asked.actions, classes), {"classes": float(len(classes))}
    for name, given in found.items():
        scores |= {f"{name}, {key}": value for key, value in recognition_scores(given, truth).items()}
        scores |= macro_scores(f"{name}, macro", top_k(given, truth, 1), truth, asked.clusters)
    return scores
