"""What a trained LAVIMO finds: every direction and protocol, on motions, words, bodies and looks of another part."""

from dataclasses import replace
from typing import Any

import numpy as np
import torch
from torch import Tensor

from ...metrics.retrieval.collection import RetrievalSet
from ...metrics.retrieval.scoring import RetrievalSettings, all_scores, score_submission
from .library_files import Library
from .retriever import Retriever

_AT_ONCE = 32


def retrieval_set(library: Library) -> RetrievalSet:
    """Return what is searched: the first clip of every motion, its captions, its video.

    Meanings are there for the protocol ``same-meaning`` alone; no embedding sees them.
    """
    motions = range(len(library.told))
    captions = [caption for motion in motions for caption in library.told[motion].captions]
    owners = [motion for motion in motions for _ in library.told[motion].captions]
    return RetrievalSet(
        motions=[told.name for told in library.told],
        captions=captions,
        caption_of=np.array(owners, dtype=np.int64),
        video_of=np.arange(len(library.told)),
        meanings=[told.meaning for told in library.told],
    )


def embeddings_of(library: Library, retriever: Retriever) -> dict[str, Tensor]:
    """Return the embeddings of ``retrieval_set``'s items, by modality.

    Args:
        library: Motions with videos.
        retriever: The model; videos only if it knows them.
    """
    clips = [int(own[0]) for own in library.clips_of]
    found = {
        "motion": retriever.embed_features([library.features(clip) for clip in clips]),
        "text": retriever.embed_text([caption for told in library.told for caption in told.captions]),
    }
    if retriever.has_video:
        parts = [
            retriever.embed_frames(np.stack([library.video(clip) for clip in some]), library.times_s[some])
            for some in (clips[start : start + _AT_ONCE] for start in range(0, len(clips), _AT_ONCE))
        ]
        found["video"] = torch.cat(parts)
    return found


def measure(library: Library, retriever: Retriever) -> dict[str, Any]:
    """Return all retrieval scores by key; texts are the first caption of each motion, and, by keys that say so, all.

    Args:
        library: Motions with videos; those of validation or of the test.
        retriever: The model.
    """
    whole, given = retrieval_set(library), embeddings_of(library, retriever)
    settings = RetrievalSettings()
    scores = all_scores(score_submission(whole, given, settings))
    without_video = {name: values for name, values in given.items() if name != "video"}
    scores |= all_scores(score_submission(whole, without_video, replace(settings, all_captions=True)))
    meanings = len(set(whole.meanings or ()))
    return {"motions": len(whole.motions), "meanings": meanings, "scores": scores}
