"""What every scored run has, whatever was scored: where its records go, who made it, what its run left about itself."""

import csv
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .clip_scores import identity_of
from .records import MethodIdentity
from .running.methods import GROUND_TRUTH
from .running.run_folder import read_run
from .submission.folder import TIMING
from .submission.method_card import MethodCard


def result_folder(out: Path, version: str, method: str, run: str) -> Path:
    """Return where a run's records go.

    Args:
        out: The ``results`` folder.
        version: What ``track_version`` gives.
        method: Its name.
        run: What ``run_id`` gives.
    """
    return out / version / _file_name(method) / run


def track_version(track: str, data: str) -> str:
    """Return the name of a track on one version of its data: ``retarget/intents@0123456789ab``."""
    return f"{track}@{data[:12]}"


def run_id(predictions_sha256: str, seed: int) -> str:
    """Return the name of a run: the same predictions and seed always have the same."""
    return identity_of(predictions_sha256, seed)[:12]


def method_of(card: MethodCard) -> MethodIdentity:
    """Return what a result says of the method that a card describes."""
    return MethodIdentity(
        name=card.name,
        version=card.version,
        commit=card.commit or None,
        weights_sha256=card.weights_sha256 or None,
        parameters=card.parameters,
        trained_on=card.trained_on,
        trained_on_metrics=card.trained_on_metrics,
    )


def _file_name(name: str) -> str:
    """A method's name as a folder that every file system takes."""
    return re.sub(r"[^A-Za-z0-9._-]", "-", name).lstrip(".-") or "method"


@dataclass(frozen=True)
class RunFacts:
    """What the run that wrote the predictions left about itself; a folder that was made by hand says nothing."""

    seed: int = 0
    command: str | None = None
    speed: dict[str, Any] | None = None

    def command_on(self, track: str, variant: str) -> str:
        """Return the command a result names: the run that made the predictions, or scoring of a folder made by hand."""
        return self.command or f"retargetbench score PREDICTIONS --track {track} --variant {variant}"


def run_facts(folder: Path) -> RunFacts:
    """Read what a submission folder says of the run that wrote it."""
    values = read_run(folder) or {}
    method, seed = values.get("method"), values.get("seed")
    if not isinstance(method, dict) or not isinstance(seed, int):
        return RunFacts(speed=_speed(folder / TIMING))
    name = GROUND_TRUTH if method.get("kind") == "oracle" else method.get("name")
    plugin = " --plugin PLUGIN.py" if method.get("kind") == "plugin" else ""
    place = f"--track {values.get('track')} --variant {values.get('variant')}"
    return RunFacts(seed, f"retargetbench run {name}{plugin} {place} --seed {seed}", _speed(folder / TIMING))


def _speed(timing: Path) -> dict[str, Any] | None:
    """Frames per second of the method over all clips that the run timed."""
    if not timing.is_file():
        return None
    try:
        rows = list(csv.DictReader(timing.read_text(encoding="utf-8").splitlines()))
        frames, seconds = sum(int(row["frames"]) for row in rows), sum(float(row["seconds"]) for row in rows)
    except (ValueError, KeyError, TypeError):
        return None  # cut short by a kill; speed is a courtesy, never part of the result
    return {"frames": frames, "seconds": seconds, "frames_per_second": frames / seconds} if seconds > 0 else None
