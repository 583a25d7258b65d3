"""The built-in frame encoder as a learner: random frames of the library, and where the joints are in them."""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.torch import load_file, save
from torch import Tensor

from ...datasets.files import write_atomically
from ..tiny_vlm.drawing import POINTS
from ..training.distributed import process_number
from ..training.optimising import Rate, adam, take_step
from .frame_features import as_images
from .library_files import Library
from .presets import Preset
from .sight import FrameEncoder

FILE = "sight.safetensors"

_SWAP = [POINTS.index(name.replace("Left", "#").replace("Right", "Left").replace("#", "Right")) for name in POINTS]
_RATE = 2e-3


@dataclass(frozen=True, eq=False)
class Seen:
    """Frames and where the joints are in them."""

    images: NDArray[np.uint8]
    """[frames, 3, side, side]."""
    points: NDArray[np.float32]
    """[frames, points, 3]."""


class SightLearner:
    """A ``training.loop.Learner``."""

    def __init__(self, preset: Preset, library: Library, seed: int, device: str = "cpu") -> None:
        """Make the network.

        Args:
            preset: Its size, its steps.
            library: The videos.
            seed: Of the first weights and of all that is drawn.
            device: Where it learns.
        """
        self._preset, self._library, self._seed, self._device = preset, library, seed, device
        self.network = build_sight(preset, seed).to(device).train()
        self._adam, self._rate = adam([self.network], 0.01), Rate(_RATE, preset.sight_steps)

    @property
    def identity(self) -> str:
        """What makes this run another than others."""
        preset = self._preset
        told = [preset.sizes.sight, preset.sight_steps, preset.sight_batch, self._seed, self._library.sha256]
        return json.dumps(["sight", *told])

    def draw(self, step: int) -> Seen:
        """Frames of as many clips, half of them mirrored."""
        library, generator = self._library, np.random.default_rng([self._seed, step, process_number(), 11])
        clips = generator.integers(len(library), size=self._preset.sight_batch)
        frames = generator.integers(library.frames, size=len(clips))
        images = np.stack([library.video(int(c))[f] for c, f in zip(clips, frames, strict=True)])
        points = library.points[clips, frames].astype(np.float32)
        flips = generator.uniform(size=len(clips)) < 0.5
        images[flips] = images[flips][..., ::-1]
        points[flips] = points[flips][:, _SWAP] * np.array([-1, 1, 1], np.float32) + np.array([1, 0, 0], np.float32)
        return Seen(images, points)

    def learn(self, step: int, drawn: Seen) -> dict[str, float]:
        """One step, on pictures whose colours are disturbed."""
        generator = torch.Generator().manual_seed(int(np.random.default_rng([self._seed, step, 12]).integers(2**31)))
        images = disturbed(as_images(drawn.images), generator).to(self._device)
        maps, places = self.network.loss(images, torch.from_numpy(drawn.points).to(self._device))
        return take_step(self._adam, self.network, {"maps": maps, "places": places}, self._rate.at(step))

    def state(self) -> dict[str, Any]:
        """Weights and moments."""
        return {"network": self.network.state_dict(), "adam": self._adam.state_dict()}

    def restore(self, state: dict[str, Any]) -> None:
        """Take them back."""
        self.network.load_state_dict(state["network"])
        self._adam.load_state_dict(state["adam"])


def build_sight(preset: Preset, seed: int) -> FrameEncoder:
    """Return an untrained frame encoder of a preset's size."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return FrameEncoder(preset.sizes.sight)


def disturbed(images: Tensor, generator: torch.Generator) -> Tensor:
    """Return pictures with other brightness, contrast and colour balance, and with noise: what cameras differ in.

    Args:
        images: [n, 3, height, width], 0 to 1.
        generator: Where the randomness comes from.
    """

    def drawn(channels: int, low: float, high: float) -> Tensor:
        """One number per picture or per channel."""
        return low + (high - low) * torch.rand(len(images), channels, 1, 1, generator=generator)

    grey = images.mean(dim=(1, 2, 3), keepdim=True)
    changed = (images - grey) * drawn(1, 0.7, 1.3) + grey * drawn(1, 0.8, 1.2)
    changed = changed * drawn(3, 0.9, 1.1) + drawn(1, 0.0, 0.04) * torch.randn(images.shape, generator=generator)
    return changed.clamp(0.0, 1.0)


def save_sight(network: FrameEncoder, folder: Path) -> None:
    """Write the weights in half precision."""
    state = {name: value.half().contiguous().cpu() for name, value in network.state_dict().items()}
    write_atomically(folder / FILE, save(state))


def load_sight(preset: Preset, path: Path) -> tuple[FrameEncoder, str]:
    """Return a trained frame encoder and the hash of its weights.

    Args:
        preset: Its size.
        path: Of the weights.
    """
    network = build_sight(preset, 0)
    network.load_state_dict({name: value.float() for name, value in load_file(path).items()})
    return network.eval().requires_grad_(False), hashlib.sha256(path.read_bytes()).hexdigest()
