"""The network: three encoders into one space; in training also the fusion and the decoder behind it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn.functional import normalize

from .alignment import COLDEST, FIRST_TEMPERATURE, WARMEST
from .fusion import MotionDecoder, MotionQueryFusion
from .layers import Encoded, MomentEncoder, Sizing, encoder_layers
from .motion_features import FPS, WIDTH
from .presets import Plan, Sizes
from .tokens import Pieces


class TextBackbone(Protocol):
    """From texts to the states of their tokens; a module of torch."""

    width: int

    def numbers(self, texts: Sequence[str]) -> tuple[Tensor, Tensor]:
        """Return token numbers and which are no padding, [texts, tokens] each."""

    def __call__(self, ids: Tensor, counted: Tensor) -> Tensor:
        """Return the states of all tokens, the sentence's first, [texts, tokens, width]."""


class SmallText(nn.Module):
    """The built-in text backbone: a small transformer over word pieces, trained with everything else."""

    def __init__(self, sizes: Sizes, pieces: Pieces) -> None:
        """Make the layers.

        Args:
            sizes: Of the preset.
            pieces: The vocabulary.
        """
        super().__init__()
        self.pieces, self.width = pieces, sizes.shared
        self.words = nn.Embedding(len(pieces), sizes.shared)
        nn.init.normal_(self.words.weight, std=sizes.shared**-0.5)
        self.places = nn.Parameter(torch.randn(_MOST_TOKENS, sizes.shared) * sizes.shared**-0.5)
        self.layers = encoder_layers(sizing_of(sizes, sizes.text_layers))
        self.norm = nn.LayerNorm(sizes.shared)

    def numbers(self, texts: Sequence[str]) -> tuple[Tensor, Tensor]:
        """Return token numbers and which are no padding, [texts, tokens] each."""
        ids, counted = self.pieces(texts)
        return torch.from_numpy(ids), torch.from_numpy(counted)

    def forward(self, ids: Tensor, counted: Tensor) -> Tensor:
        """Return the states of all tokens, [texts, tokens, width]."""
        states = self.words(ids) + self.places[: ids.shape[1]]
        return self.norm(self.layers(states, src_key_padding_mask=~counted))


_MOST_TOKENS = 128
_MOST = 10.0
"""Largest normalised number of a motion, in deviations: a jump in a recording is no reason to lose the rest."""


@dataclass(frozen=True, eq=False)
class Given:
    """A batch as the network takes it; what a caller does not have is left out."""

    motion: Tensor | None = None
    """Motion features, not normalised, zeros behind the end, [items, frames, 263]."""
    motion_frames: Tensor | None = None
    """How many of them are real, int64 [items]."""
    ids: Tensor | None = None
    """Token numbers, [items, tokens]."""
    counted: Tensor | None = None
    """Which tokens are no padding, bool [items, tokens]."""
    frames: Tensor | None = None
    """Features of the videos' frames from the vision backbone, [items, frames, width]."""
    times_s: Tensor | None = None
    """When each of them is, [items, frames]."""

    def to(self, device: str) -> "Given":
        """Return the batch on a device."""
        return replace(self, **{name: value.to(device) for name, value in vars(self).items() if value is not None})


