"""The built-in tokenizer: byte-level word pieces learned from training's captions, so that no word is unknown."""

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers

PAD, BEGIN, END = "<pad>", "<s>", "</s>"


def learn_pieces(texts: Iterable[str], most: int) -> str:
    """Return a vocabulary of byte pairs as JSON; the same for the same texts in the same order.

    All 256 bytes are pieces, so that any text has one spelling at least. Case is not kept.

    Args:
        texts: Captions of training.
        most: Most pieces, special ones and bytes included; at least 259.
    """
    pieces = Tokenizer(models.BPE())
    pieces.normalizer = normalizers.Sequence([normalizers.NFC(), normalizers.Lowercase()])
    pieces.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=True)
    pieces.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=most,
        min_frequency=2,
        special_tokens=[PAD, BEGIN, END],
        initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()),
        show_progress=False,
    )
    pieces.train_from_iterator(texts, trainer)
    return pieces.to_str()


class Pieces:
    """A vocabulary that turns texts into numbers."""

    def __init__(self, vocabulary: str, longest: int) -> None:
        """Read a vocabulary.

        Args:
            vocabulary: From ``learn_pieces``.
            longest: Most tokens of a text; a longer one is cut.
        """
        self._core = Tokenizer.from_str(vocabulary)
        self._longest = longest
        self.vocabulary = vocabulary

    def __len__(self) -> int:
        return int(self._core.get_vocab_size())

    def __call__(self, texts: Sequence[str]) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
        """Return token numbers, a begin and an end around each text, and which are no padding, [texts, tokens] each."""
        pad, begin, end = (self._core.token_to_id(token) for token in (PAD, BEGIN, END))
        spelt = [one.ids[: self._longest - 2] for one in self._core.encode_batch(list(texts), add_special_tokens=False)]
        framed = [[begin, *ids, end] for ids in spelt]
        longest = max(map(len, framed))
        ids = np.array([[*row, *[pad] * (longest - len(row))] for row in framed], dtype=np.int64)
        return ids, np.array([[True] * len(row) + [False] * (longest - len(row)) for row in framed])
