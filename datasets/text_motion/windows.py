"""Which recording a motion was cut from, and from where to where: HumanML3D's ``index.csv``.

Columns ``source_path,start_frame,end_frame,new_name``: frames at 20 per second, counted in the recording after the
authors' trim of its beginning. An end of -1 means the whole file.
"""

import csv
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

COLUMNS = ("source_path", "start_frame", "end_frame", "new_name")


@dataclass(frozen=True)
class Window:
    """A stretch of a recording."""

    recording: str
    """The source file: motions that share it are not independent."""
    start: int
    stop: int
    """Frame behind the last one; below 0: all frames of the recording."""

    @property
    def campaign(self) -> str:
        """The data set that the recording belongs to: ``CMU``, ``KIT``, ``humanact12``."""
        parts = self.recording.removeprefix("./").split("/")
        return parts[1] if len(parts) > 2 else parts[0]


@dataclass(frozen=True)
class Overlap:
    """How much of a test motion lies in training motions."""

    share: float
    """The largest share of its frames that lie in one training motion."""
    iou: float
    """The largest ratio of common frames to all frames of the two."""


def read_windows(path: Path) -> tuple[dict[str, Window], list[str]]:
    """Return the window of each motion by its id (mirrored ones are not listed), and what is wrong with the file."""
    try:
        rows = list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))
    except (OSError, UnicodeDecodeError) as problem:
        return {}, [f"{path.name} cannot be read ({problem})"]
    windows: dict[str, Window] = {}
    for number, row in enumerate(rows, start=2):
        try:
            start, stop = int(row["start_frame"]), int(row["end_frame"])
            windows[row["new_name"].removesuffix(".npy")] = Window(row["source_path"], start, stop)
        except (KeyError, TypeError, ValueError, AttributeError):
            return {}, [f"line {number} of {path.name} is not '{','.join(COLUMNS)}'"]
    return windows, [] if windows else [f"{path.name} lists no motion"]


def shared_recordings(test: Iterable[str], train: Iterable[str], windows: Mapping[str, Window]) -> list[str]:
    """Return the test motions whose recording also feeds training.

    Args:
        test: Ids, originals.
        train: Ids, originals.
        windows: Of all of them.
    """
    used = {windows[motion].recording for motion in train}
    return [motion for motion in test if windows[motion].recording in used]


def overlaps(test: Iterable[str], train: Iterable[str], windows: Mapping[str, Window]) -> dict[str, Overlap]:
    """Return the test motions that have a frame in common with a training motion, and how much.

    Args:
        test: Ids, originals.
        train: Ids, originals.
        windows: Of all of them.
    """
    cut: dict[str, list[Window]] = defaultdict(list)
    for motion in train:
        cut[windows[motion].recording].append(windows[motion])
    found = {}
    for motion in test:
        pairs = [_overlap(windows[motion], other) for other in cut.get(windows[motion].recording, ())]
        if any(pair.share > 0 for pair in pairs):
            found[motion] = Overlap(max(pair.share for pair in pairs), max(pair.iou for pair in pairs))
    return found


def _overlap(own: Window, other: Window) -> Overlap:
    """Of two windows of one recording; where one is the whole file, its length is not known: the worst is assumed."""
    if own.stop < 0 or other.stop < 0:
        return Overlap(1.0, 1.0)
    common = min(own.stop, other.stop) - max(own.start, other.start)
    if common <= 0:
        return Overlap(0.0, 0.0)
    whole = max(own.stop, other.stop) - min(own.start, other.start)
    return Overlap(common / (own.stop - own.start), common / whole)
