"""Video files through PyAV: a few frames, evenly spread, with the moment of each."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from ..errors import BenchError

LONGEST_S = 600.0
"""Most seconds of a video that are read."""


class NoVideoReader(BenchError):
    """PyAV, which reads videos, is not installed."""

    rule = "R011"


class BadVideo(BenchError):
    """A file that is missing, is no video, or holds no pictures."""

    rule = "R012"


@dataclass(frozen=True, eq=False)
class Video:
    """Frames of a video."""

    frames: NDArray[np.uint8]
    """RGB, [frames, height, width, 3]."""
    times_s: NDArray[np.float64]
    """When each is shown, in seconds, ascending, [frames]."""

    def __post_init__(self) -> None:
        shape = self.frames.shape
        if len(shape) != 4 or shape[-1] != 3 or 0 in shape or self.frames.dtype != np.uint8:
            raise BadVideo(
                f"the frames are {self.frames.dtype} {list(shape)}; expected uint8 [frames, height, width, 3]."
            )
        if self.times_s.shape != shape[:1] or not np.isfinite(self.times_s).all() or (np.diff(self.times_s) < 0).any():
            raise BadVideo(f"the {len(self.frames)} frames have no ascending times; expected one in seconds for each.")

    @property
    def duration_s(self) -> float:
        """Seconds from the first frame to the last."""
        return float(self.times_s[-1] - self.times_s[0])

    def part(self, span: range, most_frames: int) -> "Video":
        """Return a part of the video, its times from 0.

        Args:
            span: Frames that are shown, at least one.
            most_frames: Of longer parts so many are taken, evenly spread, first and last included.
        """
        spread = np.linspace(span.start, span.stop - 1, min(most_frames, len(span)))
        chosen = np.unique(spread.round().astype(int))
        return Video(self.frames[chosen], self.times_s[chosen] - self.times_s[chosen[0]])

    def at_speed(self, factor: float) -> "Video":
        """Return the video played so many times as fast."""
        return Video(self.frames, self.times_s / factor)


def read_video(path: Path, frames: int) -> Video:
    """Return frames of a video file, evenly spread over it, first and last included.

    Args:
        path: Anything that FFmpeg reads.
        frames: How many at most; a shorter video gives all it has.

    Raises:
        NoVideoReader: If PyAV is not installed.
        BadVideo: If the file is missing, is no video, or is longer than ten minutes.
    """
    if not path.is_file():
        raise BadVideo(f"there is no file {path}; expected a video.")
    shown = [time for time, _ in _decoded(path)]  # containers do not know how many frames they hold
    if not shown:
        raise BadVideo(f"{path} holds no pictures; expected a video.")
    chosen = np.unique(np.linspace(0, len(shown) - 1, frames).round().astype(int))
    wanted = set(chosen.tolist())
    pictures = [frame.to_ndarray(format="rgb24") for at, (_, frame) in enumerate(_decoded(path)) if at in wanted]
    return Video(np.stack(pictures), np.array(shown)[chosen])


def squared(frames: NDArray[np.uint8], size_px: int) -> NDArray[np.uint8]:
    """Return square pictures: of wide ones the middle, high ones between bars in the colour of their own edges.

    A person who stands fills a high picture from head to feet and a wide one in its middle; so neither is cut off.

    Args:
        frames: [frames, height, width, 3].
        size_px: Side of the result.
    """
    height, width = frames.shape[1:3]
    if width > height:
        left = (width - height) // 2
        frames = frames[:, :, left : left + height]
    elif height > width:
        left = (height - width) // 2
        frames = np.pad(frames, ((0, 0), (0, 0), (left, height - width - left), (0, 0)), mode="edge")
    side = (size_px, size_px)
    return np.stack([np.asarray(Image.fromarray(frame).resize(side, Image.Resampling.BICUBIC)) for frame in frames])


def _decoded(path: Path) -> Iterator[tuple[float, Any]]:
    """Moment in seconds and frame, in the order in which they are shown."""
    try:
        import av
    except ImportError as error:
        raise NoVideoReader(
            "reading videos needs PyAV; install it with `pip install 'retargetbench[video]'`."
        ) from error
    try:
        with av.open(str(path)) as container:
            if not container.streams.video:
                raise BadVideo(f"{path} holds no pictures; expected a video.")
            rate = float(container.streams.video[0].average_rate or 25)
            for number, frame in enumerate(container.decode(video=0)):
                time = float(frame.time) if frame.time is not None else number / rate
                if time > LONGEST_S:
                    raise BadVideo(f"{path} is longer than {LONGEST_S / 60:g} minutes; cut out the motion first.")
                yield time, frame
    except (av.error.FFmpegError, OSError) as error:
        raise BadVideo(f"{path} cannot be read as a video: {error}.") from error
