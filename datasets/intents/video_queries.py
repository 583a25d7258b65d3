"""The video queries of ``retrieval/intents``: who is seen in each, which part of the motion, and the files they are in.

A video shows the program of a motion of the gallery **solved on another body of the test**: rotations copied to another
body would open the very contacts that a motion is about. It shows between half and nine tenths of it (``spans.py``), in
colours and from directions that no training sees. ``retargetbench film`` makes them
(``reference_model/lavimo/video_queries.py``); here is what follows from seeds, and how the files are read.
"""

import hashlib
import io
import json
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, overload

import numpy as np
from numpy.typing import NDArray

from ..errors import BenchError
from ..files import write_atomically
from ..manifest import read_manifest, write_manifest
from ..readers.video import Video
from ..spans import SEED, shown_span
from .bodies import body_names
from .retrieval_items import RetrievalItems

VERSION = 1
"""Counts up when bodies, spans, looks or the way of filming change."""
FRAMES, SIZE_PX = 16, 112
"""Of a video: frames, evenly spread over the span, first and last included; side of a picture."""
PER_FILE = 12
"""Videos of a file, the unit of resumption."""
MANIFEST = "videos.manifest.json"


class NoVideoQueries(BenchError):
    """A folder without the videos of the test, or with those of other data."""

    rule = "D230"


@dataclass(frozen=True)
class PlannedVideo:
    """One video before it is made."""

    id: str
    """Of the gallery's motion."""
    motion: str
    """Name of its program."""
    bodies: tuple[str, ...]
    """All other bodies of the test in the order in which they are asked: the first one on which the program is solved
    within its tolerances is seen."""

    def span(self, frame_count: int) -> range:
        """Return the frames that are shown."""
        return shown_span(self.id, frame_count)

    @property
    def seed(self) -> list[int]:
        """Of look, light, camera and floor."""
        return [SEED, zlib.crc32(self.id.encode())]


@dataclass(frozen=True, eq=False)
class MadeVideo:
    """One video as it lies in a file."""

    planned: PlannedVideo
    body: str
    """Who is seen."""
    span: range
    """Of the frames of that body's motion."""
    frame_count: int
    """Of that body's motion."""
    images: NDArray[np.uint8]
    """[FRAMES, 3, side, side]."""
    times_s: NDArray[np.float32]
    """Seconds from the first frame, [FRAMES]."""


def plan_videos(items: RetrievalItems) -> tuple[PlannedVideo, ...]:
    """Return the videos of the test, one a motion, in the order of the gallery."""
    return tuple(_planned(item.id, item.solved.name, item.solved.body) for item in items.items)


def _planned(item: str, motion: str, own: str) -> PlannedVideo:
    others = [name for name in body_names("test") if name != own]
    order = np.random.default_rng([SEED, zlib.crc32(f"body/{item}".encode())]).permutation(others)
    return PlannedVideo(item, motion, tuple(str(name) for name in order))


def plan_sha256(planned: Sequence[PlannedVideo]) -> str:
    """Return the hash of all that is decided before a picture is made; the manifest of the made videos holds it."""
    spans = [video.span(1000) for video in planned]
    videos = [[video.id, video.bodies, span.start, span.stop] for video, span in zip(planned, spans, strict=True)]
    said = [VERSION, FRAMES, SIZE_PX, videos]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()


def file_of(folder: Path, number: int) -> Path:
    """Return where the videos from ``number * PER_FILE`` on are."""
    return folder / f"videos-{number:04d}.npz"


def write_videos(path: Path, made: Sequence[MadeVideo]) -> None:
    """Write the videos of one file, whole or not at all."""
    said = [[v.planned.id, v.body, v.span.start, v.span.stop, v.frame_count] for v in made]
    text = json.dumps({"version": VERSION, "videos": said}).encode()
    content = io.BytesIO()
    np.savez_compressed(
        content,
        said=np.frombuffer(text, dtype=np.uint8),
        images=np.stack([video.images for video in made]),
        times_s=np.stack([video.times_s for video in made]),
    )
    write_atomically(path, content.getvalue())


def holds(path: Path, planned: Sequence[PlannedVideo]) -> bool:
    """Whether a file is there and holds just these videos, of this version: their bodies and spans, too."""
    try:
        said = said_of(path)
    except (OSError, ValueError, KeyError):
        return False
    if said["version"] != VERSION or len(said["videos"]) != len(planned):
        return False
    return all(
        name == video.id and body in video.bodies and range(first, stop) == video.span(count)
        for video, (name, body, first, stop, count) in zip(planned, said["videos"], strict=True)
    )


def said_of(path: Path) -> dict[str, Any]:
    """Return what a file says of itself: ``version`` and ``videos`` (id, body, first frame, behind the last, of)."""
    with np.load(path, allow_pickle=False) as archive:
        return dict(json.loads(bytes(archive["said"]).decode()))


def finish_videos(folder: Path, planned: Sequence[PlannedVideo]) -> Path:
    """Write the manifest of a folder whose files are all there, and return its path."""
    count = -(-len(planned) // PER_FILE)
    content = {"name": "intents-videos", "licence": "CC0-1.0", "videos": len(planned), "plan": plan_sha256(planned)}
    write_manifest(folder / MANIFEST, content, tuple(file_of(folder, number).name for number in range(count)))
    return folder / MANIFEST


class VideoQueries(Sequence[Video]):
    """The videos of a folder, in the order of the gallery; a file is read when one of its videos is asked for."""

    def __init__(self, folder: Path, planned: Sequence[PlannedVideo]) -> None:
        """Check that the folder holds the videos.

        Args:
            folder: As `retargetbench film` writes it.
            planned: From ``plan_videos``.

        Raises:
            NoVideoQueries: If the folder is not finished, or holds those of other data.
            DamagedData: If a file is missing or changed.
        """
        if not (folder / MANIFEST).is_file():
            raise NoVideoQueries(
                f"the folder '{folder}' has no {MANIFEST}; make the videos with `retargetbench film --out {folder}`, "
                "which goes on where it stopped."
            )
        manifest = read_manifest(folder / MANIFEST)
        if manifest.content.get("plan") != plan_sha256(planned):
            raise NoVideoQueries(f"the videos in '{folder}' are of other data or another version; make them anew.")
        self.data_sha256 = manifest.sha256
        """Hash of the manifest: of what was planned, and of every file's pictures."""
        self._folder, self._count = folder, len(planned)
        self._read = lru_cache(maxsize=2)(self._read_file)

    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, index: int) -> Video: ...

    @overload
    def __getitem__(self, index: slice) -> list[Video]: ...

    def __getitem__(self, index: int | slice) -> "Video | list[Video]":
        """Return a video, frames [FRAMES, side, side, 3]."""
        if isinstance(index, slice):
            return [self[place] for place in range(*index.indices(self._count))]
        if not -self._count <= index < self._count:
            raise IndexError(index)
        number, place = divmod(index % self._count, PER_FILE)
        images, times_s = self._read(number)
        return Video(np.ascontiguousarray(images[place].transpose(0, 2, 3, 1)), times_s[place].astype(np.float64))

    def _read_file(self, number: int) -> tuple[NDArray[np.uint8], NDArray[np.float32]]:
        with np.load(file_of(self._folder, number), allow_pickle=False) as archive:
            return archive["images"], archive["times_s"]
