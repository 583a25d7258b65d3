"""What the PyTorch3D backend does beside PyTorch3D, which need not be installed for this."""

import pytest
import torch

from retargetbench.datasets.rendering.pytorch3d_renderer import put_in_front

BRIGHT = torch.tensor([0.95, 0.9, 0.8])[:, None, None]


def drawn(height, width):
    """Samples before black: a third has no triangle; the others have full colour and an alpha below 1."""
    generator = torch.Generator().manual_seed(4)
    covered = torch.rand(2, height, width, generator=generator) > 1 / 3
    picture = torch.rand(2, height, width, 4, generator=generator) * covered[..., None]
    return picture.requires_grad_(), covered


def test_the_background_is_seen_where_no_triangle_is_and_nowhere_else():
    picture, covered = drawn(6, 5)
    result = put_in_front(picture, covered, BRIGHT, 1)
    colour = result[:, :3].movedim(1, -1)
    assert torch.equal(colour[covered], picture[..., :3][covered])
    assert torch.equal(colour[~covered], BRIGHT[:, 0, 0].expand(int((~covered).sum()), 3))
    assert torch.equal(result[:, 3], picture[..., 3])
    assert result.max() <= 1


def test_a_pixel_is_the_mean_of_its_samples():
    picture, covered = drawn(12, 10)
    fine = put_in_front(picture, covered, BRIGHT, 1)
    coarse = put_in_front(picture, covered, BRIGHT, 2)
    torch.testing.assert_close(coarse, fine.unflatten(3, (5, 2)).unflatten(2, (6, 2)).mean(dim=(3, 5)))


def test_a_background_picture_is_not_averaged():
    behind = torch.rand(2, 3, 6, 5)
    picture, covered = torch.zeros(2, 12, 10, 4), torch.zeros(2, 12, 10, dtype=torch.bool)
    torch.testing.assert_close(put_in_front(picture, covered, behind, 2)[:, :3], behind)


def test_a_highlight_is_cut_at_white():
    picture = torch.tensor([1.4, 0.5, 1.1, 0.7]).expand(1, 2, 2, 4)
    result = put_in_front(picture, torch.ones(1, 2, 2, dtype=torch.bool), BRIGHT, 2)
    assert result.flatten().tolist() == pytest.approx([1, 0.5, 1, 0.7])


def test_the_gradient_reaches_colours_and_alpha():
    picture, covered = drawn(4, 4)
    (gradient,) = torch.autograd.grad(put_in_front(picture, covered, BRIGHT, 2).sum(), picture)
    assert torch.equal(gradient[covered], torch.full((int(covered.sum()), 4), 0.25))
