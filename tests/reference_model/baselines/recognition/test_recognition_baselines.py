"""Floors and baselines that name classes: announced under their names; chance is chance, and poses tell acts apart."""

import tomllib
from importlib import import_module
from types import SimpleNamespace

import numpy as np
import pytest

from retargetbench.benchmark.running.classifying import require_classifier
from retargetbench.benchmark.submission.method_card import card_from
from retargetbench.datasets.intents import motion_shards
from retargetbench.metrics.recognition.accuracy import recognition_scores
from retargetbench.reference_model.baselines.recognition import methods
from retargetbench.reference_model.baselines.training_motions import TRAINING, NoTraining

from ....house import ROOT
from ...skeleton_gcn.conftest import MOVED, acting

ENTRIES = {
    name: target
    for name, target in tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["entry-points"][
        "retargetbench.methods"
    ].items()
    if name.startswith("recognition-")
}
CLASSES = ("bow", "fly", "kick", "wave")


@pytest.fixture
def training(monkeypatch, tmp_path):
    """Motions of three acts; a fourth of them are said to show two."""
    read = [
        SimpleNamespace(name=f"{name}{seed}", motion=acting(name, seed), words={"actions": [name, "bow"][: 1 + two]})
        for place, name in enumerate(MOVED)
        for seed, two in ((10 * place + k, name == "wave" and k == 0) for k in range(4))
    ]
    (tmp_path / "train.manifest.json").write_text("{}")
    monkeypatch.setattr(motion_shards, "read_motions", lambda manifest: iter(read))
    monkeypatch.setenv(TRAINING, str(tmp_path))


@pytest.mark.parametrize("name", ENTRIES)
def test_a_baseline_is_announced_under_the_name_on_its_card(name, monkeypatch, tmp_path):
    (tmp_path / "train.manifest.json").write_text('{"files": {}}')
    monkeypatch.setenv(TRAINING, str(tmp_path))
    module, _, attribute = ENTRIES[name].partition(":")
    method = getattr(import_module(module), attribute)
    card, problems = card_from({key: value for key, value in method.card.items() if value is not None})
    assert (card.name, problems) == (name, [])
    assert require_classifier(method, name) == {}


def test_random_scores_follow_from_the_seed_and_are_chance():
    given = [methods.RANDOM.classify([None] * 4000, CLASSES, seed=seed) for seed in (1, 1, 2)]
    np.testing.assert_array_equal(given[0], given[1])
    assert (given[0] != given[2]).all()
    found = recognition_scores(given[0], np.arange(4000) % 4)
    assert found["top1"] == pytest.approx(25, abs=3)


def test_the_majority_is_counted_in_training(training):
    scores = methods.MAJORITY.classify([None] * 2, CLASSES, seed=0)
    np.testing.assert_allclose(scores, [[5 / 12, 0, 4 / 12, 4 / 12]] * 2)


@pytest.mark.parametrize("method", [methods.KNN_RAW_POSES, methods.PROBE_RAW_POSES])
def test_raw_poses_tell_acts_apart_that_move_other_joints(training, method):
    names = list(MOVED)
    scores = method.classify([acting(name, 77 + k) for k, name in enumerate(names)], CLASSES, seed=0)
    assert [CLASSES[k] for k in scores.argmax(axis=1)] == names
    assert (scores[:, 1] == 0).all()  # nobody flew in training


LEARNING = {
    "recognition-majority": methods.MAJORITY,
    "recognition-knn-raw-poses": methods.KNN_RAW_POSES,
    "recognition-probe-raw-poses": methods.PROBE_RAW_POSES,
}


@pytest.mark.parametrize("name", LEARNING)
def test_without_training_motions_one_that_learns_says_how_to_get_them(monkeypatch, name):
    monkeypatch.delenv(TRAINING, raising=False)
    method = LEARNING[name]
    with pytest.raises(NoTraining, match=f"{name} learns .* INTENTS_TRAINING is not set"):
        method.classify([], CLASSES, seed=0)
