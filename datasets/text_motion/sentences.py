"""Sentence vectors of captions, where a folder has them: the two files that TMR's preparation writes.

``sent_embeddings/sentence-transformers/all-mpnet-base-v2.npy``, [captions, 768], and beside it
``all-mpnet-base-v2_index.json``, which says which row each caption has.
"""

import json
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ..errors import shorten
from .folder import TextMotionFolder

MODEL = "all-mpnet-base-v2"
_PLACE = f"sent_embeddings/sentence-transformers/{MODEL}"


def load_sentence_vectors(folder: TextMotionFolder, captions: Sequence[str]) -> NDArray[np.float32] | None:
    """Return one vector per caption, float32 [captions, width]; ``None`` where the folder has no such files.

    Args:
        folder: The folder.
        captions: Texts, in any order; equal ones get equal vectors.

    Raises:
        BadTextMotionFolder: If one of the two files is missing or damaged, or a caption has no vector.
    """
    vectors_path, index_path = folder.path / f"{_PLACE}.npy", folder.path / f"{_PLACE}_index.json"
    if not vectors_path.is_file() and not index_path.is_file():
        return None
    try:
        index = {str(text): int(row) for text, row in json.loads(index_path.read_bytes()).items()}
        vectors = np.load(vectors_path, mmap_mode="r", allow_pickle=False)
    except (OSError, ValueError, TypeError, AttributeError, EOFError) as problem:
        raise folder.refuse(f"{_PLACE}.npy and {MODEL}_index.json cannot be read together ({problem})") from None
    if vectors.ndim != 2 or vectors.dtype.kind != "f" or not all(0 <= row < len(vectors) for row in index.values()):
        shape = f"{vectors.dtype} {list(vectors.shape)}"
        raise folder.refuse(f"{_PLACE}.npy is {shape}, and {MODEL}_index.json does not name its rows")
    lost = sorted({text for text in captions if text not in index})
    if lost:
        shown = shorten([f"'{text}'" for text in lost], 2)
        raise folder.refuse(f"{len(lost)} captions have no vector in {MODEL}_index.json: {shown}")
    return np.asarray(vectors[[index[text] for text in captions]], dtype=np.float32)
