"""The network: its sizes, what it keeps and what it ignores; the paper's takes a step."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from retargetbench.reference_model.motionclip.learner import MotionClipLearner, Training, build_network
from retargetbench.reference_model.motionclip.losses import alignment_terms, reconstruction_terms, weighted
from retargetbench.reference_model.motionclip.network import parameter_count, positions
from retargetbench.reference_model.motionclip.pose import FEATURES
from retargetbench.reference_model.motionclip.presets import PRESETS, LossWeights
from retargetbench.reference_model.motionclip.standard_body import StandardPlaces
from retargetbench.reference_model.motionclip.windows import Batch

PAPER = 42_197_639


def counted(sizes, latent):
    """The parameters, counted by hand from the description."""
    d, f = sizes.width, sizes.feed_forward
    attention, ahead, norm = 4 * d * d + 4 * d, 2 * d * f + f + d, 2 * d
    encoder, decoder = attention + ahead + 2 * norm, 2 * attention + ahead + 3 * norm
    bridges = 0 if latent == d else 2 * latent * d + latent + d
    ends = FEATURES * d + d + 2 * d + d * FEATURES + FEATURES
    return sizes.layers * (encoder + decoder) + bridges + ends


def windows_of(count, frames, seed=0):
    """Rest poses with a little noise."""
    rest = np.concatenate([np.tile([1.0, 0, 0, 0, 1.0, 0], 22), np.zeros(3)])
    noise = 0.1 * np.random.default_rng(seed).normal(size=(count, frames, FEATURES))
    return torch.tensor(rest + noise, dtype=torch.float32)


@pytest.fixture(scope="module")
def quick():
    return build_network(PRESETS["quick"], 8, seed=1).eval()


def test_each_preset_has_the_size_that_it_is_said_to_have():
    with torch.device("meta"):
        assert parameter_count(build_network(PRESETS["paper"], 512, 1)) == PAPER == counted(PRESETS["paper"].sizes, 512)
    tiny = parameter_count(build_network(PRESETS["tiny"], 96, 1))
    assert tiny == counted(PRESETS["tiny"].sizes, 96)
    assert tiny <= 3_000_000
    assert 2 * tiny <= 3 * 2**20  # as it is shipped, in half precision


class OneBatch:
    """As much of ``Windows`` as a learner asks for."""

    latent, clip_count, fingerprint = 512, 1, "none"

    def __len__(self):
        return 2

    def draw(self, count, generator, *, mirror=False):
        unit = np.eye(512, dtype=np.float32)[:2]
        return Batch(windows_of(2, 12).numpy(), unit, unit[::-1].copy())


def test_the_papers_preset_takes_a_step():
    learner = MotionClipLearner(Training(PRESETS["paper"], seed=1), OneBatch())
    before = learner.network.read.weight.detach().clone()
    first = learner.learn(0, learner.draw(0))
    assert {*first} == {"total", "rotations", "vertices", "differences", "text", "image"}
    unweighted = sum(first[name] * getattr(LossWeights(), name) for name in first if name != "total")
    assert first["total"] == pytest.approx(unweighted, rel=1e-4)
    assert (learner.network.read.weight - before).abs().max() > 0


def test_the_length_of_free_latents_is_followed_and_given_to_texts():
    free = replace(PRESETS["quick"], sizes=replace(PRESETS["quick"].sizes, unit_latents=False))
    network = build_network(free, 8, seed=1)
    for _ in range(600):
        network.note_norms(torch.full((2, 8), 3.0))
    torch.testing.assert_close(network.latents_of(torch.eye(8)), 3.0 * 8**0.5 * torch.eye(8), rtol=5e-3, atol=1e-6)


def test_the_latent_is_all_that_a_motion_is_made_from(quick):
    given = windows_of(3, 20)
    latents = quick.encode(given)
    assert latents.shape == (3, 8)
    made = quick.decode(latents)
    assert made.shape == given.shape
    alone = quick.decode(latents[1:2])
    torch.testing.assert_close(alone[0], made[1])
    assert (made[0] - made[1]).abs().max() > 0
    assert quick.decode(latents, 33).shape == (3, 33, FEATURES)


def test_the_encoder_knows_the_order_of_frames(quick):
    given = windows_of(1, 20)
    assert (quick.encode(given) - quick.encode(given.flip(1))).abs().max() > 1e-4


def test_latents_of_one_length_leave_only_a_direction(quick):
    latents = quick.encode(windows_of(2, 20))
    torch.testing.assert_close(latents.norm(dim=-1), torch.full((2,), 8**0.5))
    torch.testing.assert_close(quick.decode(3.0 * latents), quick.decode(latents))
    torch.testing.assert_close(quick.latents_of(latents / 8), latents)


def test_positions_are_sines_and_cosines_of_falling_rates():
    found = positions(5, 6)
    rates = [1.0, 10_000 ** (-1 / 3), 10_000 ** (-2 / 3)]
    for at in range(5):
        expected = [f(at * rate) for rate in rates for f in (np.sin, np.cos)]
        np.testing.assert_allclose(found[at], expected, atol=1e-6)


def test_the_motion_terms_are_zero_for_equals_and_know_what_they_are_about():
    places, given = StandardPlaces.of(16), windows_of(2, 6)
    assert all(float(term) == 0 for term in reconstruction_terms(given, given, places).values())
    aside = given.clone()
    aside[..., -3:] += 0.5
    terms = reconstruction_terms(aside, given, places)
    assert float(terms["rotations"]) == pytest.approx(0.25 * 3 / FEATURES, rel=1e-5)
    assert max(float(terms["vertices"]), float(terms["differences"])) < 1e-12
    trembling = given.clone()
    trembling[:, ::2, -1] += 0.1  # every step is wrong by 0.1
    assert float(reconstruction_terms(trembling, given, places)["differences"]) == pytest.approx(
        0.01 / FEATURES, rel=1e-4
    )


def test_the_vertex_term_is_the_mean_square_of_places_that_moved():
    places, given = StandardPlaces.of(16), windows_of(1, 3).requires_grad_()
    other = windows_of(1, 3, seed=1)
    term = reconstruction_terms(given, other, places)["vertices"]
    apart = places.skin_m(given).detach().numpy() - places.skin_m(other).numpy()
    assert float(term.detach()) == pytest.approx(np.mean(apart**2), rel=1e-5)
    term.backward()
    assert float(given.grad[..., :-3].abs().max()) > 0
    assert float(given.grad[..., -3:].abs().max()) == 0


def test_alignment_looks_at_directions_only_and_a_weight_of_zero_leaves_a_term_out():
    unit = torch.eye(4)
    terms = alignment_terms(5.0 * unit, unit, unit.roll(1, 0))
    assert (float(terms["text"]), float(terms["image"])) == (0.0, 1.0)
    kept = weighted(terms, LossWeights(text=0.0, image=3.0))
    assert {name: float(value) for name, value in kept.items()} == {"image": 3.0}
