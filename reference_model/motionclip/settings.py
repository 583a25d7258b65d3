"""The settings of ``retargetbench train motionclip``. Imports nothing that computes, so that help comes at once."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import tyro

from ..training.settings import MotionRunSettings
from .presets import PRESETS, Preset


@dataclass(frozen=True)
class Settings(MotionRunSettings):
    """What the user says; ``command.MotionClip`` is the same with the deed."""

    action: tyro.conf.Positional[Literal["embed", "train", "evaluate"]] = "train"
    """embed (render frames, embed them and the captions with a CLIP, once), train, or evaluate (measure on motions
    that were not trained on; writes the card)."""
    preset: Literal["tiny", "paper", "quick"] = "tiny"
    """tiny (what is shipped), paper (the release's sizes), or quick (seconds, to see that it works)."""
    out: Path = Path("build/motionclip")
    """Folder for pictures, embeddings, checkpoints, losses.csv and weights."""
    pictures: Path | None = None
    """Folder of frames that an earlier `embed` drew of the same motions (OUT/pictures-PART); None: draw them."""
    judge: str = "tiny-clip"
    """The CLIP: tiny-clip, or KIND:HUB-ID with KIND clip or openclip."""
    judge_folder: Path | None = None
    """Folder with the CLIP's weights, in place of the built-in ones or of a hub id."""
    per_clip: int = 8
    """Rendered frames of each motion."""
    image_px: int = 112
    """Side of a rendered frame; a CLIP that wants another size resizes it."""
    name: str | None = None
    """Name of the run and of its weights, for another seed or an ablation on the same embeddings; default: motionclip,
    with the preset's name behind it unless that is tiny, and zero-shot where something is left out."""
    text_weight: float | None = None
    """Weight of the text term, in place of the preset's; 0 is the ablation without captions."""
    image_weight: float | None = None
    """Weight of the image term, in place of the preset's; 0 is the ablation without pictures."""
    mirror: bool = True
    """Whether every second window is drawn as a mirror shows it, with left and right exchanged in its caption too."""
    zero_shot: bool = False
    """Leave some classes, and some classes with one side, out of training, so that they can be recognised without ever
    having been trained; drawn by a published seed. Nothing is mirrored then: the other side would come back."""
    real: Path | None = None
    """Folder with motion capture, SUBJECT_TRIAL.bvh: train on it too, without words, or evaluate on it."""
    real_unseen: tuple[str, ...] = ("135",)
    """Subjects of it that are never trained on."""
    processes: int = 1
    """How many shards are rendered at a time."""
    classifier: str | None = None
    """Evaluate: recognition method that says what generated motions show, such as skeleton-gcn, which needs weights of
    its own. Without it they are shown to nobody."""

    @property
    def chosen(self) -> Preset:
        """The preset, with what flags say otherwise."""
        preset = PRESETS[self.preset]
        said = {"text": self.text_weight, "image": self.image_weight}
        weights = replace(preset.weights, **{name: value for name, value in said.items() if value is not None})
        steps = preset.steps if self.steps is None else self.steps
        return replace(preset, weights=weights, steps=steps, batch=self.batch or preset.batch)

    @property
    def run_name(self) -> str:
        """Name of the run and of its weights; the shipped preset's bear the model's own."""
        usual = "motionclip" if self.preset == "tiny" else f"motionclip-{self.preset}"
        return self.name or (f"{usual}-zero-shot" if self.zero_shot else usual)

    @property
    def run_folder(self) -> Path:
        """Where this run's checkpoint and records lie."""
        return self.out / self.run_name

    @property
    def weights_folder(self) -> Path:
        """Where its weights lie."""
        return self.out / "weights" / self.run_name
