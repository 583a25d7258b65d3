"""The two small models, made from configurations of ``transformers`` only, and how they are saved."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.functional import normalize
from transformers import (
    Blip2Config,
    Blip2ForConditionalGeneration,
    Blip2ForImageTextRetrieval,
    CLIPConfig,
    CLIPModel,
    T5Config,
)
from transformers.utils import logging

from .tokens import BEGIN, END, IMAGE, PAD, SPECIAL, tokenizer_of

_FIRST_WEIGHTS = 0.06
"""Deviation of the first weights. The usual 0.02 is for widths near 800; here it would make the picture a hundredth of
what the queries hold at first, and the loss would not fall for hundreds of steps."""
LONGEST_TEXT = 64
"""Most tokens of a caption; longer ones are cut."""


@dataclass(frozen=True)
class Sizes:
    """How large the models are; together at most 7 million parameters and 12 MiB in fp16."""

    image_px: int = 112
    patch_px: int = 16
    width: int = 160
    heads: int = 5
    sight_layers: int = 6
    query_layers: int = 4
    queries: int = 16
    language_layers: int = 2
    clip_width: int = 128
    clip_heads: int = 4
    clip_sight_layers: int = 4
    clip_text_layers: int = 2
    shared: int = 96
    """Width of the space that pictures and texts share."""
    pieces: int = 1000
    """Most word pieces."""


class TinyBlip2(nn.Module):
    """BLIP-2 with a T5 that answers, and the matching head on the same picture encoder and Q-Former."""

    def __init__(self, sizes: Sizes, pieces: int) -> None:
        super().__init__()
        self.matching = Blip2ForImageTextRetrieval(_blip2_config(sizes, pieces, reads=True))
        self.answering = Blip2ForConditionalGeneration(_blip2_config(sizes, pieces, reads=False))
        # zeros, as transformers leaves them, would make all queries the same one for ever
        nn.init.normal_(self.matching.query_tokens, std=0.5)
        sight = self.matching.vision_model.embeddings
        _prime(sight.position_embedding, sight.patch_embedding, sizes)
        self.answering.vision_model = self.matching.vision_model
        self.answering.qformer = self.matching.qformer
        self.answering.query_tokens = self.matching.query_tokens

    def see(self, pixels: Tensor) -> tuple[Tensor, Tensor]:
        """Return patches [n, patches + 1, width] and queries [n, queries, width] of normalised pictures."""
        seen = self.matching.vision_model(pixel_values=pixels).last_hidden_state
        tokens = self.matching.query_tokens.expand(len(seen), -1, -1)
        return seen, self.matching.qformer(query_embeds=tokens, encoder_hidden_states=seen).last_hidden_state

    def shared_images(self, queries: Tensor) -> Tensor:
        """Return unit vectors of each query, [n, queries, shared]."""
        return normalize(self.matching.vision_projection(queries), dim=-1)

    def shared_texts(self, ids: Tensor, counted: Tensor) -> Tensor:
        """Return unit vectors of texts, [m, shared]."""
        words = self.matching.embeddings(input_ids=ids)
        states = self.matching.qformer(query_embeds=words, query_length=0, attention_mask=counted).last_hidden_state
        return normalize(self.matching.text_projection(states[:, 0]), dim=-1)

    def match_logits(self, seen: Tensor, ids: Tensor, counted: Tensor) -> Tensor:
        """Return the matching head's two logits, not fitting and fitting, [n, 2]."""
        tokens = self.matching.query_tokens.expand(len(seen), -1, -1)
        count = tokens.shape[1]
        mask = torch.cat([torch.ones_like(tokens[..., 0], dtype=counted.dtype), counted], dim=1)
        states = self.matching.qformer(
            query_embeds=self.matching.embeddings(input_ids=ids, query_embeds=tokens),
            query_length=count,
            attention_mask=mask,
            encoder_hidden_states=seen,
        ).last_hidden_state
        return self.matching.itm_head(states[:, :count]).mean(dim=1)

    def answer_loss(self, queries: Tensor, prompts: tuple[Tensor, Tensor], answers: Tensor) -> Tensor:
        """Return the mean negative log likelihood of the answers' tokens.

        Args:
            queries: [n, queries, width].
            prompts: Token ids and mask, [n, tokens] each.
            answers: Token ids, -100 where there is none, [n, tokens].
        """
        language, (ids, counted) = self.answering.language_model, prompts
        words = language.get_input_embeddings()(ids)
        inputs = torch.cat([self.answering.language_projection(queries).to(words.dtype), words], dim=1)
        mask = torch.cat([torch.ones_like(queries[..., 0], dtype=counted.dtype), counted], dim=1)
        return language(inputs_embeds=inputs, attention_mask=mask, labels=answers).loss


def build_clip(sizes: Sizes, pieces: int) -> Any:
    """Return the small CLIP with random weights."""
    text = {
        "vocab_size": pieces, "hidden_size": sizes.clip_width, "intermediate_size": 2 * sizes.clip_width,
        "num_hidden_layers": sizes.clip_text_layers, "num_attention_heads": sizes.clip_heads,
        "max_position_embeddings": LONGEST_TEXT, "bos_token_id": SPECIAL.index(BEGIN),
        "eos_token_id": SPECIAL.index(END), "pad_token_id": SPECIAL.index(PAD),
    }  # fmt: skip
    vision = _vision(sizes, sizes.clip_width, sizes.clip_sight_layers, sizes.clip_heads)
    model = CLIPModel(CLIPConfig(text_config=text, vision_config=vision, projection_dim=sizes.shared))
    sight = model.vision_model.embeddings
    _prime(sight.position_embedding.weight, sight.patch_embedding, sizes)
    return model


