"""Judges of a few thousand random parameters, built from configurations and saved as a user would save real ones."""

import json

import torch
from tokenizers import Tokenizer, models, pre_tokenizers, processors
from transformers import (
    Blip2Config,
    Blip2ForConditionalGeneration,
    Blip2ForImageTextRetrieval,
    CLIPConfig,
    CLIPModel,
    InstructBlipConfig,
    InstructBlipForConditionalGeneration,
    PreTrainedTokenizerFast,
    T5Config,
)

SENTENCE = (
    "Question : Where are the hands of character ? . Answer What is doing on hips in air a person waves left right "
    "hand above head nothing walks claps"
)
WORDS = SENTENCE.split()
SIDE = 16
VISION = {
    "hidden_size": 16, "intermediate_size": 24, "num_hidden_layers": 2, "num_attention_heads": 2, "image_size": SIDE,
    "patch_size": 8, "initializer_range": 0.3,
}  # fmt: skip
QFORMER = {
    "hidden_size": 16, "intermediate_size": 24, "num_hidden_layers": 2, "num_attention_heads": 2,
    "encoder_hidden_size": 16, "vocab_size": 64, "max_position_embeddings": 96, "initializer_range": 0.3,
}  # fmt: skip
T5 = T5Config(
    vocab_size=64, d_model=16, d_kv=8, d_ff=24, num_layers=2, num_heads=2, feed_forward_proj="gated-gelu",
    initializer_factor=2.0, decoder_start_token_id=0, pad_token_id=0, eos_token_id=1,
)  # fmt: skip


def tokenizer(begin="", end="</s>", words=WORDS):
    """A word-level tokenizer: padding 0, end 1, unknown 2, image placeholder 3."""
    special = ["<pad>", end, "<unk>", "<image>", *([begin] if begin else [])]
    vocabulary = {word: i for i, word in enumerate([*special, *words])}
    core = Tokenizer(models.WordLevel(vocabulary, unk_token="<unk>"))
    core.pre_tokenizer = pre_tokenizers.Whitespace()
    frame = f"{begin} $A {end}" if begin else f"$A {end}"
    core.post_processor = processors.TemplateProcessing(
        single=frame, special_tokens=[(token, vocabulary[token]) for token in (begin, end) if token]
    )
    return PreTrainedTokenizerFast(
        tokenizer_object=core,
        pad_token="<pad>",
        eos_token=end,
        unk_token="<unk>",
        additional_special_tokens=["<image>"],
    )


def stirred(model, seed):
    """The model with every parameter that starts at a constant moved a little, so that nothing is switched off."""
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for parameter in model.parameters():
            if parameter.unique().numel() == 1:
                parameter += 0.3 * torch.randn(parameter.shape, generator=generator)
    return model.eval()


def seeded(build, seed=0):
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        return stirred(build(), seed)


def blip2(seed=0, cls=Blip2ForConditionalGeneration, **changes):
    settings = {"num_query_tokens": 4, "image_token_index": 3, "image_text_hidden_size": 8, "initializer_range": 0.3}
    config = Blip2Config(
        vision_config=VISION, qformer_config=QFORMER | {"use_qformer_text_input": cls is Blip2ForImageTextRetrieval},
        text_config=T5.to_dict(), **(settings | changes),
    )  # fmt: skip
    return seeded(lambda: cls(config), seed)


def instructblip(seed=0):
    config = InstructBlipConfig(
        vision_config=VISION, qformer_config=QFORMER, text_config=T5.to_dict(), num_query_tokens=4,
        image_token_index=3, initializer_range=0.3,
    )  # fmt: skip
    return seeded(lambda: InstructBlipForConditionalGeneration(config), seed)


def clip(seed=0):
    text = {
        "vocab_size": 64, "hidden_size": 16, "intermediate_size": 24, "num_hidden_layers": 1, "num_attention_heads": 2,
        "max_position_embeddings": 24, "eos_token_id": 1, "pad_token_id": 0, "bos_token_id": 4,
    }  # fmt: skip
    vision = VISION | {"num_hidden_layers": 1}
    config = CLIPConfig(text_config=text, vision_config=vision, projection_dim=8)
    return seeded(lambda: CLIPModel(config), seed)


def save(folder, model, **tokenizers):
    """Save model and tokenizers; ``text`` beside the model, others in a folder ``<name>_tokenizer``."""
    model.save_pretrained(folder)
    for name, tokens in tokenizers.items():
        tokens.save_pretrained(folder if name == "text" else folder / f"{name}_tokenizer")
    return folder


def save_blip2(folder, seed=0):
    return save(folder, blip2(seed), text=tokenizer())


def save_instructblip(folder, seed=0):
    return save(folder, instructblip(seed), text=tokenizer(), qformer=tokenizer("[CLS]", "[SEP]"))


def save_clip(folder, seed=0):
    return save(folder, clip(seed), text=tokenizer("<start>", "<end>"))


def save_head(folder, seed=0, **changes):
    return save(folder, blip2(seed, Blip2ForImageTextRetrieval, **changes), text=tokenizer("[CLS]", "[SEP]"))


def edit_config(folder, **changes):
    path = folder / "config.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | changes))


def frames(count=2, side=20, seed=0, dtype=torch.float32):
    """Smooth-ish pictures away from black and white."""
    generator = torch.Generator().manual_seed(seed)
    return (0.25 + 0.5 * torch.rand(count, 3, side, side, generator=generator, dtype=torch.float64)).to(dtype)


def slope_along(value, point, way, step=1e-4):
    """The derivative along a way by central differences of fourth order.

    T5 computes its layer norms and softmaxes in float32 even where its weights are float64: steps must not be tiny.
    """
    with torch.no_grad():
        near, far = (value(point + s * way) - value(point - s * way) for s in (step, 2 * step))
    return (8 * near - far) / (12 * step)
