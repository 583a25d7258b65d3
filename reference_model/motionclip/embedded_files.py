"""A shard's captions and rendered frames, embedded by a CLIP once and kept on disk; training never runs the CLIP."""

import hashlib
import io
import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from ...datasets.files import write_atomically
from ..training.motions import MotionShard
from .errors import NoEmbeddings

Span = tuple[int, int]


@dataclass(frozen=True)
class AlignedClip:
    """The CLIP whose space it is."""

    judge: str
    """What the user called it: ``tiny-clip``, ``clip:HUB-ID``."""
    name: str
    """Its own name, as in metric keys."""
    fingerprint: str


@dataclass(frozen=True)
class Act:
    """What one stretch of a clip is: the interval of one intent, or of one over another."""

    clip: int
    """Number in the shard."""
    motion: str
    structure: str
    """What the motion is made of: its intent."""
    body: str
    action: str
    """Class of what is done."""
    sided: str
    """Class, limb and side of what is done ("kick with the left leg"), or nothing."""
    shows: tuple[str, ...]
    """All classes and sided names that are seen in the interval; of one act over another those of both."""
    interval: Span
    """First and last frame of the intent's own time."""
    active: Span
    """First and last frame in which something of it can be seen."""
    texts: tuple[int, ...]
    """Captions that say what it is, as indices into the shard's texts."""


@dataclass(frozen=True, eq=False)
class EmbeddedShard:
    """All that training needs of a shard beside the motions."""

    acts: tuple[Act, ...]
    texts: tuple[str, ...]
    legs: NDArray[np.float64]
    """Leg length of each clip's body in metres, [clips]."""
    text: NDArray[np.float16]
    """Unit embeddings of the texts and of the same texts of the mirror image, [texts, 2, width]."""
    image: NDArray[np.float16]
    """Unit embeddings of the pictures and of their mirror images, [pictures, 2, width]."""
    act: NDArray[np.int64]
    """Act that each picture shows, [pictures]."""
    frame: NDArray[np.int64]
    """Frame of each picture, [pictures]."""


def embedded_path(folder: Path, shard: MotionShard) -> Path:
    """Return where a shard's embeddings lie."""
    return folder / f"{shard.path.stem}.npz"


def digest(path: Path) -> str:
    """Return the hash of a file that embeddings are made from."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def write_embedded(path: Path, content: EmbeddedShard, origin: dict[str, Any]) -> None:
    """Write a shard's embeddings, whole or not at all.

    Args:
        path: From ``embedded_path``.
        content: What to write.
        origin: What it was made from: motions, pictures, CLIP.
    """
    said = {"origin": origin, "texts": content.texts, "acts": [asdict(act) for act in content.acts]}
    held = io.BytesIO()
    np.savez_compressed(
        held,
        said=np.frombuffer(json.dumps(said).encode(), dtype=np.uint8),
        **{name: getattr(content, name) for name in ("legs", "text", "image", "act", "frame")},
    )
    write_atomically(path, held.getvalue())


def read_origin(path: Path) -> dict[str, Any]:
    """Return what a file of embeddings was made from; nothing if there is none that can be read."""
    try:
        return dict(_read(path)[0]["origin"])
    except (OSError, ValueError, KeyError, BadZipFile):
        return {}


def read_embedded(path: Path) -> tuple[EmbeddedShard, dict[str, Any]]:
    """Return a shard's embeddings and what they were made from.

    Raises:
        NoEmbeddings: If the file is missing or damaged.
    """
    try:
        said, arrays = _read(path)
        acts = tuple(_act(act) for act in said["acts"])
        return EmbeddedShard(acts, tuple(said["texts"]), **arrays), said["origin"]
    except (OSError, ValueError, KeyError, TypeError, BadZipFile):
        raise NoEmbeddings(
            f"{path} is not there or is damaged; run `retargetbench train motionclip embed` with the same --data and "
            "--out first."
        ) from None


def _act(said: dict[str, Any]) -> Act:
    values: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in said.items()}
    return Act(**values)


def _read(path: Path) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
    with np.load(path, allow_pickle=False) as archive:
        arrays = {key: archive[key] for key in archive.files if key != "said"}
        return json.loads(bytes(archive["said"]).decode()), arrays
