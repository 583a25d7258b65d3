"""A hash of everything in a judge that decides what it sees."""

import hashlib
from collections.abc import Iterable, Mapping

import torch
from torch import Tensor

from .preprocessing import Preprocessing


def fingerprint(
    tensors: Mapping[str, Tensor], vocabularies: Iterable[Mapping[str, int]], preprocessing: Preprocessing
) -> str:
    """Return a SHA-256 in hexadecimal digits.

    It covers names, number formats, shapes and bytes of all tensors, the vocabularies and the preprocessing; not file
    names, nor how the weights were cut into files: a copy in another folder has the same fingerprint.
    """
    total = hashlib.sha256()
    for name in sorted(tensors):
        tensor = tensors[name].detach().cpu().contiguous()
        total.update(f"{name} {tensor.dtype} {list(tensor.shape)}\n".encode())
        total.update(tensor.reshape(-1).view(torch.uint8).numpy().data)
    for vocabulary in vocabularies:
        total.update(repr(sorted(vocabulary.items())).encode())
    total.update(repr(preprocessing).encode())
    return total.hexdigest()
