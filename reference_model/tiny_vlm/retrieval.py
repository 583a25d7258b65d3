"""Finding the caption of a scene among those of scenes that mean something else."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn.functional import normalize

from .picture_files import PictureSet

if TYPE_CHECKING:
    from ...metrics.semantics.question_judge import QuestionJudge
    from ...metrics.semantics.twin_encoders import TwinEncoders

GALLERY = 32
_AT_ONCE = 64
Similar = Callable[[Tensor, Sequence[str]], NDArray[np.float32]]
"""From frames [n, 3, h, w] and m texts to similarities [n, m]."""


def retrieval_scores(
    similar: Similar, pictures: PictureSet, groups: NDArray[np.int64], *, queries: int = 1000, seed: int = 0
) -> dict[str, Any]:
    """Return how often a scene's own caption is the nearest of 32 that mean different things.

    Captions are the full ones; once in the held-out words of the test, once in the words of training.

    Args:
        similar: A judge's similarity of pictures and texts.
        pictures: Of unseen bodies.
        groups: Pictures of scenes, [scenes, frames]; their similarities are averaged.
        queries: How many at least; scenes come again, among other captions, until there are as many.
        seed: Of the galleries.
    """
    scenes = [pictures.scenes[pictures.scene[row[0]]] for row in groups]
    held_out = [scene.captions[1] for scene in scenes]
    seen = [scene.seen_words[1] if scene.seen_words else scene.captions[1] for scene in scenes]
    table = {name: _table(similar, pictures, groups, texts) for name, texts in (("seen", seen), ("new", held_out))}
    galleries = _galleries([scene.meaning for scene in scenes], queries, seed)
    other = np.random.default_rng(seed + 1).permutation(len(scenes))
    return {
        "queries": len(galleries),
        "scenes": len(scenes),
        "gallery": GALLERY,
        "R@1": _first(table["seen"], galleries),
        "R@1 in unseen words": _first(table["new"], galleries),
        "R@1 of a guess": 1 / GALLERY,
        "controls": {"shuffled": _first(table["seen"][other], galleries)},
    }


def blip2_similarity(judge: "QuestionJudge") -> Similar:
    """Return the contrastive similarity of the BLIP-2's matching head: the best of its queries."""
    head = judge._head
    assert head is not None, "the built-in BLIP-2 has a matching head"

    @torch.no_grad()
    def similar(frames: Tensor, texts: Sequence[str]) -> NDArray[np.float32]:
        """Similarities [frames, texts]."""
        model = head.model
        seen = model.vision_model(pixel_values=head._pixels(frames)).last_hidden_state
        tokens = model.query_tokens.expand(len(seen), -1, -1)
        queries = model.qformer(query_embeds=tokens, encoder_hidden_states=seen).last_hidden_state
        ids, counted = head._tokens(texts, most=model.config.qformer_config.max_position_embeddings)
        words = model.embeddings(input_ids=ids)
        read = model.qformer(query_embeds=words, query_length=0, attention_mask=counted).last_hidden_state[:, 0]
        images, told = (normalize(p, dim=-1) for p in (model.vision_projection(queries), model.text_projection(read)))
        return (images @ told.T).amax(dim=1).float().cpu().numpy()

    return similar


def clip_similarity(judge: "TwinEncoders") -> Similar:
    """Return the similarity of a CLIP."""

    @torch.no_grad()
    def similar(frames: Tensor, texts: Sequence[str]) -> NDArray[np.float32]:
        """Similarities [frames, texts]."""
        return (judge.image_embedding(frames) @ judge.text_embedding(texts).T).float().cpu().numpy()

    return similar


def _table(
    similar: Similar, pictures: PictureSet, groups: NDArray[np.int64], texts: Sequence[str]
) -> NDArray[np.float32]:
    """Mean similarity of each scene's pictures to each text, [scenes, texts]."""
    found = []
    for start in range(0, groups.size, _AT_ONCE):
        frames = torch.from_numpy(pictures.images(groups.ravel()[start : start + _AT_ONCE])).float() / 255
        found.append(similar(frames, texts))
    return np.asarray(np.concatenate(found).reshape(*groups.shape, -1).mean(axis=1))


def _galleries(meanings: Sequence[str], queries: int, seed: int) -> list[NDArray[np.int64]]:
    """Lists of scenes of distinct meanings; the first of each is the query's own."""
    generator = np.random.default_rng(seed)
    groups: dict[str, list[int]] = {}
    for index, meaning in enumerate(meanings):
        groups.setdefault(meaning, []).append(index)
    if len(groups) < 2:
        return []
    found = []
    for number in range(max(queries, len(meanings))):
        own = number % len(meanings)
        others = [members[0] for meaning, members in groups.items() if meaning != meanings[own]]
        chosen = generator.choice(others, min(GALLERY - 1, len(others)), replace=False)
        found.append(np.array([own, *chosen], dtype=np.int64))
    return found


def _first(table: NDArray[np.float32], galleries: Sequence[NDArray[np.int64]]) -> float:
    """Share of queries whose own caption is the nearest; a tie counts as its chance."""
    shares = []
    for gallery in galleries:
        row = table[gallery[0], gallery]
        best = row == row.max()
        shares.append(float(best[0]) / float(best.sum()))
    return float(np.mean(shares)) if shares else 0.0
