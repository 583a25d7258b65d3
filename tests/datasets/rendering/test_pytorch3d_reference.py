"""The built-in renderer beside what PyTorch3D 0.7.9 computed, as recorded beside the checkout.

The figures of docs/rendering.md: ``pytest tests/datasets/rendering/test_pytorch3d_reference.py -s``.
"""

import numpy as np
import pytest
import torch

from retargetbench.datasets.rendering import PHONG, Camera, Light, RenderSettings, Subject, make_renderer
from retargetbench.datasets.rendering.batch import lay_out
from retargetbench.datasets.rendering.footing import sliding_weights
from retargetbench.datasets.rendering.interpolation import vertex_normals
from retargetbench.datasets.rendering.pytorch3d_renderer import put_in_front, pytorch3d_pose
from retargetbench.datasets.rendering.rasterizer import Surface, fragments, visible_faces
from retargetbench.datasets.rendering.shading import Look, shade

pytestmark = pytest.mark.shared


def read(shared_data, name):
    with np.load(shared_data / "pytorch3d_reference" / f"{name}.npz") as file:
        return {name: torch.from_numpy(file[name]) for name in file.files if file[name].dtype.kind in "fi"}


def camera_of(recorded):
    rotation, shift = recorded["R"][0], recorded["T"][0]
    axes = (rotation * torch.tensor([-1.0, 1.0, 1.0])).T
    return Camera(-(rotation @ shift), axes.contiguous(), float(recorded["fov"]))


@pytest.fixture(scope="module")
def recorded(shared_data):
    return read(shared_data, "phong_f1_b0")


@pytest.fixture(scope="module")
def camera(recorded):
    return camera_of(recorded)


@pytest.fixture(scope="module", params=["phong_f10_b1e-4", "sil_f50_b1e-4", "phong_full_f10_b1e-4"])
def layered(request, shared_data):
    """A file with many layers per pixel; the last one has 14,080 triangles, 224 x 224."""
    return read(shared_data, request.param)


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


def edge_on(recorded, camera, face):
    """Whether a camera sees triangles from the side, to 3 degrees: where on them a place lies, is then rounding."""
    corners = recorded["verts"][recorded["faces"][face]]
    normal = torch.linalg.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    return torch.nn.functional.cosine_similarity(normal, corners.mean(dim=1) - camera.position_m, dim=1).abs() < 0.05


def test_of_many_layers_the_nearest_that_holds_the_pixel_is_seen(layered):
    """A blurred triangle is a layer of pixels that it does not hold; a pixel's layers can be full of such ones."""
    camera, size = camera_of(layered), int(layered["size"])
    batch = lay_out([Subject(layered["verts"][None], layered["faces"], (camera,))], (size, size))
    seen = visible_faces(batch)
    holds = (layered["pix_to_face"] >= 0) & (layered["dists"] <= 0)
    layer = holds.to(torch.uint8).argmax(dim=-1, keepdim=True)
    face = layered["pix_to_face"].gather(-1, layer)[..., 0].where(holds.any(dim=-1), -1)
    known = holds.any(dim=-1) | (layered["pix_to_face"][..., -1] < 0)
    same = (seen[0] == face)[known].float().mean()
    print(f"\nthe same triangle in {same:.4%} of the pixels; layers full in {int((~known).sum())}")
    assert known.float().mean() > 0.97
    assert same > 0.9999
    found = fragments(batch, seen)
    first = layer[found.row, found.column, 0]
    at, face = (found.row, found.column, first), face[found.row, found.column]
    clear = (seen[0, found.row, found.column] == face) & ~edge_on(layered, camera, face)
    assert clear.sum() > 0.9 * len(clear)
    torch.testing.assert_close(found.footing.weights.T[clear], layered["bary"][at][clear], atol=3e-4, rtol=0)
    torch.testing.assert_close(found.footing.depth_m[clear], layered["zbuf"][at][clear], atol=1e-5, rtol=0)


@pytest.mark.parametrize("name", ["phong_f1_b0", "phong_f10_b1e-4", "phong_full_f10_b1e-4"])
def test_the_background_is_put_behind_as_pytorch3d_blends_it(shared_data, name):
    """Inside the body, where alpha is below 1, nothing of the background is added."""
    recorded = read(shared_data, name)
    covered = recorded["pix_to_face"][..., 0] >= 0
    drawn = recorded["image"] * covered[..., None]  # recorded over white; before black the rest is 0
    over_white = put_in_front(drawn[None], covered[None], torch.ones(3, 1, 1), 1)[0]
    torch.testing.assert_close(over_white.movedim(0, -1), recorded["image"], atol=1e-5, rtol=0)
    assert drawn[covered][:, 3].quantile(0.1) < 0.9


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


def test_the_gradient_of_light_and_sliding_is_the_same_within_each_triangle(recorded, camera):
    """Of the colours, by the renderer's own triangles, weights and light; of the fourth channel, by its formula.

    The parts are put together here as PyTorch3D has them: every pixel slides on the triangle that it shows. The
    renderer itself does so only where the neighbouring pixels show that triangle too, and has outlines besides, which
    PyTorch3D has none of with one layer and no blur. The fourth channel, a sigmoid of the distance from the border of
    the pixel's own triangle, is no part of this renderer, but its gradient is in the recorded sum.
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
