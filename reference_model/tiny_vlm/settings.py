"""The settings of ``retargetbench train tiny-vlm``. Imports nothing that computes, so that help comes at once."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import tyro

from ..training.settings import RunSettings


@dataclass(frozen=True)
class Settings(RunSettings):
    """What the user says; ``command.TinyVlm`` is the same with the deed."""

    action: tyro.conf.Positional[Literal["render", "train", "evaluate"]] = "train"
    """render (draw pictures of solved motions), train, or evaluate (measure on unseen bodies; writes the card)."""
    out: Path = Path("build/tiny-vlm")
    """Folder for pictures, checkpoints, weights and scores."""
    model: Literal["both", "blip2", "clip"] = "both"
    """Which of the two."""
    steps: int = 8_000
    """Steps of each model; the learning rate falls to nothing at the last one."""
    batch: int = 64
    """Scenes per step."""
    sight_first: float = 0.5
    """Share of the steps, the first ones, in which only the picture encoder learns, to find joints in pictures: they
    cost a third, and words teach little before."""
    rate: float = 5e-4
    """Highest learning rate."""
    processes: int = 1
    """How many shards are rendered at a time."""
    per_clip: int = 12
    """Pictures of each clip that the BLIP-2 is shown; the CLIP gets two thirds as many."""
    image_px: int = 112
    """Side of a picture."""
    patch_px: int = 16
    """Side of a patch."""
    most: int = 3000
    """Evaluation: pictures, and scenes, at most."""
