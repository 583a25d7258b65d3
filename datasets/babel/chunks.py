"""BABEL's segments as its action recognition cuts them: chunks of at most five seconds, each with its categories.

Read in ``action_recognition/data_gen/create_dataset.py`` and its Readme (abhinanda-punnakkal/BABEL, 38d8fa9): labels
of frames where a sequence has them, else those of the sequence for all of it; a segment's frames at 30 per second from
``int(30 start)`` to ``int(30 end)``; chunks of 150 frames one after the other, the last one shorter.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ..readers.amass import FPS
from .folder import BabelFolder

LONGEST = 150
"""Frames of a chunk: five seconds."""


@dataclass(frozen=True)
class Chunk:
    """A part of a labelled segment."""

    id: str
    """``sid/seg_id/chunk``, as BABEL's challenge names it."""
    sequence: str
    """BABEL's number of the capture."""
    capture: str
    """``feat_p``."""
    first: int
    """First frame at 30 per second, counted in the capture."""
    stop: int
    """The frame after the last one."""
    categories: tuple[str, ...]
    """Those of the segment that are classes, at least one, in BABEL's order."""

    @property
    def subject(self) -> str:
        """Who was captured: the folder that the file lies in."""
        return self.capture.rpartition("/")[0]


def babel_chunks(folder: BabelFolder) -> tuple[Chunk, ...]:
    """Return all chunks of a folder's sequences that show a class, in the order of the sequences."""
    return tuple(chunk for sequence in folder.sequences for chunk in _chunks_of(sequence, frozenset(folder.classes)))


def _chunks_of(sequence: Mapping[str, Any], classes: frozenset[str]) -> Iterator[Chunk]:
    of_frames = sequence.get("frame_ann")
    labels = (of_frames or sequence["seq_ann"])["labels"]
    last = int(FPS * float(sequence["dur"]))
    for place, label in enumerate(labels):
        categories = tuple(dict.fromkeys(name for name in label.get("act_cat") or () if name in classes))
        if not categories:
            continue
        start, end = (float(label["start_t"]), float(label["end_t"])) if of_frames else (0.0, float(sequence["dur"]))
        first, stop = int(FPS * start), min(int(FPS * end), last)
        for number, at in enumerate(range(first, stop, LONGEST)):
            sid = str(sequence["babel_sid"])
            name = f"{sid}/{label.get('seg_id', place)}/{number}"
            yield Chunk(name, sid, str(sequence["feat_p"]), at, min(at + LONGEST, stop), categories)
