"""The paper's sizes, and that they learn."""

from dataclasses import asdict

import numpy as np
import pytest
import torch
from torch import nn

from retargetbench.reference_model.lavimo.build import plan_of
from retargetbench.reference_model.lavimo.command import Lavimo
from retargetbench.reference_model.lavimo.layers import parameter_count
from retargetbench.reference_model.lavimo.learner import LavimoLearner, Sources, Training
from retargetbench.reference_model.lavimo.model import Given, LavimoNetwork, SmallText, padded_motions, state_for_search
from retargetbench.reference_model.lavimo.presets import PRESETS, Plan, Switches
from retargetbench.reference_model.lavimo.sentences import Tfidf
from retargetbench.reference_model.lavimo.sight import FrameEncoder
from retargetbench.reference_model.lavimo.tokens import Pieces, learn_pieces


class States(nn.Module):
    """States of DistilBERT's width in place of DistilBERT, which is frozen and not part of what is trained."""

    def __init__(self):
        super().__init__()
        self.width = 768
        self.states = torch.randn(30, 768, generator=torch.Generator().manual_seed(0))

    def numbers(self, texts):
        return torch.arange(3).expand(len(texts), 3), torch.ones(len(texts), 3, dtype=torch.bool)

    def forward(self, ids, counted):
        return self.states[ids]


def test_the_paper_s_network_has_its_sizes():
    with torch.device("meta"):
        network = LavimoNetwork(Plan(PRESETS["paper"]), States(), 512)
    sizes = PRESETS["paper"].sizes
    assert (sizes.shared, sizes.motion_layers, sizes.video_layers, sizes.heads) == (512, 6, 6, 8)
    assert {name: parameter_count(part) for name, part in network.named_children() if name != "text"} == {
        "text_head": 768 * 512 + 512,
        "motion": 12_753_408,
        "video": 12_880_896,
        "fusion": 2_105_344,
        "decoder": 19_062_535,
    }
    assert parameter_count(network) == 47_195_912


def test_its_backbones_have_the_published_counts():
    transformers = pytest.importorskip("transformers")
    with torch.device("meta"):
        text = transformers.DistilBertModel(transformers.DistilBertConfig())
        vision = transformers.CLIPVisionModelWithProjection(transformers.CLIPVisionConfig(projection_dim=512))
    assert parameter_count(text) == 66_362_880
    assert parameter_count(vision) == 87_849_216


def test_the_paper_s_network_learns_a_step(library):
    captions = [caption for told in library.told for caption in told.captions]
    torch.manual_seed(0)
    network = LavimoNetwork(Plan(PRESETS["paper"]), States(), 512)
    learner = LavimoLearner(Training(network.plan, 2, 1), network, Sources(library, Tfidf(captions), None))
    motion, frames = padded_motions([library.features(clip)[:8] for clip in range(2)])
    given = Given(motion, frames, *network.text.numbers(["", ""]), torch.randn(2, 4, 512), torch.rand(2, 4).cumsum(1))
    before = learner.losses(given, torch.eye(2))
    assert {*before} == {"motion-text", "motion-video", "text-video", "reconstruction"}
    torch.stack([*before.values()]).sum().backward()
    for name, parameter in network.named_parameters():
        assert parameter.grad is not None, name
        with torch.no_grad():
            parameter -= 1e-3 * parameter.grad
    network.eval()
    after = learner.losses(given, torch.eye(2))
    assert float(after["reconstruction"].detach()) < float(before["reconstruction"].detach())


def test_what_is_shipped_of_tiny_has_at_most_five_mebibytes():
    preset = PRESETS["tiny"]
    letters = np.random.default_rng(0).choice([*"abcdefghijklmnop"], (2000, 6))
    words = ["".join(word) for word in letters]
    pieces = Pieces(learn_pieces([*words, *words], preset.sizes.pieces), preset.longest_text)
    assert len(pieces) == preset.sizes.pieces
    sight = FrameEncoder(preset.sizes.sight)
    network = LavimoNetwork(Plan(preset), SmallText(preset.sizes, pieces), sight.width)
    shipped = sum(value.numel() for value in state_for_search(network).values()) + parameter_count(sight)
    assert 2 * shipped + len(pieces.vocabulary.encode()) < 5 * 2**20 - 64 * 2**10
    assert shipped == 2_238_415


def test_a_plan_survives_its_record():
    plan = Plan(PRESETS["tiny"], Switches("two", "mask"))
    assert plan_of(asdict(plan)) == plan


def test_flags_change_the_preset():
    plan = Lavimo(preset="paper", text="built-in", steps=7, batch=3, negatives="mask").plan
    assert (plan.preset.text, plan.preset.steps, plan.preset.batch) == ("built-in", 7, 3)
    assert plan.switches.negatives == "mask"
    assert PRESETS["paper"].steps_for(6400) == 200 * 100
