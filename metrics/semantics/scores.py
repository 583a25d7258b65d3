"""The semantic metrics of one clip, as functions of a judge's embeddings.

Each is differentiable: a training loss is a metric with gradients, and SMT's fine-tuning calls ``scl`` as it stands.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from .errors import WrongEmbeddings
from .judge import Embedding, Judge
from .questions import GUIDING_QUESTIONS, chained_prompt


@dataclass(frozen=True)
class SourceLook:
    """What a judge made of the source: the fixed side of ``scl``, computed once per clip."""

    prompts: tuple[str, ...]
    """The last prompt of each frame, the source's answers in it; the target is asked the very same."""
    answers: tuple[tuple[str, ...], ...]
    """What was answered to each question but the last, [questions - 1][frames]."""
    embedding: Embedding
    """Without gradient."""


@torch.no_grad()
def look_at_source(judge: Judge, frames: Tensor, questions: Sequence[str] = GUIDING_QUESTIONS) -> SourceLook:
    """Ask a judge the guiding questions about the source and keep its embedding.

    The judge's own answer to each question enters the next prompt. The source's answers go into the target's prompts
    too: the two embeddings then have one shape, and differ by the pictures alone. (SMT's release asks source and target
    apart, and samples; their lengths can then differ and their mean squared error is undefined.)

    Args:
        judge: Who looks. One that cannot answer (CLIP) is asked nothing.
        frames: Pictures of the source, views and frames in one row, [n, 3, height, width].
        questions: At least one; the embedding is taken at the last.
    """
    told: list[tuple[str, ...]] = []
    if "answer" not in judge.abilities:
        prompts = ("",) * frames.shape[0]
        return SourceLook(prompts, (), judge.embed(frames, prompts))
    while True:
        prompts = tuple(chained_prompt(questions, [step[i] for step in told]) for i in range(frames.shape[0]))
        if len(told) == len(questions) - 1:
            return SourceLook(prompts, tuple(told), judge.embed(frames, prompts))
        told.append(tuple(judge.answers(frames, prompts)))


def scl(target: Embedding, source: Embedding) -> Tensor:
    """Return the semantic consistency loss, a number; 0 where the judge sees no difference.

    ``mean over pictures of mean over tokens and channels of (E_target - E_source)^2``: the mean squared error that SMT
    minimises (``finetune.py``: MSE of the embeddings, one picture at a time, averaged over the batch). The paper may
    print a sum in place of the mean; its figures cannot be compared with these. Padding is left out, and every picture
    counts alike however long its prompt.

    Raises:
        WrongEmbeddings: If the two have other shapes, or other tokens are padding.
    """
    if target.states.shape != source.states.shape or not torch.equal(target.counted, source.counted):
        raise WrongEmbeddings(
            f"the embeddings are {list(target.states.shape)} and {list(source.states.shape)}, or other tokens of them "
            "are padding; expected the same judge, pictures in the same order, and the same prompts for both."
        )
    squared = (target.states - source.states).square().mean(dim=-1)
    weights = source.counted.to(squared.dtype)
    return ((squared * weights).sum(dim=1) / weights.sum(dim=1)).mean()


def consistency(judge: Judge, frames: Tensor, source: SourceLook) -> Tensor:
    """Return ``scl`` of pictures of the result against a look at the source; differentiable in the frames.

    Args:
        judge: The one that looked at the source.
        frames: Pictures of the result, [n, 3, height, width], in the order of the source's.
        source: From ``look_at_source``.

    Raises:
        WrongFrames: If there is another number of pictures than of the source.
    """
    return scl(judge.embed(frames, source.prompts), source.embedding)


def itm(judge: Judge, frames: Tensor, caption: str) -> Tensor:
    """Return how well a caption matches a clip: the mean matching probability over its pictures, 0 to 1.

    The caption is one fixed sentence per clip that says what the source does. SMT's texts, views and frames are not
    known; this is our choice. Differentiable in the frames.

    Args:
        judge: One with a matching head.
        frames: Views and frames in one row, [n, 3, height, width].
        caption: What happens in the clip.

    Raises:
        LacksAbility: If the judge has no matching head.
    """
    return judge.match(frames, [caption] * frames.shape[0]).mean()
