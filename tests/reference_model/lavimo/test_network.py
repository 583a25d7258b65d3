"""Layers, fusion, decoder, tokenizer: what they depend on and what they must not."""

import numpy as np
import pytest
import torch

from retargetbench.reference_model.lavimo.fusion import MotionQueryFusion, reconstruction_loss
from retargetbench.reference_model.lavimo.layers import Encoded, MomentEncoder, Sizing, time_waves
from retargetbench.reference_model.lavimo.model import Given, LavimoNetwork, SmallText, padded_motions
from retargetbench.reference_model.lavimo.presets import PRESETS, Plan, Switches
from retargetbench.reference_model.lavimo.tokens import Pieces, learn_pieces

SIZING = Sizing(8, 1, 2, 16)
CAPTIONS = ["A person claps twice.", "The figure waves with the left hand.", "Someone bows."]


@pytest.fixture(scope="module")
def pieces():
    return Pieces(learn_pieces(CAPTIONS, 300), 16)


@pytest.fixture(scope="module")
def network(pieces):
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        return LavimoNetwork(Plan(PRESETS["quick"]), SmallText(PRESETS["quick"].sizes, pieces), 10).eval()


def encoded(seed, tokens=3):
    generator = torch.Generator().manual_seed(seed)
    counted = torch.ones(2, tokens, dtype=torch.bool)
    return Encoded(torch.randn(2, 8, generator=generator), torch.randn(2, tokens, 8, generator=generator), counted)


def test_no_word_is_unknown(pieces):
    for text in ("A person claps twice.", "the quick zebra — 舞う 🕺", ""):
        ids, counted = pieces([text])
        assert pieces._core.decode(ids[0][1:-1].tolist()).strip() == text.lower()[: len(text)] or len(ids[0]) == 16
        assert counted.all()
    assert np.array_equal(pieces(["CLAPS"])[0], pieces(["claps"])[0])


def test_a_text_is_padded_or_cut_to_its_neighbours(pieces):
    ids, counted = pieces(["bows", "a person claps twice " * 10])
    assert ids.shape == counted.shape == (2, 16)
    assert counted[0].sum() < 16
    assert ids[1, -1] == ids[0][counted[0]][-1]  # the end is kept


def test_a_vocabulary_depends_on_its_texts_alone():
    assert learn_pieces(CAPTIONS, 300) == learn_pieces(list(CAPTIONS), 300)


def test_moments_are_told_apart_to_a_twentieth_of_a_second_and_over_a_minute():
    waves = time_waves(torch.tensor([0.0, 0.05, 3.0, 30.0]), 64)
    assert torch.pdist(waves).min() > 0.5


def test_what_lies_behind_the_end_changes_nothing():
    torch.manual_seed(0)
    encoder = MomentEncoder(4, SIZING).eval()
    moments, times = torch.randn(1, 5, 4), torch.arange(5.0)[None]
    counted = torch.tensor([[True, True, True, False, False]])
    other = moments.clone()
    other[:, 3:] = 9.0
    assert torch.allclose(encoder(moments, times, counted).vectors, encoder(other, times, counted).vectors)
    assert not torch.allclose(encoder(moments, 2 * times, counted).vectors, encoder(moments, times, counted).vectors)


def test_fusion_over_vectors_is_three_linear_maps():
    torch.manual_seed(0)
    fusion = MotionQueryFusion(SIZING, ("motion", "text", "video"))
    asked = {name: encoded(seed) for seed, name in enumerate(("motion", "text", "video"))}
    heard = sum(
        fusion.keys[name](fusion.norms[name](asked[name].vectors)).chunk(2, dim=-1)[1] for name in asked
    )  # attention over one key has weight 1
    assert torch.allclose(fusion(asked, whole_tokens=False), fusion.out(heard), atol=1e-6)


def test_fusion_hears_all_modalities_but_no_padding():
    torch.manual_seed(0)
    fusion = MotionQueryFusion(SIZING, ("motion", "text", "video"))
    asked = {name: encoded(seed) for seed, name in enumerate(("motion", "text", "video"))}
    latent = fusion(asked, whole_tokens=True)
    for name in asked:
        assert not torch.allclose(fusion({**asked, name: encoded(9)}, whole_tokens=True), latent)
    counted = torch.tensor([[True, True, False]] * 2)
    padded = Encoded(asked["text"].vectors, asked["text"].tokens, counted)
    changed = Encoded(padded.vectors, padded.tokens.clone().index_fill_(1, torch.tensor(2), 5.0), counted)
    results = [fusion({**asked, "text": text}, whole_tokens=True) for text in (padded, changed)]
    assert torch.allclose(*results)


def test_reconstruction_counts_real_moments_only():
    made, motion = torch.zeros(1, 2, 3), torch.ones(1, 2, 3)
    assert float(reconstruction_loss(made, motion, torch.tensor([[True, False]]))) == 1.0
    motion[:, 1] = 100.0
    assert float(reconstruction_loss(made, motion, torch.tensor([[True, False]]))) == 1.0


def test_frames_are_read_in_strides_and_an_odd_end_is_kept(network):
    motion, frames = padded_motions([np.ones((7, 263), np.float32), np.ones((4, 263), np.float32)])
    moments, times, counted = network.moments(motion, frames)
    assert moments.shape == (2, 2, 4 * 263)
    assert counted.tolist() == [[True, True], [True, False]]
    assert times[0].tolist() == pytest.approx([1.5 / 20, 5.5 / 20])
    assert not moments[0, 1, 3 * 263 :].any()


def test_a_vector_does_not_depend_on_the_other_items(network):
    generator = np.random.default_rng(0)
    clips = [generator.normal(size=(n, 263)).astype(np.float32) for n in (9, 20)]
    ids, counted = network.text.numbers(["someone bows", "the figure waves with the left hand"])
    motion, frames = padded_motions(clips)
    both = network.embed(Given(motion, frames, ids, counted))
    alone = network.embed(Given(*padded_motions(clips[:1]), *network.text.numbers(["someone bows"])))
    for name in ("motion", "text"):
        assert torch.allclose(both[name][0], alone[name][0], atol=1e-5)
        assert torch.allclose(both[name].norm(dim=1), torch.ones(2))


def test_switches_leave_parts_out(pieces):
    def parts(**switches):
        text = SmallText(PRESETS["quick"].sizes, pieces)
        return {
            name for name, _ in LavimoNetwork(Plan(PRESETS["quick"], Switches(**switches)), text, 10).named_children()
        }

    assert parts() >= {"video", "fusion", "decoder"}
    assert "video" not in parts(modalities="two")
    assert "fusion" not in parts(fusion="off")
    assert not {"fusion", "decoder"} & parts(reconstruction=0.0)
