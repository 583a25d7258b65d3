"""The three encoders as a learner: alignment of each pair of modalities, and the motion rebuilt from what it asked."""

import json
from dataclasses import asdict, dataclass
from itertools import combinations
from typing import Any

import numpy as np
import torch
from torch import Tensor

from ..training.distributed import process_number
from ..training.optimising import Rate, adam, take_step
from .alignment import alignment_loss, pair_up
from .batches import Batch, Drawing, draw_batch
from .frame_features import FrameFeatures
from .fusion import reconstruction_loss
from .layers import Encoded
from .library_files import Library
from .model import Given, LavimoNetwork
from .motion_features import feature_statistics
from .presets import Plan
from .sentences import SentenceModel

_MEASURED_CLIPS = 1000


@dataclass(frozen=True, eq=False)
class Sources:
    """What a run learns from."""

    library: Library
    sentences: SentenceModel
    frames: FrameFeatures | None
    """``None``: without videos."""
    frames_from: str = ""
    """Fingerprint of the vision backbone."""


@dataclass(frozen=True)
class Training:
    """How a plan is trained this time."""

    plan: Plan
    steps: int
    seed: int
    device: str = "cpu"


class LavimoLearner:
    """A ``training.loop.Learner``."""

    def __init__(self, training: Training, network: LavimoNetwork, sources: Sources) -> None:
        """Measure what the network normalises with, and take it to its device.

        Args:
            training: How.
            network: Untrained.
            sources: What it learns from.
        """
        self.training, self.network, self._sources = training, network, sources
        preset, switches = training.plan.preset, training.plan.switches
        self._near = sources.sentences.near if switches.near is None else switches.near
        seed = (training.seed, process_number())
        text: Any = network.text
        self._drawing = Drawing(sources.library, sources.sentences, text, sources.frames, preset.batch, seed)
        self._measure()
        network.to(training.device).train()
        self._adam = adam([network], preset.decay)
        self._rate = Rate(preset.rate, training.steps, preset.falls)

    @property
    def identity(self) -> str:
        """What makes this run another than others."""
        sources = self._sources
        told = {**asdict(self.training), "data": sources.library.sha256, "frames": sources.frames_from}
        told.pop("device")  # a run may move
        return json.dumps(told, sort_keys=True)

    def draw(self, step: int) -> Batch:
        """The batch of a step."""
        return draw_batch(self._drawing, step)

    def learn(self, step: int, drawn: Batch) -> dict[str, float]:
        """One step; dropout follows from the seed and the step."""
        device = self.training.device
        with torch.random.fork_rng(devices=[torch.device(device)] if device.startswith("cuda") else []):
            seeds = np.random.default_rng([self.training.seed, step, process_number(), 3])
            torch.manual_seed(int(seeds.integers(2**31)))
            kind = device.partition(":")[0]
            with torch.autocast(kind, torch.bfloat16, enabled=kind == "cuda"):
                parts = self.losses(drawn.given.to(device), drawn.similar.to(device))
            told = take_step(self._adam, self.network, parts, self._rate.at(step))
        return {**told, "temperature": float(self.network.temperature.detach())}

    def losses(self, given: Given, similar: Tensor) -> dict[str, Tensor]:
        """Return the weighted terms of a batch.

        Args:
            given: The items in all modalities.
            similar: Raw cosines of their captions, [items, items].
        """
        network, switches = self.network, self.training.plan.switches
        assert given.motion is not None
        assert given.motion_frames is not None
        assert given.ids is not None
        assert given.counted is not None
        moments, times, counted = network.moments(given.motion, given.motion_frames)
        encoded: dict[str, Encoded] = {
            "motion": network.encode_motion(moments, times, counted),
            "text": network.encode_text(given.ids, given.counted),
        }
        if network.has_video:
            assert given.frames is not None
            assert given.times_s is not None
            encoded["video"] = network.encode_video(given.frames, given.times_s)
        parts = self._alignment(encoded, similar)
        if network.decoder is not None:
            latent = encoded["motion"].vectors
            if network.fusion is not None:
                latent = network.fusion(encoded, whole_tokens=switches.fusion == "tokens")
            error = reconstruction_loss(network.decoder(latent, times, counted).float(), moments, counted)
            parts["reconstruction"] = switches.reconstruction * error
        return parts

    def _alignment(self, encoded: dict[str, Encoded], similar: Tensor) -> dict[str, Tensor]:
        switches, parts = self.training.plan.switches, {}
        for first, second in combinations(encoded, 2):
            negatives = switches.negatives if "text" in (first, second) else switches.video_negatives
            one, other = encoded[first].vectors.float(), encoded[second].vectors.float()
            pairing = pair_up(similar, self._near, negatives)
            parts[f"{first}-{second}"] = alignment_loss(one, other, self.network.temperature, pairing)
        return parts

    def state(self) -> dict[str, Any]:
        """Weights and moments."""
        return {"network": self.network.state_dict(), "adam": self._adam.state_dict()}

    def restore(self, state: dict[str, Any]) -> None:
        """Take them back."""
        self.network.load_state_dict(state["network"])
        self._adam.load_state_dict(state["adam"])

    def _measure(self) -> None:
        library = self._sources.library
        chosen = np.unique(np.linspace(0, len(library) - 1, min(_MEASURED_CLIPS, len(library))).round().astype(int))
        self.network.measure(*feature_statistics(np.concatenate([library.features(int(clip)) for clip in chosen])))
        if self._sources.frames is not None:
            self.network.measure_frames(*self._sources.frames.statistics())
