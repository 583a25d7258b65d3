"""What a trained MotionCLIP can do, measured on motions that it was not trained on. Most measures have modules."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from functools import partial

import numpy as np
import torch
from torch.nn.functional import cosine_similarity

from ..training.counting import Counting
from .distance import motion_fid, motion_kid, motion_reference
from .edits import edits
from .model import MotionClipModel
from .motion_set import MotionSet, motion_set
from .real_motions import Subject, real_reconstruction
from .recognised import find_classifier, recognised
from .recognition import recognition
from .reconstruction import reconstruction
from .smoothness import smoothness
from .windows import Windows
from .zero_shot import zero_shot

Measure = Callable[[MotionClipModel, MotionSet, MotionSet], dict[str, float]]
"""From a model, motions that it was trained on and others to figures by name."""

_FID_SAMPLES = 128


@dataclass(frozen=True)
class Asked:
    """What measures are told besides model and motions."""

    trained: Collection[str]
    """All classes and sided names that training showed."""
    classifier: str | None = None
    """Installed recognition method that says what generated motions show; ``None``: they are shown to nobody."""
    real: Mapping[str, Subject] = field(default_factory=dict)
    """Captures of real motions, by subject."""
    real_trained: Collection[str] = ()
    """Subjects that training saw."""


def measure(
    model: MotionClipModel, known: Windows, unseen: Windows, asked: Asked, counting: Counting
) -> dict[str, float]:
    """Return all figures by name; percentages, centimetres and cosines. ``NAME, lo`` and ``NAME, hi`` are intervals.

    Args:
        model: What is measured.
        known: Motions that it was trained on: probes, neighbours and principal components are fitted on them.
        unseen: Others.
        asked: What else is to be known.
        counting: Makes a counter for progress.

    Raises:
        NoClassifier: If there is no such classifier.
        BenchError: If its weights are not there.
    """
    parts: list[Measure] = [
        reconstruction, recognition, partial(zero_shot, trained=asked.trained), alignment, generation, smoothness,
        edits,
    ]  # fmt: skip
    if asked.real:
        parts.append(partial(real_reconstruction, subjects=asked.real, trained=asked.real_trained))
    if asked.classifier is not None:
        found = find_classifier(asked.classifier)
        parts.append(partial(recognised, name=asked.classifier, classifier=found))
    scores: dict[str, float] = {}
    with counting("measuring (parts)", 1 + len(parts), 0) as counter:
        sets = motion_set(model, known), motion_set(model, unseen)
        counter.advance()
        for part in parts:
            scores |= part(model, *sets)
            counter.advance()
    return scores


def alignment(model: MotionClipModel, known: MotionSet, asked: MotionSet) -> dict[str, float]:
    """Return the mean cosine of motions with their captions and with their pictures."""
    found = {}
    windows = asked.windows
    for name, rows in (("text", windows.text), ("image", windows.image)):
        table = torch.from_numpy(rows[:, 0].astype(np.float32))
        own = [getattr(item, f"{name}s") for item in asked.items]
        near = [cosine_similarity(z[None], table[k], dim=-1).mean() for z, k in zip(asked.latents, own, strict=True)]
        found[f"{name} cosine"] = float(torch.stack(near).mean())
    return found


def generation(model: MotionClipModel, known: MotionSet, asked: MotionSet) -> dict[str, float]:
    """Return the distance of motions made from the first caption of each act to the real ones.

    ``fid`` is there where both sets are large enough for it.
    """
    captions = [asked.windows.captions[int(item.texts[0])] for item in asked.items]
    again = model.encode(model.decode(model.latents_of_texts(captions), asked.windows.frames).numpy())
    scores = {"generated, kid": motion_kid(again, asked.latents, paired=True)}
    if min(len(asked.latents), len(known.latents), 2 * model.network.latent) >= _FID_SAMPLES:
        reference = motion_reference(model, known.latents, _FID_SAMPLES)
        scores["generated, fid"] = motion_fid(again, asked.latents, reference)
    return scores
