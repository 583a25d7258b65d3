"""Searching the motions that come with the package."""

import hashlib
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from ...datasets.files import write_atomically
from ...datasets.intents.motion_jobs import body_of
from ...datasets.intents.motion_shards import SolvedMotion
from ...datasets.intents.motions import load_motions
from ...datasets.readers.video import read_video
from ...datasets.rendering import CLAY, SheetRow, SheetStyle, contact_sheet
from ...metrics.retrieval.embeddings import embedding_scores
from ...metrics.retrieval.topk import top_k
from ..training.counting import Counting
from .retriever import Retriever, load_lavimo

_AT_ONCE = 32
_LABEL = 90
"""Most letters of a row's label."""


@dataclass(frozen=True)
class Query:
    """What is looked for, and how it is shown."""

    text: str
    """In words; not used where there is a video."""
    video: Path | None
    top: int
    """How many motions are shown."""
    sheet: Path
    """Where the contact sheet goes; the gallery's vectors are kept beside it."""
    weights: Path
    """Folder of the weights."""
    device: str = "cpu"


def search(query: Query, counting: Counting) -> Mapping[str, Any]:
    """Return the motions nearest to a text or a video, and draw them.

    Args:
        query: What is looked for.
        counting: Makes a counter for progress.

    Raises:
        NoWeights: If the folder holds none, or they know no videos.
        BadVideo: If the video cannot be read.
        NoVideoReader: If PyAV is not installed.
    """
    retriever = load_lavimo(query.weights, query.device)
    if query.video is None:
        asked = retriever.embed_text([query.text])
    else:
        asked = retriever.embed_video([read_video(query.video, retriever.frames)])
    motions = load_motions()
    gallery = gallery_embeddings(motions, retriever, query.sheet.parent, counting)
    scores = embedding_scores(asked, gallery)
    best, similar = (values[0].tolist() for values in top_k(scores, query.top))
    found = [
        {"rank": rank, "similarity": round(value, 4), "motion": motions[index].name, "body": motions[index].body,
         "captions": [caption["text"] for caption in motions[index].words["captions"]]}
        for rank, (index, value) in enumerate(zip(best, similar, strict=True), start=1)
    ]  # fmt: skip
    query.sheet.parent.mkdir(parents=True, exist_ok=True)
    rows = [_row(entry, motions[index]) for entry, index in zip(found, best, strict=True)]
    contact_sheet(rows, query.sheet, SheetStyle(frames=8))
    width = max(len(entry["motion"]) for entry in found)
    lines = [f"{e['rank']:>3}  {e['similarity']:.3f}  {e['motion']:<{width}}  {e['captions'][1]}" for e in found]
    return {
        "lines": [*lines, str(query.sheet)],
        "next": "retargetbench search --video FILE",
        "found": found,
        "sheet": str(query.sheet),
        "gallery": len(motions),
    }


def gallery_embeddings(
    motions: Sequence[SolvedMotion], retriever: Retriever, folder: Path, counting: Counting
) -> Tensor:
    """Return the vectors of motions, [motions, width]; kept in a file for the next search with the same weights.

    Args:
        motions: The gallery.
        retriever: The model.
        folder: Where the vectors are kept.
        counting: Makes a counter for progress.
    """
    manifest = (files("retargetbench.datasets.intents") / "data" / "test.manifest.json").read_bytes()
    names = "\n".join(motion.name for motion in motions).encode()
    key = hashlib.sha256(manifest + names + retriever.sha256.encode()).hexdigest()[:16]
    path = folder / f"gallery-{key}.npy"
    if path.is_file():
        return torch.from_numpy(np.load(path, allow_pickle=False))
    parts = []
    with counting("looking at the motions of the test set", len(motions), 0) as counter:
        for start in range(0, len(motions), _AT_ONCE):
            some = motions[start : start + _AT_ONCE]
            parts.append(retriever.embed_motion([one.motion for one in some]))
            for _ in some:
                counter.advance()
    content = io.BytesIO()
    vectors = torch.cat(parts)
    np.save(content, vectors.numpy())
    write_atomically(path, content.getvalue())
    return vectors


def _row(entry: Mapping[str, Any], motion: SolvedMotion) -> SheetRow:
    label = f"{entry['rank']}. {entry['similarity']:.2f}  {entry['captions'][1]}"
    short = label if len(label) <= _LABEL else f"{label[:_LABEL]}..."
    return SheetRow(short, body_of(motion.body), motion.motion, CLAY)  # no row is the source of the others
