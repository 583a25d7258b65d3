import numpy as np
import pytest
import scipy.linalg
import torch

from retargetbench.metrics.semantics.errors import WrongEmbeddings, WrongReference
from retargetbench.metrics.semantics.frechet import (
    FrechetReference,
    evenly,
    fid,
    fit_reference,
    load_reference,
    save_reference,
)

WIDTH, KEPT, ROWS = 12, 5, 40
JUDGE = "ab" * 32


def rows(seed, count=ROWS, width=WIDTH):
    numbers = np.random.default_rng(seed)
    mixed = numbers.standard_normal((count, width)) @ numbers.standard_normal((width, width))
    return torch.tensor(mixed + numbers.standard_normal(width))


@pytest.fixture(scope="module")
def reference():
    return fit_reference(rows(0, 90), JUDGE, ROWS, KEPT)


def untouched(width, samples):
    """A reference that changes nothing."""
    return FrechetReference(torch.zeros(width).double(), torch.eye(width).double(), samples, JUDGE)


def with_moments(mean, covariance, count, seed):
    """A sample whose mean and unbiased covariance are exactly these."""
    x = np.random.default_rng(seed).standard_normal((count, len(mean)))
    x -= x.mean(axis=0)
    white = x @ np.linalg.inv(np.linalg.cholesky(np.cov(x.T)).T)
    return torch.tensor(white @ np.linalg.cholesky(covariance).T + mean)


def test_fid_is_that_of_scipys_matrix_root(reference):
    one, other = rows(1), rows(2)
    a, b = ((x.numpy() - reference.mean.numpy()) @ reference.components.numpy().T for x in (one, other))
    s1, s2 = np.cov(a.T), np.cov(b.T)
    expected = ((a.mean(0) - b.mean(0)) ** 2).sum() + np.trace(s1 + s2 - 2 * scipy.linalg.sqrtm(s1 @ s2).real)
    assert float(fid(one, other, reference)) == pytest.approx(expected, rel=1e-9)


def test_fid_of_two_gaussians_is_the_known_distance():
    spread = np.diag([4.0, 1.0, 0.25]), np.diag([1.0, 9.0, 0.25])
    one = with_moments(np.array([0.0, 1.0, 2.0]), spread[0], 30, 1)
    other = with_moments(np.array([3.0, 1.0, -2.0]), spread[1], 30, 2)
    # for covariances that commute: |m1 - m2|^2 + sum of (s1 - s2)^2
    assert float(fid(one, other, untouched(3, 30))) == pytest.approx(9 + 16 + 1 + 4, rel=1e-9)


def test_fid_is_zero_for_equals_symmetric_and_blind_to_order_and_common_shifts(reference):
    one, other = rows(1), rows(2)
    value = float(fid(one, other, reference))
    assert value > 1
    assert float(fid(one, one.flip(0), reference)) == pytest.approx(0, abs=1e-6 * value)
    assert float(fid(other, one, reference)) == pytest.approx(value, rel=1e-9)
    assert float(fid(one.flip(0), other, reference)) == pytest.approx(value, rel=1e-9)
    assert float(fid(one + 3, other + 3, reference)) == pytest.approx(value, rel=1e-9)


def test_fid_does_not_change_when_all_features_and_the_reference_are_turned(reference):
    turn = torch.tensor(np.linalg.qr(np.random.default_rng(3).standard_normal((WIDTH, WIDTH)))[0])
    turned = fit_reference(rows(0, 90) @ turn, JUDGE, ROWS, KEPT)
    value = float(fid(rows(1), rows(2), reference))
    assert float(fid(rows(1) @ turn, rows(2) @ turn, turned)) == pytest.approx(value, rel=1e-9)


def test_half_precision_features_are_computed_in_double(reference):
    value = fid(rows(1).half(), rows(2).half(), reference)
    assert value.dtype == torch.float64
    assert float(value) == pytest.approx(float(fid(rows(1), rows(2), reference)), rel=1e-2)


def test_the_reference_keeps_the_directions_of_most_variance(reference):
    data = rows(0, 90).numpy()
    values, vectors = np.linalg.eigh(np.cov(data.T))
    overlap = np.abs(reference.components.numpy() @ vectors[:, ::-1][:, :KEPT])
    np.testing.assert_allclose(overlap, np.eye(KEPT), atol=1e-8)
    variances = reference.project(torch.tensor(data)).var(dim=0).numpy()
    np.testing.assert_allclose(variances, values[::-1][:KEPT], rtol=1e-9)
    assert bool((reference.components.gather(1, reference.components.abs().argmax(1, keepdim=True)) > 0).all())


def test_a_reference_survives_its_file_and_serves_one_judge(reference, tmp_path):
    path = tmp_path / "reference.safetensors"
    save_reference(reference, path)
    read = load_reference(path, JUDGE)
    assert float(fid(rows(1), rows(2), read)) == float(fid(rows(1), rows(2), reference))
    with pytest.raises(WrongReference, match=r"\[J012\].*fitted on the judge abababab; the judge in use is cdcdcdcd"):
        load_reference(path, "cd" * 32)
    path.write_bytes(b"12345678")
    with pytest.raises(WrongReference, match="is no reference for fid"):
        load_reference(path, JUDGE)
    with pytest.raises(WrongReference, match="is no reference for fid"):
        load_reference(tmp_path / "none", JUDGE)


def test_sets_of_another_size_are_refused(reference):
    with pytest.raises(WrongEmbeddings, match="takes exactly 40 rows of 12"):
        fid(rows(1, 39), rows(2, 39), reference)
    with pytest.raises(WrongEmbeddings, match="takes exactly 40 rows of 12"):
        fid(rows(1, width=3), rows(2, width=3), reference)
    with pytest.raises(WrongEmbeddings, match="not finite"):
        fid(rows(1) * float("nan"), rows(2), reference)


def test_a_reference_needs_enough_dimensions_and_rows():
    with pytest.raises(WrongEmbeddings, match="span 3 dimensions"):
        fit_reference(rows(0, 4), JUDGE, ROWS, KEPT)
    with pytest.raises(WrongEmbeddings, match="will have 9 rows; expected at least 5 dimensions and 10 rows"):
        fit_reference(rows(0), JUDGE, 9, KEPT)


def test_rows_are_taken_evenly_and_never_made_up():
    column = torch.arange(10.0)[:, None]
    assert evenly(column, 4).flatten().tolist() == [0, 2, 5, 7]
    assert torch.equal(evenly(column, 10), column)
    with pytest.raises(WrongEmbeddings, match=r"there are 10 embeddings; fid takes 11\. Use kid"):
        evenly(column, 11)
