"""What the user of any trainer may say. Imports nothing that computes, so that help comes at once."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal


@dataclass(frozen=True)
class RunSettings:
    """Which motions, for how long, on what; the settings of each trainer hold these."""

    part: Literal["train", "val", "test"] = "train"
    """Which motions: train's, val's to try something, or the test's, which are never trained on and come with the
    package."""
    steps: int | None = None
    """Steps, in place of the preset's."""
    batch: int | None = None
    """What a step learns from (motions, windows, pairs, scenes), in place of the preset's number."""
    minutes: float | None = None
    """Stop after so many minutes; the same command goes on."""
    save_every: int = 200
    """Steps between two checkpoints."""
    seed: int = 1
    """Of everything that is drawn."""
    device: str = "cpu"
    """cpu or cuda; below `torchrun` each process takes a GPU of its own."""
    threads: int = 2
    """Threads of torch on the CPU."""
    json: bool = False
    """Print the result as JSON."""


@dataclass(frozen=True)
class MotionRunSettings(RunSettings):
    """Of a trainer that learns from solved motions."""

    data: Path = Path("build/intents-train")
    """Folder of `data build intents`; shards that are still being built are left out."""
