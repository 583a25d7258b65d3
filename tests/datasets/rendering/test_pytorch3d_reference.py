"""The built-in renderer beside what PyTorch3D 0.7.9 computed, as recorded beside the checkout."""

import numpy as np
import pytest
import torch

from retargetbench.datasets.rendering import PHONG, Camera, Light, RenderSettings, Subject, make_renderer
from retargetbench.datasets.rendering.batch import lay_out
from retargetbench.datasets.rendering.footing import sliding_weights
from retargetbench.datasets.rendering.interpolation import vertex_normals
from retargetbench.datasets.rendering.pytorch3d_renderer import pytorch3d_pose
from retargetbench.datasets.rendering.rasterizer import Surface, fragments, visible_faces
from retargetbench.datasets.rendering.shading import Look, shade

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


def inner_distance(batch, found):
    """The squared distance of each covered pixel from the border of its triangle, in PyTorch3D's coordinates."""
    corners = batch.points_px[found.footing.rows][..., :2] / 64
    place = found.footing.place_px.T / 64
    squares = []
    for k in range(3):
        side = corners[(k + 1) % 3] - corners[k]
        share = ((place - corners[k]) * side).sum(dim=-1) / side.square().sum(dim=-1).clamp(min=1e-12)
        squares.append((place - corners[k] - share.clamp(0, 1)[:, None] * side).square().sum(dim=-1))
    return torch.stack(squares).amin(dim=0)


def test_the_gradient_of_covered_pixels_is_the_same(recorded, camera):
    """Of the colours, by the renderer's own triangles and light; of PyTorch3D's fourth channel, by its formula.

    That channel, a sigmoid of the distance from the border of the pixel's own triangle, is no part of this renderer,
    but its gradient is in the recorded sum. Outlines are left out: with one layer and no blur PyTorch3D has none.
    """
    vertices = recorded["verts"][None].clone().requires_grad_()
    batch = lay_out([Subject(vertices, recorded["faces"], (camera,))], (128, 128))
    found = fragments(batch, visible_faces(batch))
    normals = vertex_normals(vertices, recorded["faces"])[0]
    light = Light(at_m=tuple(recorded["light"].tolist()))
    look = Look(PHONG, light, normals, torch.ones(1, 3), recorded["colours"], torch.tensor([True]))
    lit = shade(Surface(found.picture, found.corners, sliding_weights(batch.points_px, found.footing)), batch, look)
    alpha = torch.sigmoid(inner_distance(batch, found) / float(recorded["sigma"]))
    drawn = torch.cat([lit, alpha[:, None]], dim=1)
    (gradient,) = torch.autograd.grad((drawn * recorded["weights"][found.row, found.column]).sum(), vertices)
    expected = recorded["grad_verts"]
    moved = expected.norm(dim=1) > 1e-6
    assert moved.sum() > 700
    relative = (gradient[0] - expected).norm(dim=1)[moved] / expected.norm(dim=1)[moved].clamp(min=1e-2)
    assert relative.median() < 1e-3
    assert relative.quantile(0.99) < 1e-2
    assert torch.nn.functional.cosine_similarity(gradient.flatten(), expected.flatten(), dim=0) > 0.9999
