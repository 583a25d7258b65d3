"""BLIP-2's image-text matching head: does this text describe this picture?"""

from collections.abc import Sequence
from pathlib import Path

import torch
from torch import Tensor, nn
from transformers import Blip2ForImageTextRetrieval

from .checkpoint import expect, find_checkpoint, label_of, read_config
from .frozen_judge import FrozenJudge, Parts
from .judge import Ability
from .preprocessing import Preprocessing, read_preprocessing
from .pretrained import load_model, load_tokenizer
from .source import JudgeSource

DEFAULT = "Salesforce/blip2-itm-vit-g"


class MatchingHead(FrozenJudge):
    """Queries and words attend to one another and to the picture; each query votes, and the votes are averaged."""

    abilities = frozenset[Ability]({"match"})

    def match(self, frames: Tensor, texts: Sequence[str]) -> Tensor:
        """Return the probability that text i describes frame i, [n]; differentiable in the frames.

        ``softmax(mean over queries of the ITM head's two logits)[1]``, as ``Blip2ForImageTextRetrieval`` with
        ``use_image_text_matching_head``, whatever the checkpoint says about image placeholder tokens.
        """
        pixels = self._pixels(frames, texts)
        ids, counted = self._tokens(texts, most=self.model.config.qformer_config.max_position_embeddings)
        seen = self.model.vision_model(pixel_values=pixels).last_hidden_state
        queries = self.model.query_tokens.expand(seen.shape[0], -1, -1)
        count = queries.shape[1]
        mask = torch.cat([torch.ones(queries.shape[:2], dtype=counted.dtype, device=counted.device), counted], dim=1)
        states = self.model.qformer(
            query_embeds=self.model.embeddings(input_ids=ids, query_embeds=queries),
            query_length=count,
            attention_mask=mask,
            encoder_hidden_states=seen,
            encoder_attention_mask=torch.ones(seen.shape[:2], dtype=torch.long, device=seen.device),
        ).last_hidden_state
        head = self.model.itm_head
        return head(states[:, :count].to(head.weight.dtype)).mean(dim=1).softmax(dim=-1)[:, 1]


def load(source: JudgeSource) -> MatchingHead:
    """Return the judge of kind ``blip2-itm``.

    Raises:
        BenchError: If the weights are missing or another model's.
    """
    folder = find_checkpoint(source, "blip2-itm", DEFAULT)
    return load_head(folder, source, label_of(source, DEFAULT))


def load_head(folder: Path, source: JudgeSource, label: str, spare: nn.Module | None = None) -> MatchingHead:
    """Return the matching head saved in a folder.

    Args:
        folder: Holds a saved ``Blip2ForImageTextRetrieval`` and its tokenizer.
        source: Device and precision.
        label: Short name of the weights.
        spare: A model that shares its backbone: tensors that the folder leaves out are taken from it by name.

    Raises:
        NotAJudge: If the folder holds no such model.
    """
    config = read_config(folder)
    expect(folder, config, "blip-2", "Blip2ForImageTextRetrieval")
    model = load_model(Blip2ForImageTextRetrieval, folder, source, spare)
    size = int(config.get("vision_config", {}).get("image_size", 224))
    preprocessing = read_preprocessing(folder, Preprocessing(size, size))
    return MatchingHead(Parts(model, {"text": load_tokenizer(folder)}, preprocessing, label))
