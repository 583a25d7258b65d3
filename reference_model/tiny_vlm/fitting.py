"""Which captions fit which pictures, by the normal form of their meanings.

A caption of another clip may fit a picture as well as its own does; such a pair is no negative. And what a single
picture cannot show (how often, how fast, for how long) tells nothing apart: a caption that fits but for that is left
out of the comparison altogether.
"""

import json
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...datasets.intents.words.lexicon import entry_of
from ...datasets.intents.words.meaning import Act, Meaning, fits


def fit_table(means: Sequence[str], says: Sequence[str]) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Return which captions fit which pictures, and which pairs nobody can decide by looking at one picture.

    Args:
        means: What each picture's scene means, JSON of a normal form, [pictures].
        says: What each caption says, [captions].

    Returns:
        Two tables [pictures, captions]; where the second is true the first is not.
    """
    fitting, alike = (np.zeros((len(means), len(says)), dtype=bool) for _ in range(2))
    of_intents: dict[tuple[str, ...], list[int]] = {}
    for column, said in enumerate(says):
        of_intents.setdefault(_intents(said), []).append(column)
    for row, meant in enumerate(means):
        for column in (c for intents in _told_as(meant) for c in of_intents.get(intents, ())):
            fitting[row, column] = _fits(says[column], meant, True)
            alike[row, column] = _fits(says[column], meant, False)
    return fitting, alike & ~fitting


@lru_cache(maxsize=50_000)
def _intents(said: str) -> tuple[str, ...]:
    return tuple(act.intent for act in read_meaning(said).flat())


@lru_cache(maxsize=50_000)
def _told_as(meant: str) -> tuple[tuple[str, ...], ...]:
    """Intents of the captions that may fit: the acts' own, and those of which they are special cases."""
    return tuple(product(*((name, *entry_of(name).kinds) for name in _intents(meant))))


@lru_cache(maxsize=1_000_000)
def _fits(said: str, meant: str, wholly: bool) -> bool:
    caption, motion = read_meaning(said), read_meaning(meant)
    return fits(caption, motion) if wholly else fits(_visible(caption), _visible(motion))


@lru_cache(maxsize=50_000)
def read_meaning(text: str) -> Meaning:
    """Return the normal form that JSON holds."""
    return _meaning(json.loads(text))


def _meaning(values: dict[str, Any]) -> Meaning:
    acts = [_meaning(act) if "order" in act else _act(act) for act in values["acts"]]
    return Meaning(values["order"], tuple(acts))


def _act(values: dict[str, Any]) -> Act:
    touching = values.get("touching")
    if touching is None:
        return Act(**values)
    # sorted again: a mirrored text may have come into another order
    return Act(**{**values, "touching": tuple(sorted(tuple(touch) for touch in touching))})


@lru_cache(maxsize=50_000)
def _visible(meaning: Meaning) -> Meaning:
    acts = [_visible(act) if isinstance(act, Meaning) else _seen(act) for act in meaning.acts]
    return Meaning(meaning.order, tuple(acts))


def _seen(act: Act) -> Act:
    return replace(act, count=None, pace=None, manner=None, touching=None)
