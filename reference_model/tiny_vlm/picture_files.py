"""Pictures on disk: one memory-mapped file of bytes per shard and purpose, and what is known of each picture.

The labels are written last and say that the pictures are all there.
"""

import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...datasets.errors import shorten
from ...datasets.files import write_atomically
from .drawing import DrawnClip
from .errors import NoPictures
from .looks import Purpose
from .scenes import Scene, scene_from, scene_record


@dataclass(frozen=True, eq=False)
class ShardPictures:
    """What a shard's pictures are made of, clip by clip."""

    scenes: list[Scene]
    bodies: list[str]
    """Body of each clip."""
    drawn: list[DrawnClip]
    """Pictures of each clip."""
    scene_of: list[list[int]]
    """Per clip and picture, an index into ``scenes``."""
    frame_of: list[list[int]]
    """Per clip and picture, the frame."""


@dataclass(frozen=True, eq=False)
class PictureSet:
    """All pictures of a folder for one purpose; the bytes stay on disk until they are asked for."""

    scenes: tuple[Scene, ...]
    bodies: tuple[str, ...]
    """Body of each clip."""
    scene: NDArray[np.int64]
    """Scene of each picture, [pictures]."""
    clip: NDArray[np.int64]
    """Clip of each picture, [pictures]."""
    frame: NDArray[np.int64]
    """Frame of each picture, [pictures]."""
    points: NDArray[np.float16]
    """See ``DrawnClip.points``, [pictures, points, 3]."""
    upper: NDArray[np.bool_]
    """Whether the upper body only is shown, [pictures]."""
    files: tuple[NDArray[np.uint8], ...]
    """Memory-mapped pictures of each shard, [pictures of the shard, 3, size, size]."""
    starts: NDArray[np.int64]
    """Index of each shard's first picture, and the number of all pictures."""

    def __len__(self) -> int:
        return len(self.scene)

    @property
    def size_px(self) -> int:
        """Side of a picture."""
        return int(self.files[0].shape[-1])

    def images(self, chosen: Sequence[int] | NDArray[np.int64]) -> NDArray[np.uint8]:
        """Read pictures, [chosen, 3, size, size]."""
        wanted = np.asarray(chosen)
        shards = np.searchsorted(self.starts, wanted, side="right") - 1
        return np.stack([self.files[s][i - self.starts[s]] for s, i in zip(shards, wanted, strict=True)])


def pictures_path(folder: Path, purpose: Purpose, shard: str) -> Path:
    """Return where a shard's pictures lie; its labels lie beside it, with the ending ``.npz``."""
    return folder / purpose / f"{shard}.npy"


def write_pictures(path: Path, content: ShardPictures, origin: dict[str, Any]) -> None:
    """Write the pictures of a shard and then, whole or not at all, their labels.

    Args:
        path: From ``pictures_path``.
        content: The pictures.
        origin: What they were made from; asked again by ``is_drawn``.
    """
    images = io.BytesIO()
    np.save(images, np.concatenate([clip.images for clip in content.drawn]))
    write_atomically(path, images.getvalue())
    said = {"origin": origin, "bodies": content.bodies, "scenes": [scene_record(scene) for scene in content.scenes]}
    counts = [len(clip.images) for clip in content.drawn]
    labels = io.BytesIO()
    np.savez_compressed(
        labels,
        said=np.frombuffer(json.dumps(said).encode(), dtype=np.uint8),
        scene=np.concatenate([np.asarray(scenes, dtype=np.int32) for scenes in content.scene_of]),
        frame=np.concatenate([np.asarray(frames, dtype=np.int32) for frames in content.frame_of]),
        clip=np.repeat(np.arange(len(counts), dtype=np.int32), counts),
        points=np.concatenate([clip.points for clip in content.drawn]),
        upper=np.concatenate([clip.upper for clip in content.drawn]),
    )
    write_atomically(path.with_suffix(".npz"), labels.getvalue())


def is_drawn(path: Path, origin: dict[str, Any]) -> bool:
    """Whether a shard's pictures are there and were made from this."""
    labels = path.with_suffix(".npz")
    if not (path.is_file() and labels.is_file()):
        return False
    return bool(_read_labels(labels)[0]["origin"] == origin)


def open_pictures(folder: Path, purpose: Purpose, shards: Sequence[str]) -> PictureSet:
    """Open the pictures that were drawn of some shards for one purpose.

    Args:
        folder: Where they were drawn to.
        purpose: Which ones.
        shards: Their names; others in the folder are left alone.

    Raises:
        NoPictures: If there are none, some are missing, or they are of several sizes.
    """
    found = [folder / purpose / f"{name}.npz" for name in shards]
    missing = [path.stem for path in found if not path.is_file()]
    if missing or not found:
        what = f"no pictures of {shorten(missing)}" if missing else "no pictures"
        raise NoPictures(
            f"{folder} holds {what} for '{purpose}': {len(found) - len(missing)} of {len(found)} files are there; draw "
            "them first (`train tiny-vlm render`, `train motionclip embed`) with the same --out and the same motions."
        )
    files = tuple(np.load(path.with_suffix(".npy"), mmap_mode="r") for path in found)
    sizes = sorted({file.shape[-1] for file in files})
    if len(sizes) > 1:
        raise NoPictures(f"{folder / purpose} holds pictures of {sizes} pixels; expected one size. Render anew.")
    scenes: list[Scene] = []
    bodies: list[str] = []
    columns: dict[str, list[NDArray[Any]]] = {key: [] for key in ("scene", "clip", "frame", "points", "upper")}
    for path in found:
        said, arrays = _read_labels(path)
        offsets = {"scene": len(scenes), "clip": len(bodies)}
        for key, column in columns.items():
            column.append(arrays[key].astype(np.int64) + offsets[key] if key in offsets else arrays[key])
        scenes += [scene_from(record) for record in said["scenes"]]
        bodies += said["bodies"]
    joined = {key: np.concatenate(column) for key, column in columns.items()}
    starts = np.cumsum([0, *(len(file) for file in files)])
    return PictureSet(tuple(scenes), tuple(bodies), files=files, starts=starts, **joined)


def _read_labels(path: Path) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
    with np.load(path, allow_pickle=False) as archive:
        arrays = {key: archive[key] for key in archive.files if key != "said"}
        return json.loads(bytes(archive["said"]).decode()), arrays
