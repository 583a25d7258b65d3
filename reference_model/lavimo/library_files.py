"""What training reads, on disk: motions, captions and videos in three files a shard, the large ones memory-mapped.

``<shard>.video.npy`` holds the pictures, ``<shard>.motion.npy`` the motion features, ``<shard>.npz`` everything else;
it is written last and says that the others are whole.
"""

import hashlib
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...datasets.files import write_atomically
from .errors import NoVideos
from .filming import Film

_MOST_OPEN = 64
"""Files that stay mapped."""


@dataclass(frozen=True)
class Told:
    """What is said of one motion."""

    name: str
    captions: tuple[str, ...]
    """Paraphrases, the first of which is the motion's text in one-caption protocols; the detailed one comes last."""
    meaning: str
    """Normal form as JSON. For evaluation only: training looks at the captions, never at this."""


@dataclass(frozen=True, eq=False)
class ShardContent:
    """What one shard of motions becomes."""

    told: list[Told]
    of_clip: list[int]
    """Motion of each clip, an index into ``told``."""
    bodies: list[str]
    """Body of each clip: whose motion features they are."""
    features: list[NDArray[np.float32]]
    """Motion features of each clip, [rows, 263]."""
    films: list[Film]
    """Video of each clip."""


class MappedFiles:
    """Arrays in files, mapped into memory when they are asked for; a process may hold only so many files open."""

    def __init__(self, paths: Sequence[Path]) -> None:
        """Note where the files are.

        Args:
            paths: As ``numpy.save`` writes them.
        """
        self._paths, self._open = tuple(paths), lru_cache(maxsize=_MOST_OPEN)(_mapped)

    def __len__(self) -> int:
        return len(self._paths)

    def __getitem__(self, number: int) -> NDArray[Any]:
        return self._open(self._paths[number])


@dataclass(frozen=True, eq=False)
class Library:
    """All clips of a folder; the bytes of videos and motions stay on disk until they are asked for."""

    told: tuple[Told, ...]
    bodies: tuple[str, ...]
    """Body of each clip."""
    of_clip: NDArray[np.int64]
    """Motion of each clip, an index into ``told``, [clips]."""
    times_s: NDArray[np.float32]
    """When each frame of each clip's video is, [clips, frames]."""
    points: NDArray[np.float16]
    """See ``Film.points``, [clips, frames, points, 3]."""
    row_starts: NDArray[np.int64]
    """Where each clip's features start within its shard's, and how many they are, [clips, 2]."""
    shard_of: NDArray[np.int64]
    """Shard of each clip, [clips]."""
    first_clips: NDArray[np.int64]
    """First clip of each shard, [shards]."""
    motion_files: MappedFiles
    """Features of each shard's clips, one after another, float16 [rows, 263]."""
    video_files: MappedFiles
    """Videos of each shard, uint8 [clips, frames, 3, size, size]."""
    shard_sha256: tuple[str, ...]
    """Of what each shard's files were made from, [shards]."""

    def __len__(self) -> int:
        return len(self.bodies)

    @property
    def size_px(self) -> int:
        """Side of a picture."""
        return int(self.video_files[0].shape[-1])

    @property
    def frames(self) -> int:
        """Frames of each video."""
        return int(self.times_s.shape[1])

    @property
    def sha256(self) -> str:
        """Of what all files were made from: names the data of a run."""
        return _digest(self.shard_sha256)

    @cached_property
    def clips_of(self) -> tuple[NDArray[np.int64], ...]:
        """The clips of each motion: one per body it was solved on."""
        order = np.argsort(self.of_clip, kind="stable")
        edges = np.searchsorted(self.of_clip[order], np.arange(len(self.told) + 1))
        return tuple(order[start:stop] for start, stop in pairwise(edges))

    def features(self, clip: int) -> NDArray[np.float32]:
        """Read the motion features of a clip, [rows, 263]."""
        start, count = self.row_starts[clip].tolist()
        return self.motion_files[self.shard_of[clip]][start : start + count].astype(np.float32)

    def video(self, clip: int) -> NDArray[np.uint8]:
        """Read the pictures of a clip's video, [frames, 3, size, size]."""
        shard = self.shard_of[clip]
        return np.asarray(self.video_files[shard][clip - self.first_clips[shard]])


