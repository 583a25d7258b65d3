import sys

import numpy as np
import pytest
import torch

from retargetbench.datasets.errors import UnknownName
from retargetbench.datasets.rendering import PHONG, Light, Material, RenderSettings, Subject, make_renderer, orbit
from retargetbench.datasets.rendering.batch import BadSubject
from retargetbench.datasets.rendering.pytorch3d_renderer import NoPyTorch3D
from retargetbench.datasets.rendering.renderer import BadSettings
from retargetbench.datasets.rendering.shading import BadLight

from .figures import CUBE_FACES, cube

FACES = torch.from_numpy(CUBE_FACES)
CAMERAS = [orbit(torch.zeros(3), 5.0, azimuth_deg=a, elevation_deg=10.0) for a in (0.0, 35.0)]
SMALL = RenderSettings(24, 32)


def cubes(*centres, dtype=torch.float32):
    return torch.stack([torch.from_numpy(cube(c)) for c in centres]).to(dtype)


def test_pictures_come_by_frame_and_view():
    pictures = make_renderer(settings=SMALL).render(cubes((0, 0, 0), (1, 0, 0), (0, 1, 0)), FACES, CAMERAS)
    assert pictures.images.shape == (3, 2, 3, 24, 32)
    assert pictures.mask.shape == (3, 2, 24, 32)
    assert pictures.seen.shape == (3, 2, 24, 32)
    assert torch.equal(pictures.mask > 0, pictures.seen >= 0)
    assert pictures.images.min() >= 0
    assert pictures.images.max() <= 1


def test_characters_drawn_together_are_those_drawn_alone():
    tetrahedron = torch.tensor([[[0.0, 1, 0], [-1, -1, 0], [1, -1, 0], [0, 0, 1]]])
    sides = torch.tensor([[0, 1, 2], [0, 2, 3], [0, 3, 1], [1, 3, 2]])
    subjects = [
        Subject(cubes((0, 0, 0), (0.3, 0, 0)), FACES, CAMERAS, torch.rand(8, 3)),
        Subject(tetrahedron, sides, CAMERAS[:1], torch.tensor([0.1, 0.9, 0.4]), torch.rand(3, 24, 32)),
    ]
    renderer = make_renderer(settings=SMALL)
    for together, subject in zip(renderer.render_many(subjects), subjects, strict=True):
        alone = renderer.render_many([subject])[0]
        assert torch.equal(together.images, alone.images)
        assert torch.equal(together.seen, alone.seen)
    assert renderer.render_many([]) == []


def test_a_background_picture_is_seen_where_the_mesh_is_not():
    behind = torch.rand(3, 24, 32)
    picture = make_renderer(settings=SMALL).render_many([Subject(cubes((0, 0, 0)), FACES, CAMERAS[:1], None, behind)])[
        0
    ]
    empty = picture.mask[0, 0] == 0
    assert torch.equal(picture.images[0, 0][:, empty], behind[:, empty])
    assert not torch.equal(picture.images[0, 0], behind)


def test_more_samples_give_shares_of_pixels():
    mask = make_renderer(settings=RenderSettings(24, 32, 4)).render(cubes((0, 0, 0)), FACES, CAMERAS).mask
    hard = make_renderer(settings=SMALL).render(cubes((0, 0, 0)), FACES, CAMERAS).mask
    assert ((mask > 0) & (mask < 1)).any()
    assert float(mask.sum()) == pytest.approx(float(hard.sum()), rel=0.05)


def test_the_same_input_gives_the_same_picture_and_gradient():
    renderer, answers = make_renderer(settings=SMALL), []
    for _ in range(2):
        vertices = cubes((0, 0, 0)).requires_grad_()
        pictures = renderer.render(vertices, FACES, CAMERAS)
        (pictures.images.square().sum() + pictures.mask.sum()).backward()
        answers.append((pictures.images.detach(), vertices.grad))
    assert torch.equal(answers[0][0], answers[1][0])
    torch.testing.assert_close(answers[0][1], answers[1][1], rtol=1e-5, atol=1e-5)


def test_a_highlight_is_where_the_light_is_mirrored():
    light = Light(at_m=tuple(CAMERAS[0].position_m.tolist()))
    black = Subject(cubes((0, 0, 0)), FACES, CAMERAS[:1], torch.zeros(3))
    images = [
        make_renderer(settings=RenderSettings(48, 48, material=m, light=light)).render_many([black])[0].images
        for m in (Material(), PHONG)
    ]
    assert images[0][:, :, :, 20:28, 20:28].max() == 0
    assert 0.01 < images[1][:, :, :, 20:28, 20:28].max() <= 0.2


