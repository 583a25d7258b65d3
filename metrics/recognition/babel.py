"""BABEL-60 on a user's own files: chunks of BABEL's validation split with AMASS's captures.

Two variants, which differ in what is counted: ``any``, a chunk once, right is any of its categories; ``each``, a chunk
once for each of its categories, which alone is right then. The first is how MotionCLIP counts, the second how BABEL's
own code does.
"""

import hashlib
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import overload

import numpy as np

from ...datasets.babel.chunks import Chunk, babel_chunks
from ...datasets.babel.errors import BadBabelFolder
from ...datasets.babel.folder import BabelFolder, read_babel, refuse_missing
from ...datasets.body import Motion
from ...datasets.errors import UnknownName
from ...datasets.readers.amass import AmassCapture, read_amass
from .data import RecognitionData

VARIANTS = ("any", "each")
CLASSES = 60
_SPLIT = "val"


def load_babel(variant: str, data_root: Path) -> RecognitionData:
    """Return BABEL-60's validation split; labels are read at once, a capture when its motion is asked for.

    Args:
        variant: ``any`` or ``each``.
        data_root: Folder with ``val.json``, ``action_label_2_idx.json`` and ``amass/``.

    Raises:
        UnknownName: If there is no such variant.
        BadBabelFolder: If labels are missing or are not BABEL's.
    """
    if variant not in VARIANTS:
        raise UnknownName("variant of recognition/babel-60", variant, VARIANTS)
    folder = read_babel(data_root, _SPLIT, CLASSES)
    chunks = babel_chunks(folder)
    if not chunks:
        raise BadBabelFolder(f"no segment in {data_root / f'{_SPLIT}.json'} shows one of the {CLASSES} classes.")
    rows = [(chunk.id, chunk, chunk.categories) for chunk in chunks]
    if variant == "each":
        rows = [(f"{name}/{k}", chunk, (own,)) for name, chunk, all_ in rows for k, own in enumerate(all_)]
    place = {name: number for number, name in enumerate(folder.classes)}
    truth = np.zeros((len(rows), CLASSES), dtype=np.bool_)
    for row, (_, _, shown) in enumerate(rows):
        truth[row, [place[name] for name in shown]] = True
    return RecognitionData(
        ids=tuple(name for name, _, _ in rows),
        motions=ChunkMotions(folder, [chunk for _, chunk, _ in rows]),
        classes=folder.classes,
        truth=truth,
        structures=[chunk.sequence for _, chunk, _ in rows],
        bodies=[chunk.subject for _, chunk, _ in rows],
        data_sha256=hashlib.sha256(f"{folder.sha256}\n{variant}".encode()).hexdigest(),
    )


class ChunkMotions(Sequence[Motion]):
    """The motions of chunks, read from AMASS's captures one by one."""

    def __init__(self, folder: BabelFolder, chunks: Sequence[Chunk]) -> None:
        """Keep what is to be read.

        Args:
            folder: With the captures.
            chunks: What is shown of them.
        """
        self._folder, self._chunks, self._is_checked = folder, tuple(chunks), False

    def __len__(self) -> int:
        return len(self._chunks)

    @overload
    def __getitem__(self, place: int) -> Motion: ...

    @overload
    def __getitem__(self, place: slice) -> "ChunkMotions": ...

    def __getitem__(self, place: int | slice) -> "Motion | ChunkMotions":
        """Return a motion, read now.

        Raises:
            BadBabelFolder: If any capture is missing; said before the first one is read.
            BadAmass: If the capture cannot be read.
        """
        if isinstance(place, slice):
            return ChunkMotions(self._folder, self._chunks[place])
        if not self._is_checked:
            refuse_missing(self._folder, sorted({chunk.capture for chunk in self._chunks}))
            self._is_checked = True
        chunk = self._chunks[place]
        path = self._folder.capture(chunk.capture)
        assert path is not None  # they are all there
        capture = _read(path)
        if chunk.first >= capture.frame_count:
            raise BadBabelFolder(
                f"{path} has {capture.frame_count} frames at 30 per second, and {chunk.id} begins at frame "
                f"{chunk.first}; it is another capture than BABEL's."
            )
        return capture.motion(chunk.first, chunk.stop)


@lru_cache(maxsize=8)
def _read(path: Path) -> AmassCapture:
    return read_amass(path)