def write_library_shard(folder: Path, shard: str, content: ShardContent, origin: Mapping[str, Any]) -> None:
    """Write one shard: the large files first, then the one that says they are whole.

    Args:
        folder: Of the library.
        shard: Name of the shard.
        content: Its clips.
        origin: What they were made from; asked again by ``is_filmed``.
    """
    rows = np.concatenate(content.features) if content.features else np.zeros((0, 263), np.float32)
    write_atomically(folder / f"{shard}.motion.npy", _npy(rows.astype(np.float16)))
    write_atomically(folder / f"{shard}.video.npy", _npy(np.stack([film.images for film in content.films])))
    said = {
        "origin": dict(origin),
        "told": [[told.name, list(told.captions), told.meaning] for told in content.told],
        "bodies": content.bodies,
    }
    labels = io.BytesIO()
    np.savez_compressed(
        labels,
        said=np.frombuffer(json.dumps(said).encode(), dtype=np.uint8),
        of_clip=np.asarray(content.of_clip, dtype=np.int64),
        rows=np.array([len(own) for own in content.features], dtype=np.int64),
        times_s=np.stack([film.times_s for film in content.films]),
        points=np.stack([film.points for film in content.films]),
    )
    write_atomically(folder / f"{shard}.npz", labels.getvalue())


def is_filmed(folder: Path, shard: str, origin: Mapping[str, Any]) -> bool:
    """Whether a shard's files are there and were made from this."""
    labels = folder / f"{shard}.npz"
    if not all(p.is_file() for p in (labels, folder / f"{shard}.motion.npy", folder / f"{shard}.video.npy")):
        return False
    return bool(_read(labels)[0]["origin"] == dict(origin))


def open_library(folder: Path) -> Library:
    """Open all shards of a folder.

    Raises:
        NoVideos: If there are none, or they hold videos of several sizes or lengths.
    """
    paths = sorted(folder.glob("*.npz")) if folder.is_dir() else []
    if not paths:
        raise NoVideos(
            f"{folder} holds no videos; expected what `retargetbench train lavimo render` writes: run it with "
            "--data FOLDER, the folder of `retargetbench data build intents`, and the same --out."
        )
    read = [_read(path) for path in paths]
    shapes = {arrays["points"].shape[1:] for _, arrays in read}
    videos = MappedFiles([path.with_suffix(".video.npy") for path in paths])
    if len(shapes) > 1 or len({videos[number].shape[1:] for number in range(len(videos))}) > 1:
        raise NoVideos(
            f"{folder} holds videos of several sizes or lengths; expected one. Render anew into a new --out."
        )
    return _joined(read, MappedFiles([path.with_suffix(".motion.npy") for path in paths]), videos)


def _joined(
    read: Sequence[tuple[dict[str, Any], dict[str, NDArray[Any]]]],
    motions: MappedFiles,
    videos: MappedFiles,
) -> Library:
    told: list[Told] = []
    bodies: list[str] = []
    of_clip, row_starts, shard_of, first_clips = [], [], [], []
    for number, (said, arrays) in enumerate(read):
        first_clips.append(len(bodies))
        of_clip.append(arrays["of_clip"] + len(told))
        told += [Told(name, tuple(captions), meaning) for name, captions, meaning in said["told"]]
        bodies += said["bodies"]
        row_starts.append(np.stack([np.cumsum(arrays["rows"]) - arrays["rows"], arrays["rows"]], axis=1))
        shard_of.append(np.full(len(said["bodies"]), number))
    return Library(
        told=tuple(told),
        bodies=tuple(bodies),
        of_clip=np.concatenate(of_clip),
        times_s=np.concatenate([arrays["times_s"] for _, arrays in read]),
        points=np.concatenate([arrays["points"] for _, arrays in read]),
        row_starts=np.concatenate(row_starts),
        shard_of=np.concatenate(shard_of),
        first_clips=np.array(first_clips, dtype=np.int64),
        motion_files=motions,
        video_files=videos,
        shard_sha256=tuple(_digest(said["origin"]) for said, _ in read),
    )


def _digest(origins: Any) -> str:

    return hashlib.sha256(json.dumps(origins, sort_keys=True).encode()).hexdigest()


def _mapped(path: Path) -> NDArray[Any]:
    mapped: NDArray[Any] = np.load(path, mmap_mode="r", allow_pickle=False)
    return mapped


def _npy(array: NDArray[Any]) -> bytes:
    content = io.BytesIO()
    np.save(content, array)
    return content.getvalue()


def _read(path: Path) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
    with np.load(path, allow_pickle=False) as archive:
        arrays = {key: archive[key] for key in archive.files if key != "said"}
        return json.loads(bytes(archive["said"]).decode()), arrays