def within_a_triangle(seen):
    """The pixels whose four neighbours show the same triangle."""
    middle = seen[1:-1, 1:-1]
    beside = [seen[1:-1, 2:], seen[1:-1, :-2], seen[2:, 1:-1], seen[:-2, 1:-1]]
    inside = torch.zeros_like(seen, dtype=torch.bool)
    inside[1:-1, 1:-1] = torch.stack([middle == other for other in beside]).all(dim=0)
    return inside


def test_colours_within_a_triangle_pass_gradcheck():
    vertices, near = (
        cubes((0, 0, 0), dtype=torch.float64),
        [orbit(torch.zeros(3), 5.0, azimuth_deg=20.0, fov_y_deg=8.0)],
    )
    light, material = Light(at_m=(2.0, 3.0, 4.0)), Material(specular=0.3)
    renderer = make_renderer(settings=RenderSettings(12, 12, material=material, light=light))
    inside = within_a_triangle(renderer.render(vertices, FACES, near).seen[0, 0])
    assert inside.sum() > 40

    def colours(moved):
        return renderer.render(moved, FACES, near).images[0, 0][:, inside]

    where = torch.autograd.functional.jacobian(colours, vertices)
    step, numeric = 1e-6, torch.zeros_like(where)
    for index in np.ndindex(vertices.shape):
        moved = vertices.clone()
        moved[index] += step
        high = colours(moved)
        moved[index] -= 2 * step
        numeric[(..., *index)] = (high - colours(moved)) / (2 * step)
    torch.testing.assert_close(where, numeric, atol=1e-4, rtol=1e-3)


def test_the_area_of_a_triangle_passes_gradcheck_with_fine_samples():
    vertices = torch.tensor([[[-0.8, -0.7, 0.1], [0.9, -0.5, 0.0], [0.1, 0.8, -0.2]]], dtype=torch.float64)
    renderer = make_renderer(settings=RenderSettings(8, 8, 64))
    weights = torch.linspace(0.5, 1.5, 64, dtype=torch.float64).reshape(8, 8)

    def area(moved):
        return (renderer.render(moved, torch.tensor([[0, 1, 2]]), CAMERAS[:1]).mask[0, 0] * weights).sum()

    assert torch.autograd.gradcheck(area, vertices.requires_grad_(), eps=0.02, atol=0.03, rtol=0.03)


def test_colours_and_background_pass_gradcheck():
    vertices, behind = cubes((0, 0, 0), dtype=torch.float64), torch.rand(3, 4, 5, dtype=torch.float64)
    colours = torch.rand(8, 3, dtype=torch.float64)
    renderer = make_renderer(settings=RenderSettings(4, 5, 2))

    def images(tints, background):
        return renderer.render_many([Subject(vertices, FACES, CAMERAS[:1], tints, background)])[0].images

    assert torch.autograd.gradcheck(images, (colours.requires_grad_(), behind.requires_grad_()))
    assert torch.autograd.gradcheck(images, (colours[0].detach().requires_grad_(), behind))


def test_two_bodies_that_go_through_each_other_move_the_line_between_them():
    """The line is no edge of either; where both move alike, their picture moves with them."""
    generator = torch.Generator().manual_seed(5)
    both = torch.cat([cubes((0, 0, 0)), cubes((0.6, 0.3, 0.35))], dim=1)
    faces = torch.cat([FACES, FACES + 8])
    colours = torch.tensor([[0.9, 0.2, 0.1]] * 8 + [[0.1, 0.3, 0.9]] * 8)
    weights = torch.nn.functional.interpolate(torch.rand(1, 3, 5, 5, generator=generator), (64, 64), mode="bicubic")[0]
    camera = orbit(torch.zeros(3), 6.0, azimuth_deg=30.0)

    def loss(shift, samples):
        subject = Subject(both + shift * camera.axes[0], faces, [camera], colours)
        images = make_renderer(settings=RenderSettings(64, 64, samples)).render_many([subject])[0].images
        return (images[0, 0] * weights).sum()

    at, step = torch.zeros((), requires_grad=True), torch.tensor(0.05)
    (found,) = torch.autograd.grad(loss(at, 1), at)
    expected = (loss(step, 16) - loss(-step, 16)) / (2 * step)
    assert float(found) == pytest.approx(float(expected), rel=0.05)


