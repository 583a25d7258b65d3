"""What a training step is given; everything follows from the seed and the number of the step."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ..tiny_vlm.sides import mirrored
from .frame_features import FrameFeatures
from .library_files import Library
from .model import Given, TextBackbone, padded_motions
from .motion_features import mirrored_features
from .sentences import SentenceModel, motion_similarities

_DETAILED = 0.15
"""Share of batches whose captions are the detailed ones: they name body parts, but are three times as long, so that one
among short ones would cost as much as a batch of them."""
_TEMPO = 0.05
"""Deviation of the factor's logarithm by which a video's seconds are stretched: how long something takes is a hint, and
shall not be the answer."""
_FRAME_LEFT_OUT = 0.1
"""Share of a video's frames that are replaced by the one before."""


@dataclass(frozen=True, eq=False)
class Batch:
    """The items of a step: different motions, each in all modalities."""

    given: Given
    similar: Tensor
    """Raw cosines of the items' captions, [items, items]."""


@dataclass(frozen=True, eq=False)
class Drawing:
    """Where batches come from."""

    library: Library
    sentences: SentenceModel
    text: TextBackbone
    frames: FrameFeatures | None
    """Features of the videos' frames; ``None``: no videos."""
    size: int
    """Motions in a batch."""
    seed: Sequence[int]


def draw_batch(drawing: Drawing, step: int) -> Batch:
    """Return the batch of a step.

    Motions are drawn without replacement, each turned to its mirror image or not, in all modalities alike. The video
    shows another body than the motion's wherever the motion was solved on several.
    """
    library, generator = drawing.library, np.random.default_rng([*drawing.seed, step])
    size = min(drawing.size, len(library.told))
    motions = generator.choice(len(library.told), size, replace=False)
    flips = generator.uniform(size=size) < 0.5
    pairs = [_two_clips(library.clips_of[motion], generator) for motion in motions]
    features = [
        mirrored_features(library.features(clip)) if flip else library.features(clip)
        for (clip, _), flip in zip(pairs, flips, strict=True)
    ]
    motion, frames = padded_motions(features)
    texts = [_captions(library, int(motion), bool(flip)) for motion, flip in zip(motions, flips, strict=True)]
    detailed = generator.uniform() < _DETAILED
    chosen = [captions[-1] if detailed else captions[generator.integers(len(captions) - 1)] for captions in texts]
    ids, counted = drawing.text.numbers(chosen)
    given = Given(motion, frames, ids, counted)
    if drawing.frames is not None:
        seen = np.stack([drawing.frames.of(clip, bool(flip)) for (_, clip), flip in zip(pairs, flips, strict=True)])
        times = library.times_s[[clip for _, clip in pairs]] * np.exp(generator.normal(0.0, _TEMPO, (size, 1)))
        seen, times = _stuttered(seen, times, generator)
        given = Given(motion, frames, ids, counted, torch.from_numpy(seen), torch.from_numpy(times))
    return Batch(given, torch.from_numpy(batch_similarities(drawing.sentences, texts)))


def batch_similarities(sentences: SentenceModel, texts: Sequence[Sequence[str]]) -> NDArray[np.float32]:
    """Return the cosines between motions by all their captions, [motions, motions].

    Args:
        sentences: The text model.
        texts: As many captions of each motion.
    """
    flat = sentences.vectors([text for captions in texts for text in captions])
    return motion_similarities(flat.reshape(len(texts), -1, flat.shape[1]))


def _two_clips(clips: NDArray[np.int64], generator: np.random.Generator) -> tuple[int, int]:
    """The clip whose motion is taken and the one whose video is."""
    order = generator.permutation(clips)
    return int(order[0]), int(order[1 % len(order)])


def _captions(library: Library, motion: int, flip: bool) -> tuple[str, ...]:
    captions = library.told[motion].captions
    return tuple(map(mirrored, captions)) if flip else captions


def _stuttered(
    seen: NDArray[np.float32], times_s: NDArray[np.floating], generator: np.random.Generator
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Some frames missed: the one before stands in their place, at its own moment."""
    missed = generator.uniform(size=times_s.shape) < _FRAME_LEFT_OUT
    at = np.maximum.accumulate(np.where(missed, 0, np.arange(times_s.shape[1])), axis=1)
    rows = np.arange(len(at))[:, None]
    return seen[rows, at], times_s[rows, at].astype(np.float32)
