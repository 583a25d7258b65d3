"""The built-in renderer beside PyTorch3D, where that is installed: the same scenes through the same protocol.

The figures of docs/rendering.md: ``pytest tests/datasets/rendering/test_pytorch3d_parity.py -s``.
"""

import numpy as np
import pytest
import roma
import torch

from retargetbench.datasets.body.kinematics import SkinTensors
from retargetbench.datasets.intents.bodies import load_body
from retargetbench.datasets.rendering import (
    PHONG,
    Framing,
    Light,
    RenderSettings,
    Subject,
    framed_cameras,
    make_renderer,
    orbit,
)
from retargetbench.datasets.rendering.pytorch3d_renderer import PyTorch3DRenderer, SoftSettings
from retargetbench.metrics.semantics.judge import check_frames

pytest.importorskip("pytorch3d", reason="PyTorch3D is missing; this runs where it is built", exc_type=ImportError)

HARD = SoftSettings(blur_radius=0.0, faces_per_pixel=1)
"""One layer and no blur: the nearest triangle, as the built-in renderer shows it."""
SOFT_EDGES = SoftSettings(blur_radius=9.21024e-4, sigma=1e-4)
"""Triangles reach as far as their edges are soft: what alpha's gradient needs."""
LAMP = Light(at_m=(1.0, 2.5, 3.0))
SHOTS = {
    "whole": ("full", RenderSettings(72, 72, material=PHONG)),
    "upper half": ("upper", RenderSettings(64, 64, material=PHONG, light=LAMP)),
    "tall": ("full", RenderSettings(80, 48, material=PHONG)),
    "wide, four samples": ("upper", RenderSettings(28, 40, 2, material=PHONG)),
}
NEAR = {"shoulder": (0.25, 1.35), "arm": (0.45, 1.35), "torso": (0.0, 1.2)}
"""What fills the picture, x and y in metres: triangles there are several pixels large."""


class Stage:
    """A body in two poses, to be drawn by either backend."""

    def __init__(self, spread=0.25):
        self.character = load_body("average_man")
        self.skin = SkinTensors.of(self.character)
        self.faces = torch.tensor(np.array(self.character.faces)).long()
        generator = torch.Generator().manual_seed(3)
        angles = spread * torch.randn(2, len(self.skin.parents), 3, generator=generator)
        self.rotations = roma.rotvec_to_rotmat(angles)

    def vertices(self, turned=None):
        """The vertices of both poses; ``turned``: rotation vectors of all joints, [2, joints, 3]."""
        rotations = self.rotations if turned is None else self.rotations @ roma.rotvec_to_rotmat(turned)
        root = self.skin.rest_positions_m[0] + torch.tensor([[0.0, 0.0, 0.0], [0.4, 0.1, -0.3]])
        return self.skin.vertices_m(self.skin.pose(rotations, root))

    def gradient(self, renderer, camera, loss):
        """The gradient of a loss of the first pose's pictures to the rotations of its joints, [joints, 3]."""
        turned = torch.zeros(2, len(self.skin.parents), 3, requires_grad=True)
        pictures = renderer.render(self.vertices(turned)[:1], self.faces, [camera])
        return torch.autograd.grad(loss(pictures), turned)[0][0]


@pytest.fixture(scope="module", params=SHOTS)
def drawn(request):
    """One shot by the built-in renderer, by hard PyTorch3D and by the backend as it is, from the front and the side."""
    (crop, settings), stage = SHOTS[request.param], Stage()
    cameras = framed_cameras(stage.vertices(), stage.character, Framing(("front", 110.0), crop))
    behind = torch.rand(2, 2, 3, settings.height_px, settings.width_px, generator=torch.Generator().manual_seed(1))
    subject = Subject(stage.vertices(), stage.faces, cameras, None, behind)
    renderers = make_renderer("builtin", settings), PyTorch3DRenderer(settings, HARD), PyTorch3DRenderer(settings)
    return [renderer.render_many([subject])[0] for renderer in renderers]


def test_without_blur_both_draw_the_same_pictures(drawn):
    own, hard, _ = drawn
    same = (own.seen == hard.seen).float().mean()
    gap = (own.images - hard.images).abs()
    print(f"\nhard: the same triangle in {same:.4%} of the samples, colours within {gap.max():.5f}")
    assert same > 0.9995
    assert gap.flatten().quantile(0.999) < 1e-3
    assert torch.equal(own.mask > 0, hard.mask > 0)


