"""The factories of the judges ``blip2`` and ``instructblip``.

A folder is one that ``save_pretrained`` made, of the model and of its tokenizer (InstructBLIP: the Q-Former's in
``qformer_tokenizer/``). A folder ``itm/`` inside it may hold a matching head with the same picture encoder; of that
one, tensors that the main model has under the same name may be left out.
"""

from dataclasses import replace
from pathlib import Path
from typing import Any

from transformers import Blip2ForConditionalGeneration, InstructBlipForConditionalGeneration

from .checkpoint import expect, find_checkpoint, label_of, read_config
from .errors import NotAJudge
from .frozen_judge import Parts
from .judge import Looking
from .matching_head import load_head
from .preprocessing import Preprocessing, read_preprocessing
from .pretrained import load_model, load_tokenizer
from .question_judge import InstructedJudge, QuestionJudge
from .source import JudgeSource

BLIP2_DEFAULT = "Salesforce/blip2-flan-t5-xl"
INSTRUCTBLIP_DEFAULT = "Salesforce/instructblip-flan-t5-xl"


def load_blip2(source: JudgeSource) -> QuestionJudge:
    """Return the judge of kind ``blip2``.

    Raises:
        BenchError: If the weights are missing or another model's.
    """
    folder = find_checkpoint(source, "blip2", BLIP2_DEFAULT)
    return open_blip2(folder, source, label_of(source, BLIP2_DEFAULT))


def open_blip2(
    folder: Path, source: JudgeSource, label: str, name: str = "", looking: Looking | None = None
) -> QuestionJudge:
    """Return the BLIP-2 saved in a folder; a package that ships one gives it its fixed name here.

    Args:
        folder: See the module.
        source: Device and precision.
        label: Short name of the weights.
        name: Full name of the judge; empty: label and fingerprint.
        looking: How it wants to be shown a clip.

    Raises:
        NotAJudge: If the folder holds no BLIP-2 with an encoder-decoder language model.
    """
    parts = _parts(folder, source, "blip-2", Blip2ForConditionalGeneration)
    parts = replace(parts, label=label, name=name, looking=looking)
    head = load_head(folder / "itm", source, label, parts.model) if (folder / "itm").is_dir() else None
    return QuestionJudge(parts, head)


def load_instructblip(source: JudgeSource) -> InstructedJudge:
    """Return the judge of kind ``instructblip``.

    Raises:
        BenchError: If the weights are missing or another model's.
    """
    folder = find_checkpoint(source, "instructblip", INSTRUCTBLIP_DEFAULT)
    parts = _parts(folder, source, "instructblip", InstructBlipForConditionalGeneration)
    words = {**parts.tokenizers, "qformer": load_tokenizer(folder / "qformer_tokenizer")}
    return InstructedJudge(replace(parts, label=label_of(source, INSTRUCTBLIP_DEFAULT), tokenizers=words))


def _parts(folder: Path, source: JudgeSource, model_type: str, cls: Any) -> Parts:
    config = read_config(folder)
    expect(folder, config, model_type, cls.__name__)
    language = config.get("text_config", {}).get("model_type", "opt")
    if language != "t5":
        raise NotAJudge(
            f"the language model in {folder} is '{language}'; expected 't5': the embedding is the last hidden state of "
            "an encoder, which a decoder-only model does not have. Take the FlanT5 weights."
        )
    model = load_model(cls, folder, source)
    size = int(config.get("vision_config", {}).get("image_size", 224))
    return Parts(
        model,
        {"text": load_tokenizer(folder)},
        read_preprocessing(folder, Preprocessing(size, size)),
        "",
        folder=folder,
    )
