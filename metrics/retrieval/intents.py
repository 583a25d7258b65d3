"""The built-in retrieval test: the motions of ``datasets/intents`` with their words, as a retrieval set.

Two variants, which differ in their texts alone: ``captions``, the four short captions of a motion, and ``detailed``,
one long one that leaves nothing out. ``docs/retrieval.md`` says why there are two.
"""

import hashlib
import json
from functools import cache

import numpy as np

from ...datasets.errors import UnknownName
from ...datasets.intents.motion_shards import SolvedMotion
from ...datasets.intents.retrieval_items import load_retrieval_items
from .collection import RetrievalSet
from .data import RetrievalData

VARIANTS = ("captions", "detailed")


@cache
def load_intents_retrieval(variant: str = "captions") -> RetrievalData:
    """Return the built-in retrieval test.

    Args:
        variant: Which texts the motions have: ``captions`` or ``detailed``.

    Raises:
        UnknownName: If there is no such variant.
        DamagedData: If a data file is missing or changed.
    """
    if variant not in VARIANTS:
        raise UnknownName("variant of retrieval/intents", variant, VARIANTS)
    loaded = load_retrieval_items()
    solved = [item.solved for item in loaded.items]
    texts = [texts_of(one, variant) for one in solved]
    items = RetrievalSet(
        motions=[item.id for item in loaded.items],
        captions=[text for own in texts for text in own],
        caption_of=np.repeat(np.arange(len(texts)), [len(own) for own in texts]),
        meanings=[meaning_of(one) for one in solved],
    )
    return RetrievalData(
        items=items,
        motions=[one.motion for one in solved],
        structures=[one.intent for one in solved],
        bodies=[one.body for one in solved],
        data_sha256=_version(loaded.data_sha256, variant),
    )


def _version(manifest_sha256: str, variant: str) -> str:
    """The data version: other texts are other data, though they come from the same files."""
    if variant == VARIANTS[0]:
        return manifest_sha256
    return hashlib.sha256(f"{manifest_sha256}\n{variant}".encode()).hexdigest()


def texts_of(solved: SolvedMotion, variant: str) -> tuple[str, ...]:
    """Return a motion's texts: its short captions in their order, or the detailed one alone."""
    if variant == "detailed":
        return (str(solved.words["detailed"]),)
    return tuple(str(caption["text"]) for caption in solved.words["captions"])


def meaning_of(solved: SolvedMotion) -> str:
    """Return the normal form of what a motion means, as text that is equal when and only when the meaning is."""
    return json.dumps(solved.words["meaning"], sort_keys=True)
