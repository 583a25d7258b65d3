import numpy as np
import pytest

from retargetbench.benchmark.study.agreement import (
    krippendorff_alpha,
    preference_alpha,
    same_again,
    same_by_chance,
)
from retargetbench.benchmark.study.resampling import draw

N = np.nan
KRIPPENDORFF_2011 = np.array(
    [
        [1, 2, 3, 3, 2, 1, 4, 1, 2, N, N, N],
        [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, N, 3],
        [N, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, N],
        [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, N],
    ]
)
"""K. Krippendorff, Computing Krippendorff's alpha-reliability, 2011, section C: nominal alpha 0.743."""

THREE_CODERS = np.array(
    [
        [N, N, N, N, N, 3, 4, 1, 2, 1, 1, 3, 3, N, 3],
        [1, N, 2, 1, 3, 3, 4, 3, N, N, N, N, N, N, N],
        [N, N, 2, 1, 3, 4, 4, N, 2, 1, 1, 3, 3, N, 4],
    ]
)
"""The worked example of the encyclopedias (three coders, 15 units): nominal alpha 0.691."""

BINARY = np.array([[0, 1, 0, 0, 0, 0, 0, 0, 1, 0], [1, 1, 1, 0, 0, 1, 0, 0, 0, 0]], dtype=float)
"""Krippendorff 2011, section A: two observers, ten units, alpha 0.095."""


@pytest.mark.parametrize(("answers", "alpha"), [(KRIPPENDORFF_2011, 0.743), (THREE_CODERS, 0.691), (BINARY, 0.095)])
def test_alpha_is_that_of_the_published_worked_examples(answers, alpha):
    assert krippendorff_alpha(answers) == pytest.approx(alpha, abs=5e-4)


def test_alpha_is_1_for_full_agreement_and_near_0_for_dice():
    answers = np.tile(np.arange(12.0) % 3, (5, 1))
    assert krippendorff_alpha(answers) == pytest.approx(1)
    dice = np.random.default_rng(0).integers(0, 3, (4, 4000)).astype(float)
    assert krippendorff_alpha(dice) == pytest.approx(0, abs=0.02)


def test_alpha_of_preferences_does_not_depend_on_which_method_is_called_first():
    generator = np.random.default_rng(1)
    preferences = generator.choice([-1.0, 0.0, 1.0], p=[0.1, 0.2, 0.7], size=(9, 20))
    clusters = np.arange(20)
    draws = draw(9, 20, seed=0, draws=50)
    turned = preferences * generator.choice([-1.0, 1.0], size=20)
    one, other = (preference_alpha(votes, draws, clusters) for votes in (preferences, turned))
    assert one == other
    assert one.lo is not None
    assert one.lo <= one.value <= one.hi


def test_raters_who_all_prefer_the_same_method_everywhere_agree_fully():
    everywhere = preference_alpha(np.ones((9, 20)), draw(9, 20, seed=0, draws=20), np.arange(20))
    assert everywhere.value == pytest.approx(1)
    assert np.isnan(krippendorff_alpha(np.ones((9, 20))))


def test_consistency_counts_repeated_trials_only_and_its_chance_follows_from_the_ties():
    preferences = np.array([[1.0, 0.0, -1.0, 1.0]])
    again = np.array([[1.0, 1.0, N, N]])
    same = same_again(preferences, again)
    assert np.isnan(same[0, 2:]).all()
    assert same[0, :2].tolist() == [1, 0]
    assert same_by_chance(preferences) == pytest.approx(0.25**2 + 2 * 0.375**2)
