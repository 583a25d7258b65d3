import numpy as np
import pytest
from scipy.optimize import minimize

from retargetbench.benchmark.study.davidson import Outcomes, fit_davidson, preference_chance


def outcomes(counts, pairs, methods):
    first, second = np.array(pairs).T
    return Outcomes(first, second, np.asarray(counts, dtype=float), methods)


def by_scipy(counts, pairs, methods):
    """The same likelihood written from the formula of the paper, maximised by a general method."""

    def loss(theta):
        p, v = np.exp(np.append(0.0, theta[:-1])), np.exp(theta[-1])
        total = 0.0
        for (i, j), (won, tied, lost) in zip(pairs, counts, strict=True):
            whole = p[i] + p[j] + v * np.sqrt(p[i] * p[j])
            total -= won * np.log(p[i] / whole) + lost * np.log(p[j] / whole)
            total -= tied * np.log(v * np.sqrt(p[i] * p[j]) / whole)
        return total

    found = minimize(loss, np.zeros(methods), method="BFGS", options={"gtol": 1e-9}).x
    logs = np.append(0.0, found[:-1])
    return logs - logs.mean(), found[-1]


CASES = [
    ([[7, 2, 3]], [(0, 1)], 2),
    ([[7, 2, 3], [4, 1, 9], [10, 3, 2]], [(0, 1), (1, 2), (0, 2)], 3),
    ([[5, 5, 2], [3, 1, 8], [6, 2, 2], [1, 4, 4]], [(0, 1), (1, 2), (2, 3), (0, 3)], 4),
]


@pytest.mark.parametrize(("counts", "pairs", "methods"), CASES)
def test_the_fit_is_the_peak_that_a_general_method_finds(counts, pairs, methods):
    fitted = fit_davidson(outcomes(counts, pairs, methods), prior=0.0)
    logs, tie = by_scipy(counts, pairs, methods)
    assert fitted.log_strengths == pytest.approx(logs, abs=1e-5)
    assert float(fitted.log_tie) == pytest.approx(tie, abs=1e-5)


def test_two_methods_have_the_solution_that_can_be_written_down():
    fitted = fit_davidson(outcomes([[12, 6, 3]], [(0, 1)], 2), prior=0.0)
    assert fitted.log_strengths[0] - fitted.log_strengths[1] == pytest.approx(np.log(12 / 3))
    assert float(fitted.log_tie) == pytest.approx(np.log(6 / np.sqrt(12 * 3)))
    assert float(preference_chance(fitted, 0, 1)) == pytest.approx(12 / 15)


def test_known_strengths_come_back_from_the_counts_that_they_lead_to():
    logs, tie, pairs = np.array([1.2, 0.1, -0.4, -0.9]), 0.7, [(i, j) for i in range(4) for j in range(i + 1, 4)]
    counts = []
    for i, j in pairs:
        a, b = np.exp(logs[i]), np.exp(logs[j])
        whole = a + b + tie * np.sqrt(a * b)
        counts.append([1000 * a / whole, 1000 * tie * np.sqrt(a * b) / whole, 1000 * b / whole])
    fitted = fit_davidson(outcomes(counts, pairs, 4), prior=0.0)
    assert fitted.log_strengths == pytest.approx(logs - logs.mean(), abs=1e-8)
    assert float(np.exp(fitted.log_tie)) == pytest.approx(tie)


def test_a_method_that_always_wins_has_a_finite_strength_and_the_prior_pulls_to_the_middle():
    fitted = fit_davidson(outcomes([[20, 0, 0], [20, 0, 0], [10, 0, 10]], [(0, 1), (0, 2), (1, 2)], 3))
    assert np.isfinite(fitted.log_strengths).all()
    assert fitted.log_strengths[0] > 2
    assert fitted.log_strengths[1] == pytest.approx(fitted.log_strengths[2])
    more = fit_davidson(outcomes([[20, 0, 0], [20, 0, 0], [10, 0, 10]], [(0, 1), (0, 2), (1, 2)], 3), prior=3.0)
    assert 0 < more.log_strengths[0] < fitted.log_strengths[0]


def test_exchanging_the_two_sides_of_a_pair_changes_nothing():
    one = fit_davidson(outcomes([[7, 2, 3], [4, 1, 9]], [(0, 1), (1, 2)], 3))
    other = fit_davidson(outcomes([[3, 2, 7], [4, 1, 9]], [(1, 0), (1, 2)], 3))
    assert one.log_strengths == pytest.approx(other.log_strengths)


def test_many_fits_at_once_equal_each_alone():
    generator = np.random.default_rng(0)
    counts = generator.integers(0, 12, (20, 3, 3)).astype(float)
    pairs = [(0, 1), (0, 2), (1, 2)]
    together = fit_davidson(outcomes(counts, pairs, 3))
    for place in range(20):
        alone = fit_davidson(outcomes(counts[place], pairs, 3))
        assert together.log_strengths[place] == pytest.approx(alone.log_strengths, abs=1e-8)
