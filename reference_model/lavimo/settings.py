"""The settings of ``retargetbench train lavimo``. Imports nothing that computes, so that help comes at once."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import tyro

from ..training.settings import MotionRunSettings
from .presets import PRESETS, Plan, Switches


@dataclass(frozen=True)
class Settings(MotionRunSettings):
    """What the user says; ``command.Lavimo`` is the same with the deed."""

    action: tyro.conf.Positional[Literal["render", "train", "evaluate"]] = "train"
    """render (videos of solved motions), train, or evaluate (retrieval on other bodies in unseen looks; writes the
    card)."""
    preset: Literal["tiny", "paper", "quick"] = "tiny"
    """tiny (what is shipped), paper (the paper's sizes and backbones), or quick (seconds, to see that it works)."""
    out: Path = Path("build/lavimo")
    """Folder for videos, features, checkpoints, weights and scores."""
    name: str = "lavimo"
    """Name of the run and of its weights; runs with other switches or seeds in one --out share videos and features."""
    text: str | None = None
    """Text backbone, in place of the preset's: `built-in`, or a hub id or folder (DistilBERT, for example)."""
    vision: str | None = None
    """Vision backbone, in place of the preset's: `built-in`, or a hub id or folder of a CLIP."""
    tune_text: bool = False
    """Train the text backbone from the hub too; the built-in one always is."""
    modalities: Literal["three", "two"] = "three"
    """three, or two: text and motion only (a baseline like TMR)."""
    negatives: Literal["soft", "mask", "all"] = "soft"
    """Captions of a batch that say nearly the same: soft (they share the target, LAVIMO), mask (left out, TMR), all
    (negatives like any other)."""
    video_negatives: Literal["soft", "mask", "all"] = "soft"
    """The same between motion and video: all tells a motion apart from others of the same words."""
    fusion: Literal["tokens", "vectors", "off"] = "tokens"
    """What the motion's attention looks at: tokens of the modalities, their vectors alone, or nothing."""
    reconstruction: float = 0.1
    """Weight of the reconstruction; 0: off."""
    sentences: str = "tfidf"
    """Text model that says which captions are near: tfidf, or a hub id or folder of a sentence model."""
    near: float | None = None
    """Raw cosine from which on captions are near, in place of the text model's own."""
    sight_steps: int | None = None
    """Steps of the built-in frame encoder, in place of the preset's."""
    processes: int = 1
    """How many shards are rendered at a time."""
    per_motion: int = 2
    """Most videos of a motion, each on another body."""

    @property
    def plan(self) -> Plan:
        """The preset, with what flags say otherwise."""
        preset = PRESETS[self.preset]
        switches = Switches(
            modalities=self.modalities,
            negatives=self.negatives,
            video_negatives=self.video_negatives,
            fusion=self.fusion,
            reconstruction=self.reconstruction,
            sentences=self.sentences,
            near=self.near,
        )
        changed = replace(
            preset,
            text=self.text or preset.text,
            vision=self.vision or preset.vision,
            batch=self.batch or preset.batch,
            steps=preset.steps if self.steps is None else self.steps,
            sight_steps=preset.sight_steps if self.sight_steps is None else self.sight_steps,
        )
        return Plan(changed, switches)

    @property
    def videos_folder(self) -> Path:
        """Where the videos of the part lie; those of an evaluation, on other bodies in other looks, apart."""
        return self.out / f"{'queries' if self.action == 'evaluate' else 'videos'}-{self.part}"

    @property
    def sight_folder(self) -> Path:
        """Where the built-in frame encoder learns."""
        return self.out / "sight"

    @property
    def run_folder(self) -> Path:
        """Where this run's checkpoint and records lie."""
        return self.out / "runs" / self.name

    @property
    def weights_folder(self) -> Path:
        """Where this run's weights lie."""
        return self.out / "weights" / self.name
