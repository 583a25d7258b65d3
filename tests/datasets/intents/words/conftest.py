"""Programs to find words for: a draw of every intent, and compositions."""

import numpy as np
import pytest

from retargetbench.datasets.intents.programs import INTENTS
from retargetbench.datasets.intents.programs.compose import NotComposable, overlay, sequence
from retargetbench.datasets.intents.words import captions, questions

_COMPOSED = 16


@pytest.fixture(scope="session")
def singles():
    """One draw of each intent."""
    generator = np.random.default_rng(2026)
    return tuple(intent.draw(generator) for intent in INTENTS.values())


@pytest.fixture(scope="session")
def composed():
    """Sequences and overlays of intents drawn at random; those that do not go together are passed over."""
    generator = np.random.default_rng(7)
    names, found = sorted(INTENTS), {"+": [], "@": []}
    for _ in range(40 * _COMPOSED):
        for sign, compose in (("+", sequence), ("@", overlay)):
            first, second = (INTENTS[names[int(i)]] for i in generator.integers(len(names), size=2))
            if len(found[sign]) < _COMPOSED // 2:
                try:
                    found[sign].append(compose(first.draw(generator), second.draw(generator)))
                except NotComposable:
                    continue
        if all(len(programs) == _COMPOSED // 2 for programs in found.values()):
            break
    held = overlay(INTENTS["hand_on_heart"].draw(generator), INTENTS["squat"].draw(generator))
    return (*found["+"], *found["@"], held)


@pytest.fixture(scope="session")
def programs(singles, composed):
    return singles + composed


@pytest.fixture(scope="session")
def made(programs):
    """The captions of all programs for training and test, in the order of the programs."""
    both = [(captions(program, "train"), captions(program, "test")) for program in programs]
    return {"train": [one for one, _ in both], "test": [two for _, two in both]}


@pytest.fixture(scope="session")
def asked(programs):
    """All programs with their questions."""
    return [(program, questions(program)) for program in programs]


@pytest.fixture(scope="session")
def tracks(programs):
    """The styles of all programs by name."""
    return {program.name: program.track() for program in programs}
