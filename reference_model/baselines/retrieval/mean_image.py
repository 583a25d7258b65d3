"""The baseline of a video: the mean of what a CLIP makes of its pictures, nearest among rendered motions and texts.

It knows no time: a motion and the same motion played backwards are one. Whatever beats it reads more than poses.
"""

import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol, cast

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import normalize

from ....datasets.body import Character, Motion, Skeleton
from ....datasets.body.proxy_skin import proxy_skin
from ....datasets.errors import BenchError
from ....datasets.intents.bodies import load_body
from ....datasets.readers.video import Video, squared
from ....metrics.semantics.judge import Looking
from ....metrics.semantics.registry import find_judge
from ....metrics.semantics.showing import show_motion, stage
from ...trained_weights import named_folder
from ..cards import method_card

JUDGE, FOLDER = "RETRIEVAL_JUDGE", "RETRIEVAL_JUDGE_FOLDER"
"""Environment variables: the judge as `--judge` names it (``clip``, ``clip:openai/clip-vit-base-patch32``), and the
folder of its weights, if it is no hub id."""
FRAMES = 8
"""Pictures of a video or a motion, evenly spread, first and last included."""
SKIN = "average_man"
"""The built-in body whose mesh bare skeletons of the gallery wear."""


class NoClip(BenchError):
    """The baseline of videos, without a judge that puts pictures and texts into one space."""

    rule = "M033"


class Clip(Protocol):
    """What is asked of a judge."""

    looking: Looking

    def image_embedding(self, frames: Tensor) -> Tensor:
        """Return unit vectors of pictures [n, 3, height, width], 0 to 1: [n, width]."""

    def text_embedding(self, texts: Sequence[str]) -> Tensor:
        """Return unit vectors of texts, [n, width]."""


class MeanImage:
    """Mean image embedding of videos and of rendered motions, text embedding of captions, all of one CLIP.

    All motions of a test are rendered and embedded in one call: on a CPU give it time with ``--timeout-s 7200``.
    """

    @property
    def card(self) -> Mapping[str, Any]:
        """The card. The judge is part of the version: two judges are two methods."""
        judge, folder = os.environ.get(JUDGE) or "no judge named", os.environ.get(FOLDER)
        told = f"{judge} in {Path(folder).name}" if folder else judge
        trained_on = (f"the training data of {told}",)
        return method_card("retrieval-mean-image", f"1, {told}", parameters=None, trained_on=trained_on)

    def embed_text(self, captions: Sequence[str], *, seed: int) -> Tensor:
        """Return the judge's vectors of captions, [captions, width]."""
        with torch.no_grad():
            return self._clip.text_embedding(list(captions)).float()

    def embed_motion(self, motions: Sequence[Motion], *, seed: int) -> Tensor:
        """Return the mean vectors of motions, each rendered from the front in the skin of one body, [motions, width].

        Raises:
            UnmappedJoints: If a skeleton is no humanoid.
        """
        clip = self._clip
        looking = replace(clip.looking, views=("front",), frames=FRAMES, crop="full-body")
        renderer = stage(looking)
        skins = _Skins()
        return torch.stack(
            [self._mean(show_motion(skins.of(motion.skeleton), motion, looking, renderer)) for motion in motions]
        )

    def embed_video(self, videos: Sequence[Video], *, seed: int) -> Tensor:
        """Return the mean vectors of videos, [videos, width]; of wide ones the middle is seen, high ones whole."""
        side = self._clip.looking.size_px
        found = []
        for video in videos:
            chosen = np.linspace(0, len(video.frames) - 1, FRAMES).round().astype(int)
            pictures = squared(video.frames[chosen], side).transpose(0, 3, 1, 2)
            found.append(self._mean(torch.from_numpy(np.ascontiguousarray(pictures)).float() / 255))
        return torch.stack(found)

    def _mean(self, pictures: Tensor) -> Tensor:
        with torch.no_grad():
            return normalize(self._clip.image_embedding(pictures).float().mean(dim=0), dim=0)

    @cached_property
    def _clip(self) -> Clip:
        name, folder = os.environ.get(JUDGE), named_folder(FOLDER)
        if not name:
            raise NoClip(
                f"retrieval-mean-image needs a CLIP, and {JUDGE} is not set; name one as --judge does, for example "
                f"{JUDGE}=clip:openai/clip-vit-base-patch32, with {FOLDER} where its weights lie in a folder."
            )
        judge = find_judge(name, folder).load()
        if not {"images", "texts"} <= set(judge.abilities):
            can = ", ".join(sorted(judge.abilities))
            raise NoClip(f"the judge '{name}' can {can}; retrieval-mean-image needs one of images and texts: a CLIP.")
        return cast(Clip, judge)


class _Skins:
    """Skeletons with a mesh, made once each."""

    def __init__(self) -> None:
        self._made: dict[int, tuple[Skeleton, Character]] = {}

    def of(self, skeleton: Skeleton) -> Character:
        """Return a character on a skeleton; the skeleton is kept, so that its id stays its own."""
        if id(skeleton) not in self._made:
            self._made[id(skeleton)] = skeleton, proxy_skin(skeleton, load_body(SKIN), SKIN)
        return self._made[id(skeleton)][1]


MEAN_IMAGE = MeanImage()
