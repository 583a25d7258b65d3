"""The settings of ``retargetbench train skeleton-gcn``. Imports nothing that computes, so that help comes at once."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Literal

from ..training.settings import MotionRunSettings


@dataclass(frozen=True)
class Sizes:
    """How large the network is."""

    channels: tuple[int, ...] = (48, 64, 96, 128)
    """Of the blocks, in order."""
    strides: tuple[int, ...] = (2, 1, 2, 1)
    """In time, of the blocks."""
    kernel: int = 9
    """Moments that a convolution in time sees; odd."""
    moments: int = 64
    """At which a motion is looked at, from its first to its last frame."""
    dropout: float = 0.3


@dataclass(frozen=True)
class Preset:
    """A network and how it is trained."""

    sizes: Sizes
    steps: int
    batch: int
    rate: float = 2e-3
    decay: float = 0.01


PRESETS: Mapping[str, Preset] = MappingProxyType(
    {
        "standard": Preset(Sizes(), steps=4000, batch=64),
        "quick": Preset(Sizes((8, 16), (2, 2), 5, 16, 0.1), steps=24, batch=16, rate=1e-2),
    }
)
"""By name."""


@dataclass(frozen=True)
class Settings(MotionRunSettings):
    """What the user says; ``command.SkeletonGcn`` is the same with the deed."""

    preset: Literal["standard", "quick"] = "standard"
    """standard, or quick (seconds, to see that it works)."""
    out: Path = Path("build/skeleton-gcn")
    """Folder for checkpoints, losses.csv and weights."""

    @property
    def chosen(self) -> Preset:
        """The preset, with what flags say otherwise."""
        preset = PRESETS[self.preset]
        return replace(
            preset, steps=preset.steps if self.steps is None else self.steps, batch=self.batch or preset.batch
        )

    @property
    def weights_folder(self) -> Path:
        """Where the weights go."""
        return self.out / "weights"
