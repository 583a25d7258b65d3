"""Loading a saved ``transformers`` model and its tokenizer, refusing what would load with random weights."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from torch import nn
from transformers import AutoTokenizer
from transformers.utils import logging

from .errors import NotAJudge
from .source import JudgeSource


def load_model(cls: Any, folder: Path, source: JudgeSource, spare: nn.Module | None = None) -> nn.Module:
    """Return the model saved in a folder, frozen nowhere yet, on the device and in the precision asked for.

    Args:
        cls: A model class of ``transformers``.
        folder: Holds the configuration and safetensors.
        source: Device and precision.
        spare: Where tensors that the folder leaves out are taken from, by name (a head that shares its backbone).

    Raises:
        NotAJudge: If the files are damaged, do not fit the class, or lack tensors. ``transformers`` would draw those
            at random and go on.
    """
    precision = getattr(torch, source.precision)
    try:
        with _quiet():
            model, report = cls.from_pretrained(
                folder, dtype=precision, local_files_only=True, use_safetensors=True, output_loading_info=True
            )
    except (OSError, ValueError, RuntimeError, KeyError, TypeError, SafetensorError) as error:
        reason = str(error).strip().splitlines() or [type(error).__name__]
        raise NotAJudge(f"{folder} cannot be loaded as a {cls.__name__}: {reason[0]}") from error
    missing = sorted(report["missing_keys"])
    lent = spare.state_dict() if spare is not None else {}
    unfilled = [name for name in missing if name not in lent or lent[name].shape != model.state_dict()[name].shape]
    if unfilled or report["mismatched_keys"]:
        wrong = unfilled or sorted(str(key[0]) for key in report["mismatched_keys"])
        raise NotAJudge(
            f"the weights in {folder} lack or contradict {len(wrong)} tensors of a {cls.__name__} (the first is "
            f"'{wrong[0]}'); expected a model saved with save_pretrained."
        )
    model.load_state_dict({name: lent[name] for name in missing}, strict=False)
    return model.to(source.device)


def load_tokenizer(folder: Path) -> Any:
    """Return the tokenizer saved in a folder.

    Raises:
        NotAJudge: If there is none.
    """
    try:
        tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise NotAJudge(f"{folder} holds no tokenizer that can be loaded; save it beside the model.") from error
    if not set(tokenizer.get_vocab()) - set(tokenizer.all_special_tokens):  # made up where files are missing
        raise NotAJudge(f"{folder} holds no tokenizer with words in it; save it beside the model.")
    return tokenizer


@contextmanager
def _quiet() -> Iterator[None]:
    """No progress bar and no report while loading: the caller says what goes on, and a gap is an error here."""
    shown, verbosity = logging.is_progress_bar_enabled(), logging.get_verbosity()
    logging.disable_progress_bar()
    logging.set_verbosity_error()
    try:
        yield
    finally:
        logging.set_verbosity(verbosity)
        if shown:
            logging.enable_progress_bar()
