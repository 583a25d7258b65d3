"""Losses and tables: several right answers, none for what cannot be told, macro accuracy."""

import json

import numpy as np
import pytest
import torch
from torch.nn.functional import cross_entropy

from retargetbench.reference_model.tiny_vlm.fitting import fit_table
from retargetbench.reference_model.tiny_vlm.losses import contrastive, hard_negatives, points_loss, slots_loss
from retargetbench.reference_model.tiny_vlm.recall import majority_recall, mean_recall


def said(intent, **fields):
    return json.dumps({"order": "single", "acts": [{"intent": intent, **fields}]})


def test_with_one_right_answer_each_the_contrast_is_the_usual_cross_entropy():
    logits = torch.randn(5, 5, generator=torch.Generator().manual_seed(0))
    right = torch.eye(5, dtype=torch.bool)
    usual = (cross_entropy(logits, torch.arange(5)) + cross_entropy(logits.T, torch.arange(5))) / 2
    assert torch.allclose(contrastive(logits, right, ~right & False), usual)


def test_pairs_that_cannot_be_decided_change_nothing():
    right = torch.eye(4, dtype=torch.bool)
    undecided = torch.zeros(4, 4, dtype=torch.bool)
    undecided[0, 1] = True
    logits = torch.randn(4, 4, generator=torch.Generator().manual_seed(1))
    other = logits.clone()
    other[0, 1] = 50.0
    assert torch.equal(contrastive(logits, right, undecided), contrastive(other, right, undecided))


def test_a_hard_negative_never_fits_and_is_mostly_the_most_alike():
    possible = ~torch.eye(6, dtype=torch.bool)
    logits = torch.zeros(6, 6)
    logits[:, 2] = 9.0
    draws = torch.linspace(0.01, 0.99, 6)
    chosen = hard_negatives(logits, possible, draws)
    assert not (chosen == torch.arange(6)).any()
    assert (chosen[[0, 1, 3, 4, 5]] == 2).all()


def test_where_nothing_seems_nearer_any_caption_that_does_not_fit_is_as_likely():
    possible = ~torch.eye(6, dtype=torch.bool)
    picked = [hard_negatives(torch.zeros(6, 6), possible, torch.full((6,), (k + 0.5) / 5))[0].item() for k in range(5)]
    assert picked == [1, 2, 3, 4, 5]


def test_points_cost_nothing_where_they_are_and_unknown_slots_count_for_nothing():
    wanted = torch.rand(3, 4, 3)
    alike, first = torch.ones(4), torch.tensor([1.0, 0, 0, 0])
    assert float(points_loss(wanted.flatten(1), wanted, alike)) == 0
    moved = wanted.clone()
    moved[:, 0] += 0.1
    assert float(points_loss(moved.flatten(1), wanted, first)) == pytest.approx(
        4 * float(points_loss(moved.flatten(1), wanted, alike))
    )
    logits = torch.randn(2, 2, 14, requires_grad=True)
    assert slots_loss(logits, torch.full((2, 2), -1)).item() == 0
    known = torch.tensor([[3, -1], [-1, -1]])
    assert torch.allclose(slots_loss(logits, known), cross_entropy(logits[0, :1], torch.tensor([3])))


def test_a_caption_that_says_less_fits_and_what_one_picture_cannot_show_is_left_undecided():
    means = [said("wave", side="left", count=2, pace="fast"), said("wave", side="right", count=2, pace="fast")]
    says = [said("wave"), said("wave", side="left"), said("wave", side="left", count=3)]
    fitting, undecided = fit_table(means, says)
    assert fitting.tolist() == [[True, True, False], [True, False, False]]
    assert undecided.tolist() == [[False, False, True], [False, False, False]]


def test_macro_accuracy_counts_classes_alike():
    truth = np.array([0] * 90 + [1] * 10)
    assert mean_recall(np.zeros(100, dtype=np.int64), truth) == 0.5 == majority_recall(truth)
    assert mean_recall(truth, truth) == 1.0
    assert mean_recall(np.full(100, -1), truth) == 0.0
