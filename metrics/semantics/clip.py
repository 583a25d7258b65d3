"""The judge ``clip``: CLIP through ``transformers``."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from torch import Tensor
from transformers import CLIPModel

from .checkpoint import expect, find_checkpoint, label_of, read_config
from .frozen_judge import Parts
from .judge import Looking
from .preprocessing import Preprocessing, read_preprocessing
from .pretrained import load_model, load_tokenizer
from .source import JudgeSource
from .twin_encoders import TwinEncoders

DEFAULT = "openai/clip-vit-large-patch14"


class ClipJudge(TwinEncoders):
    """CLIP; OpenCLIP checkpoints that were converted to this format load here too, without open_clip."""

    def _encode_images(self, pixels: Tensor) -> Tensor:
        return _tensor(self.model.get_image_features(pixel_values=pixels))

    def _encode_texts(self, texts: Sequence[str]) -> Tensor:
        ids, counted = self._tokens(texts, most=self.model.config.text_config.max_position_embeddings)
        return _tensor(self.model.get_text_features(input_ids=ids, attention_mask=counted))


def load(source: JudgeSource) -> ClipJudge:
    """Return the judge of kind ``clip``.

    Raises:
        BenchError: If the weights are missing or another model's.
    """
    return open_clip_model(find_checkpoint(source, "clip", DEFAULT), source, label_of(source, DEFAULT))


def open_clip_model(
    folder: Path, source: JudgeSource, label: str, name: str = "", looking: Looking | None = None
) -> ClipJudge:
    """Return the CLIP saved in a folder; a package that ships one gives it its fixed name here.

    Args:
        folder: Holds a saved ``CLIPModel`` and its tokenizer.
        source: Device and precision.
        label: Short name of the weights.
        name: Full name of the judge; empty: label and fingerprint.
        looking: How it wants to be shown a clip.

    Raises:
        NotAJudge: If the folder holds no CLIP.
    """
    config = read_config(folder)
    expect(folder, config, "clip", "CLIPModel")
    model = load_model(CLIPModel, folder, source)
    size = int(config.get("vision_config", {}).get("image_size", 224))
    preprocessing = read_preprocessing(folder, Preprocessing(size, size, "crop", size))
    return ClipJudge(Parts(model, {"text": load_tokenizer(folder)}, preprocessing, label, name, looking, folder))


def _tensor(features: Any) -> Tensor:
    """``transformers`` 5 wraps what version 4 returned bare."""
    return features if isinstance(features, Tensor) else features.pooler_output
