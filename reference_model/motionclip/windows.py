"""Windows of motions and what a CLIP says of them: each is cut inside one intent's interval and bears its caption."""

import re
from collections.abc import Collection, Sequence
from copy import copy
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ...datasets.intents.motion_shards import read_clips
from ...datasets.intents.packed import unpack_clip
from ..training.motions import MotionShard
from .embedded_files import Act, AlignedClip, EmbeddedShard, digest, embedded_path, read_embedded
from .errors import NoEmbeddings
from .pose import JOINTS, mirrored_features, scaled_path, window_features


@dataclass(frozen=True, eq=False)
class Batch:
    """Windows, and the embeddings of a caption and of a picture of each that has words."""

    features: NDArray[np.float32]
    """[n, frames, 135]."""
    texts: NDArray[np.float32]
    """Unit vectors, [m, width]; windows beyond the first m have no words."""
    images: NDArray[np.float32]
    """Unit vectors, [m, width]."""


@dataclass(frozen=True, eq=False)
class _Clip:
    rotations_wxyz: NDArray[np.float32]
    """[frames, 22, 4]."""
    path: NDArray[np.float32]
    """Of the hips in leg lengths, [frames, 3]."""


@dataclass(frozen=True, eq=False)
class Item:
    """One act of one clip, with everything that is known of it."""

    act: Act
    clip: int
    """Number among all clips."""
    texts: NDArray[np.int64]
    """Rows of its captions among all texts."""
    images: NDArray[np.int64]
    """Rows of its pictures among all pictures."""


class Windows:
    """All acts of some shards; motions in float32, about 370 bytes a frame."""

    def __init__(self, shards: Sequence[MotionShard], folder: Path, frames: int) -> None:
        """Read the shards and their embeddings.

        Args:
            shards: From ``find_shards``.
            folder: Where ``embed_shards`` has put their embeddings.
            frames: Length of a window.

        Raises:
            NoEmbeddings: If a shard was not embedded, has changed since, or was not with the same CLIP as the others.
        """
        self.frames = frames
        self._clips: list[_Clip] = []
        self.items: list[Item] = []
        texts: list[NDArray[np.float16]] = []
        images: list[NDArray[np.float16]] = []
        picture_frames: list[NDArray[np.int64]] = []
        self.captions: list[str] = []
        self.clip = AlignedClip("", "", "")
        for shard in shards:
            embedded, origin = read_embedded(embedded_path(folder, shard))
            if origin["motions"] != digest(shard.path):
                raise NoEmbeddings(
                    f"{shard.path} is not what was embedded; run `retargetbench train motionclip embed`."
                )
            clip = AlignedClip(**origin["clip"])
            if self.clip.fingerprint not in ("", clip.fingerprint):
                raise NoEmbeddings(f"{folder} holds embeddings of two CLIPs; run `embed` again, with the one wanted.")
            self.clip = clip
            starts = len(self._clips), len(self.captions), sum(map(len, images))
            self._clips += _clips_of(shard, embedded)
            self.items += _items_of(embedded, *starts)
            self.captions += embedded.texts
            texts.append(embedded.text)
            images.append(embedded.image)
            picture_frames.append(embedded.frame)
        self.text, self.image = np.concatenate(texts), np.concatenate(images)
        self._picture_frame = np.concatenate(picture_frames)

    def __len__(self) -> int:
        return len(self.items)

    @property
    def latent(self) -> int:
        """Width of the CLIP's embeddings."""
        return int(self.text.shape[-1])

    @property
    def clip_count(self) -> int:
        """How many clips there are; an act after another makes two of one."""
        return len(self._clips)

    @property
    def actions(self) -> tuple[str, ...]:
        """Class of each item."""
        return tuple(item.act.action for item in self.items)

    @property
    def words(self) -> tuple[str, ...]:
        """All words of the acts' captions, sorted."""
        said = {int(row) for item in self.items for row in item.texts}
        return tuple(sorted({word for row in said for word in words_in(self.captions[row])}))

    @property
    def shown(self) -> tuple[str, ...]:
        """All classes and sided names that windows show, sorted."""
        return tuple(sorted({name for item in self.items for name in item.act.shows}))

    def without(self, names: Collection[str]) -> "Windows":
        """Return the same windows less all of acts that show one of some classes and sided names."""
        fewer = copy(self)
        fewer.items = [item for item in self.items if not {*names} & {*item.act.shows}]
        return fewer

    def draw(self, count: int, generator: np.random.Generator, *, mirror: bool = False) -> Batch:
        """Draw windows: each act as often as any other, with one of its captions and one picture.

        The picture is one of a frame of the window, as far as there is one, else any of the same act.

        Args:
            count: How many.
            generator: Where the randomness comes from.
            mirror: Whether every second one is drawn as a mirror shows it, in motion, words and picture alike.
        """
        chosen = [self.items[int(k)] for k in generator.integers(len(self.items), size=count)]
        starts = [window_start(item.act, self.frames, generator) for item in chosen]
        texts = [int(generator.choice(item.texts)) for item in chosen]
        images = [self._picture(item, start, generator) for item, start in zip(chosen, starts, strict=True)]
        features, flips = self._features(chosen, starts), np.zeros(count, dtype=np.int64)
        if mirror:
            flips = generator.integers(2, size=count)
            features = np.where(flips[:, None, None] == 1, mirrored_features(features), features)
        return Batch(
            features, *(rows.astype(np.float32) for rows in (self.text[texts, flips], self.image[images, flips]))
        )

    def middle(self) -> NDArray[np.float32]:
        """Return one window per item, the one in the middle of what is done, [items, frames, 135]."""
        starts = [window_start(item.act, self.frames) for item in self.items]
        parts = [slice(at, at + 256) for at in range(0, len(self.items), 256)]
        return np.concatenate([self._features(self.items[part], starts[part]) for part in parts])

    def _features(self, items: Sequence[Item], starts: Sequence[int]) -> NDArray[np.float32]:
        rotations, paths = [], []
        for item, start in zip(items, starts, strict=True):
            clip = self._clips[item.clip]
            # an interval shorter than a window holds its last pose
            at = np.minimum(np.arange(start, start + self.frames), item.act.interval[1])
            rotations.append(clip.rotations_wxyz[at])
            paths.append(clip.path[at])
        return window_features(np.stack(rotations), np.stack(paths))

    def _picture(self, item: Item, start: int, generator: np.random.Generator) -> int:
        frames = self._picture_frame[item.images]
        inside = item.images[(frames >= start) & (frames < start + self.frames)]
        return int(generator.choice(inside if len(inside) else item.images))


