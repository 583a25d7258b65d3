import pytest
import torch

from retargetbench.datasets.rendering.footing import footing, sliding_weights

SHARES = torch.tensor([[0.2, 0.3, 0.5], [0.6, 0.3, 0.1], [1 / 3, 1 / 3, 1 / 3]], dtype=torch.float64)


@pytest.fixture
def scene():
    """Three triangles on the screen, (points, rows, places inside them)."""
    generator = torch.Generator().manual_seed(3)
    points = torch.rand(9, 3, generator=generator, dtype=torch.float64) * torch.tensor([20.0, 20.0, 2.0]) + 1.0
    rows = torch.arange(9).view(3, 3)
    places = (SHARES[..., None] * points[rows, :2]).sum(dim=1)
    return points, rows.T.contiguous(), places.T.contiguous()


def test_a_place_is_the_weighted_mean_of_the_corners_in_space(scene):
    points, rows, places = scene
    on = footing(points, rows, places)
    torch.testing.assert_close(on.shares.T, SHARES)
    depth = (on.weights * points[rows, 2]).sum(dim=0)
    torch.testing.assert_close(depth, on.depth_m)
    # In space a point is (x z, y z, z), up to the focal length.
    across = (on.weights * points[rows, 0] * points[rows, 2]).sum(dim=0) / depth
    torch.testing.assert_close(across, places[0])


def test_weights_at_a_fixed_place_pass_gradcheck(scene):
    points, rows, places = scene

    def weights(moved):
        return sliding_weights(moved, footing(moved.detach(), rows, places))

    assert torch.autograd.gradcheck(weights, points.requires_grad_())


def test_weights_are_differentiated_only_where_asked(scene):
    points, rows, places = scene
    points.requires_grad_()
    weights = sliding_weights(points, footing(points.detach(), rows, places), torch.tensor([1]))
    (gradient,) = torch.autograd.grad(weights.square().sum(), points)
    assert gradient[rows[:, 1]].abs().min() > 0
    assert gradient[rows[:, [0, 2]]].abs().max() == 0


def test_a_push_is_the_gradient_of_where_material_points_are_seen(scene):
    points, rows, places = scene
    on, wanted = footing(points, rows, places), torch.tensor([[1.0, -2.0, 0.5], [0.3, 0.7, -1.0]], dtype=torch.float64)
    pushed = torch.zeros_like(points)
    on.push(wanted, pushed)
    moved = points.clone().requires_grad_()
    x, y, z = moved[rows].unbind(dim=-1)
    seen = torch.stack([(on.weights * z * x).sum(dim=0), (on.weights * z * y).sum(dim=0)]) / (on.weights * z).sum(dim=0)
    torch.testing.assert_close(seen, places)
    torch.testing.assert_close(torch.autograd.grad((seen * wanted).sum(), moved)[0], pushed)
