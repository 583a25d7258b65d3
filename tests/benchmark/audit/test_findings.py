"""What is concluded from numbers whose answer is known."""

import numpy as np
import pytest
from scipy.stats import spearmanr

from retargetbench.benchmark.audit.findings import degree_correlation, find_all, null_spread
from retargetbench.benchmark.audit.measuring import NONE, name_of

from .made_numbers import DATA, made_numbers, made_pairs

SKATE, CONTACT, JERK = "skate_mean@1", "goal_contact@1", "jerk@1"


def found(numbers, pairs, damage, key):
    (one,) = find_all(numbers, pairs, [damage], [key], data=DATA)
    return one


def test_a_metric_that_rises_with_every_degree_passes_and_tells_the_smallest():
    pairs = made_pairs()
    one = found(made_numbers(pairs, "skating", SKATE, lambda n, d: 1 + d + 0.01 * n), pairs, "skating", SKATE)
    assert one.claimed
    assert one.spearman.value == pytest.approx(1)
    assert (one.spearman.lo, one.spearman.n) == (pytest.approx(1), len(pairs))
    assert one.smallest_told == 2
    assert [degree.degree for degree in one.degrees] == [2, 5, 10, 20]
    assert one.largest.right_share == 1
    assert one.largest.worse.value == pytest.approx(20 + 0.01 * (len(pairs) - 1) / 2)
    assert one.verdict == "passed"


def test_a_metric_that_does_not_move_sees_nothing_and_fails():
    pairs = made_pairs()
    one = found(made_numbers(pairs, "skating", SKATE, lambda n, d: 1.0), pairs, "skating", SKATE)
    assert one.spearman.value == 0
    assert one.smallest_told is None
    assert one.largest.told is False
    assert one.largest.right_share == 0
    assert one.verdict == "failed"


def test_rounding_is_no_difference():
    pairs = made_pairs()
    one = found(made_numbers(pairs, "skating", SKATE, lambda n, d: 1 + 1e-12 * d), pairs, "skating", SKATE)
    assert one.spearman.value == 0
    assert one.largest.right_share == 0


def test_a_metric_that_moves_the_wrong_way_fails_however_clearly_it_moves():
    pairs = made_pairs()
    one = found(made_numbers(pairs, "contact_opened", CONTACT, lambda n, d: 0.1 * d), pairs, "contact_opened", CONTACT)
    falling = made_numbers(pairs, "contact_opened", CONTACT, lambda n, d: 1 - 0.05 * d)
    right = found(falling, pairs, "contact_opened", CONTACT)
    assert right.spearman.value == pytest.approx(1)
    assert right.verdict == "passed"
    assert one.degrees[0].right_share == 1  # 0.1 is worse than 1 ...
    assert one.spearman.value < 0.6  # ... but then it gets better with every degree
    assert one.verdict == "failed"


def test_the_smallest_degree_told_is_where_the_metric_wakes_up():
    pairs = made_pairs()
    rng = np.random.default_rng(0)
    noise = rng.standard_normal((len(pairs), 30))

    def value(number, degree):
        """Noise alone up to 5 cm/s, beyond that a clear rise."""
        return 1 + 0.1 * noise[number, int(degree)] + (0 if degree <= 5 else 0.1 * degree)

    one = found(made_numbers(pairs, "skating", SKATE, value), pairs, "skating", SKATE)
    assert one.smallest_told == 10
    assert [degree.told for degree in one.degrees] == [False, False, True, True]


def test_what_holds_on_half_of_the_clips_is_said_to():
    pairs = made_pairs()
    one = found(made_numbers(pairs, "skating", SKATE, lambda n, d: 1 + d * (n % 2)), pairs, "skating", SKATE)
    assert one.largest.right_share == pytest.approx(0.5, abs=0.01)
    assert one.spearman.value == pytest.approx(0.5, abs=0.01)
    assert one.largest.told
    assert one.verdict == "failed"


def test_with_few_bodies_nothing_is_decided():
    pairs = made_pairs(bodies=3)
    one = found(made_numbers(pairs, "skating", SKATE, lambda n, d: 1 + d), pairs, "skating", SKATE)
    assert one.largest.told is None
    assert one.spearman.lo is None
    assert one.verdict == "not decided"


def test_what_is_not_claimed_has_no_verdict():
    pairs = made_pairs()
    one = found(made_numbers(pairs, "skating", JERK, lambda n, d: 1.0), pairs, "skating", JERK)
    assert (one.claimed, one.verdict) == (False, "")


def test_changes_are_measured_in_spreads_of_the_right_answers():
    pairs = made_pairs()
    numbers = made_numbers(pairs, "skating", SKATE, lambda n, d: 1 + 0.1 * d, answers=(1.3, 0.6))
    spread = np.sqrt((0.3**2 + 0.4**2) / 2)
    assert null_spread(numbers, SKATE) == pytest.approx(spread)
    assert found(numbers, pairs, "skating", SKATE).spreads == pytest.approx(2 / spread)


def test_a_metric_that_all_right_answers_share_has_no_unit():
    pairs = made_pairs()
    numbers = made_numbers(pairs, "skating", SKATE, lambda n, d: 1 + d)
    assert found(numbers, pairs, "skating", SKATE).spreads is None
    assert null_spread(numbers, JERK) is None


def test_degrees_that_could_not_be_done_to_a_clip_count_neither_way():
    pairs = made_pairs()
    numbers = made_numbers(pairs, "skating", SKATE, lambda n, d: None if n % 2 and d > 5 else 1 + d)
    one = found(numbers, pairs, "skating", SKATE)
    assert one.largest.worse.n == len(pairs) // 2
    assert one.degrees[0].worse.n == len(pairs)
    assert one.spearman.value == pytest.approx(1)


def test_clips_without_the_metric_are_left_out_and_a_metric_without_clips_is_not_listed():
    pairs = made_pairs()
    numbers = made_numbers(pairs, "skating", SKATE, lambda n, d: 1 + d)
    del numbers[pairs[0].clip_id][name_of(NONE, 0, SKATE)]
    assert found(numbers, pairs, "skating", SKATE).spearman.n == len(pairs) - 1
    assert find_all(numbers, pairs, ["skating", "sunk"], [SKATE, JERK], data=DATA) == [
        found(numbers, pairs, "skating", SKATE)
    ]


def test_the_correlation_is_scipys_with_ties():
    rng = np.random.default_rng(1)
    for _ in range(20):
        worse = rng.integers(0, 3, 5).astype(float)
        expected = 0.0 if np.ptp(worse) == 0 else spearmanr([0, 1, 3, 6, 12], worse).statistic
        assert degree_correlation(list(zip([0, 1, 3, 6, 12], worse, strict=True))) == pytest.approx(expected)