def test_without_a_gradient_wanted_no_outline_is_looked_for(monkeypatch):
    def refuse(*_):
        raise AssertionError("outlines are only for gradients")

    monkeypatch.setattr("retargetbench.datasets.rendering.warp_renderer.find_outlines", refuse)
    renderer, vertices = make_renderer(settings=SMALL), cubes((0, 0, 0))
    assert not renderer.render(vertices, FACES, CAMERAS).images.requires_grad
    with torch.no_grad():
        assert not renderer.render(vertices.requires_grad_(), FACES, CAMERAS).images.requires_grad
    with pytest.raises(AssertionError):
        renderer.render(vertices, FACES, CAMERAS)


@pytest.mark.parametrize("size", [(1, 1), (2, 3), (7, 5)])
def test_the_smallest_pictures_have_a_gradient(size):
    vertices = cubes((0, 0, 0)).requires_grad_()
    for samples in (1, 2):
        pictures = make_renderer(settings=RenderSettings(*size, samples)).render(vertices, FACES, CAMERAS)
        (gradient,) = torch.autograd.grad(pictures.images.sum() + pictures.mask.sum(), vertices)
        assert torch.isfinite(gradient).all()


def test_where_nothing_is_seen_the_gradient_is_zero():
    vertices, away = cubes((0, 0, 0)).requires_grad_(), [orbit(torch.tensor([0.0, 60.0, 0.0]), 3.0)]
    for faces, cameras in ((FACES, away), (FACES[:0], CAMERAS)):
        pictures = make_renderer(settings=SMALL).render(vertices, faces, cameras)
        (gradient,) = torch.autograd.grad(pictures.images.sum() + pictures.mask.sum(), vertices)
        assert gradient.abs().max() == 0
    assert make_renderer(settings=SMALL).render(vertices[:0], FACES, CAMERAS).images.shape == (0, 2, 3, 24, 32)


def test_an_unknown_renderer_names_the_nearest():
    with pytest.raises(UnknownName, match="'pytorch3d'"):
        make_renderer("pytorch")


def test_without_pytorch3d_its_renderer_says_what_to_do(monkeypatch):
    monkeypatch.setitem(sys.modules, "pytorch3d", None)
    monkeypatch.setitem(sys.modules, "pytorch3d.structures", None)
    with pytest.raises(NoPyTorch3D, match=r"\[M024\].*builtin"):
        make_renderer("pytorch3d")


def test_impossible_settings_say_so():
    with pytest.raises(BadSettings, match="0 x 224"):
        RenderSettings(height_px=0)
    with pytest.raises(BadSettings, match="samples is 0"):
        RenderSettings(samples=0)
    with pytest.raises(BadLight, match="direction and a place"):
        Light((0, 1, 0), (0, 1, 0))
    with pytest.raises(BadLight, match="negative"):
        Material(ambient=-1)


def test_meshes_and_cameras_that_do_not_belong_together_say_so():
    with pytest.raises(BadSubject, match="frames, vertices, 3"):
        make_renderer().render(torch.zeros(4, 3), FACES, CAMERAS)
    with pytest.raises(BadSubject, match="2 places for 3 frames"):
        make_renderer().render(torch.zeros(3, 8, 3), FACES, [orbit(torch.zeros(2, 3), 3.0)])
    with pytest.raises(BadSubject, match="no camera"):
        make_renderer().render(torch.zeros(3, 8, 3), FACES, [])


@pytest.mark.gpu
def test_on_a_gpu_pictures_and_gradients_are_those_of_the_cpu(cuda):
    answers = []
    for device in ("cpu", "cuda"):
        vertices = cubes((0, 0, 0), (0.2, 0.1, 0)).to(device).requires_grad_()
        pictures = make_renderer(settings=SMALL).render(vertices, FACES.to(device), CAMERAS)
        (pictures.images.square().sum() + pictures.mask.sum()).backward()
        answers.append((pictures.images.detach().cpu(), vertices.grad.cpu()))
    assert (answers[0][0] - answers[1][0]).abs().mean() < 1e-3
    torch.testing.assert_close(answers[0][1], answers[1][1], rtol=0.02, atol=0.2)
