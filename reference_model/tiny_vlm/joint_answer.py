"""One answer to several frames of a clip: their log likelihoods of the next word are averaged."""

from typing import TYPE_CHECKING

import torch
from torch import Tensor

from ...metrics.semantics.questions import GUIDING_QUESTIONS, chained_prompt

if TYPE_CHECKING:
    from ...metrics.semantics.question_judge import QuestionJudge

_MOST_TOKENS = 24


@torch.no_grad()
def joint_answers(judge: "QuestionJudge", frames: Tensor, group: int) -> list[str]:
    """Answer the second guiding question once per group of frames; the first is answered frame by frame.

    Args:
        judge: A BLIP-2.
        frames: Group after group, [groups * group, 3, height, width].
        group: Frames of a group.
    """
    first = judge.answers(frames, [chained_prompt(GUIDING_QUESTIONS, [])] * len(frames))
    prompts = [chained_prompt(GUIDING_QUESTIONS, [answer]) for answer in first]
    inputs, counted = judge._inputs(frames, prompts)
    language = judge.model.language_model
    read = language.get_encoder()(inputs_embeds=inputs, attention_mask=counted)
    begin, end = language.config.decoder_start_token_id, language.config.eos_token_id
    groups = len(frames) // group
    said = torch.full((groups, 1), begin, dtype=torch.long, device=inputs.device)
    done = torch.zeros(groups, dtype=torch.bool, device=inputs.device)
    for _ in range(_MOST_TOKENS):
        told = said.repeat_interleave(group, dim=0)
        logits = language(encoder_outputs=read, attention_mask=counted, decoder_input_ids=told).logits[:, -1]
        likely = logits.log_softmax(dim=-1).unflatten(0, (groups, group)).mean(dim=1).argmax(dim=-1)
        likely = likely.masked_fill(done, language.config.pad_token_id)
        said = torch.cat([said, likely[:, None]], dim=1)
        done |= likely == end
        if bool(done.all()):
            break
    decoded = judge._parts.tokenizers["text"].batch_decode(said, skip_special_tokens=True)
    return [answer.strip() for answer in decoded]
