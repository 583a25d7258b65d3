"""Windows of real motion capture, by the subject who moved: to learn from without words, and to be measured on.

What is split is subjects, never windows or captures: who is measured as unseen was in no training. Of CMU's subjects 60
and 61 are partners of one dance and belong on the same side.
"""

import warnings
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from ...datasets.collections.open_characters.characters import read_capture
from ...datasets.readers.errors import ReaderWarning
from .errors import NoCaptures
from .intervals import Clusters, mean_scores
from .model import MotionClipModel
from .motion_set import MotionSet
from .pose import motion_windows
from .reconstruction import joint_errors_cm
from .standard_body import standard_body


@dataclass(frozen=True, eq=False)
class Subject:
    """What one person did."""

    features: NDArray[np.float32]
    """Windows that overlap by half, [n, frames, 135]."""
    captures: tuple[str, ...]
    """Name of the capture that each window is cut from, [n]."""


def read_subjects(folder: Path, frames: int) -> Mapping[str, Subject]:
    """Return all captures below a folder, SUBJECT_TRIAL.bvh each, by subject.

    Args:
        folder: Where they are; ``data fetch open-characters`` puts some there.
        frames: Length of a window, at 30 frames per second.

    Raises:
        NoCaptures: If there are none.
        BenchError: If a file cannot be read, or its skeleton is no humanoid.
    """
    found: dict[str, list[tuple[str, NDArray[np.float32]]]] = {}
    skeleton = standard_body().skeleton
    for path in sorted(folder.rglob("*_*.bvh")):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ReaderWarning)
            windows = motion_windows(read_capture(path), skeleton, frames)
        found.setdefault(path.stem.split("_")[0], []).append((path.stem, windows))
    if not found:
        raise NoCaptures(
            f"{folder} holds no captures SUBJECT_TRIAL.bvh; `retargetbench data fetch open-characters --data-root "
            f"{folder}` gets some of CMU's."
        )
    return {
        subject: Subject(
            np.concatenate([windows for _, windows in own]),
            tuple(name for name, windows in own for _ in range(len(windows))),
        )
        for subject, own in found.items()
    }


def split_subjects(subjects: Collection[str], unseen: Collection[str]) -> tuple[str, ...]:
    """Return who is trained on: all but the unseen.

    Raises:
        NoCaptures: If an unseen one is not there, or nobody is left.
    """
    missing = sorted({*unseen} - {*subjects})
    trained = tuple(sorted({*subjects} - {*unseen}))
    if missing or not trained:
        what = f"there is no subject {missing[0]}" if missing else "nobody is left to train on"
        raise NoCaptures(f"{what}; the captures are of {', '.join(sorted(subjects))}: name some with --real-unseen.")
    return trained


def real_reconstruction(
    model: MotionClipModel,
    known: MotionSet,
    asked: MotionSet,
    *,
    subjects: Mapping[str, Subject],
    trained: Collection[str],
) -> dict[str, float]:
    """Return the mean joint error in cm of each subject's windows, and of all subjects that were not trained on.

    As for Intents: on the standard body, hips held still. Intervals are over captures.

    Args:
        model: Which gives back.
        known: Not used.
        asked: Not used.
        subjects: What was captured.
        trained: Whose captures training saw.
    """
    errors = {name: _errors_cm(model, subject) for name, subject in subjects.items()}
    scores: dict[str, float] = {}
    for name, subject in subjects.items():
        said = f"real, subject {name}{' (trained on)' if name in trained else ''}, cm"
        scores |= mean_scores(said, errors[name], Clusters(subject.captures))
    unseen = [name for name in subjects if name not in trained]
    if unseen:
        captures = [capture for name in unseen for capture in subjects[name].captures]
        together = np.concatenate([errors[name] for name in unseen])
        scores |= mean_scores("real, unseen subjects, cm", together, Clusters(captures))
    return scores


def _errors_cm(model: MotionClipModel, subject: Subject) -> NDArray[np.float64]:
    made: torch.Tensor = model.decode(model.encode(subject.features), subject.features.shape[1])
    return joint_errors_cm(made, subject.features)
