"""Finding the caption of a scene among those of scenes that mean something else."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
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


@dataclass(frozen=True)
class TwoSided:
    """Pictures and texts in one space: the similarity is the largest product of a text with a picture's vectors."""

    of_frames: Callable[[Tensor], Tensor]
    """Frames [n, 3, h, w] to unit vectors [n, k, channels]."""
    of_texts: Callable[[Sequence[str]], Tensor]
    """m texts to unit vectors [m, channels]."""


def retrieval_scores(
    space: TwoSided, pictures: PictureSet, groups: NDArray[np.int64], *, queries: int = 1000, seed: int = 0
) -> dict[str, Any]:
    """Return how often a scene's own caption is the nearest of 32 that mean different things.

    Captions are the full ones; once in the held-out words of the test, once in the words of training.

    Args:
        space: Where a judge puts pictures and texts.
        pictures: Of unseen bodies.
        groups: Pictures of scenes, [scenes, frames]; their similarities are averaged.
        queries: How many at least; scenes come again, among other captions, until there are as many.
        seed: Of the galleries.
    """
    scenes = [pictures.scenes[pictures.scene[row[0]]] for row in groups]
    held_out = [scene.captions[1] for scene in scenes]
    seen = [scene.seen_words[1] if scene.seen_words else scene.captions[1] for scene in scenes]
    both = _table(space, pictures, groups, [*seen, *held_out])
    table = {"seen": both[:, : len(scenes)], "new": both[:, len(scenes) :]}
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


def blip2_space(judge: "QuestionJudge") -> TwoSided:
    """Return the contrastive space of the BLIP-2's matching head, in which a picture is as near as its best query."""
    head = judge._head
    assert head is not None, "the built-in BLIP-2 has a matching head"
    model = head.model

    def of_frames(frames: Tensor) -> Tensor:
        """The queries of each picture, [n, queries, channels]."""
        seen = model.vision_model(pixel_values=head._pixels(frames)).last_hidden_state
        tokens = model.query_tokens.expand(len(seen), -1, -1)
        queries = model.qformer(query_embeds=tokens, encoder_hidden_states=seen).last_hidden_state
        return normalize(model.vision_projection(queries), dim=-1)

    def of_texts(texts: Sequence[str]) -> Tensor:
        """One vector for each text, [m, channels]."""
        ids, counted = head._tokens(texts, most=model.config.qformer_config.max_position_embeddings)
        words = model.embeddings(input_ids=ids)
        read = model.qformer(query_embeds=words, query_length=0, attention_mask=counted).last_hidden_state[:, 0]
        return normalize(model.text_projection(read), dim=-1)

    return TwoSided(of_frames, of_texts)


def clip_space(judge: "TwinEncoders") -> TwoSided:
    """Return the space of a CLIP."""
    return TwoSided(lambda frames: judge.image_embedding(frames)[:, None], judge.text_embedding)


@torch.no_grad()
def _table(
    space: TwoSided, pictures: PictureSet, groups: NDArray[np.int64], texts: Sequence[str]
) -> NDArray[np.float32]:
    """Mean similarity of each scene's pictures to each text, [scenes, texts]."""
    told = torch.cat([space.of_texts(texts[start : start + _AT_ONCE]) for start in range(0, len(texts), _AT_ONCE)])
    found = []
    for start in range(0, groups.size, _AT_ONCE):
        frames = torch.from_numpy(pictures.images(groups.ravel()[start : start + _AT_ONCE])).float() / 255
        found.append((space.of_frames(frames) @ told.T).amax(dim=1).float().cpu().numpy())
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
