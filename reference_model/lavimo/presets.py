"""The named configurations: ``paper``, ``tiny`` (the one that is shipped) and ``quick`` (seconds, for a try). No torch.

What the paper is known to use stands in ``docs/lavimo.md`` beside what was never published and had to be chosen.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

BUILT_IN = "built-in"
"""Name of the backbones that come with this package."""


@dataclass(frozen=True)
class Sizes:
    """How large the encoders are."""

    shared: int
    """Width of the joint space and of all encoders behind the backbones."""
    heads: int
    feed: int
    """Width of the feed-forward layers."""
    motion_layers: int
    video_layers: int
    decoder_layers: int
    motion_stride: int = 1
    """Frames of motion, at 20 a second, that are read as one token."""
    text_layers: int = 0
    """Of the built-in text encoder."""
    pieces: int = 0
    """Most word pieces of the built-in tokenizer."""
    sight: tuple[int, int, int, int] = (0, 0, 0, 0)
    """Channels of the built-in frame encoder at a half, a quarter, an eighth and a sixteenth of the picture's side."""
    dropout: float = 0.1


@dataclass(frozen=True)
class Preset:
    """One configuration of encoders, data and optimisation."""

    name: str
    sizes: Sizes
    text: str = BUILT_IN
    """Text backbone: ``built-in``, or a hub id or folder of a model of ``transformers``."""
    vision: str = BUILT_IN
    """Vision backbone: ``built-in``, or a hub id or folder of a CLIP."""
    frames: int = 16
    """Frames of a video."""
    size_px: int = 112
    """Side of a frame."""
    batch: int = 64
    rate: float = 1e-3
    falls: Literal["cosine", "late-linear"] = "cosine"
    """``cosine``: to a hundredth, after a short rise; ``late-linear``: constant for half the steps, then to a tenth."""
    decay: float = 0.01
    steps: int | None = None
    """``None``: so many that each motion is drawn ``epochs`` times."""
    epochs: int = 200
    sight_steps: int = 0
    """Of the built-in frame encoder."""
    sight_batch: int = 64
    longest_text: int = 64
    """Most tokens of a caption; longer ones are cut."""

    def steps_for(self, motions: int) -> int:
        """Return how many steps are trained on so many motions."""
        return self.steps if self.steps is not None else max(1, round(self.epochs * motions / self.batch))


@dataclass(frozen=True)
class Switches:
    """What is switched off or replaced; every combination is a model of its own that is trained anew."""

    modalities: Literal["three", "two"] = "three"
    """``two``: text and motion only, a baseline like TMR."""
    negatives: Literal["soft", "mask", "all"] = "soft"
    """Captions of a batch that say nearly the same: ``soft``: they share the target (LAVIMO); ``mask``: they are left
    out of the comparison (TMR); ``all``: they are negatives like any other."""
    video_negatives: Literal["soft", "mask", "all"] = "soft"
    """The same between motion and video. LAVIMO treats all pairs of modalities alike; but a video shows one motion,
    whatever is said of it, and with ``all`` the two are told apart from others of the same words."""
    fusion: Literal["tokens", "vectors", "off"] = "tokens"
    """What the motion's attention looks at: tokens of the three modalities, their vectors alone, or nothing."""
    reconstruction: float = 0.1
    """Weight of the reconstruction; 0: off."""
    sentences: str = "tfidf"
    """Text model that says which captions are near: ``tfidf``, or a hub id or folder of a sentence model."""
    near: float | None = None
    """Raw cosine of two motions' captions from which on they are near; ``None``: the text model's own."""


PRESETS: Mapping[str, Preset] = MappingProxyType(
    {
        "paper": Preset(
            "paper",
            Sizes(512, 8, 1024, motion_layers=6, video_layers=6, decoder_layers=6),
            text="distilbert/distilbert-base-uncased",
            vision="openai/clip-vit-base-patch32",
            size_px=224,
            rate=1e-4,
            falls="late-linear",
        ),
        "tiny": Preset(
            "tiny",
            Sizes(
                128, 4, 256, motion_layers=4, video_layers=3, decoder_layers=2, motion_stride=2, text_layers=3,
                pieces=2000, sight=(16, 32, 64, 112),
            ),
            steps=5_000,
            sight_steps=3_000,
        ),
        "quick": Preset(
            "quick",
            Sizes(
                32, 2, 64, motion_layers=1, video_layers=1, decoder_layers=1, motion_stride=4, text_layers=1,
                pieces=300, sight=(4, 8, 12, 16), dropout=0.05,
            ),
            frames=4,
            size_px=32,
            batch=6,
            rate=3e-3,
            steps=24,
            sight_steps=6,
            sight_batch=8,
            longest_text=24,
        ),
    }
)  # fmt: skip
"""``quick`` learns nothing of use; it shows in seconds that everything works."""

DEFAULT_SWITCHES = Switches()


@dataclass(frozen=True)
class Plan:
    """A preset with its switches: what a model is."""

    preset: Preset
    switches: Switches = field(default_factory=Switches)