def words_in(text: str) -> tuple[str, ...]:
    """Return the words of a text, in lower case and without marks."""
    return tuple(re.findall(r"[a-z]+(?:['-][a-z]+)*", text.lower()))


def window_start(act: Act, frames: int, generator: np.random.Generator | None = None) -> int:
    """Return where a window begins: inside the interval, with as much as fits of what can be seen of the act.

    Args:
        act: What is done, and when.
        frames: Length of the window; where the interval is shorter it begins with it.
        generator: Draws one of the possible places; ``None``: the middle one.
    """
    first, last = act.interval
    begin, end = act.active
    if end - begin + 1 >= frames:
        lowest, highest = begin, end + 1 - frames
    else:
        lowest, highest = end + 1 - frames, begin
    latest = max(first, last + 1 - frames)
    lowest, highest = (min(max(place, first), latest) for place in (lowest, highest))
    return (lowest + highest) // 2 if generator is None else int(generator.integers(lowest, highest + 1))


def _clips_of(shard: MotionShard, embedded: EmbeddedShard) -> list[_Clip]:
    arrays, found = read_clips(shard.path), []
    for number, leg_m in enumerate(embedded.legs):
        rotations, root = unpack_clip(arrays, number)
        found.append(_Clip(rotations[:, :JOINTS], scaled_path(root, float(leg_m)).astype(np.float32)))
    return found


def _items_of(embedded: EmbeddedShard, clips: int, texts: int, images: int) -> list[Item]:
    """The acts that have a picture, numbered on from those of earlier shards."""
    found = []
    for number, act in enumerate(embedded.acts):
        shown = np.flatnonzero(embedded.act == number)
        if len(shown):
            found.append(Item(act, clips + act.clip, texts + np.array(act.texts), images + shown))
    return found
