"""Recognition figures against a twin that tries all orders, and what they must do by their meaning."""

import numpy as np
import pytest

from retargetbench.metrics.recognition.accuracy import (
    confusion,
    labels_of,
    macro,
    macro_weights,
    r_precision,
    recognition_scores,
    top_k,
)
from retargetbench.metrics.recognition.errors import WrongClasses

from .twin import slow_confusion, slow_macro, slow_r_precision, slow_top_k

CLASSES = 5


@pytest.fixture(scope="module")
def cases():
    generator = np.random.default_rng(3)
    scores = generator.integers(0, 3, size=(40, CLASSES)).astype(float)  # coarse, so that many are equal
    right = generator.uniform(size=scores.shape) < 0.3
    right[np.arange(40), generator.integers(0, CLASSES, 40)] = True
    return scores, right


@pytest.mark.parametrize("k", range(1, CLASSES + 1))
def test_top_k_is_what_all_orders_of_equal_scores_give(cases, k):
    scores, right = cases
    slow = [slow_top_k(row, set(np.flatnonzero(own)), k) for row, own in zip(scores, right, strict=True)]
    np.testing.assert_allclose(top_k(scores, right, k), slow, atol=1e-9)


def test_macro_and_confusion_are_the_twins(cases):
    scores, right = cases
    assert macro(scores, right) == pytest.approx(slow_macro(scores, [set(np.flatnonzero(own)) for own in right]))
    labels = right.argmax(axis=1)
    for truth, sets in ((labels, [{k} for k in labels]), (right, [set(np.flatnonzero(own)) for own in right])):
        np.testing.assert_allclose(confusion(scores, truth), slow_confusion(scores, sets, CLASSES), atol=1e-12)
        assert confusion(scores, truth).sum() == pytest.approx(40)


def test_r_precision_is_what_all_orders_of_equal_scores_give_and_top_1_where_one_class_is_right(cases):
    scores, right = cases
    slow = [slow_r_precision(row, set(np.flatnonzero(own))) for row, own in zip(scores, right, strict=True)]
    np.testing.assert_allclose(r_precision(scores, right), slow, atol=1e-9)
    labels = right.argmax(axis=1)
    np.testing.assert_allclose(r_precision(scores, labels), top_k(scores, labels, 1), atol=1e-9)


def test_what_motions_count_in_macro_sums_to_one(cases):
    scores, right = cases
    assert macro_weights(right).sum() == pytest.approx(1)
    assert top_k(scores, right, 1) @ macro_weights(right) == pytest.approx(macro(scores, right))


def test_a_scorer_that_knows_nothing_gets_k_of_n():
    scores, labels = np.zeros((7, 20)), np.arange(7)
    assert recognition_scores(scores, labels) == pytest.approx(
        {"top1": 5.0, "top5": 25.0, "macro": 5.0, "r_precision": 5.0}
    )


def test_a_rare_class_weighs_as_much_as_a_frequent_one_in_macro_alone():
    labels = np.array([0] * 9 + [1])
    scores = np.tile([1.0, 0.0], (10, 1))  # always the frequent one
    found = recognition_scores(scores, labels)
    assert (found["top1"], found["macro"], found["top5"]) == (90.0, 50.0, 100.0)


def test_any_of_several_right_answers_will_do():
    right = np.array([[True, False, True]])
    assert top_k(np.array([[0.0, 1.0, 2.0]]), right, 1)[0] == 100.0
    assert top_k(np.array([[1.0, 2.0, 0.0]]), right, 1)[0] == 0.0


def test_infinite_scores_are_ordered_and_order_is_all_that_counts(cases):
    scores, right = cases
    grown = np.where(scores == 2, np.inf, np.where(scores == 0, -np.inf, 7.0))
    np.testing.assert_array_equal(top_k(grown, right, 2), top_k(scores, right, 2))


@pytest.mark.parametrize(
    ("scores", "truth", "said"),
    [
        (np.zeros((2, 3)), np.array([0]), "one row each"),
        (np.array([[np.nan, 1.0]]), np.array([0]), "class 0 for motion 0 is NaN"),
        (np.zeros((1, 3)), np.array([3]), "from 0 to 2"),
        (np.zeros((1, 3)), np.array([0.5]), "whole numbers"),
        (np.zeros((1, 3)), np.zeros((1, 3), bool), "no right class"),
        (np.zeros((1, 3)), np.zeros((1, 2), bool), "expected int"),
        (np.zeros((0, 3)), np.zeros(0, int), "no motions"),
    ],
)
def test_what_cannot_be_compared_is_refused(scores, truth, said):
    with pytest.raises(WrongClasses, match=said):
        macro(scores, truth)


def test_k_has_a_range_and_a_class_a_name():
    with pytest.raises(WrongClasses, match="k is 4; expected 1 to 3"):
        top_k(np.zeros((1, 3)), np.array([0]), 4)
    with pytest.raises(WrongClasses, match="'hop' is not among the 2"):
        labels_of(["walk", "hop"], ["run", "walk"])
    assert labels_of(["walk", "run"], ["run", "walk"]).tolist() == [1, 0]