class LavimoNetwork(nn.Module):
    """Text, video and motion encoders; with ``training_parts`` also the fusion and the decoder."""

    statistics: Tensor
    frame_statistics: Tensor

    def __init__(self, plan: Plan, text: nn.Module, frame_width: int, *, training_parts: bool = True) -> None:
        """Make the layers.

        Args:
            plan: Sizes and switches.
            text: A ``TextBackbone``.
            frame_width: Width of a frame's features.
            training_parts: Whether what only training needs is made.
        """
        super().__init__()
        sizes, switches = plan.preset.sizes, plan.switches
        self.plan, self.stride = plan, sizes.motion_stride
        self.text = text
        self.text_head = nn.Linear(int(text.width), sizes.shared)  # type: ignore[arg-type]
        self.motion = MomentEncoder(WIDTH * self.stride, sizing_of(sizes, sizes.motion_layers))
        self.register_buffer("statistics", torch.stack([torch.zeros(WIDTH), torch.ones(WIDTH)]))
        self.register_buffer("frame_statistics", torch.stack([torch.zeros(frame_width), torch.ones(frame_width)]))
        names = ["motion", "text"]
        if switches.modalities == "three":
            self.video = MomentEncoder(frame_width, sizing_of(sizes, sizes.video_layers))
            names.append("video")
        self.log_temperature = nn.Parameter(torch.tensor(FIRST_TEMPERATURE).log())
        self.fusion = self.decoder = None
        if training_parts and switches.reconstruction:
            if switches.fusion != "off":
                self.fusion = MotionQueryFusion(sizing_of(sizes, 1), tuple(names))
            self.decoder = MotionDecoder(sizing_of(sizes, sizes.decoder_layers), WIDTH * self.stride)

    @property
    def temperature(self) -> Tensor:
        """The learned temperature within its bounds."""
        return self.log_temperature.exp().clamp(COLDEST, WARMEST)

    @property
    def has_video(self) -> bool:
        """Whether videos are understood."""
        return hasattr(self, "video")

    def measure(self, mean: NDArray[np.float32], deviation: NDArray[np.float32]) -> None:
        """Take over what motion features are normalised with, [263] each."""
        self.statistics.copy_(torch.from_numpy(np.stack([mean, deviation])))

    def measure_frames(self, mean: NDArray[np.float32], deviation: NDArray[np.float32]) -> None:
        """Take over what features of frames are normalised with, [width] each."""
        self.frame_statistics.copy_(torch.from_numpy(np.stack([mean, deviation])))

    def encode_text(self, ids: Tensor, counted: Tensor) -> Encoded:
        """Return vectors and tokens of texts: a linear head on the backbone's states, the first of them the vector."""
        states = self.text_head(self.text(ids, counted))
        return Encoded(states[:, 0], states, counted)

    def encode_motion(self, moments: Tensor, times_s: Tensor, counted: Tensor) -> Encoded:
        """Return vectors and tokens of motions, given as ``moments`` returns them."""
        return self.motion(moments, times_s, counted)

    def encode_video(self, frames: Tensor, times_s: Tensor) -> Encoded:
        """Return vectors and tokens of videos: frames' features [items, frames, width], moments [items, frames]."""
        normal = ((frames - self.frame_statistics[0]) / self.frame_statistics[1]).clamp(-6, 6)
        return self.video(normal, times_s, torch.ones_like(times_s, dtype=torch.bool))

    def moments(self, motion: Tensor, frames: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Return motions as the encoder reads them: ``stride`` normalised frames side by side are one moment.

        Args:
            motion: Features, [items, frames, 263].
            frames: How many are real, [items].

        Returns:
            Moments [items, moments, stride * 263] with zeros behind the end, when they are [items, moments], and which
            are real, bool [items, moments].
        """
        real = torch.arange(motion.shape[1], device=motion.device) < frames[:, None]
        normal = ((motion - self.statistics[0]) / self.statistics[1]).clamp(-_MOST, _MOST) * real[..., None]
        spare = -motion.shape[1] % self.stride
        normal = nn.functional.pad(normal, (0, 0, 0, spare)).unflatten(1, (-1, self.stride)).flatten(2)
        index = torch.arange(normal.shape[1], device=motion.device)
        times = ((index + 0.5) * self.stride - 0.5) / FPS
        return normal, times.expand(len(motion), -1), index * self.stride < frames[:, None]

    @torch.no_grad()
    def embed(self, given: Given) -> dict[str, Tensor]:
        """Return unit vectors of what is given, by modality, [items, width]."""
        found: dict[str, Tensor] = {}
        if given.ids is not None and given.counted is not None:
            found["text"] = self.encode_text(given.ids, given.counted).vectors
        if given.motion is not None and given.motion_frames is not None:
            found["motion"] = self.encode_motion(*self.moments(given.motion, given.motion_frames)).vectors
        if given.frames is not None and given.times_s is not None:
            found["video"] = self.encode_video(given.frames, given.times_s).vectors
        return {name: normalize(vectors, dim=-1) for name, vectors in found.items()}


def sizing_of(sizes: Sizes, layers: int) -> Sizing:
    """Return so many layers of a preset's width."""
    return Sizing(sizes.shared, layers, sizes.heads, sizes.feed, sizes.dropout)


def padded_motions(features: Sequence[NDArray[np.float32]]) -> tuple[Tensor, Tensor]:
    """Return motions of unlike length as one tensor with zeros behind the ends, and their lengths."""
    frames = np.array([len(own) for own in features], dtype=np.int64)
    motion = np.zeros((len(features), int(frames.max()), WIDTH), np.float32)
    for row, own in enumerate(features):
        motion[row, : len(own)] = own
    return torch.from_numpy(motion), torch.from_numpy(frames)


def state_for_search(network: LavimoNetwork) -> Mapping[str, Tensor]:
    """Return the tensors that embedding needs: no fusion, no decoder, no frozen backbone from the hub."""
    left_out = ("fusion.", "decoder.") + (() if _own_text(network) else ("text.",))
    return {name: value for name, value in network.state_dict().items() if not name.startswith(left_out)}


def _own_text(network: LavimoNetwork) -> bool:
    return isinstance(network.text, SmallText) or bool(getattr(network.text, "tuned", False))
