"""How the commands reach the tracks whose submission is one file: what checks, runs and scores each kind of them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from types import MappingProxyType
from typing import Any

from ..recognition.check import check_classes
from ..recognition.running import run_classifier
from ..retrieval.check import check_embeddings
from ..retrieval.running import run_retriever
from ..tracks import Track, open_data
from ..tracks.track import Task
from .check import FileCheck
from .running import OneFilePlan, OneFileSummary
from .scoring import ScoredFile, score_file


@dataclass(frozen=True)
class Door:
    """What is done with submissions to one kind of track."""

    answers: str
    """What a submission holds for each item, for people."""
    check: Callable[[Path, Any], FileCheck[Any]]
    """Judges a folder or archive against the track's data."""
    run: Callable[[OneFilePlan[Any]], OneFileSummary]
    """Runs a method and writes its submission folder."""
    task: str
    """``module:class`` of what it is scored on, imported only then: torch."""


DOORS: Mapping[Task, Door] = MappingProxyType(
    {
        "retrieval": Door("embeddings", check_embeddings, run_retriever, ".retrieval.scoring:RetrievalTask"),
        "recognition": Door("class scores", check_classes, run_classifier, ".recognition.scoring:RecognitionTask"),
    }
)
"""Task -> door; a track of another task is not one of these."""


def score_on(track: Track, variant: str | None, data_root: Path | None, predictions: Path, out: Path) -> ScoredFile:
    """Score a submission folder or archive on a track of one of these kinds.

    Args:
        track: The track.
        variant: One of the track's; ``None`` takes the default.
        data_root: Folder of fetched files, for tracks that need one.
        predictions: The submission.
        out: The ``results`` folder.

    Raises:
        BadSubmission: With every problem of the submission.
    """
    module, _, name = DOORS[track.task].task.partition(":")
    task = getattr(import_module(module, __package__.rpartition(".")[0]), name)
    data = open_data(track, variant, data_root)
    return score_file(predictions, task(track.id, track.variant(variant), data), out)
