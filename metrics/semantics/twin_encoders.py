"""What CLIP and OpenCLIP share: one encoder for pictures, one for texts, one space."""

from abc import abstractmethod
from collections.abc import Sequence

import torch
from torch import Tensor
from torch.nn.functional import normalize

from .frozen_judge import FrozenJudge
from .judge import Ability, Embedding


class TwinEncoders(FrozenJudge):
    """A judge that is asked nothing: it knows pictures by their nearness to texts."""

    abilities = frozenset[Ability]({"embed", "images", "texts"})

    def embed(self, frames: Tensor, prompts: Sequence[str]) -> Embedding:
        """Return one token per frame, [n, 1, width]: the unit image embedding times the root of its width.

        So scaled, the mean square of an element is 1, whatever the width, as in states behind a layer norm; ``scl`` is
        then 2 - 2 cos, and the kernel of ``kid`` (1 + cos)^3.
        """
        units = self.image_embedding(frames)
        states = (units * units.shape[-1] ** 0.5)[:, None]
        return Embedding(states, torch.ones(states.shape[:2], dtype=torch.bool, device=states.device))

    def image_embedding(self, frames: Tensor) -> Tensor:
        """Return unit vectors of the frames, [n, width]; differentiable in them."""
        return normalize(self._encode_images(self._pixels(frames)), dim=-1)

    @torch.no_grad()
    def text_embedding(self, texts: Sequence[str]) -> Tensor:
        """Return unit vectors of texts, [m, width]; a text beyond the encoder's length is cut."""
        return normalize(self._encode_texts(texts), dim=-1)

    @abstractmethod
    def _encode_images(self, pixels: Tensor) -> Tensor: ...

    @abstractmethod
    def _encode_texts(self, texts: Sequence[str]) -> Tensor: ...
