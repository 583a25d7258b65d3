"""Maps of joints over patches: what is wanted of them, where they put a joint, what an error costs."""

import pytest
import torch

from retargetbench.reference_model.tiny_vlm.sight import PointMaps, in_picture


@pytest.fixture
def maps():
    torch.manual_seed(0)
    return PointMaps(width=8, side=4, points=2).requires_grad_(False)


def test_a_point_is_shared_out_so_that_its_place_is_the_mean_of_the_patches(maps):
    points = torch.tensor([[[0.4, 0.65, 0.1], [0.125, 0.5, -0.2]]])
    shares = maps.wanted_shares(points)
    assert torch.allclose(shares.sum(dim=-1), torch.ones(1, 2))
    assert torch.allclose(shares[..., 1:] @ maps.centres, points[..., :2], atol=1e-6)
    assert (shares > 0).sum(dim=-1).tolist() == [[4, 2]]  # on the line between two patches, only those two


def test_a_point_beyond_the_last_centre_belongs_to_the_patches_at_the_edge(maps):
    shares = maps.wanted_shares(torch.tensor([[[0.01, 0.01, 0.0], [0.99, 0.5, 0.0]]]))
    assert shares[0, 0, 1] == 1
    assert torch.allclose(shares[0, 1, [8, 12]], torch.tensor([0.5, 0.5]))


def test_a_point_out_of_the_picture_is_the_class_tokens_and_has_no_place(maps):
    points = torch.tensor([[[1.2, 0.5, 0.0], [0.5, 0.5, 0.0]]])
    assert in_picture(points).tolist() == [[False, True]]
    assert maps.wanted_shares(points)[0, 0].tolist() == [1.0] + [0.0] * 16
    seen, first_only = torch.randn(1, 17, 8), torch.tensor([1.0, 0.0])
    elsewhere = points.clone()
    elsewhere[0, 0] = torch.tensor([-3.0, 2.0, 5.0])
    assert maps.loss(seen, points, first_only) == maps.loss(seen, elsewhere, first_only)


def test_the_best_scores_leave_only_the_entropy_of_the_shares(maps):
    points = torch.tensor([[[0.625, 0.375, 0.0], [0.125, 0.125, 0.0]]])  # centres of patches: no entropy
    wanted = maps.wanted_shares(points)
    maps.reads.weight.zero_()
    maps.reads.bias.zero_()
    maps.reads.weight[0, 0] = maps.reads.weight[1, 1] = 1.0
    seen = torch.zeros(1, 17, 8)
    seen[0, :, :2] = 40 * wanted[0].T
    assert float(maps.loss(seen, points, torch.ones(2))) == pytest.approx(0, abs=1e-5)
    assert torch.allclose(maps(seen)[1], points, atol=1e-5)
    moved = points + torch.tensor([0.05, 0.0, 0.0])
    assert float(maps.loss(seen, moved, torch.ones(2))) > 1
