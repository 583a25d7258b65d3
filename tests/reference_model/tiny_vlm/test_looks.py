"""Looks: colours and cameras of the two models and of the test are never the same."""

import numpy as np
import pytest
import torch

from retargetbench.datasets.intents.bodies import load_body
from retargetbench.reference_model.tiny_vlm.looks import (
    PURPOSES,
    backdrop,
    belongs,
    camera_of,
    draw_look,
    vertex_colours,
)


def test_every_hue_and_every_azimuth_belongs_to_exactly_one_purpose():
    for value in np.linspace(0.0, 0.999, 500):
        assert sum(belongs(purpose, hue=value) for purpose in PURPOSES) == 1
        assert sum(belongs(purpose, azimuth_deg=220 * value - 110) for purpose in PURPOSES) == 1


def test_retrieval_learns_from_everything_that_is_not_the_test_s():
    for value in np.linspace(0.0, 0.999, 500):
        azimuth = 220 * value - 110
        assert belongs("retrieval", hue=value) != belongs("test", hue=value)
        assert belongs("retrieval", azimuth_deg=azimuth) != belongs("test", azimuth_deg=azimuth)


def test_a_mirrored_direction_belongs_to_the_same_purpose():
    for azimuth in np.linspace(0.0, 110.0, 300):
        for purpose in PURPOSES:
            assert belongs(purpose, azimuth_deg=azimuth) == belongs(purpose, azimuth_deg=-azimuth)


def test_the_test_looks_from_the_front():
    assert belongs("test", azimuth_deg=0.0)


@pytest.mark.parametrize("purpose", PURPOSES)
def test_looks_that_are_drawn_are_the_purpose_own(purpose):
    generator = np.random.default_rng(0)
    looks = [draw_look(purpose, generator) for _ in range(50)]
    assert all(belongs(purpose, azimuth_deg=look.azimuth_deg) for look in looks)
    assert {look.crop for look in looks} == {"full", "upper"}
    assert any(look.clothes for look in looks)


def test_equal_seeds_give_equal_looks():
    first, second = (draw_look("clip", np.random.default_rng(3)) for _ in range(2))
    assert first == second


def test_the_body_stays_in_the_picture_and_nearness_enlarges_it():
    body = load_body("average_man")
    vertices = torch.tensor(np.array(body.rest_vertices_m))[None]
    generator = np.random.default_rng(1)
    for _ in range(10):
        look = draw_look("blip2", generator)
        chest = camera_of(look, vertices, body).project(vertices.mean(dim=1, keepdim=True), 100, 100)[0, 0]
        assert 20 < float(chest[0]) < 80
        assert float(chest[2]) > 0.5


def test_hands_of_a_dressed_body_keep_its_tint_and_the_backdrop_is_a_picture():
    body = load_body("average_man")
    generator = np.random.default_rng(2)
    look = next(look for look in (draw_look("blip2", generator) for _ in range(50)) if look.clothes)
    colours = vertex_colours(look, body)
    hand = int(body.part_vertices("left_hand")[0])
    assert torch.allclose(colours[hand], torch.tensor(look.tint))
    assert not torch.allclose(colours[int(body.part_vertices("torso")[0])], torch.tensor(look.tint))
    behind = backdrop(look, 16)
    assert behind.shape == (1, 1, 3, 16, 16)
    assert 0 <= float(behind.min()) <= float(behind.max()) <= 1
