import numpy as np
import pytest
from scipy.stats import spearmanr

from retargetbench.benchmark.study.rank_correlation import rank_correlation, weighted_spearman
from retargetbench.benchmark.study.resampling import draw


def test_a_weighted_correlation_equals_scipys_of_the_values_written_out():
    generator = np.random.default_rng(0)
    for _ in range(20):
        x, y = generator.integers(0, 6, (2, 15)).astype(float)
        weights = generator.integers(0, 4, 15)
        expected = spearmanr(np.repeat(x, weights), np.repeat(y, weights)).statistic
        found = weighted_spearman(x[None], y[None], weights[None].astype(float))[0]
        assert found == pytest.approx(expected, abs=1e-6)


def test_a_metric_that_follows_the_votes_correlates_and_its_mirror_correlates_the_other_way():
    generator = np.random.default_rng(1)
    better = generator.normal(size=30)
    votes = np.sign(better + 0.3 * generator.normal(size=(10, 30)))
    draws, clusters = draw(10, 30, seed=0, draws=200), np.arange(30)
    found = rank_correlation(better, votes, draws, clusters)
    assert found.value > 0.8
    assert found.lo <= found.value <= found.hi
    assert rank_correlation(-better, votes, draws, clusters).value == pytest.approx(-found.value)


def test_calling_methods_a_and_b_the_other_way_round_changes_nothing():
    generator = np.random.default_rng(2)
    better, votes = generator.normal(size=25), generator.choice([-1.0, 0.0, 1.0], size=(9, 25))
    turn = generator.choice([-1.0, 1.0], size=25)
    draws, clusters = draw(9, 25, seed=0, draws=100), np.arange(25) // 2
    assert rank_correlation(better, votes, draws, clusters) == rank_correlation(
        better * turn, votes * turn, draws, clusters
    )


def test_a_metric_without_differences_or_comparisons_has_no_correlation():
    votes = np.ones((9, 12))
    draws, clusters = draw(9, 12, seed=0, draws=50), np.arange(12)
    assert rank_correlation(np.zeros(12), votes, draws, clusters).value is None
    few = np.full(12, np.nan)
    few[:4] = [1, 2, 3, 4]
    assert rank_correlation(few, votes, draws, clusters).value is None
    assert rank_correlation(few, votes, draws, clusters).n == 4


def test_a_metric_that_has_nothing_to_do_with_the_votes_has_0_in_its_interval():
    generator = np.random.default_rng(3)
    found = rank_correlation(
        generator.normal(size=40),
        generator.choice([-1.0, 0.0, 1.0], size=(10, 40)),
        draw(10, 40, seed=1),
        np.arange(40),
    )
    assert found.lo < 0 < found.hi
