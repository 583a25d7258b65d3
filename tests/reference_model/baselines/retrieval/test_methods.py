"""The floors and baselines as methods: announced under their names, and the same as the functions they are made of."""

import tomllib
from importlib import import_module
from types import SimpleNamespace

import numpy as np
import pytest
import torch

from retargetbench.benchmark.running.embedding import require_embedder
from retargetbench.benchmark.submission.method_card import card_from
from retargetbench.datasets.body import Motion, Skeleton
from retargetbench.datasets.intents import motion_shards
from retargetbench.reference_model.baselines.retrieval import methods
from retargetbench.reference_model.baselines.retrieval.untrained import (
    caption_length_embeddings,
    duration_embeddings,
    random_embeddings,
)
from retargetbench.reference_model.baselines.training_motions import TRAINING, NoTraining

from ....house import ROOT

CAPTIONS = ["walks", "walks on and on", "claps hands"]
ENTRIES = {
    name: target
    for name, target in tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["entry-points"][
        "retargetbench.methods"
    ].items()
    if name.startswith("retrieval-")
}


def motion(frames):
    rotations = np.zeros((frames, 1, 4), dtype=np.float32)
    rotations[..., 0] = 1
    return Motion(Skeleton(("Hips",), (-1,), np.ones((1, 3))), rotations, np.zeros((frames, 3)), 30.0)


MOTIONS = [motion(frames) for frames in (60, 90, 60, 150)]


@pytest.mark.parametrize("name", ENTRIES)
def test_a_baseline_is_announced_under_the_name_on_its_card(name, monkeypatch, tmp_path):
    (tmp_path / "train.manifest.json").write_text('{"files": {}}')
    monkeypatch.setenv(TRAINING, str(tmp_path))
    module, _, attribute = ENTRIES[name].partition(":")
    method = getattr(import_module(module), attribute)
    card, problems = card_from({key: value for key, value in method.card.items() if value is not None})
    assert (card.name, problems) == (name, [])
    assert len(require_embedder(method, name)["kinds"]) >= 2


def test_there_are_four_floors_four_that_learn_and_one_that_looks_at_pictures():
    learned = [name for name in ENTRIES if "knn" in name or "regression" in name]
    assert (len(ENTRIES), len(learned)) == (9, 4)


def test_kind_by_kind_they_give_what_all_at_once_does():
    whole = caption_length_embeddings(CAPTIONS, MOTIONS)
    torch.testing.assert_close(methods.CAPTION_LENGTH.embed_text(CAPTIONS, seed=0), whole["text"])
    torch.testing.assert_close(methods.CAPTION_LENGTH.embed_motion(MOTIONS, seed=0), whole["motion"])
    drawn = random_embeddings({"text": 3, "motion": 4}, seed=5)
    torch.testing.assert_close(methods.RANDOM.embed_text(CAPTIONS, seed=5), drawn["text"])
    torch.testing.assert_close(methods.RANDOM.embed_motion(MOTIONS, seed=5), drawn["motion"])
    assert methods.CONSTANT.embed_text(CAPTIONS, seed=0).unique().tolist() == [1]
    assert methods.CONSTANT.embed_motion(MOTIONS, seed=0).shape == (4, 1)
    lengths = duration_embeddings({"motion": [one.duration_s for one in MOTIONS]})["motion"]
    torch.testing.assert_close(methods.DURATION.embed_motion(MOTIONS, seed=0), lengths)
    torch.testing.assert_close(
        methods.DURATION.embed_video([SimpleNamespace(duration_s=MOTIONS[1].duration_s)], seed=0), lengths[1:2]
    )


def test_without_training_motions_one_that_learns_says_how_to_get_them(monkeypatch, tmp_path):
    monkeypatch.delenv(TRAINING, raising=False)
    with pytest.raises(NoTraining, match=r"INTENTS_TRAINING is not set; make them with `retargetbench data build"):
        methods.Trained("retrieval-knn-duration", "duration").embed_text(CAPTIONS, seed=0)
    monkeypatch.setenv(TRAINING, str(tmp_path))
    with pytest.raises(NoTraining, match=r"there is no .*train.manifest.json"):
        methods.Trained("retrieval-knn-duration", "duration").embed_motion(MOTIONS, seed=0)


@pytest.mark.parametrize("regression", [False, True])
def test_with_training_motions_words_are_foretold(monkeypatch, tmp_path, regression):
    (tmp_path / "train.manifest.json").write_text("{}")
    read = [
        SimpleNamespace(name=f"{frames}", motion=motion(frames), words={"captions": [{"text": text}]})
        for text, first in zip(CAPTIONS, (56, 86, 146), strict=True)
        for frames in range(first, first + 9, 2)  # as many as there are neighbours
    ]
    monkeypatch.setattr(motion_shards, "read_motions", lambda manifest: iter(read))
    monkeypatch.setenv(TRAINING, str(tmp_path))
    method = methods.Trained("retrieval-mine", "duration", regression=regression)
    text, seen = method.embed_text(CAPTIONS, seed=0), method.embed_motion(MOTIONS, seed=0)
    assert text.shape[1] == seen.shape[1]
    similar = torch.nn.functional.normalize(text) @ torch.nn.functional.normalize(seen).T
    short, medium, _, long = range(4)
    assert similar[0, short] > similar[0, long]
    assert similar[2, short] < similar[2, long]
    if not regression:  # a line cannot rise and fall
        assert similar[1].argmax() == medium
    assert torch.isfinite(similar).all()
