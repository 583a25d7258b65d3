"""BLIP-2 and InstructBLIP with FlanT5: judges that are asked questions, as in SMT.

Image encoder, Q-Former, LLM encoder; the embedding is the LLM encoder's last hidden state over the projected queries
and the prompt, [queries || prompt] (SMT, ``lavis/models/blip2_models``; ``preprocess.py`` keeps
``encoder_last_hidden_state``). The decoder runs only to answer. The prompt is put behind the queries as embeddings, so
no placeholder token is needed, and old and new checkpoints go the same way.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import torch
from torch import Tensor

from .frozen_judge import FrozenJudge, Parts
from .judge import Ability, Embedding
from .matching_head import MatchingHead
from .picture_judge import PictureJudge


@dataclass(frozen=True)
class Decoding:
    """How answers are decoded. Never by chance: SMT samples (top-p 0.9), and its source and target then differ."""

    beams: int = 1
    most_tokens: int = 32
    repetition_penalty: float = 1.0


class QuestionJudge(FrozenJudge):
    """A judge that answers and embeds; ``head`` lets it match texts too."""

    def __init__(self, parts: Parts, head: MatchingHead | None = None, decoding: Decoding | None = None) -> None:
        super().__init__(parts)
        self.decoding = decoding or Decoding()
        self._head = head
        matching: frozenset[Ability] = frozenset({"match"}) if head else frozenset()
        self.abilities = frozenset[Ability]({"embed", "answer"}) | matching

    @cached_property
    def fingerprint(self) -> str:
        """The hash of the model and, where there is one, of its matching head."""
        if self._head is None:
            return super().fingerprint
        return hashlib.sha256(f"{super().fingerprint} {self._head.fingerprint}".encode()).hexdigest()

    def embed(self, frames: Tensor, prompts: Sequence[str]) -> Embedding:
        """Return the LLM encoder's last hidden states over queries and prompt.

        Args:
            frames: [n, 3, height, width], 0 to 1; the result is differentiable in them.
            prompts: One per frame. Shorter ones are padded on the right; the padding is attended to by nothing.
        """
        inputs, counted = self._inputs(frames, prompts)
        encoder = self.model.language_model.get_encoder()
        states = encoder(inputs_embeds=inputs, attention_mask=counted).last_hidden_state
        return Embedding(states, counted.bool(), self.model.config.num_query_tokens)

    @torch.no_grad()
    def answers(self, frames: Tensor, prompts: Sequence[str]) -> list[str]:
        """Return the LLM's answers, decoded greedily (or by beams), without the white space around them."""
        inputs, counted = self._inputs(frames, prompts)
        rule = self.decoding
        tokens = self.model.language_model.generate(
            inputs_embeds=inputs,
            attention_mask=counted,
            do_sample=False,
            num_beams=rule.beams,
            max_new_tokens=rule.most_tokens,
            repetition_penalty=rule.repetition_penalty,
        )
        decoded = self._parts.tokenizers["text"].batch_decode(tokens, skip_special_tokens=True)
        return [answer.strip() for answer in decoded]

    def match(self, frames: Tensor, texts: Sequence[str]) -> Tensor:
        """Return the matching head's probabilities, [n]; only where the weights came with one."""
        return self._head.match(frames, texts) if self._head else super().match(frames, texts)

    def pictures_alone(self) -> PictureJudge:
        """Return this judge's image encoder as a judge of its own; the weights are shared."""
        return PictureJudge(replace(self._parts, name=f"{self.name}-pictures", looking=self.looking))

    def _inputs(self, frames: Tensor, prompts: Sequence[str]) -> tuple[Tensor, Tensor]:
        """What the LLM encoder reads, [n, tokens, width], and the mask of what is real, int [n, tokens]."""
        pixels = self._pixels(frames, prompts)
        queries = self._queries(pixels, prompts)
        ids, counted = self._tokens(prompts)
        words = self.model.language_model.get_input_embeddings()(ids)
        real = torch.ones(queries.shape[:2], dtype=counted.dtype, device=counted.device)
        return torch.cat([queries.to(words.dtype), words], dim=1), torch.cat([real, counted], dim=1)

    def _queries(self, pixels: Tensor, prompts: Sequence[str]) -> Tensor:
        """The Q-Former's queries in the LLM's width, [n, queries, width]. BLIP-2's see the picture alone."""
        return self.model.get_image_features(pixel_values=pixels).pooler_output


class InstructedJudge(QuestionJudge):
    """InstructBLIP: the prompt enters the Q-Former too, so that the queries look for what is asked."""

    def _queries(self, pixels: Tensor, prompts: Sequence[str]) -> Tensor:
        ids, counted = self._tokens(prompts, "qformer")
        features = self.model.get_image_features(
            pixel_values=pixels, qformer_input_ids=ids, qformer_attention_mask=counted
        )
        return features.pooler_output
