import itertools

import numpy as np
import pytest
import torch

from retargetbench.metrics.semantics import kernel_distance
from retargetbench.metrics.semantics.errors import WrongEmbeddings
from retargetbench.metrics.semantics.kernel_distance import kid


def rows(seed, count=9, width=4, shift=0.0):
    return torch.tensor(np.random.default_rng(seed).standard_normal((count, width)) + shift)


def slowly(x, y, x_groups, y_groups):
    """Every pair by itself, in plain Python."""

    def mean(a, b, a_groups, b_groups):
        values = [
            (sum(float(p) * float(q) for p, q in zip(a[i], b[j], strict=True)) / len(a[i]) + 1) ** 3
            for i, j in itertools.product(range(len(a)), range(len(b)))
            if a_groups[i] != b_groups[j]
        ]
        return sum(values) / len(values)

    return mean(x, x, x_groups, x_groups) + mean(y, y, y_groups, y_groups) - 2 * mean(x, y, x_groups, y_groups)


def kernel_mean(first, second):
    """E[(x.y/d + 1)^3] for independent Gaussians of given mean and covariance, by their moments."""
    (m, s), (n, t) = first, second
    width = len(m)

    def third(mean, cov):
        outer = np.einsum("i,j,k->ijk", mean, mean, mean)
        return outer + sum(np.einsum(f"i,jk->{order}", mean, cov) for order in ("ijk", "jik", "jki"))

    one, two = m @ n, np.sum((s + np.outer(m, m)) * (t + np.outer(n, n)))
    three = np.sum(third(m, s) * third(n, t))
    return 1 + 3 * one / width + 3 * two / width**2 + three / width**3


def test_kid_is_that_of_a_slow_loop_over_all_pairs():
    x, y = rows(1), rows(2, 7, shift=0.5)
    assert float(kid(x, y)) == pytest.approx(slowly(x, y, range(9), range(100, 107)), rel=1e-12)


def test_pairs_within_a_group_are_left_out():
    x, y = rows(1), rows(2, 7, shift=0.5)
    x_groups, y_groups = torch.tensor([0, 0, 0, 1, 1, 2, 2, 3, 3]), torch.tensor([0, 0, 1, 2, 3, 3, 3])
    value = float(kid(x, y, x_groups, y_groups))
    assert value == pytest.approx(slowly(x, y, x_groups, y_groups), rel=1e-12)
    assert value != pytest.approx(float(kid(x, y)), rel=1e-3)


def test_large_sets_are_computed_in_pieces(monkeypatch):
    x, y = rows(1), rows(2, 7, shift=0.5)
    whole = float(kid(x, y))
    monkeypatch.setattr(kernel_distance, "_ROWS", 2)
    assert float(kid(x, y)) == pytest.approx(whole, rel=1e-12)


def test_kid_of_gaussians_is_unbiased():
    first = np.array([0.5, -0.2, 0.1]), np.diag([1.0, 0.5, 2.0])
    second = np.array([0.0, 0.3, 0.1]), np.array([[1.0, 0.4, 0.0], [0.4, 1.0, 0.0], [0.0, 0.0, 0.5]])
    expected = kernel_mean(first, first) + kernel_mean(second, second) - 2 * kernel_mean(first, second)
    numbers = np.random.default_rng(0)
    found = [
        float(kid(*(torch.tensor(numbers.multivariate_normal(*which, size=25)) for which in (first, second))))
        for _ in range(300)
    ]
    error = np.std(found) / np.sqrt(len(found))
    assert expected > 5 * error  # the two are told apart at this size
    assert np.mean(found) == pytest.approx(expected, abs=4 * error)


def test_kid_of_one_distribution_is_around_zero_also_for_few_rows():
    found = [float(kid(rows(2 * i, 4), rows(2 * i + 1, 4))) for i in range(300)]
    assert min(found) < 0 < max(found)
    assert np.mean(found) == pytest.approx(0, abs=4 * np.std(found) / np.sqrt(len(found)))


def test_of_paired_sets_only_groups_make_it_unbiased():
    """A result that looks like its source is no evidence that the two distributions are nearer than they are."""
    alone = torch.arange(6)
    found = np.array([(float(kid(x, x, alone, alone)), float(kid(x, x))) for x in (rows(i, 6) for i in range(200))])
    assert np.abs(found[:, 0]).max() < 1e-12
    assert found[:, 1].mean() < -4 * found[:, 1].std() / np.sqrt(len(found))


def test_kid_is_symmetric_and_blind_to_order_and_rotation():
    x, y = rows(1), rows(2, shift=0.5)
    value = float(kid(x, y))
    turn = torch.tensor(np.linalg.qr(np.random.default_rng(3).standard_normal((4, 4)))[0])
    assert float(kid(y, x)) == pytest.approx(value, rel=1e-10)
    assert float(kid(x.flip(0), y)) == pytest.approx(value, rel=1e-10)
    assert float(kid(x @ turn, y @ turn)) == pytest.approx(value, rel=1e-10)


def test_kid_grows_as_the_sets_part():
    values = [float(kid(rows(1, 60), rows(2, 60, shift=shift))) for shift in (0.0, 0.3, 0.6, 1.2)]
    assert values == sorted(values)


def test_the_gradient_is_right():
    x, y = rows(1, 4).requires_grad_(), rows(2, 3)
    assert torch.autograd.gradcheck(lambda x: kid(x, y), (x,))


def test_what_cannot_be_compared_is_refused():
    with pytest.raises(WrongEmbeddings, match="one width"):
        kid(rows(1), rows(2, width=3))
    with pytest.raises(WrongEmbeddings, match="not finite"):
        kid(rows(1) / 0, rows(2))
    with pytest.raises(WrongEmbeddings, match="1 independent rows"):
        kid(rows(1, 1), rows(2))
    with pytest.raises(WrongEmbeddings, match="1 independent rows"):
        kid(rows(1), rows(2), torch.zeros(9), torch.arange(9))
    with pytest.raises(WrongEmbeddings, match="both or none"):
        kid(rows(1), rows(2), torch.arange(9))
    with pytest.raises(WrongEmbeddings, match="one each"):
        kid(rows(1), rows(2), torch.arange(9), torch.arange(8))
