"""The judges' vocabulary: pieces of words learned from training's captions, questions and answers, from no others."""

from collections.abc import Iterable
from typing import Any

from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors, trainers
from transformers import PreTrainedTokenizerFast

PAD, END, UNKNOWN, IMAGE, BEGIN = "<pad>", "</s>", "<unk>", "<image>", "<s>"
SPECIAL = (PAD, END, UNKNOWN, IMAGE, BEGIN)
"""Special tokens, in the order of their numbers."""


def learn_pieces(texts: Iterable[str], most: int) -> str:
    """Return a vocabulary of byte pairs as JSON; the same for the same texts in the same order.

    Args:
        texts: Sentences of the training split.
        most: Most pieces, special ones included.
    """
    pieces = Tokenizer(models.BPE(unk_token=UNKNOWN))
    pieces.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    pieces.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(vocab_size=most, min_frequency=2, special_tokens=list(SPECIAL), show_progress=False)
    pieces.train_from_iterator(texts, trainer)
    return pieces.to_str()


def tokenizer_of(pieces: str, *, begins: bool) -> Any:
    """Return a tokenizer of ``transformers``.

    Args:
        pieces: From ``learn_pieces``.
        begins: Whether texts begin with a token of their own (for the matching head and CLIP), not only end with one.
    """
    core = Tokenizer.from_str(pieces)
    frame = f"{BEGIN} $A {END}" if begins else f"$A {END}"
    named = [(token, SPECIAL.index(token)) for token in (BEGIN, END)]
    core.post_processor = processors.TemplateProcessing(single=frame, special_tokens=named)
    return PreTrainedTokenizerFast(
        tokenizer_object=core,
        pad_token=PAD,
        eos_token=END,
        unk_token=UNKNOWN,
        bos_token=BEGIN,
        additional_special_tokens=[IMAGE],
        clean_up_tokenization_spaces=False,
    )
