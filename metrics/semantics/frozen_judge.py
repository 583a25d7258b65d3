"""What all adapters share: a frozen network, its name, its fingerprint, and frames on their way into it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from .declarations import REFERENCE_FILE
from .errors import LacksAbility
from .fingerprint import fingerprint
from .judge import Ability, Embedding, Looking, check_frames
from .preprocessing import Preprocessing


@dataclass(frozen=True)
class Parts:
    """What an adapter is made of."""

    model: nn.Module
    tokenizers: Mapping[str, Any]
    """``text`` and, for InstructBLIP, ``qformer``."""
    preprocessing: Preprocessing
    label: str
    """Short name of the weights."""
    name: str = ""
    """The judge's full name, for weights that a package ships under a fixed one; else label and fingerprint."""
    looking: Looking | None = None
    """How it wants to be shown a clip; ``None``: one front view, 8 frames, as large as its network's input."""
    folder: Path | None = None
    """Where the weights were read from."""


class FrozenJudge:
    """Base of the adapters; a method that an adapter does not have raises ``LacksAbility``."""

    abilities: frozenset[Ability] = frozenset()

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self.model: Any = parts.model.eval().requires_grad_(False)
        self.looking = parts.looking or Looking(
            size_px=min(parts.preprocessing.height_px, parts.preprocessing.width_px)
        )

    @cached_property
    def fingerprint(self) -> str:
        """A hash of weights, vocabularies and preprocessing; computed when first asked for."""
        vocabularies = [tokenizer.get_vocab() for tokenizer in self._parts.tokenizers.values()]
        return fingerprint(self.model.state_dict(), vocabularies, self._parts.preprocessing)

    @property
    def name(self) -> str:
        """The fixed name, or the label with the first eight digits of the fingerprint."""
        return self._parts.name or f"{self._parts.label}~{self.fingerprint[:8]}"

    @property
    def fid_reference(self) -> Path | None:
        """The reference for ``fid`` that lies beside the weights, if one does."""
        path = self._parts.folder / REFERENCE_FILE if self._parts.folder else None
        return path if path is not None and path.is_file() else None

    def embed(self, frames: Tensor, prompts: Sequence[str]) -> Embedding:
        """Return the embedding of each frame under its prompt."""
        raise self._cannot("embed pictures")

    def answers(self, frames: Tensor, prompts: Sequence[str]) -> list[str]:
        """Return the answer to each frame's prompt."""
        raise self._cannot("answer questions")

    def match(self, frames: Tensor, texts: Sequence[str]) -> Tensor:
        """Return the probability that text i describes frame i, [n]."""
        raise self._cannot("score how well a text matches a picture")

    def image_embedding(self, frames: Tensor) -> Tensor:
        """Return unit vectors of the frames, [n, width]."""
        raise self._cannot("put pictures into a space shared with texts")

    def text_embedding(self, texts: Sequence[str]) -> Tensor:
        """Return unit vectors of texts, [m, width]."""
        raise self._cannot("put texts into a space shared with pictures")

    def _cannot(self, what: str) -> LacksAbility:
        can = ", ".join(sorted(self.abilities))
        return LacksAbility(f"the judge {self.name} ({type(self.model).__name__}) cannot {what}; it can: {can}.")

    @property
    def _device(self) -> torch.device:
        return next(self.model.parameters()).device

    def _pixels(self, frames: Tensor, texts: Sequence[str] | None = None) -> Tensor:
        check_frames(frames, texts)
        weights = next(self.model.parameters())
        return self._parts.preprocessing(frames.to(weights.device)).to(weights.dtype)

    def _tokens(self, texts: Sequence[str], tokenizer: str = "text", most: int | None = None) -> tuple[Tensor, Tensor]:
        """Token ids and the mask of the real ones, padded on the right, int [n, tokens]."""
        coded = self._parts.tokenizers[tokenizer](
            list(texts), padding=True, padding_side="right", truncation=most is not None, max_length=most,
            return_tensors="pt",
        )  # fmt: skip
        return coded["input_ids"].to(self._device), coded["attention_mask"].to(self._device)
