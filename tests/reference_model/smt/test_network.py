"""The networks: sizes as released, any length, any batch, and what they must not depend on."""

import numpy as np
import pytest
import torch
from torch.nn.functional import scaled_dot_product_attention

from retargetbench.reference_model.smt.batch import Moves, Rigs, copied
from retargetbench.reference_model.smt.build import build_network, load_network, save_network
from retargetbench.reference_model.smt.layers import BOTH_WAYS, CausalConv, GatedGraphConv, JointAttention, TimeMix
from retargetbench.reference_model.smt.network import Normalisation, parameter_count
from retargetbench.reference_model.smt.profiles import BEST, CODE, PAPER
from retargetbench.reference_model.smt.released import Discriminator

from .small import disturbed, moves, rigs, small


def spatial(inputs, outputs, edge=3):
    gates = 2 * ((2 * inputs + edge) * outputs + outputs)
    return gates + inputs * outputs + outputs


def temporal(channels):
    return channels * channels * 3 + 2 * channels  # directions, lengths, biases


def test_code_and_paper_have_the_released_sizes():
    encoder = spatial(9, 16) + spatial(16, 32) + temporal(32)
    decoder = spatial(32, 16) + spatial(16, 6) + temporal(6)
    root = spatial(3, 16) + spatial(16 + 3, 3)
    for profile in (CODE, PAPER):
        assert parameter_count(build_network(profile, 0)) == encoder + decoder + root == 10_902
    judge = spatial(9, 16) + spatial(16, 32) + temporal(32) + 32 * 16 + 16 + 16 + 1
    assert parameter_count(Discriminator()) == judge == 7_393


def test_the_shipped_network_is_small_enough_to_ship():
    assert 2 * parameter_count(build_network(BEST, 0)) <= 2**20  # bytes in half precision


def test_an_untrained_shape_aware_network_is_rotation_copy():
    network, source, target = build_network(small("best"), 0).eval(), rigs("average_man"), rigs("belly")
    given = moves(1)
    made, copy = network(given, source, target), copied(given, source, target)
    assert torch.allclose(made.local, copy.local, atol=1e-6)
    assert torch.equal(made.root_m, copy.root_m)


@pytest.mark.parametrize("name", ["best", "code"])
def test_pairs_of_a_batch_know_nothing_of_each_other_and_clips_may_have_any_length(name):
    network = disturbed(build_network(small(name), 0))
    source, target = rigs("average_man", "average_man"), rigs("belly", "child")
    both = network(moves(1, 2), source, target)
    for pair in (0, 1):
        alone = network(moves(1, 2)[pair : pair + 1], source[pair : pair + 1], target[pair : pair + 1])
        assert torch.allclose(alone.local[0], both.local[pair], atol=2e-5)
        assert torch.allclose(alone.root_m[0], both.root_m[pair], atol=2e-5)
    for frames in (1, 2, 33):
        made = network(moves(3, frames=frames), source[:1], target[:1])
        assert made.local.shape == (1, frames, 22, 3, 3)
        assert torch.allclose(made.local @ made.local.transpose(-1, -2), torch.eye(3), atol=1e-4)


def test_shapes_matter_to_the_shape_aware_network_and_headings_and_places_do_not():
    network = disturbed(build_network(small("best"), 0))
    source, target = rigs("average_man"), rigs("belly")
    straight, other = network(moves(1), source, target), network(moves(1), source, rigs("child"))
    assert float((straight.local - other.local).abs().max()) > 1e-3
    about = network(moves(1, degrees=70.0), source, target)
    assert torch.allclose(about.local[:, :, 1:], straight.local[:, :, 1:], atol=1e-4)
    given = moves(1)
    away = network(Moves(given.local, given.root_m + torch.tensor([5.0, 0.0, -3.0])), source, target)
    assert torch.allclose(away.local, straight.local, atol=1e-4)
    assert torch.allclose(away.root_m - straight.root_m, torch.tensor([5.0, 0.0, -3.0]), atol=1e-4)


