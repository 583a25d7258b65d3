"""Optimisers: every parameter has one, matrices of stacks are Muon's, and moments survive a checkpoint."""

import io

import pytest
import torch
from torch import nn

from retargetbench.reference_model.training.optimising import MuonWithAdam, Rate, take_step


class Small(nn.Module):
    def __init__(self):
        super().__init__()
        self.words = nn.Embedding(5, 8)
        self.stack = nn.Sequential(nn.Linear(8, 12), nn.GELU(), nn.Linear(12, 8), nn.LayerNorm(8))
        self.head = nn.Linear(8, 5)

    def loss(self):
        return nn.functional.cross_entropy(self.head(self.stack(self.words.weight)), torch.arange(5))


@pytest.fixture
def network():
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        return Small()


def test_the_stacks_matrices_are_muons_and_all_else_is_adams(network):
    optimiser = MuonWithAdam(network, [network.stack], 0.05)
    muon, *adam = optimiser.param_groups
    assert {id(p) for p in muon["params"]} == {id(network.stack[0].weight), id(network.stack[2].weight)}
    grouped = [id(p) for group in optimiser.param_groups for p in group["params"]]
    assert sorted(grouped) == sorted(id(p) for p in network.parameters())
    assert {id(p) for p in adam[0]["params"]} == {id(network.words.weight), id(network.head.weight)}
    assert adam[1]["weight_decay"] == 0


def test_muons_step_has_no_preferred_direction(network):
    optimiser = MuonWithAdam(network, [network.stack], 0.0)
    before = network.stack[0].weight.detach().clone()
    take_step(optimiser, network, {"loss": network.loss()}, 1e-2)
    moved = torch.linalg.svdvals(network.stack[0].weight.detach() - before)
    gradient = torch.linalg.svdvals(network.stack[0].weight.grad)
    assert moved[0] / moved[3] < 2 < gradient[0] / gradient[3]


def test_moments_survive_a_checkpoint(network):
    def stepped(optimiser, steps):
        for step in steps:
            take_step(optimiser, network, {"loss": network.loss()}, Rate(1e-2, 6).at(step))
        return [p.detach().clone() for p in network.parameters()]

    optimiser = MuonWithAdam(network, [network.stack], 0.05)
    stepped(optimiser, range(3))
    weights = {name: tensor.clone() for name, tensor in network.state_dict().items()}
    moments = optimiser.state_dict()
    kept = {k: torch.load(_written(v), weights_only=True) for k, v in moments.items()}
    whole = stepped(optimiser, range(3, 6))
    network.load_state_dict(weights)
    resumed = MuonWithAdam(network, [network.stack], 0.05)
    resumed.load_state_dict(kept)
    for ours, theirs in zip(stepped(resumed, range(3, 6)), whole, strict=True):
        torch.testing.assert_close(ours, theirs, rtol=0, atol=0)


def _written(state):
    content = io.BytesIO()
    torch.save(state, content)
    content.seek(0)
    return content
