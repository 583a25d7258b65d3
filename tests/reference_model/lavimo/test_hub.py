"""Backbones of ``transformers`` by folder: tiny ones with random weights, saved as real ones are."""

import numpy as np
import pytest
import torch

from retargetbench.reference_model.lavimo.errors import NoBackbone
from retargetbench.reference_model.lavimo.hub import HubText, HubVision
from retargetbench.reference_model.lavimo.sentences import HubSentences

transformers = pytest.importorskip("transformers")


@pytest.fixture(scope="module")
def words():
    from tokenizers import Tokenizer, models, pre_tokenizers, processors

    names = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", *(chr(c) for c in range(97, 123)), "person", "claps", "bows"]
    core = Tokenizer(models.WordLevel({name: number for number, name in enumerate(names)}, "[UNK]"))
    core.pre_tokenizer = pre_tokenizers.Whitespace()
    core.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    return transformers.PreTrainedTokenizerFast(
        tokenizer_object=core, pad_token="[PAD]", unk_token="[UNK]", cls_token="[CLS]", sep_token="[SEP]"
    )


@pytest.fixture(scope="module")
def distilbert(words, tmp_path_factory):
    folder = tmp_path_factory.mktemp("distilbert")
    torch.manual_seed(0)
    config = transformers.DistilBertConfig(vocab_size=len(words), dim=16, hidden_dim=32, n_layers=1, n_heads=2)
    transformers.DistilBertModel(config).save_pretrained(folder)
    words.save_pretrained(folder)
    return folder


@pytest.fixture(scope="module")
def clip(words, tmp_path_factory):
    folder = tmp_path_factory.mktemp("clip")
    torch.manual_seed(0)
    small = {"hidden_size": 16, "intermediate_size": 32, "num_hidden_layers": 1, "num_attention_heads": 2}
    config = transformers.CLIPConfig(
        text_config={**small, "vocab_size": len(words)},
        vision_config={**small, "image_size": 32, "patch_size": 16},
        projection_dim=8,
    )
    transformers.CLIPModel(config).save_pretrained(folder)
    words.save_pretrained(folder)
    return folder


def test_a_text_model_s_first_state_stands_for_the_sentence(distilbert):
    text = HubText(str(distilbert), 8).train()
    ids, counted = text.numbers(["person claps", "person"])
    states = text(ids, counted)
    assert states.shape == (2, 4, 16)
    assert counted.tolist() == [[True] * 4, [True, True, True, False]]
    assert torch.equal(states, text(ids, counted))  # frozen: no dropout
    assert not states.requires_grad
    assert not any(p.requires_grad for p in text.parameters())
    tuned = HubText(str(distilbert), 8, tuned=True).train()
    assert tuned(ids, counted).requires_grad


def test_clip_s_picture_encoder_gives_vectors(clip):
    vision = HubVision(str(clip))
    images = torch.rand(3, 3, 48, 48, generator=torch.Generator().manual_seed(0))
    assert vision(images).shape == (3, vision.width) == (3, 8)
    assert len(vision.fingerprint) >= 8


def test_a_sentence_model_is_the_mean_of_its_tokens(distilbert):
    model = HubSentences(str(distilbert))
    vectors = model.vectors(["person claps", "person bows", "person claps"])
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-5)
    assert np.allclose(vectors[0], vectors[2], atol=1e-6)
    assert model.near == 0.9


def test_what_is_not_at_hand_is_said(tmp_path, clip, monkeypatch):
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    with pytest.raises(NoBackbone, match=r"--text nobody/nothing-here: .*hf download nobody/nothing-here"):
        HubText("nobody/nothing-here", 8)
    with pytest.raises(NoBackbone, match="there is no such folder"):
        HubText(str(tmp_path / "none" / "such"), 8)
    with pytest.raises(NoBackbone, match=f"--vision {tmp_path}"):
        HubVision(str(tmp_path))
