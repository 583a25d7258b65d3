import itertools
from fractions import Fraction

import numpy as np
import pytest

from retargetbench.datasets.errors import UnknownName
from retargetbench.metrics.retrieval.declarations import TIE_RULES
from retargetbench.metrics.retrieval.resampling import resampled_medians
from retargetbench.metrics.retrieval.ties import Placement, hit_percent, mean_over_queries, median_rank, ranks


def placed(above=0, tied_wrong=0, tied_right=1, ahead=0, queries=1):
    return Placement(*(np.full(queries, v, dtype=np.int64) for v in (above, tied_wrong, tied_right, ahead)))


@pytest.mark.parametrize("k", [1, 2, 3, 5, 10])
@pytest.mark.parametrize("gallery", [7, 32, 98, 1077, 4384])
def test_a_constant_scorer_gets_exactly_k_of_n(gallery, k):
    constant = placed(tied_wrong=gallery - 1, queries=gallery)
    assert mean_over_queries(hit_percent(constant, k)) == 100 * min(k, gallery) / gallery
    assert mean_over_queries(ranks(constant)) == median_rank(ranks(constant)) == (gallery + 1) / 2


@pytest.mark.parametrize(
    ("above", "wrong", "right"), [(0, 3, 1), (1, 2, 2), (0, 4, 2), (2, 1, 3), (0, 0, 2), (0, 5, 1)]
)
def test_expected_values_are_the_means_over_all_orders_of_tied_items(above, wrong, right):
    case = placed(above, wrong, right)
    orders = list(itertools.permutations([False] * wrong + [True] * right))
    firsts = [above + order.index(True) + 1 for order in orders]
    assert ranks(case)[0] == pytest.approx(float(Fraction(sum(firsts), len(firsts))), rel=1e-15)
    for k in range(1, 10):
        assert hit_percent(case, k)[0] == float(Fraction(100 * sum(first <= k for first in firsts), len(firsts)))


def test_without_ties_all_rules_say_the_same():
    case = Placement(np.array([0, 1, 4, 9]), np.zeros(4, int), np.ones(4, int), np.zeros(4, int))
    for rule in TIE_RULES:
        assert ranks(case, rule).tolist() == [1, 2, 5, 10]
        assert hit_percent(case, 5, rule).tolist() == [100, 100, 100, 0]
        assert hit_percent(case, 10, rule).tolist() == [100] * 4


def test_with_tmr_averaging_two_duplicates_tied_for_the_first_place_hit_and_three_do_not():
    assert ranks(placed(tied_wrong=1), "tmr-averaging") == 1.5
    assert hit_percent(placed(tied_wrong=1), 1, "tmr-averaging") == 100
    assert hit_percent(placed(tied_wrong=2), 1, "tmr-averaging") == 0
    assert hit_percent(placed(tied_wrong=1), 1, "expected") == 50
    # Right items that are tied among themselves move TMR's mean place too.
    assert ranks(placed(tied_right=3), "tmr-averaging") == 2.0
    assert ranks(placed(tied_right=3), "expected") == 1.0


def test_optimistic_takes_the_first_place_and_argsort_the_one_of_the_gallerys_order():
    case = placed(above=2, tied_wrong=5, ahead=3)
    assert ranks(case, "optimistic") == 3
    assert ranks(case, "argsort") == 6
    assert hit_percent(case, 5, "optimistic") == 100
    assert hit_percent(case, 5, "argsort") == 0


def test_the_median_of_an_even_number_is_between_the_middle_two_and_batches_have_their_own():
    rank = np.array([1.0, 2.0, 4.0, 9.0])
    assert median_rank(rank) == 3.0
    assert median_rank(np.array([1.0, 1.0, 5.0, 1.0, 3.0, 3.0]), np.array([0, 0, 0, 1, 1, 1])) == (1 + 3) / 2


def test_an_unknown_rule_is_answered_with_the_known_ones():
    with pytest.raises(UnknownName, match="tmr-averaging"):
        ranks(placed(), "averaging")


def test_the_median_of_a_draw_is_that_of_its_queries_repeated():
    rng = np.random.default_rng(0)
    rank = rng.integers(1, 30, 41).astype(float) / 2
    counts = rng.integers(0, 3, (300, 41)).astype(float)
    counts[7] = 0  # a draw that holds no query is left out
    expected = [np.median(np.repeat(rank, row.astype(int))) for row in counts if row.any()]
    assert resampled_medians(rank, counts).tolist() == expected


def test_the_mean_does_not_depend_on_the_order_of_queries():
    values = np.random.default_rng(0).random(1000) * 100
    assert mean_over_queries(values) == mean_over_queries(values[::-1]) == pytest.approx(values.mean(), rel=1e-15)
