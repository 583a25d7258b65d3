"""Targets, comparisons and the divergence, against formulas written out."""

import numpy as np
import pytest
import torch

from retargetbench.reference_model.lavimo.alignment import alignment_loss, pair_up

SIMILAR = torch.tensor([[1.0, 0.9, 0.2], [0.9, 1.0, 0.1], [0.2, 0.1, 1.0]])


@pytest.fixture
def vectors():
    generator = torch.Generator().manual_seed(0)
    return [torch.randn(3, 5, generator=generator) for _ in range(2)]


def slow(first, second, temperature, targets, left_out):
    """The same by loops over plain numbers."""
    total = 0.0
    for a, b in ((first, second), (second, first)):
        units = [v.numpy() / np.linalg.norm(v.numpy(), axis=1, keepdims=True) for v in (a, b)]
        for i in range(len(a)):
            scores = {
                j: np.exp(float(units[0][i] @ units[1][j]) / temperature) for j in range(len(b)) if not left_out[i][j]
            }
            for j, score in scores.items():
                if targets[i][j] > 0:
                    total += targets[i][j] * np.log(targets[i][j] / (score / sum(scores.values()))) / len(a)
    return total


def test_near_captions_share_the_target(vectors):
    pairing = pair_up(SIMILAR, 0.6, "soft")
    assert torch.allclose(pairing.targets[0], torch.tensor([1.0, 0.9, 0.0]) / 1.9)
    assert torch.allclose(pairing.targets.sum(dim=1), torch.ones(3))
    assert not pairing.left_out.any()
    loss = alignment_loss(*vectors, torch.tensor(0.2), pairing)
    assert float(loss) == pytest.approx(
        slow(*vectors, 0.2, pairing.targets.tolist(), pairing.left_out.tolist()), rel=1e-5
    )


def test_masked_neighbours_are_not_compared(vectors):
    pairing = pair_up(SIMILAR, 0.6, "mask")
    assert pairing.left_out.tolist() == [[False, True, False], [True, False, False], [False, False, False]]
    assert torch.equal(pairing.targets, torch.eye(3))
    loss = alignment_loss(*vectors, torch.tensor(0.2), pairing)
    assert float(loss) == pytest.approx(
        slow(*vectors, 0.2, pairing.targets.tolist(), pairing.left_out.tolist()), rel=1e-5
    )


def test_without_a_filter_it_is_the_cross_entropy_of_both_directions(vectors):
    pairing = pair_up(SIMILAR, 0.6, "all")
    units = [torch.nn.functional.normalize(v, dim=1) for v in vectors]
    logits, own = units[0] @ units[1].T / 0.2, torch.arange(3)
    entropy = torch.nn.functional.cross_entropy(logits, own) + torch.nn.functional.cross_entropy(logits.T, own)
    assert torch.allclose(alignment_loss(*vectors, torch.tensor(0.2), pairing), entropy, atol=1e-6)


def test_a_prediction_that_equals_the_target_costs_nothing():
    pairing = pair_up(torch.ones(4, 4), 0.5, "soft")
    same = torch.ones(4, 3)
    assert float(alignment_loss(same, same, torch.tensor(0.1), pairing)) == pytest.approx(0.0, abs=1e-6)


@pytest.mark.parametrize("negatives", ["soft", "mask", "all"])
def test_gradients_are_finite_where_targets_are_zero(vectors, negatives):
    first, second = (v.requires_grad_() for v in vectors)
    alignment_loss(first, second, torch.tensor(0.01), pair_up(SIMILAR, 0.6, negatives)).backward()
    assert first.grad.isfinite().all()
    assert second.grad.abs().sum() > 0
