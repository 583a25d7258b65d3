"""The settings of ``retargetbench train smt``. Imports nothing that computes, so that help comes at once."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Literal

import tyro

from ..training.settings import MotionRunSettings
from .fine_tuning import FINE_TUNINGS, FineTuning, Part
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
class FinePreset:
    """How much is trained in stage 2; ``None``: as the profile says."""

    steps: int
    pair_steps: int
    """The same for one pair of characters."""
    bodies: int
    windows: int
    """Source windows in the pool: each is looked at by the judge once, and kept on disk."""
    batch: int | None = None
    frames: int | None = None
    pictures: int | None = None
    views: tuple[str, ...] | None = None


FINE_PRESETS: Mapping[str, FinePreset] = MappingProxyType(
    {
        "quick": FinePreset(6, 6, 2, 2, batch=1, frames=4, pictures=1, views=("front",)),
        "ablation": FinePreset(1_500, 300, 64, 256),
        "full": FinePreset(6_000, 1_000, 128, 1_024),
    }
)


@dataclass(frozen=True)
class Settings(MotionRunSettings):
    """What the user says; ``command.Smt`` is the same with the deed."""

    action: tyro.conf.Positional[Literal["train", "evaluate"]] = "train"
    """train, or evaluate (measure on validation's pairs beside rotation copy; writes the card)."""
    stage: Literal[1, 2] = 1
    """1: skeleton-aware pre-training; 2: meaning by a frozen judge and penetration on the meshes, from stage 1 on."""
    profile: Literal["best", "code", "paper", "r2et"] = "best"
    """best (what is shipped), code (sizes and weights of the released code), paper (weights of the paper), or r2et (a
    rival: the row r2et-like)."""
    preset: Literal["quick", "ablation", "full"] = "full"
    """quick (seconds, to see that it works), ablation (at most 1.5 hours), or full (a stage takes a core 3 hours)."""
    out: Path = Path("build/smt")
    """Folder for checkpoints, losses.csv, weights and scores."""
    variant: Literal["mini", "val"] = "val"
    """Evaluation: pairs of `retarget/intents`; both are of validation's motions and bodies."""
    pairs: int | None = None
    """Evaluation: how many of them."""
    start: Path | None = None
    """Stage 2: folder of stage-1 weights or of a run's checkpoint; by default this --out's, then the package's."""
    judge: str = "tiny-blip2"
    """Stage 2: the judge that supervises, KIND or KIND:WEIGHTS as in `retargetbench score --judge`."""
    judge_folder: Path | None = None
    """Stage 2: folder of the judge's weights, in place of its own."""
    judge_precision: Literal["float32", "bfloat16", "float16"] = "float32"
    """Stage 2: number format of the judge's weights."""
    pair: tuple[str, str] | None = None
    """Stage 2: SOURCE TARGET, one network for these two characters (built-in bodies, or .glb, .gltf, .fbx files)."""
    without: tuple[Part, ...] = ()
    """Stage 2: what an ablation leaves out."""
    paired: bool = False
    """Show it right answers too, the same program on two bodies: the row smt-paired, which is not smt."""

    @property
    def tuning(self) -> FineTuning:
        """The second stage's configuration, with what preset and flags say otherwise."""
        tuning, preset = FINE_TUNINGS[self.profile].without(self.without), FINE_PRESETS[self.preset]
        base = replace(
            tuning.base,
            batch=self.batch or preset.batch or tuning.base.batch,
            frames=preset.frames or tuning.base.frames,
        )
        pictures, views = preset.pictures or tuning.pictures, preset.views or tuning.views
        return replace(tuning, base=base, pictures=pictures, views=views)

    @property
    def chosen(self) -> Profile:
        """The first stage's profile, with what preset and flags say otherwise."""
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
        if self.steps is not None:
            return self.steps
        fine = FINE_PRESETS[self.preset]
        if self.stage == 2:
            return fine.steps if self.pair is None else fine.pair_steps
        return PRESETS[self.preset].steps

    @property
    def run_folder(self) -> Path:
        """Where this run's checkpoint and records lie."""
        paired = ["paired"] if self.paired else []
        return self.out / "-".join([f"stage{self.stage}", self.profile, *paired, *self.pair_name])

    @property
    def pair_name(self) -> tuple[str, ...]:
        """The two characters in one word, or nothing."""
        return () if self.stage == 1 or self.pair is None else ("--".join(Path(name).stem for name in self.pair),)
