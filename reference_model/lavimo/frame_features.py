"""Features of all frames from a frozen vision backbone, made once and read from a memory-mapped file."""

import hashlib
import io
import json
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from ...datasets.files import write_atomically
from .library_files import Library

_CLIPS_AT_ONCE = 8


@dataclass(frozen=True, eq=False)
class FrameFeatures:
    """What a vision backbone makes of every frame and of its mirror image."""

    values: NDArray[np.float16]
    """[clips, 2, frames, width]; the second is the mirror image's."""

    @property
    def width(self) -> int:
        """Numbers per frame."""
        return int(self.values.shape[-1])

    def of(self, clip: int, flip: bool) -> NDArray[np.float32]:
        """Return the features of a clip's frames, [frames, width]."""
        return self.values[clip, int(flip)].astype(np.float32)

    def statistics(self, most: int = 2000) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Return mean and deviation of each number over up to so many clips, evenly spread."""
        chosen = np.unique(np.linspace(0, len(self.values) - 1, min(most, len(self.values))).round().astype(int))
        rows = self.values[chosen].astype(np.float32).reshape(-1, self.width)
        return rows.mean(axis=0), np.maximum(rows.std(axis=0), 1e-3)


def frame_features(
    library: Library,
    backbone: nn.Module,
    folder: Path,
    fingerprint: str,
    advance: Callable[[], None],
    device: str = "cpu",
) -> FrameFeatures:
    """Return the features of a library's frames, made shard by shard where they are missing.

    Args:
        library: The videos.
        backbone: From pictures [n, 3, side, side], 0 to 1, to features [n, width].
        folder: Where the features are kept.
        fingerprint: Names the backbone's weights.
        advance: Called after each shard.
        device: Where the backbone is.
    """
    parts = []
    edges = [*library.first_clips.tolist(), len(library)]
    backbone.eval()
    for shard, (start, stop) in enumerate(pairwise(edges)):
        made_from = json.dumps([library.shard_sha256[shard], fingerprint])
        path = folder / f"{hashlib.sha256(made_from.encode()).hexdigest()[:16]}.npy"
        if not path.is_file():
            made = [
                _seen(library, range(first, min(first + _CLIPS_AT_ONCE, stop)), backbone, device)
                for first in range(start, stop, _CLIPS_AT_ONCE)
            ]
            content = io.BytesIO()
            np.save(content, np.concatenate(made))
            write_atomically(path, content.getvalue())
        parts.append(np.load(path))
        advance()
    return FrameFeatures(np.concatenate(parts))


@torch.no_grad()
def _seen(library: Library, clips: range, backbone: nn.Module, device: str) -> NDArray[np.float16]:
    videos = np.stack([library.video(clip) for clip in clips])
    images = as_images(videos, device)
    both = torch.stack([images, images.flip(-1)], dim=1)  # [clips, 2, frames, 3, side, side]
    found = backbone(both.flatten(0, 2))
    return found.unflatten(0, both.shape[:3]).cpu().numpy().astype(np.float16)


def as_images(videos: NDArray[np.uint8], device: str = "cpu") -> Tensor:
    """Return bytes as pictures from 0 to 1."""
    return torch.from_numpy(np.ascontiguousarray(videos)).to(device).float() / 255
