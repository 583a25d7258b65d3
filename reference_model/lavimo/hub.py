"""Backbones of ``transformers`` by hub id or folder: DistilBERT and its like for texts, CLIP for frames. Frozen."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from ...metrics.semantics.clip import ClipJudge, open_clip_model
from ...metrics.semantics.errors import NotAJudge
from ...metrics.semantics.pretrained import load_model, load_tokenizer
from ...metrics.semantics.source import JudgeSource
from .errors import NoBackbone

_WANTED = ["*.json", "*.safetensors", "*.txt", "*.model"]


def backbone_folder(named: str, option: str) -> Path:
    """Return the folder with a backbone's files, fetched from the hub if need be.

    Args:
        named: A folder, or a hub id ``owner/name`` or ``owner/name@revision``.
        option: The flag that names it, for the message.

    Raises:
        NoBackbone: If it is neither here nor to be had.
    """
    if Path(named).is_dir():
        return Path(named)
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HFValidationError

    hub_id, _, revision = named.partition("@")
    try:
        return Path(snapshot_download(hub_id, revision=revision or None, allow_patterns=_WANTED))
    except HFValidationError:
        kind = "folder" if os.sep in named else "hub id (owner/name)"
        raise NoBackbone(
            f"{option} {named}: there is no such {kind}; name a folder that a model was saved into."
        ) from None
    except (OSError, ValueError) as error:  # unknown, offline, cut off, or not in the cache
        raise NoBackbone(
            f"{option} {named}: the weights are not on this machine and the hub does not give them "
            f"({type(error).__name__}); where there is network run `hf download {hub_id} --local-dir FOLDER`, bring "
            f"the folder here and write {option} FOLDER, or leave the flag out with --preset tiny."
        ) from error


class HubText(nn.Module):
    """A text model of ``transformers``: the states of all tokens; the first one stands for the sentence."""

    def __init__(self, named: str, longest: int, *, tuned: bool = False, option: str = "--text") -> None:
        """Load a model and its tokenizer.

        Args:
            named: Hub id or folder.
            longest: Most tokens of a text; a longer one is cut.
            tuned: Whether it is trained on; else it is frozen, without dropout.
            option: The flag that names it, for messages.

        Raises:
            NoBackbone: If it is not at hand, or the folder holds no such model.
        """
        super().__init__()
        from transformers import AutoModel

        folder = backbone_folder(named, option)
        try:
            model: Any = load_model(AutoModel, folder, JudgeSource())
            self._tokenizer = load_tokenizer(folder)
        except NotAJudge as error:
            raise NoBackbone(f"{option} {named}: {error.args[0]}") from error
        self.model, self.longest, self.tuned = model, longest, tuned
        self.width = int(model.config.hidden_size)
        self.requires_grad_(tuned)

    def train(self, mode: bool = True) -> "HubText":
        """A frozen model stays as it is."""
        return super().train(mode and self.tuned)

    def numbers(self, texts: Sequence[str]) -> tuple[Tensor, Tensor]:
        """Return token numbers and which are no padding, [texts, tokens] each."""
        read = self._tokenizer(list(texts), padding=True, truncation=True, max_length=self.longest, return_tensors="pt")
        return read["input_ids"], read["attention_mask"].bool()

    def forward(self, ids: Tensor, counted: Tensor) -> Tensor:
        """Return the states of all tokens, [texts, tokens, width]."""
        with torch.set_grad_enabled(self.tuned and torch.is_grad_enabled()):
            return self.model(input_ids=ids, attention_mask=counted.long()).last_hidden_state


class HubVision(nn.Module):
    """CLIP's picture encoder, frozen: one vector per frame, not normalised to length 1 by us but by CLIP's judge."""

    def __init__(self, named: str, option: str = "--vision") -> None:
        """Load a CLIP.

        Args:
            named: Hub id or folder.
            option: The flag that names it, for messages.

        Raises:
            NoBackbone: If it is not at hand, or the folder holds no CLIP.
        """
        super().__init__()
        folder = backbone_folder(named, option)
        try:
            self._judge: ClipJudge = open_clip_model(folder, JudgeSource(), "backbone")
        except NotAJudge as error:
            raise NoBackbone(f"{option} {named}: {error.args[0]}") from error
        self.model = self._judge.model
        self.width = int(self.model.config.projection_dim)
        self.requires_grad_(False)

    @property
    def fingerprint(self) -> str:
        """A hash of the weights and the preprocessing."""
        return self._judge.fingerprint

    def forward(self, images: Tensor) -> Tensor:
        """Return the vectors of pictures, [n, width], of length 1 as CLIP compares them.

        Args:
            images: [n, 3, height, width], 0 to 1, any size; resized and normalised as CLIP was trained.
        """
        return self._judge.image_embedding(images)
