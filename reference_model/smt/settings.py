"""The settings of ``retargetbench train smt``. Imports nothing that computes, so that help comes at once."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Literal

import tyro

from .profiles import PROFILES, Profile, Sizes


@dataclass(frozen=True)
class Preset:
    """How much is trained."""

    steps: int
    bodies: int
    """Target bodies in the pool."""
    sizes: Sizes | None = None
    """Of the shape-aware network; ``None``: the profile's."""
    batch: int | None = None
    frames: int | None = None


PRESETS: Mapping[str, Preset] = MappingProxyType(
    {
        "quick": Preset(20, 4, Sizes(16, 2, 1, 1, 1), batch=2, frames=8),
        "ablation": Preset(4_000, 256),
        "full": Preset(9_000, 512),
    }
)


@dataclass(frozen=True)
class Settings:
    """What the user says; ``command.Smt`` is the same with the deed."""

    action: tyro.conf.Positional[Literal["train", "evaluate"]] = "train"
    """train, or evaluate (measure on validation's pairs beside rotation copy; writes the card)."""
    stage: Literal[1] = 1
    """1: skeleton-aware pre-training."""
    profile: Literal["best", "code", "paper"] = "best"
    """best (what is shipped), code (sizes and weights of the released code), or paper (weights of the paper)."""
    preset: Literal["quick", "ablation", "full"] = "full"
    """quick (seconds, to see that it works), ablation (1.5 hours on two cores), or full (3 hours)."""
    data: Path = Path("build/intents-train")
    """Folder of `data build intents --part train`; its finished shards are taken, also while others are being built."""
    part: Literal["train", "val", "test"] = "train"
    """Which motions of the folder: train's; val's to try something. Those of the test are refused."""
    out: Path = Path("build/smt")
    """Folder for checkpoints, losses.csv, weights and scores."""
    steps: int | None = None
    """Steps, in place of the preset's."""
    batch: int | None = None
    """Pairs per step, in place of the profile's."""
    minutes: float | None = None
    """Stop after so many minutes; the same command goes on."""
    seed: int = 1
    """Of everything that is drawn."""
    device: str = "cpu"
    """cpu or cuda; below `torchrun` each process takes a GPU of its own."""
    threads: int = 2
    """Threads of torch on the CPU."""
    save_every: int = 200
    """Steps between two checkpoints."""
    variant: Literal["mini", "val"] = "val"
    """Evaluation: pairs of `retarget/intents`; both are of validation's motions and bodies."""
    pairs: int | None = None
    """Evaluation: how many of them."""
    json: bool = False
    """Print the result as JSON."""

    @property
    def chosen(self) -> Profile:
        """The profile, with what preset and flags say otherwise."""
        profile, preset = PROFILES[self.profile], PRESETS[self.preset]
        return replace(
            profile,
            batch=self.batch or preset.batch or profile.batch,
            frames=preset.frames or profile.frames,
            sizes=preset.sizes or profile.sizes,
        )

    @property
    def step_count(self) -> int:
        """How many steps are trained."""
        return PRESETS[self.preset].steps if self.steps is None else self.steps

    @property
    def run_folder(self) -> Path:
        """Where this run's checkpoint and records lie."""
        return self.out / f"stage{self.stage}-{self.profile}"
