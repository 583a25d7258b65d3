"""A trained MotionCLIP: its network with the CLIP that it was aligned to, and what it can do with motions and words."""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from .embedded_files import AlignedClip
from .embedding import ClipName
from .errors import OtherClip
from .network import MotionAutoEncoder, parameter_count
from .presets import Sizes
from .weights import MOTIONCLIP_WEIGHTS, find_weights

_AT_ONCE = 128


class MotionClipModel:
    """A network ready to be asked; the CLIP is loaded when the first text comes."""

    def __init__(
        self,
        network: MotionAutoEncoder,
        clip: AlignedClip,
        clip_folder: Path | None = None,
        words: Collection[str] = (),
    ) -> None:
        """Take a trained network.

        Args:
            network: The network.
            clip: What it was aligned to.
            clip_folder: Where that CLIP's weights are, if they are neither built in nor on the hub.
            words: All words of training's captions.
        """
        self.network, self.clip, self.words = network.eval(), clip, frozenset(words)
        self._clip_folder = clip_folder
        self._encoder: Any = None

    @property
    def fingerprint(self) -> str:
        """A hash of the weights, for references that belong to them."""
        total = hashlib.sha256()
        for name, value in sorted(self.network.state_dict().items()):
            total.update(name.encode() + value.half().cpu().contiguous().numpy().tobytes())
        return total.hexdigest()

    def embed_text(self, texts: Sequence[str]) -> Tensor:
        """Return the CLIP's unit embeddings of texts, [n, latent].

        Raises:
            OtherClip: If the CLIP at hand is not the one the network was aligned to.
            BenchError: If its weights are not at hand.
        """
        embedded: Tensor = self._clip_encoder().text_embedding(list(texts)).float()
        return embedded

    @torch.no_grad()
    def embed_pictures(self, pictures: Tensor) -> Tensor:
        """Return the CLIP's unit embeddings of pictures [n, 3, height, width] with values from 0 to 1, [n, latent].

        Raises:
            OtherClip, BenchError: As ``embed_text``.
        """
        embedded: Tensor = self._clip_encoder().image_embedding(pictures).float()
        return embedded

    def latents_of_texts(self, texts: Sequence[str]) -> Tensor:
        """Return latents that the decoder turns into what the texts say, [n, latent]."""
        return self.network.latents_of(self.embed_text(texts))

    @torch.no_grad()
    def encode(self, windows: NDArray[np.float32]) -> Tensor:
        """Return the latents of windows, [n, frames, 135] -> [n, latent]."""
        parts = [torch.from_numpy(windows[at : at + _AT_ONCE]) for at in range(0, len(windows), _AT_ONCE)]
        return torch.cat([self.network.encode(part) for part in parts])

    @torch.no_grad()
    def decode(self, latents: Tensor, frames: int | None = None) -> Tensor:
        """Return windows of latents, [n, latent] -> [n, frames, 135]."""
        parts = [latents[at : at + _AT_ONCE] for at in range(0, len(latents), _AT_ONCE)]
        return torch.cat([self.network.decode(part, frames) for part in parts])

    def _clip_encoder(self) -> Any:
        if self._encoder is None:
            found = ClipName(self.clip.judge, self._clip_folder).load()
            if found.fingerprint != self.clip.fingerprint:
                raise OtherClip(
                    f"the CLIP at hand is {found.name} ({found.fingerprint[:8]}), the motions were aligned to "
                    f"{self.clip.name} ({self.clip.fingerprint[:8]}); name the folder of that one with --judge-folder, "
                    "or train on this one."
                )
            self._encoder = found
        return self._encoder


def save_model(network: MotionAutoEncoder, clip: AlignedClip, about: Mapping[str, Any], folder: Path) -> None:
    """Write weights in half precision, and the configuration that they belong to.

    Args:
        network: What was trained.
        clip: What it was aligned to.
        about: What it learned from: ``words``, all those of training's captions, and ``trained_on``, the names of the
            data.
        folder: Where they go.
    """
    said = {"sizes": asdict(network.sizes), "latent": network.latent, "clip": asdict(clip)}
    MOTIONCLIP_WEIGHTS.write(folder, network.state_dict(), {**said, "parameters": parameter_count(network), **about})


def load_model(folder: Path | None = None, clip_folder: Path | None = None) -> MotionClipModel:
    """Return a trained model.

    Args:
        folder: Of weights; ``None``: those of this package.
        clip_folder: Of the CLIP's weights, if they are neither built in nor on the hub.

    Raises:
        NoWeights: If there are none, or none of this version.
    """
    found = find_weights(folder)
    config, state = MOTIONCLIP_WEIGHTS.read_config(found), MOTIONCLIP_WEIGHTS.read_state(found)
    try:
        network = MotionAutoEncoder(Sizes(**config["sizes"]), int(config["latent"]))
        network.load_state_dict(state)
        return MotionClipModel(network, AlignedClip(**config["clip"]), clip_folder, config["words"])
    except (RuntimeError, KeyError, TypeError, ValueError) as error:
        raise MOTIONCLIP_WEIGHTS.damaged(found, error) from error
