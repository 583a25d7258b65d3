"""Forty small motions with captions, as a retrieval track: one batch of 32, eight left over; intervals are possible."""

from dataclasses import replace
from functools import cache

import numpy as np

from retargetbench.benchmark.tracks import registry
from retargetbench.datasets.body import Motion
from retargetbench.metrics.retrieval.collection import RetrievalSet
from retargetbench.metrics.retrieval.data import RetrievalData

from ..toy import toy_character

TRACK = "retrieval/toy"
COUNT = 40


@cache
def load(variant="captions"):
    numbers = range(COUNT)
    skeleton = toy_character().skeleton
    each = 2 if variant == "captions" else 1
    captions = [f"somebody does number {(n if k else n // 2)}" for n in numbers for k in range(each)]
    motions = []
    for n in numbers:
        rotations = np.zeros((3 + n, skeleton.joint_count, 4), dtype=np.float32)
        rotations[..., 0] = 1
        motions.append(Motion(skeleton, rotations, np.full((3 + n, 3), n / 10, dtype=np.float32), 30.0))
    return RetrievalData(
        items=RetrievalSet(
            motions=[f"{n:04x}" for n in numbers],
            captions=captions,
            caption_of=np.repeat(np.arange(COUNT), each),
            meanings=[f"meaning {n // 3}" for n in numbers],
        ),
        motions=motions,
        structures=[f"structure {n % 10}" for n in numbers],
        bodies=[f"body {n % 8}" for n in numbers],
        data_sha256=("ab" if variant == "captions" else "cd") * 32,
    )


def embeddings(seed=0, noise=0.5, kind="f4", data=None):
    """What a fair method gives: texts near their motion."""
    data = data or load()
    generator = np.random.default_rng(seed)
    motion = generator.standard_normal((COUNT, 16))
    text = motion[data.items.caption_of] + noise * generator.standard_normal((len(data.items.captions), 16))
    return {"text": text.astype(kind), "motion": motion.astype(kind)}


def with_toy_search(tracks):
    """The registry's tracks and this one, so that the real command line can be asked for it."""
    return {**tracks, TRACK: replace(tracks["retrieval/intents"], id=TRACK, loader=f"{__name__}:load", columns=())}


def patch_registry(monkeypatch):
    monkeypatch.setattr(registry, "TRACKS", with_toy_search(registry.TRACKS))
