"""Whether the arrays of a folder are there and are what they should be: all by name, some by content."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .features import features_to_joints
from .folder import FEATURES, JOINTS, TextMotionFolder, read_array

EVERY = 50
"""One motion of so many is read."""


@dataclass(frozen=True)
class ArraysReport:
    """What was found."""

    motions: int
    without_features: tuple[str, ...]
    """Ids of the splits without a file in ``new_joint_vecs/``."""
    without_joints: tuple[str, ...]
    """Ids of the splits without a file in ``new_joints/``."""
    read: int
    """Motions whose arrays were read."""
    problems: tuple[str, ...]
    """What is wrong with those that were read."""
    farthest: float | None
    """The largest distance between joints of a file and those of the features, in the data set's unit; ``None`` where
    nothing could be compared."""


def report_arrays(folder: TextMotionFolder, every: int = EVERY) -> ArraysReport:
    """Look for the arrays of all motions, and read one motion of ``every``: shapes, and joints against features.

    Args:
        folder: The folder.
        every: 1 reads all of them.
    """
    ids = sorted(motion for own in folder.splits.values() for motion in own)
    there = {part: {path.stem for path in (folder.path / part).glob("*.npy")} for part in (FEATURES, JOINTS)}
    problems, distances = [], []
    chosen = [motion for motion in ids[::every] if motion in there[FEATURES]]
    for motion in chosen:
        rows, wrong = read_array(folder.path / FEATURES / f"{motion}.npy", (None, folder.layout.width))
        problems += [wrong] if wrong else []
        if rows is None or motion not in there[JOINTS]:
            continue
        shape = (len(rows), folder.layout.joint_count, 3)
        joints, wrong = read_array(folder.path / JOINTS / f"{motion}.npy", shape)
        problems += [wrong] if wrong else []
        if joints is not None:
            distances.append(float(np.linalg.norm(features_to_joints(rows, folder.layout) - joints, axis=-1).max()))
    return ArraysReport(
        motions=len(ids),
        without_features=_lost(ids, there[FEATURES]),
        without_joints=_lost(ids, there[JOINTS]),
        read=len(chosen),
        problems=tuple(problems),
        farthest=max(distances, default=None),
    )


def _lost(ids: Sequence[str], there: set[str]) -> tuple[str, ...]:
    return tuple(motion for motion in ids if motion not in there)