def test_soft_pictures_differ_at_the_edges_only(drawn):
    own, _, soft = drawn
    for frames in soft.images:
        check_frames(frames)
    assert torch.equal(soft.seen, own.seen)
    inside, outside = own.mask == 1, own.mask == 0
    gap = (own.images - soft.images).abs().amax(dim=2)
    bare = outside & (soft.mask == 0)
    grown = (outside & (soft.mask > 0)).sum() / (own.mask > 0).sum()
    alpha = soft.mask[inside]
    print(
        f"\nsoft: colours inside within {gap[inside].median():.4f} (median), {gap[inside].quantile(0.9):.4f} (90 %), "
        f"{gap[inside].quantile(0.99):.4f} (99 %); body larger by {grown:.1%}; alpha inside {alpha.min():.2f} to 1"
    )
    assert gap[inside].median() < 1e-3
    assert gap[inside].quantile(0.9) < 0.01
    assert gap[bare].max() < 1e-6
    assert not (inside & (soft.mask == 0)).any()
    assert grown < 0.1


def compared(found, expected):
    """The cosine of two gradients and the ratio of their lengths; both have to be finite and not 0."""
    assert torch.isfinite(found).all()
    assert float(found.norm()) > 0
    cosine = torch.nn.functional.cosine_similarity(found.flatten(), expected.flatten(), dim=0)
    return float(cosine), float(found.norm() / expected.norm())


def near(place):
    return orbit(torch.tensor([*NEAR[place], 0.0]), 4.2, azimuth_deg=20.0, fov_y_deg=6.0)


def smooth(size):
    coarse = torch.randn(1, 3, 6, 6, generator=torch.Generator().manual_seed(5))
    return torch.nn.functional.interpolate(coarse, (size, size), mode="bicubic")[0]


@pytest.mark.parametrize("soft", [HARD, SoftSettings()], ids=["hard", "soft"])
@pytest.mark.parametrize("place", ["arm", "torso"])
def test_the_gradient_of_colours_inside_the_body_points_the_same_way(place, soft):
    """Or shorter: PyTorch3D's colours know nothing of the outlines of one part of the body before another."""
    stage, camera, settings = Stage(0.1), near(place), RenderSettings(72, 72, material=PHONG)
    own = make_renderer("builtin", settings)
    covered = own.render(stage.vertices()[:1], stage.faces, [camera]).mask.detach()
    inside = 1 - torch.nn.functional.max_pool2d(1 - covered, 5, 1, 2)

    def loss(pictures):
        return (pictures.images * smooth(72) * inside[:, :, None]).sum()

    expected = stage.gradient(own, camera, loss)
    cosine, ratio = compared(stage.gradient(PyTorch3DRenderer(settings, soft), camera, loss), expected)
    name = "hard" if soft is HARD else "soft"
    print(f"\n{place}, {name}, colours inside: cosine {cosine:.4f}, ratio of the lengths {ratio:.3f}")
    assert cosine > 0.98
    assert 0.6 < ratio < 1.1


@pytest.mark.parametrize(
    "place", ["arm", *(pytest.param(place, marks=pytest.mark.slow) for place in ("shoulder", "torso"))]
)
def test_the_gradient_of_the_silhouette_points_the_same_way(place):
    stage, camera, settings = Stage(), near(place), RenderSettings(96, 96)

    def loss(pictures):
        return (pictures.mask * smooth(96)[0]).sum()

    expected = stage.gradient(make_renderer("builtin", settings), camera, loss)
    cosine, ratio = compared(stage.gradient(PyTorch3DRenderer(settings, SOFT_EDGES), camera, loss), expected)
    release = compared(stage.gradient(PyTorch3DRenderer(settings), camera, loss), expected)
    print(
        f"\n{place}, mask: cosine {cosine:.4f}, ratio of the lengths {ratio:.3f}; with the release's settings "
        f"{release[0]:.4f}, {release[1]:.3f}"
    )
    assert cosine > 0.95
    assert ratio == pytest.approx(1, abs=0.25)


def test_where_nothing_is_seen_the_gradient_is_zero():
    stage, renderer = Stage(), PyTorch3DRenderer(RenderSettings(24, 32))
    for faces, camera in ((stage.faces, orbit(torch.tensor([0.0, 60.0, 0.0]), 3.0)), (stage.faces[:0], near("torso"))):
        vertices = stage.vertices().double().requires_grad_()
        pictures = renderer.render(vertices, faces, [camera])
        assert not pictures.mask.any()
        assert (pictures.seen == -1).all()
        background = torch.tensor(renderer.settings.background).double()[:, None, None]
        torch.testing.assert_close(pictures.images, background.expand(pictures.images.shape))
        (gradient,) = torch.autograd.grad(pictures.images.sum() + pictures.mask.sum(), vertices)
        assert gradient.abs().max() == 0
