"""The built-in retrieval test: the motions of ``datasets/intents`` with their words, as a retrieval set.

``captions`` has the four short captions of a motion, ``detailed`` one long one that leaves nothing out instead, and
``videos`` the short ones and a video of each motion, which the user has made. ``docs/retrieval.md`` says why.
"""

import hashlib
import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np

from ...datasets.errors import UnknownName
from ...datasets.intents.motion_shards import SolvedMotion
from ...datasets.intents.retrieval_items import load_retrieval_items
from ...datasets.intents.video_queries import VideoQueries, plan_videos
from ...datasets.readers.video import Video
from .collection import RetrievalSet
from .data import RetrievalData

VARIANTS = ("captions", "detailed", "videos")


@cache
def load_intents_retrieval(variant: str = "captions", data_root: Path | None = None) -> RetrievalData:
    """Return the built-in retrieval test.

    Args:
        variant: Which texts the motions have: ``captions`` or ``detailed``; ``videos``: captions and videos.
        data_root: Of ``videos`` the folder that `retargetbench film` made.

    Raises:
        UnknownName: If there is no such variant.
        NoVideoQueries: If the folder has no videos, or those of other data.
        DamagedData: If a data file is missing or changed.
    """
    if variant not in VARIANTS:
        raise UnknownName("variant of retrieval/intents", variant, VARIANTS)
    loaded = load_retrieval_items()
    solved = [item.solved for item in loaded.items]
    texts = [texts_of(one, variant) for one in solved]
    videos: Sequence[Video] = ()
    version = _version(loaded.data_sha256, variant)
    if variant == "videos":
        made = VideoQueries(data_root or Path(), plan_videos(loaded))
        videos, version = made, _version(version, made.data_sha256)
    items = RetrievalSet(
        motions=[item.id for item in loaded.items],
        captions=[text for own in texts for text in own],
        caption_of=np.repeat(np.arange(len(texts)), [len(own) for own in texts]),
        meanings=[meaning_of(one) for one in solved],
        video_of=np.arange(len(videos)),
    )
    return RetrievalData(
        items=items,
        motions=[one.motion for one in solved],
        structures=[one.intent for one in solved],
        bodies=[one.body for one in solved],
        data_sha256=version,
        videos=videos,
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
