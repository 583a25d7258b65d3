import numpy as np
import pytest
import torch

from retargetbench.datasets.errors import UnknownName
from retargetbench.datasets.intents.bodies import load_body
from retargetbench.datasets.rendering import Framing, framed_cameras, make_renderer


@pytest.fixture(scope="module")
def body():
    return load_body("average_man")


def standing(body, shift=(0.0, 0.0, 0.0)):
    return torch.tensor(np.array(body.rest_vertices_m))[None] + torch.tensor(shift)


def test_the_whole_body_is_in_every_view(body):
    for camera in framed_cameras(standing(body), body, Framing(("front", "left", "right", 123.0))):
        x, y, _ = camera.project(standing(body), 224, 224).unbind(dim=-1)
        assert x.min() > 0
        assert x.max() < 224
        assert y.min() > 0
        assert y.max() < 224


def test_the_upper_crop_is_larger_shows_the_head_and_not_the_feet(body):
    full, upper = (
        framed_cameras(standing(body), body, Framing(("front",), crop))[0].project(standing(body), 224, 224)[0, :, 1]
        for crop in ("full", "upper")
    )
    assert np.ptp(upper.numpy()) > 1.4 * np.ptp(full.numpy())
    assert upper.min() > 0
    assert upper.max() > 224


@pytest.mark.parametrize("crop", ["full", "upper"])
def test_a_body_elsewhere_looks_the_same(body, crop):
    framing = Framing(("front", 40.0), crop)
    here, there = standing(body), standing(body, (3.0, 0.5, -2.0))
    frames = torch.cat([here, there])
    cameras = framed_cameras(frames, body, framing)
    seen = make_renderer().render(frames, torch.tensor(np.array(body.faces)), cameras).images
    assert (seen[0] - seen[1]).abs().mean() < 2e-3


def test_no_gradient_passes_through_the_placement(body):
    moving = standing(body).requires_grad_()
    assert not framed_cameras(moving, body)[0].position_m.requires_grad


def test_an_unknown_view_or_crop_names_the_nearest():
    with pytest.raises(UnknownName, match="'front'"):
        Framing(("frnt",))
    with pytest.raises(UnknownName, match="'upper'"):
        Framing(crop="uper")
