"""A small retrieval set with everything that makes protocols differ, as plain lists and as the package's own."""

import numpy as np
import torch

from retargetbench.metrics.retrieval.collection import RetrievalSet
from retargetbench.metrics.retrieval.declarations import DIRECTIONS, MODALITIES
from retargetbench.metrics.retrieval.protocols import SentenceVectors

from . import twin

SENTENCES = ["walks", "Walks", "jumps", "sits", "runs", "a person walks"]


def plain_set(motions=35, seed=0):
    """Motions with one to three captions and up to two videos; captions and meanings repeat."""
    rng = np.random.default_rng(seed)
    names = [f"m{i:03d}" for i in rng.permutation(motions)]
    text_of = [i for i in range(motions) for _ in range(rng.integers(1, 4))]
    captions = [f"{SENTENCES[rng.integers(6)]} {rng.integers(12)}" for _ in text_of]
    vectors = rng.integers(-1, 2, (len(captions), 3)).astype(float)
    vectors[~vectors.any(axis=1)] = 1.0
    close = [[twin.cosine(a, b) > 0.75 for b in vectors.tolist()] for a in vectors.tolist()]
    return {
        "motions": names,
        "text_of": text_of,
        "captions_of": [[i for i, m in enumerate(text_of) if m == motion] for motion in range(motions)],
        "captions": captions,
        "video_of": [i for i in range(motions) for _ in range(rng.integers(0, 3))],
        "meanings": [f"meaning {rng.integers(20)}" for _ in range(motions)],
        "dissimilar": [names[i] for i in rng.choice(motions, 11, replace=False)],
        "vectors": vectors,
        "close": close,
    }


def ours(data):
    """The same as the package's set."""
    return RetrievalSet(
        data["motions"],
        data["captions"],
        np.array(data["text_of"]),
        np.array(data["video_of"]),
        data["meanings"],
        data["dissimilar"],
    )


def sentences(data, above=0.75):
    return SentenceVectors("toy", torch.tensor(data["vectors"]), above)


def tied_matrices(whole, seed=0, levels=6, failed=0.0):
    """Similarities of a few levels, so that ties are everywhere, by direction; some are NaN."""
    rng = np.random.default_rng(seed)
    found = {}
    for direction in DIRECTIONS:
        shape = [whole.count(MODALITIES[letter]) for letter in (direction[0], direction[2])]
        values = rng.integers(0, levels, shape).astype(np.float64)
        values[rng.random(shape) < failed] = np.nan
        found[direction] = torch.from_numpy(values)
    return found
