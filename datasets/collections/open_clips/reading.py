"""What the data folder of a user holds of the named animations: motions and preview videos, read when asked for."""

import hashlib
import json
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from pathlib import Path
from typing import overload

import numpy as np

from ...body import Motion
from ...readers.errors import ReaderWarning
from ...readers.read import read_motions
from ...readers.video import Video, read_video
from ...spans import shown_span
from ..data_root import DataRoot
from .clips import THEMES, VARIANTS, WITH_PREVIEWS, OpenClip, clips_of, public_files

FPS = 30.0
"""Of motions; files are sampled on reading."""
MOST_FRAMES = 32
"""Of a video whose times a method is told, evenly spread over the span that is shown."""
UNTIMED_FRAMES = 8
"""Of a video whose times it is not told; of a shorter one some are there twice."""
SLOWER = {"characters/mesh2motion/human_base_animations.glb": 30 / 24}
"""How much slower than the animation its previews play: the file was exported at another frame rate."""
_HERE = files(__package__)


@dataclass(frozen=True, eq=False)
class OpenClips:
    """A variant of the test on the files of one data folder."""

    clips: tuple[OpenClip, ...]
    """Sorted by id."""
    variant: str
    motions: Sequence[Motion]
    """In the order of the clips."""
    videos: Sequence[Video]
    """Two a clip, dark and light, in the variants that have previews; otherwise none."""

    @cached_property
    def data_sha256(self) -> str:
        """The data version: files, sentences, meanings and spans; whoever changes one of them changes it."""
        lines = [[clip.id, clip.sentence, clip.meaning] for clip in self.clips]
        spans = [[*_span(clip, theme, 1000)] for clip in self.clips for theme in THEMES] if self.videos else []
        digest = hashlib.sha256((_HERE / "files.csv").read_bytes())
        digest.update(json.dumps([self.variant, lines, spans]).encode())
        return digest.hexdigest()


def load_open_clips(data_root: Path, variant: str = VARIANTS[0]) -> OpenClips:
    """Open a variant on a folder that holds its public files; motions and videos are read only when asked for.

    Args:
        data_root: The folder; ``files.csv`` says what must lie in it.
        variant: ``named``, ``known``, ``previews`` or ``previews-timed``.

    Raises:
        UnknownName: If there is no such variant.
        MissingFiles: Naming the files that are not there.
    """
    clips = clips_of(variant)
    root = DataRoot(data_root, public_files(variant), name="open-clips")
    videos = [(clip, theme) for clip in clips for theme in THEMES] if variant in WITH_PREVIEWS else []
    return OpenClips(
        clips, variant, OpenMotions(root, clips), PreviewVideos(root, tuple(videos), timed=variant == "previews-timed")
    )


class OpenMotions(Sequence[Motion]):
    """The motions of clips; a file is read once, for all animations of it that are wanted."""

    def __init__(self, root: DataRoot, clips: tuple[OpenClip, ...]) -> None:
        self._root, self._clips = root, clips
        self._read = cache(self._read_file)

    def __len__(self) -> int:
        return len(self._clips)

    @overload
    def __getitem__(self, index: int) -> Motion: ...

    @overload
    def __getitem__(self, index: slice) -> "OpenMotions": ...

    def __getitem__(self, index: int | slice) -> "Motion | OpenMotions":
        """Return a motion at ``FPS``.

        Raises:
            ChangedFile: If its file is not the declared one.
        """
        if isinstance(index, slice):
            return OpenMotions(self._root, self._clips[index])
        clip = self._clips[index]
        return self._read(clip.file)[clip.animation]

    def _read_file(self, file: str) -> dict[str, Motion]:
        wanted = [clip.animation for clip in self._clips if clip.file == file]
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ReaderWarning)  # docs/open-clips.md says what is dropped
            return read_motions(self._root.path(file), fps=FPS, animations_named=wanted)


class PreviewVideos(Sequence[Video]):
    """Preview videos, each cut to the span that is shown: at its animation's own speed, or all equally long."""

    def __init__(self, root: DataRoot, shown: tuple[tuple[OpenClip, str], ...], *, timed: bool) -> None:
        self._root, self._shown, self._timed = root, shown, timed

    def __len__(self) -> int:
        return len(self._shown)

    @overload
    def __getitem__(self, index: int) -> Video: ...

    @overload
    def __getitem__(self, index: slice) -> "PreviewVideos": ...

    def __getitem__(self, index: int | slice) -> "Video | PreviewVideos":
        """Return a video.

        Timed: at most ``MOST_FRAMES`` frames, in seconds of the animation from 0. Untimed: ``UNTIMED_FRAMES``, from 0
        to 1 second.

        Raises:
            NoVideoReader: If PyAV is not installed.
            ChangedFile: If its file is not the declared one.
        """
        if isinstance(index, slice):
            return PreviewVideos(self._root, self._shown[index], timed=self._timed)
        clip, theme = self._shown[index]
        whole = read_video(self._root.path(clip.preview(theme)), frames=10_000)
        span = _span(clip, theme, len(whole.frames))
        if self._timed:
            return whole.part(span, MOST_FRAMES).at_speed(SLOWER.get(clip.file, 1.0))
        chosen = np.linspace(span.start, span.stop - 1, UNTIMED_FRAMES).round().astype(int)
        return Video(whole.frames[chosen], np.linspace(0.0, 1.0, UNTIMED_FRAMES))


def _span(clip: OpenClip, theme: str, frame_count: int) -> range:
    return shown_span(f"{clip.id}/{theme}", frame_count)
