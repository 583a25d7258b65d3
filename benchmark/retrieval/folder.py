"""The submission folder of a retrieval track: what lies where, written and read.

``method.toml`` (the method card), ``embeddings.npz``, ``index.csv`` (kind,row,id: which item a row of an array is);
optional: ``failures.csv`` (items without an embedding, declared) and ``run.json`` (which run wrote the folder).
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...datasets.files import write_atomically
from ...metrics.retrieval.data import RetrievalData
from ...metrics.retrieval.declarations import Modality
from ..submission.folder import CARD
from ..submission.method_card import MethodCard, card_text
from ..submission.tables import FAILURES, INDEX, Failure, csv_text, failures_text
from .embeddings_file import EMBEDDINGS, KINDS, write_arrays
from .errors import WrongEmbeddings

INDEX_COLUMNS = ("kind", "row", "id")


@dataclass(frozen=True, eq=False)
class EmbeddingSubmission:
    """A submission that has been read and checked."""

    card: MethodCard
    arrays: Mapping[Modality, NDArray[Any]]
    """Embeddings in the order of the track's items, [items, width]; the rows of failed items are NaN."""
    failures: Mapping[str, Failure]
    """``kind/id`` -> why there is no embedding."""

    def predictions_sha256(self) -> str:
        """Return one hash over embeddings and declared failures, whatever the order of the rows in the file was."""
        digest = hashlib.sha256()
        for kind in (kind for kind in KINDS if kind in self.arrays):
            array = self.arrays[kind]
            digest.update(f"{kind}\t{array.dtype.str}\t{array.shape}\n".encode())
            digest.update(np.ascontiguousarray(array).tobytes())
        for name in sorted(self.failures):
            digest.update(f"failed\t{name}\n".encode())
        return digest.hexdigest()


def item_name(kind: Modality, item_id: str) -> str:
    """Return how an item is called in ``failures.csv`` and in ``samples.csv``: ``text/1a2b3c4d.0``."""
    return f"{kind}/{item_id}"


def write_embeddings(
    folder: Path, card: MethodCard, data: RetrievalData, arrays: Mapping[Modality, NDArray[Any]]
) -> None:
    """Write a whole submission folder.

    Args:
        folder: Created when it does not exist; files of an earlier submission in it are replaced.
        card: The method card.
        data: The track's data: ``open_retrieval("retrieval/intents")``.
        arrays: Floating (16, 32 or 64 bits), [items, width], rows in the order of ``data.items``: its captions, its
            motions, its videos. A row of NaN declares that the method failed on that item: it counts the worst case.

    Raises:
        WrongEmbeddings: If a kind is unknown, or the number of rows is not that of the items.
    """
    lines: list[tuple[str, str, str]] = []
    failed: list[Failure] = []
    for kind in (*(k for k in KINDS if k in arrays), *(k for k in arrays if k not in KINDS)):
        ids = data.item_ids.get(kind, ())
        if not ids or arrays[kind].ndim != 2 or len(arrays[kind]) != len(ids):
            expected = f"[{len(ids)}, width]" if ids else f"one of {', '.join(data.item_ids)}"
            raise WrongEmbeddings(f"'{kind}' is {list(np.shape(arrays[kind]))}; expected {expected}.")
        lines += [(kind, str(row), item) for row, item in enumerate(ids)]
        lost = np.flatnonzero(~np.isfinite(arrays[kind]).all(axis=1))
        failed += [Failure(item_name(kind, ids[row]), "declared", "no finite embedding") for row in lost.tolist()]
    folder.mkdir(parents=True, exist_ok=True)
    (folder / FAILURES).unlink(missing_ok=True)
    if failed:
        write_atomically(folder / FAILURES, failures_text(failed).encode())
    write_atomically(folder / CARD, card_text(card).encode())
    write_arrays(folder / EMBEDDINGS, arrays)
    write_atomically(folder / INDEX, csv_text(INDEX_COLUMNS, lines).encode())
