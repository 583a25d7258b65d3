"""Floors that learn nothing: chance, and how much the length of a caption or of a clip gives away."""

from collections.abc import Mapping, Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ....datasets.body import Motion
from .words import word_count

_SHORTEST_S, _LONGEST_S = 0.01, 10_000.0


def random_embeddings(counts: Mapping[str, int], *, seed: int, width: int = 16) -> dict[str, Tensor]:
    """Return normal random vectors, which say nothing about what they stand for: chance, without ties.

    Args:
        counts: Number of items by modality.
        seed: Same seed, same vectors of a modality, whatever other modalities there are.
        width: Entries of a vector.
    """
    made = {}
    for name, count in counts.items():
        generator = np.random.default_rng([seed, *name.encode()])
        made[name] = torch.from_numpy(generator.standard_normal((count, width)))
    return made


def constant_embeddings(counts: Mapping[str, int]) -> dict[str, Tensor]:
    """Return one and the same vector for all: chance by ties alone; any other figure shows a fault in a tie rule.

    Args:
        counts: Number of items by modality.
    """
    return {name: torch.ones(count, 1) for name, count in counts.items()}


def caption_length_embeddings(captions: Sequence[str], motions: Sequence[Motion]) -> dict[str, Tensor]:
    """Return embeddings that give the longer caption the longer motion, by the order within each modality.

    What is compared is the share of the items that are shorter, ties at their middle. It looks at the whole test set
    at once, which no other method may: a floor gets more than its due.

    Args:
        captions: The text items.
        motions: The motion items.
    """
    lengths = (
        np.array([word_count(caption) for caption in captions], dtype=float),
        np.array([motion.duration_s for motion in motions]),
    )
    text, motion = (torch.from_numpy(on_arc(_share_below(values))) for values in lengths)
    return {"text": text, "motion": motion}


def duration_embeddings(durations_s: Mapping[str, Sequence[float]]) -> dict[str, Tensor]:
    """Return embeddings whose cosine falls with the ratio of two durations: what a clip's length alone gives away.

    For video and motion: a test whose clips can be told apart by their length is solved without looking.

    Args:
        durations_s: Duration of each item in seconds, by modality.
    """
    span = np.log(_LONGEST_S / _SHORTEST_S)
    made = {}
    for name, values in durations_s.items():
        seconds = np.clip(np.asarray(values, dtype=float), _SHORTEST_S, _LONGEST_S)
        made[name] = torch.from_numpy(on_arc(np.log(seconds / _SHORTEST_S) / span))
    return made


def on_arc(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return points on half a circle, [n, 2]: the nearer two values, the greater their cosine.

    Args:
        values: From 0 to 1, [n].
    """
    return np.stack([np.cos(np.pi * values), np.sin(np.pi * values)], axis=1)


def _share_below(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """The share of values below each, equal ones counting half."""
    ordered = np.sort(values)
    return np.asarray(
        (np.searchsorted(ordered, values) + np.searchsorted(ordered, values, side="right")) / (2 * len(values))
    )
