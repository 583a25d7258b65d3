"""Forty small motions of six classes as a recognition track; every fourth shows two; intervals are possible."""

from dataclasses import replace
from functools import cache

import numpy as np

from retargetbench.benchmark.tracks import registry
from retargetbench.metrics.recognition.data import RecognitionData

from ..retrieval import toy_search

TRACK = "recognition/toy"
CLASSES = ("bow", "hop", "kick", "run", "sit", "wave")
COUNT = 40


@cache
def load(variant="full"):
    searched = toy_search.load()
    truth = np.zeros((COUNT, len(CLASSES)), dtype=bool)
    for n in range(COUNT):
        truth[n, n % 5] = True  # nobody waves
        truth[n, (n + 1) % 5] |= n % 4 == 0
    return RecognitionData(
        ids=tuple(searched.items.motions),
        motions=searched.motions,
        classes=CLASSES,
        truth=truth,
        structures=searched.structures,
        bodies=searched.bodies,
        data_sha256="ef" * 32,
    )


def scores(seed=0, noise=0.5, kind="f4"):
    """What a fair classifier gives: high scores of the right classes."""
    generator = np.random.default_rng(seed)
    return (load().truth + noise * generator.standard_normal(load().truth.shape)).astype(kind)


def patch_registry(monkeypatch):
    own = replace(registry.TRACKS["recognition/intents"], id=TRACK, loader=f"{__name__}:load", classes=len(CLASSES))
    monkeypatch.setattr(registry, "TRACKS", {**registry.TRACKS, TRACK: own})
