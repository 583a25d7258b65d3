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
    """render (pose training's programs on many bodies and draw them), train, or evaluate (measure on unseen bodies;
    writes the card)."""
    data: Path | None = None
    """Evaluation: folder of `data build intents` whose motions are shown; None: the test's, which come with the
    package. Training poses its own."""
    out: Path = Path("build/tiny-vlm")
    """Folder for pictures, checkpoints, weights and scores."""
    device: str = "cpu"
    """cpu or cuda; a single GPU."""
    model: Literal["both", "blip2", "clip"] = "both"
    """Which of the two."""
    steps: int = 6_000
    """Steps of each model; the learning rate falls to nothing at the last one."""
    until: int | None = None
    """Stop after this step of them, the learning rate not yet down; the same command without it goes on."""
    batch: int = 32
    """Scenes per step."""
    sight_first: float = 0.45
    """Share of the steps, the first ones, in which only the picture encoder learns, to find joints in pictures: they
    cost less than half, and words teach little before."""
    rate: float = 1e-3
    """Highest learning rate of embeddings and heads; that of matrices between hidden states is five times as high."""
    processes: int = 1
    """How many shards are rendered at a time."""
    programs: int | None = 1_920
    """How many of the part's programs are drawn, from the first; None: all."""
    bodies: int = 8
    """How many bodies each of them is posed on."""
    per_body: int = 4
    """Pictures of a program on one body that the BLIP-2 is shown; the CLIP gets half as many."""
    image_px: int = 112
    """Side of a picture."""
    patch_px: int = 16
    """Side of a patch."""
    most: int = 3000
    """Evaluation: pictures, and scenes, at most."""
    shipped: bool = False
    """Evaluation: of the weights that come with the package, in place of those below --out."""