def test_a_gated_convolution_is_the_formula_of_its_docstring():
    torch.manual_seed(0)
    layer = GatedGraphConv(5, 4, 3, BOTH_WAYS)
    states, edges = torch.randn(1, 1, 22, 5), torch.randn(1, 1, len(BOTH_WAYS), 3)
    wanted = layer.residual(states)[0, 0].clone()
    gate, value = (w.chunk(2, dim=0) for w in (layer.own.weight, layer.other.weight))
    on_edge, bias = layer.edge.weight.chunk(2, dim=0), layer.own.bias.chunk(2)
    for number, (sender, receiver) in enumerate(BOTH_WAYS):
        z = torch.cat([states[0, 0, receiver], states[0, 0, sender], edges[0, 0, number]])
        f, s = (torch.cat([gate[k], value[k], on_edge[k]], dim=1) @ z + bias[k] for k in (0, 1))
        wanted[receiver] += torch.sigmoid(f) * torch.nn.functional.softplus(s)
    assert torch.allclose(layer(states, edges)[0, 0], wanted, atol=1e-5)


def test_attention_and_mixing_over_time_are_their_plain_formulas():
    torch.manual_seed(0)
    states, frames = torch.randn(2, 7, 22, 8), torch.arange(7)
    attention, mix = JointAttention(8, heads=2), TimeMix(8)
    query, key, value = (p.unflatten(-1, (2, 4)).transpose(-2, -3) for p in attention.asked(states).chunk(3, dim=-1))
    heard = scaled_dot_product_attention(query, key, value).transpose(-2, -3).flatten(-2)
    assert torch.allclose(attention(states), attention.out(heard), atol=1e-5)
    mixed = sum(tap * states[:, (frames + k - 2).clamp(0, 6)] for k, tap in enumerate(mix.taps))
    assert torch.allclose(mix(states), mix.out(mixed), atol=1e-5)


def test_the_released_convolution_looks_back_only_and_the_other_both_ways():
    torch.manual_seed(0)
    states = torch.randn(1, 9, 22, 4)
    later = states.clone()
    later[:, 5] += 1
    for layer, changed in ((CausalConv(4, dropout=0.0), {5, 6, 7}), (TimeMix(4), {3, 4, 5, 6, 7})):
        moved = (layer(later) - layer(states)).abs().amax(dim=(0, 2, 3)) > 1e-6
        assert {int(k) for k in moved.nonzero()} == changed


def test_a_character_is_normalised_without_motions_of_its_own():
    normal = Normalisation()
    features, shapes = torch.randn(50, 22, 9) * 3 + 1, torch.zeros(50, 22, 9)
    normal.measure(features, shapes)
    assert torch.allclose(normal.motion(features).std(dim=0, correction=0), torch.ones(22, 9), atol=1e-4)
    assert torch.allclose(normal.rotations(normal.motion(features)[..., :6]), features[..., :6], atol=1e-4)
    assert float(normal.shape(torch.full((22, 9), 9.0)).max()) == 5.0


def test_weights_come_back_from_a_file_in_half_precision(tmp_path):
    profile = small("best")
    network = disturbed(build_network(profile, 0))
    save_network(network, profile, tmp_path)
    back = load_network(tmp_path)
    for one, other in zip(network.parameters(), back.parameters(), strict=True):
        assert torch.allclose(one, other, rtol=1e-3, atol=1e-3)
    assert not back.training


def test_a_root_that_is_a_child_walks_its_own_strides():
    source, target = rigs("average_man"), rigs("child")
    given = moves(1)
    copy = copied(given, source, target)
    ratio = float(target.leg_m / source.leg_m)
    assert np.allclose(copy.root_m.diff(dim=1), ratio * given.root_m.diff(dim=1), atol=1e-6)


@pytest.mark.gpu
def test_a_gpu_trains_in_bf16_and_answers_as_the_cpu_does():
    if not torch.cuda.is_available():
        pytest.skip("no CUDA device")
    network = disturbed(build_network(small("best"), 0))
    source, target, given = rigs("average_man"), rigs("belly"), moves(1)
    here = network(given, source, target)
    there = network.cuda()
    on_gpu = [Rigs(**{n: getattr(r, n).cuda() for n in r.__dataclass_fields__}) for r in (source, target)]
    made = there(Moves(given.local.cuda(), given.root_m.cuda()), *on_gpu)
    assert torch.allclose(made.local.cpu(), here.local, atol=1e-3)
    trained = there.train()(Moves(given.local.cuda(), given.root_m.cuda()), *on_gpu)
    assert trained.local.dtype == torch.float32
    assert torch.allclose(trained.local.cpu(), here.local, atol=5e-2)
