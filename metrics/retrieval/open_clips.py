"""Real named animations, and preview videos of some, as a retrieval set (``docs/open-clips.md``)."""

from pathlib import Path

import numpy as np

from ...datasets.collections.open_clips.clips import THEMES, VARIANTS
from ...datasets.collections.open_clips.reading import load_open_clips
from .collection import RetrievalSet
from .data import RetrievalData


def load_open_clips_retrieval(variant: str, data_root: Path) -> RetrievalData:
    """Return the zero-shot test on real animations.

    Animations of one meaning are not independent, whoever performs them, and three rigs are no sample of bodies:
    intervals are over meanings alone.

    Args:
        variant: ``named``, ``known``, ``previews`` or ``previews-timed``.
        data_root: Folder with the public files.

    Raises:
        UnknownName: If there is no such variant.
        MissingFiles: Naming the files that are not there.
    """
    opened = load_open_clips(data_root, variant)
    count = len(opened.clips)
    meanings = [clip.meaning for clip in opened.clips]
    return RetrievalData(
        items=RetrievalSet(
            motions=[clip.id for clip in opened.clips],
            captions=[clip.sentence for clip in opened.clips],
            caption_of=np.arange(count),
            video_of=np.repeat(np.arange(count), len(THEMES)) if opened.videos else np.zeros(0, dtype=np.int64),
            meanings=meanings,
            subset="" if variant == VARIANTS[0] else variant,
        ),
        motions=opened.motions,
        structures=meanings,
        bodies=[""] * count,
        data_sha256=opened.data_sha256,
        videos=opened.videos,
    )