def save_blip2(model: TinyBlip2, folder: Path, pieces: str) -> None:
    """Save a BLIP-2 in fp16 as the judge ``blip2`` reads it: the matching head in ``itm/``, shared tensors once."""
    _fresh(folder)
    answering = Blip2ForConditionalGeneration(model.answering.config)
    # the Q-Former's text half belongs to the matching head alone
    answering.load_state_dict(model.answering.state_dict(), strict=False)
    with _no_bars():
        answering.half().save_pretrained(folder)
    tokenizer_of(pieces, begins=False).save_pretrained(folder)
    matching = Blip2ForImageTextRetrieval(model.matching.config)
    matching.load_state_dict(model.matching.state_dict())
    shared = answering.state_dict()
    own = {name: tensor for name, tensor in matching.half().state_dict().items() if name not in shared}
    with _no_bars():
        matching.save_pretrained(folder / "itm", state_dict=own)
    tokenizer_of(pieces, begins=True).save_pretrained(folder / "itm")


def save_clip(model: Any, folder: Path, pieces: str) -> None:
    """Save a CLIP in fp16 as the judge ``clip`` reads it."""
    _fresh(folder)
    copy = CLIPModel(model.config)
    copy.load_state_dict(model.state_dict())
    with _no_bars():
        copy.half().save_pretrained(folder)
    tokenizer_of(pieces, begins=True).save_pretrained(folder)


def parameter_count(model: nn.Module) -> int:
    """Return how many parameters a model has, shared ones counted once."""
    return sum(parameter.numel() for parameter in model.parameters())


@torch.no_grad()
def _prime(positions: Tensor, patches: nn.Conv2d, sizes: Sizes) -> None:
    """Let a picture encoder know from the first step where a patch lies.

    Positions begin as sines and cosines of row and column (as in MAE, He et al. 2022), and patches as large as they;
    drawn at random and small, they would be lost beside the patch's brightness.

    Args:
        positions: [1 + patches, width] with or without a leading axis; the first row is the class token's.
        patches: The patch embedding.
        sizes: Of the model.
    """
    side, width = sizes.image_px // sizes.patch_px, positions.shape[-1]
    waves = torch.pi * 2.0 ** torch.linspace(-1.0, 2.0, width // 4)
    turns = (torch.arange(side) + 0.5)[:, None] / side * waves
    one = torch.cat([turns.sin(), turns.cos()], dim=1)
    grid = torch.cat([one.repeat_interleave(side, dim=0), one.repeat(side, 1)], dim=1)
    positions.view(-1, width)[1:, : grid.shape[1]] = grid.to(positions)
    nn.init.normal_(patches.weight, std=_FIRST_WEIGHTS / 2)


def _fresh(folder: Path) -> None:
    """Nothing of an earlier save may be left beside a new one."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)


@contextmanager
def _no_bars() -> Iterator[None]:
    """No progress bar for files of a second."""
    shown = logging.is_progress_bar_enabled()
    logging.disable_progress_bar()
    try:
        yield
    finally:
        if shown:
            logging.enable_progress_bar()


def _vision(sizes: Sizes, width: int, layers: int, heads: int) -> dict[str, Any]:
    return {
        "hidden_size": width, "intermediate_size": 3 * width, "num_hidden_layers": layers,
        "num_attention_heads": heads, "image_size": sizes.image_px, "patch_size": sizes.patch_px,
        "initializer_range": _FIRST_WEIGHTS,
    }  # fmt: skip


def _blip2_config(sizes: Sizes, pieces: int, *, reads: bool) -> Any:
    """The configuration of BLIP-2; ``reads``: its Q-Former takes texts too."""
    qformer = {
        "hidden_size": sizes.width, "intermediate_size": 2 * sizes.width, "num_hidden_layers": sizes.query_layers,
        "num_attention_heads": sizes.heads, "cross_attention_frequency": 2, "encoder_hidden_size": sizes.width,
        "vocab_size": pieces, "max_position_embeddings": LONGEST_TEXT, "use_qformer_text_input": reads,
        "pad_token_id": SPECIAL.index(PAD), "initializer_range": _FIRST_WEIGHTS,
        "hidden_dropout_prob": 0.0, "attention_probs_dropout_prob": 0.0,
    }  # fmt: skip
    language = T5Config(
        vocab_size=pieces, d_model=sizes.width, d_kv=sizes.width // sizes.heads, d_ff=2 * sizes.width,
        num_layers=sizes.language_layers, num_heads=sizes.heads, feed_forward_proj="gated-gelu", dropout_rate=0.0,
        decoder_start_token_id=SPECIAL.index(PAD), pad_token_id=SPECIAL.index(PAD), eos_token_id=SPECIAL.index(END),
    )  # fmt: skip
    return Blip2Config(
        vision_config=_vision(sizes, sizes.width, sizes.sight_layers, sizes.heads),
        qformer_config=qformer,
        text_config=language.to_dict(),
        num_query_tokens=sizes.queries,
        image_token_index=SPECIAL.index(IMAGE),
        image_text_hidden_size=sizes.shared,
    )
