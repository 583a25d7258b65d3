"""A question judge's image encoder as a judge of its own: what it sees before anything is asked."""

import hashlib
from collections.abc import Sequence
from functools import cached_property

import torch
from torch import Tensor

from .frozen_judge import FrozenJudge
from .judge import Ability, Embedding


class PictureJudge(FrozenJudge):
    """The image encoder of BLIP-2 or InstructBLIP alone; ``QuestionJudge.pictures_alone`` makes it.

    For the ablation of SMT that compares image features in place of the language model's encoder states.
    """

    abilities = frozenset[Ability]({"embed"})

    @cached_property
    def fingerprint(self) -> str:
        """Another one than the whole judge's, whose weights it shares."""
        return hashlib.sha256(f"{super().fingerprint} pictures".encode()).hexdigest()

    def embed(self, frames: Tensor, prompts: Sequence[str]) -> Embedding:
        """Return the image encoder's last hidden states, the class token and one per patch, as the Q-Former reads them.

        Args:
            frames: [n, 3, height, width], 0 to 1; the result is differentiable in them.
            prompts: Not read: no question reaches an image encoder.
        """
        states = self.model.vision_model(pixel_values=self._pixels(frames)).last_hidden_state
        return Embedding(states, torch.ones(states.shape[:2], dtype=torch.bool, device=states.device))
