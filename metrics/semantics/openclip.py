"""The judge ``openclip``: any OpenCLIP model through ``open_clip_torch``, which this package does not install.

open_clip needs torchvision, and a torchvision of another build than torch (a CUDA wheel beside a CPU torch) does not
import and breaks ``transformers`` with it. So torchvision is in no requirement of this package but the extra's, and
open_clip is imported nowhere but here, when this judge is asked for.
"""

import importlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from torch import Tensor

from .checkpoint import find_checkpoint, label_of, read_config
from .errors import MissingExtra, NotAJudge
from .frozen_judge import Parts
from .preprocessing import CLIP_MEAN, CLIP_STD, Preprocessing
from .source import JudgeSource
from .twin_encoders import TwinEncoders

DEFAULT = "laion/CLIP-ViT-B-32-laion2B-s34B-b79K"
_PRECISION = {"float32": "fp32", "float64": "fp64", "bfloat16": "pure_bf16", "float16": "pure_fp16"}


class OpenClipJudge(TwinEncoders):
    """An OpenCLIP model with its own tokenizer."""

    def __init__(self, parts: Parts, tokenizer: Any) -> None:
        super().__init__(parts)
        self._tokenizer = tokenizer

    def _encode_images(self, pixels: Tensor) -> Tensor:
        return self.model.encode_image(pixels)

    def _encode_texts(self, texts: Sequence[str]) -> Tensor:
        return self.model.encode_text(self._tokenizer(list(texts)).to(self._device))


def load(source: JudgeSource) -> OpenClipJudge:
    """Return the judge of kind ``openclip``.

    Raises:
        MissingExtra: If open_clip is not installed, or is beside a torchvision of another build than torch.
        BenchError: If the weights are missing or another model's.
    """
    library = import_open_clip()
    folder = find_checkpoint(source, "openclip", DEFAULT)
    config = read_config(folder, "open_clip_config.json")
    if source.precision == "float64":
        raise NotAJudge("open_clip has no float64 models; take float32, bfloat16 or float16.")
    named = f"local-dir:{folder}"
    try:
        model = library.create_model(named, precision=_PRECISION[source.precision], device=source.device)
        tokenizer = library.get_tokenizer(named)
    except (OSError, ValueError, RuntimeError, KeyError, TypeError) as error:
        reason = str(error).strip().splitlines() or [type(error).__name__]
        raise NotAJudge(f"{folder} cannot be loaded as an OpenCLIP model: {reason[0]}") from error
    preprocessing = _preprocessing(config.get("preprocess_cfg", {}), model.visual.image_size, folder)
    return OpenClipJudge(Parts(model, {}, preprocessing, label_of(source, DEFAULT), folder=folder), tokenizer)


def import_open_clip() -> Any:
    """Return the module ``open_clip``.

    Raises:
        MissingExtra: With what to install, or what is broken.
    """
    try:
        return importlib.import_module("open_clip")
    except ModuleNotFoundError as error:
        raise MissingExtra(
            f"the judge openclip needs {error.name}; install torch and torchvision of one build, then "
            "`pip install 'retargetbench[openclip]'`. Without it, the judge clip loads CLIP checkpoints."
        ) from None
    except (ImportError, RuntimeError, OSError) as error:
        raise MissingExtra(
            f"open_clip is installed and cannot be imported ({str(error).splitlines()[0]}); torchvision is most likely "
            "of another build than torch: install both of one build, or uninstall torchvision."
        ) from error


def _preprocessing(settings: dict[str, Any], image_size: Any, folder: Path) -> Preprocessing:
    size = settings.get("size", image_size)
    height, width = (int(size), int(size)) if isinstance(size, int) else (int(size[0]), int(size[1]))
    fit = {"shortest": "crop", "squash": "stretch"}.get(settings.get("resize_mode", "shortest"))
    mode = settings.get("interpolation", "bicubic")
    if fit is None or mode not in ("bicubic", "bilinear"):
        raise NotAJudge(
            f"{folder} wants pictures resized by '{settings.get('resize_mode')}', '{mode}'; offered are shortest or "
            "squash, bicubic or bilinear."
        )
    mean, std = tuple(settings.get("mean", CLIP_MEAN)), tuple(settings.get("std", CLIP_STD))
    return Preprocessing(height, width, "crop" if fit == "crop" else "stretch", 0, mode, mean, std)
