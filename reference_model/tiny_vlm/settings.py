"""The settings of ``retargetbench train tiny-vlm``. Imports nothing that computes, so that help comes at once."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import tyro


@dataclass(frozen=True)
class Settings:
    """What the user says; ``command.TinyVlm`` is the same with the deed."""

    action: tyro.conf.Positional[Literal["render", "train", "evaluate"]] = "train"
    """render (draw pictures of solved motions), train, or evaluate (measure on unseen bodies; writes the card)."""
    data: Path = Path("build/intents-train")
    """Folder of `data build intents`: training's to render, validation's or the test's to evaluate. Motions that are
    being built may be rendered: the same command adds what is new."""
    part: Literal["train", "val", "test"] = "train"
    """Which motions of the folder are rendered or evaluated; training is always on train's, or on val's to try."""
    out: Path = Path("build/tiny-vlm")
    """Folder for pictures, checkpoints, weights and scores."""
    model: Literal["both", "blip2", "clip"] = "both"
    """Which of the two."""
    steps: int = 8_000
    """Steps of each model; the learning rate falls to nothing at the last one."""
    minutes: float | None = None
    """Stop after so many minutes; the same command goes on."""
    batch: int = 64
    """Scenes per step."""
    sight_first: float = 0.5
    """Share of the steps, the first ones, in which only the picture encoder learns, to find joints in pictures: they
    cost a third, and words teach little before."""
    rate: float = 5e-4
    """Highest learning rate."""
    seed: int = 1
    """Of everything that is drawn; the CLIP takes another one."""
    device: str = "cpu"
    """cpu or cuda."""
    threads: int = 2
    """Threads of torch on the CPU."""
    processes: int = 1
    """How many shards are rendered at a time."""
    per_clip: int = 12
    """Pictures of each clip that the BLIP-2 is shown; the CLIP gets two thirds as many."""
    image_px: int = 112
    """Side of a picture."""
    patch_px: int = 16
    """Side of a patch."""
    save_every: int = 200
    """Steps between two checkpoints."""
    most: int = 3000
    """Evaluation: pictures, and scenes, at most."""
    json: bool = False
    """Print the result as JSON."""
