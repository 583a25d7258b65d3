"""The built-in renderer beside what PyTorch3D 0.7.9 computed, as recorded beside the checkout."""

import numpy as np
import pytest
import torch

from retargetbench.datasets.rendering import PHONG, Camera, Light, RenderSettings, Subject, make_renderer
from retargetbench.datasets.rendering.batch import lay_out
from retargetbench.datasets.rendering.pytorch3d_renderer import pytorch3d_pose
from retargetbench.datasets.rendering.rasterizer import fragments

pytestmark = pytest.mark.shared


@pytest.fixture(scope="module")
def recorded(shared_data):
    with np.load(shared_data / "pytorch3d_reference" / "phong_f1_b0.npz") as file:
        return {name: torch.from_numpy(file[name]) for name in file.files if file[name].dtype.kind in "fi"}


@pytest.fixture(scope="module")
def camera(recorded):
    rotation, shift = recorded["R"][0], recorded["T"][0]
    axes = (rotation * torch.tensor([-1.0, 1.0, 1.0])).T
    return Camera(-(rotation @ shift), axes.contiguous(), float(recorded["fov"]))


@pytest.fixture(scope="module")
def drawn(recorded, camera):
    vertices = recorded["verts"][None].clone().requires_grad_()
    light = Light(at_m=tuple(recorded["light"].tolist()))
    settings = RenderSettings(128, 128, background=(1.0, 1.0, 1.0), material=PHONG, light=light)
    subject = Subject(vertices, recorded["faces"], (camera,), recorded["colours"])
    return vertices, make_renderer("builtin", settings).render_many([subject])[0]


def test_cameras_translate_there_and_back(recorded, camera):
    rotation, shift = pytorch3d_pose(camera)
    torch.testing.assert_close(rotation, recorded["R"][0], atol=1e-6, rtol=0)
    torch.testing.assert_close(shift, recorded["T"][0], atol=1e-5, rtol=0)


def test_the_same_triangles_are_seen(recorded, drawn):
    same = drawn[1].seen[0, 0] == recorded["pix_to_face"][..., 0]
    assert same.float().mean() > 0.999


def test_the_same_colours_are_seen(recorded, drawn):
    seen = drawn[1].seen[0, 0]
    both = (seen == recorded["pix_to_face"][..., 0]) & (seen >= 0)
    assert both.sum() > 1500
    # With one layer the shares of PyTorch3D's blending cancel: a covered pixel has the colour of its triangle.
    difference = (drawn[1].images[0, 0].movedim(0, -1) - recorded["image"][..., :3])[both].abs()
    assert difference.max() < 2e-3


def test_the_same_places_of_the_triangles_are_seen(recorded, drawn, camera):
    batch = lay_out([Subject(recorded["verts"][None], recorded["faces"], (camera,))], (128, 128))
    found = fragments(batch, drawn[1].seen[:, 0])
    same = found.corners[:, 0] == recorded["faces"][recorded["pix_to_face"][found.row, found.column, 0], 0]
    bary = recorded["bary"][found.row, found.column, 0][same]
    depth = recorded["zbuf"][found.row, found.column, 0][same]
    assert (found.footing.weights.T[same] - bary).abs().quantile(0.999) < 1e-3
    torch.testing.assert_close(found.footing.depth_m[same], depth, atol=1e-4, rtol=0)
