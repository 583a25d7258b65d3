"""What is trained: each model with the small helpers that only training needs, and its loss on a batch."""

from abc import ABC, abstractmethod
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy, normalize

from ...metrics.semantics.preprocessing import Preprocessing
from .batches import Batch, Words
from .drawing import POINTS
from .losses import contrastive, hard_negatives, points_loss, slots_loss
from .models import LONGEST_TEXT, Sizes, TinyBlip2, build_clip
from .sight import PointMaps
from .slots import SLOTS
from .tokens import tokenizer_of

_SCALE = 2.5
"""Logarithm of the first inverse temperature."""
_MOST_SCALE = 4.0
_MIDDLE = [0.5, 0.5, 0.0]
"""The middle of the picture."""


_WEIGHTS = torch.tensor([5.0 if "Hand" in name else 2.0 if "ForeArm" in name else 1.0 for name in POINTS])
"""Of each point: most of what words say is where the hands are, and they are hardest to see."""


class Trainee(nn.Module, ABC):
    """A model under training."""

    @abstractmethod
    def stacks(self) -> list[nn.Module]:
        """Return the stacks of layers, whose matrices lie between hidden states."""

    @abstractmethod
    def losses(self, batch: Batch, draws: Tensor) -> dict[str, Tensor]:
        """Return the parts of the loss, weighted, by name.

        Args:
            batch: What is shown.
            draws: Numbers between 0 and 1 for choices, [pictures].
        """


class Readout(nn.Module):
    """A linear layer that begins as a constant and divides what it reads by the root of its length.

    Adam moves every weight by the learning rate, so thousands of inputs as they are would throw the output about, and
    what comes back from it would teach the network below nothing.
    """

    def __init__(self, inputs: int, first: list[float]) -> None:
        """Make a layer whose output is ``first`` until it has learned."""
        super().__init__()
        self.linear = nn.Linear(inputs, len(first))
        nn.init.zeros_(self.linear.weight)
        with torch.no_grad():
            self.linear.bias.copy_(torch.tensor(first))

    def forward(self, states: Tensor) -> Tensor:
        """Return [n, outputs] of [n, inputs]."""
        return self.linear(states / states.shape[-1] ** 0.5)


