"""From rendered frames to what a vision encoder was trained on: resize, crop, normalise, with gradients.

The same steps as the image processors of ``transformers`` (PIL), which cut the gradient and round to bytes after every
pass of the resampling; the difference is below two grey levels of 255. (Pillow 13 takes the cheaper pass first, which
tells only where bicubic overshoot is cut off in pictures much higher than wide. Here, as before, rows come first.)
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import torch
from torch import Tensor
from torch.nn.functional import interpolate

from .errors import NotAJudge

CLIP_MEAN = (0.48145466, 0.4578275, 0.40821073)
CLIP_STD = (0.26862954, 0.26130258, 0.27577711)
"""Mean and standard deviation of CLIP's training pictures, red green blue; BLIP-2 and InstructBLIP took them over."""

_MODES: dict[int, Literal["bicubic", "bilinear"]] = {2: "bilinear", 3: "bicubic"}


@dataclass(frozen=True)
class Preprocessing:
    """What is done to a frame of any size before the network sees it."""

    height_px: int
    width_px: int
    fit: Literal["stretch", "crop"] = "stretch"
    """``stretch``: to this size whatever the shape (BLIP-2). ``crop``: shortest edge first, then the middle (CLIP)."""
    shortest_px: int = 0
    """Length of the shortest edge before cropping; 0: the smaller of height and width."""
    mode: Literal["bicubic", "bilinear"] = "bicubic"
    mean: tuple[float, ...] = CLIP_MEAN
    std: tuple[float, ...] = CLIP_STD

    def __call__(self, frames: Tensor) -> Tensor:
        """Return normalised pictures, [n, 3, height_px, width_px].

        Args:
            frames: [n, 3, height, width], 0 to 1.
        """
        fitted = self._crop(frames) if self.fit == "crop" else self._resize(frames, self.height_px, self.width_px)
        mean, std = (torch.tensor(v, dtype=frames.dtype, device=frames.device) for v in (self.mean, self.std))
        return (fitted - mean[:, None, None]) / std[:, None, None]

    def _resize(self, frames: Tensor, height: int, width: int) -> Tensor:
        for size in ((frames.shape[-2], width), (height, width)):  # PIL: first along the rows, then along the columns
            if frames.shape[-2:] != size:
                frames = interpolate(frames, size, mode=self.mode, antialias=True, align_corners=False)
                frames = frames.clamp(0.0, 1.0)  # bicubic overshoots at edges; bytes cannot
        return frames

    def _crop(self, frames: Tensor) -> Tensor:
        height, width = frames.shape[-2:]
        shortest = self.shortest_px or min(self.height_px, self.width_px)
        short = min(height, width)
        frames = self._resize(frames, height * shortest // short, width * shortest // short)
        top, left = (frames.shape[-2] - self.height_px) // 2, (frames.shape[-1] - self.width_px) // 2
        return frames[..., top : top + self.height_px, left : left + self.width_px]


def read_preprocessing(folder: Path, default: Preprocessing) -> Preprocessing:
    """Return the preprocessing that a saved model asks for, or the default where it says nothing.

    Args:
        folder: Holds ``preprocessor_config.json`` or ``processor_config.json``, or neither.
        default: Used for everything that the files leave open.

    Raises:
        NotAJudge: If a file is damaged or asks for steps that are not offered here.
    """
    for name, section in (("preprocessor_config.json", None), ("processor_config.json", "image_processor")):
        path = folder / name
        if not path.is_file():
            continue
        try:
            settings = json.loads(path.read_text(encoding="utf-8"))
            settings = settings.get(section) if section else settings
            if settings:
                return _from_settings(settings, default)
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise NotAJudge(f"{path} cannot be used: {error}; expected the image processor of a saved model.") from None
    return default


def _from_settings(settings: dict[str, Any], default: Preprocessing) -> Preprocessing:
    if not settings.get("do_rescale", True) or abs(settings.get("rescale_factor", 1 / 255) * 255 - 1) > 1e-6:
        raise ValueError("it wants pictures that do not run from 0 to 1")
    resample = settings.get("resample", 3)
    if resample not in _MODES:
        raise ValueError(f"it resizes by rule {resample}; offered are 2 (bilinear) and 3 (bicubic)")
    normalise = settings.get("do_normalize", True)
    mean = tuple(settings.get("image_mean") or default.mean) if normalise else (0.0, 0.0, 0.0)
    std = tuple(settings.get("image_std") or default.std) if normalise else (1.0, 1.0, 1.0)
    size: Any = settings.get("size") or {"height": default.height_px, "width": default.width_px}
    if isinstance(size, int):  # older files
        size = {"shortest_edge": size} if default.fit == "crop" else {"height": size, "width": size}
    crop: Any = settings.get("crop_size") if settings.get("do_center_crop", default.fit == "crop") else None
    if isinstance(crop, int):
        crop = {"height": crop, "width": crop}
    if "shortest_edge" in size:
        edge = int(size["shortest_edge"])
        crop = crop or {"height": edge, "width": edge}
        if edge < max(int(crop["height"]), int(crop["width"])):
            raise ValueError(f"it cuts {crop['height']} x {crop['width']} out of pictures {edge} pixels small")
        return Preprocessing(int(crop["height"]), int(crop["width"]), "crop", edge, _MODES[resample], mean, std)
    height, width = int(size["height"]), int(size["width"])
    if crop and (int(crop["height"]), int(crop["width"])) != (height, width):
        raise ValueError(f"it stretches to {height} x {width} and then crops; offered is one or the other")
    return Preprocessing(height, width, "stretch", 0, _MODES[resample], mean, std)