class Blip2Trainee(Trainee):
    """BLIP-2: contrast, matching, answers and captions; and points and slots read off the queries.

    The points and slots are asked of the queries so that what T5 and ``scl`` are given holds the pose, and the points
    of the patches too, which learn them first (``sight``); the layers that read them are not part of the model.
    """

    def __init__(self, sizes: Sizes, pieces: str) -> None:
        super().__init__()
        self._words, self._sentences = tokenizer_of(pieces, begins=True), tokenizer_of(pieces, begins=False)
        self.model = TinyBlip2(sizes, len(self._words))
        self.scale = nn.Parameter(torch.tensor(_SCALE))
        self.maps = PointMaps(sizes.width, sizes.image_px // sizes.patch_px, len(POINTS))
        self.points = Readout(sizes.queries * sizes.width, _MIDDLE * len(POINTS))
        self.slots = Readout(sizes.queries * sizes.width, [0.0] * 2 * len(SLOTS))
        self._prepare = Preprocessing(sizes.image_px, sizes.image_px)

    def stacks(self) -> list[nn.Module]:
        """Return the picture encoder's, the Q-Former's and both of T5's."""
        matching, language = self.model.matching, self.model.answering.language_model
        return [matching.vision_model.encoder, matching.qformer.encoder, language.encoder.block, language.decoder.block]

    def losses(self, batch: Batch, draws: Tensor) -> dict[str, Tensor]:
        """Return the parts of the loss by name."""
        device = self.scale.device
        pixels = prepared(batch.images, self._prepare, device)
        points, weights = torch.from_numpy(batch.points).to(device), _WEIGHTS.to(device)
        if batch.words is None:
            seen = self.model.matching.vision_model(pixel_values=pixels).last_hidden_state
            return {"maps": self.maps.loss(seen, points, weights)}
        seen, queries = self.model.see(pixels)
        flat = queries.flatten(1)
        slots = self.slots(flat).unflatten(1, (2, len(SLOTS)))
        return {
            "maps": self.maps.loss(seen, points, weights),
            "points": points_loss(self.points(flat), points, weights),
            "slots": slots_loss(slots, torch.from_numpy(batch.words.slots).to(device)),
            **self._words_of(batch.words, draws, seen, queries),
        }

    def _words_of(self, words: Words, draws: Tensor, seen: Tensor, queries: Tensor) -> dict[str, Tensor]:
        device = seen.device
        fitting, undecided = (torch.from_numpy(t).to(device) for t in (words.fitting, words.undecided))
        ids, counted = tokens(self._words, words.captions, device)
        texts = self.model.shared_texts(ids, counted)
        alike = (self.model.shared_images(queries) @ texts.T).amax(dim=1)
        logits = alike * self.scale.clamp(max=_MOST_SCALE).exp()
        losses = {"contrast": contrastive(logits, fitting, undecided)}
        # scenes come in no order: half of them are matched, the other half are asked, which costs half as much
        half = (len(seen) + 1) // 2
        own = torch.arange(half, device=device)
        easy = (own % 4 == 1)[:, None]  # near ones alone left the head at chance
        near = torch.where(easy, 0.0, logits[:half])  # all alike: none is likelier than another
        other = hard_negatives(near, ~(fitting | undecided)[:half], draws[:half].to(device))
        chosen = torch.where(own % 2 == 0, own, other)  # every other picture is shown a caption that does not fit
        matched = self.model.match_logits(seen[:half], ids[chosen], counted[chosen])
        losses["match"] = cross_entropy(matched, fitting[own, chosen].long())
        prompts = tokens(self._sentences, words.prompts[-half:], device)
        answers, real = tokens(self._sentences, words.answers[-half:], device)
        losses["answer"] = self.model.answer_loss(queries[-half:], prompts, answers.masked_fill(real == 0, -100))
        return losses


class ClipTrainee(Trainee):
    """CLIP: contrast of captions with single pictures and with the mean of several pictures of a scene."""

    def __init__(self, sizes: Sizes, pieces: str, group: int) -> None:
        super().__init__()
        self._words = tokenizer_of(pieces, begins=True)
        self.model: Any = build_clip(sizes, len(self._words))
        with torch.no_grad():
            self.model.logit_scale.fill_(_SCALE)
        self.maps = PointMaps(sizes.clip_width, sizes.image_px // sizes.patch_px, len(POINTS))
        self._group = group
        self._prepare = Preprocessing(sizes.image_px, sizes.image_px)

    def stacks(self) -> list[nn.Module]:
        """Return the picture encoder's and the text encoder's."""
        return [self.model.vision_model.encoder, self.model.text_model.encoder]

    def losses(self, batch: Batch, draws: Tensor) -> dict[str, Tensor]:
        """Return the parts of the loss by name."""
        device = self.model.logit_scale.device
        pixels = prepared(batch.images, self._prepare, device)
        seen = self.model.vision_model(pixel_values=pixels)
        maps = self.maps.loss(seen.last_hidden_state, torch.from_numpy(batch.points).to(device), _WEIGHTS.to(device))
        if (words := batch.words) is None:
            return {"maps": maps}
        single = normalize(self.model.visual_projection(seen.pooler_output), dim=-1)
        ids, counted = tokens(self._words, words.captions, device)
        read = self.model.text_model(input_ids=ids, attention_mask=counted).pooler_output
        texts = normalize(self.model.text_projection(read), dim=-1)
        scale = self.model.logit_scale.clamp(max=_MOST_SCALE).exp()
        tables = [torch.from_numpy(t).to(device) for t in (words.fitting, words.undecided)]
        grouped = single.unflatten(0, (-1, self._group))
        several = normalize(grouped.mean(dim=1), dim=-1)
        return {
            "several": 0.5 * contrastive(scale * several @ texts.T, *tables),
            "single": 0.5 * contrastive(scale * grouped[:, 0] @ texts.T, *tables),
            "maps": maps,
        }


def prepared(images: np.ndarray[Any, np.dtype[np.uint8]], prepare: Preprocessing, device: torch.device) -> Tensor:
    """Return what a network reads of pictures in bytes, [n, 3, size, size]."""
    return prepare(torch.from_numpy(np.ascontiguousarray(images)).to(device).float() / 255)


def tokens(tokenizer: Any, texts: list[str], device: torch.device) -> tuple[Tensor, Tensor]:
    """Return token ids and the mask of the real ones, padded on the right, [n, tokens] each."""
    coded = tokenizer(
        texts, padding=True, padding_side="right", truncation=True, max_length=LONGEST_TEXT, return_tensors="pt"
    )
    return coded["input_ids"].to(device), coded["attention_mask"].to(device)
