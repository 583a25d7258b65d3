"""MotionCLIP as methods: announced with cards, asked by class names, fitted on training, refused without weights."""

from types import SimpleNamespace

import numpy as np
import pytest

from retargetbench.benchmark.running.classifying import require_classifier
from retargetbench.benchmark.running.embedding import require_embedder
from retargetbench.benchmark.running.methods import installed_methods
from retargetbench.benchmark.submission.method_card import card_from
from retargetbench.datasets.intents import motion_shards
from retargetbench.datasets.intents.bodies import load_body
from retargetbench.reference_model.baselines.training_motions import TRAINING, NoTraining
from retargetbench.reference_model.motionclip import weights
from retargetbench.reference_model.motionclip.embedder import MotionClipEmbedder
from retargetbench.reference_model.motionclip.method import LatentClassifier, MotionClipMethod
from retargetbench.reference_model.motionclip.model import load_model
from retargetbench.reference_model.trained_weights import NoWeights

from .conftest import swaying

CLASSES = ("bow", "clap", "wave")


@pytest.fixture
def method(options, trained, clip_folder, monkeypatch):
    """As the environment names its weights."""
    monkeypatch.setenv(weights.VARIABLE, str(options.weights_folder))
    monkeypatch.setenv(weights.JUDGE_FOLDER, str(clip_folder))
    return MotionClipMethod()


def test_the_methods_are_announced_under_the_names_on_their_cards(method, trained, tmp_path, monkeypatch):
    (tmp_path / "train.manifest.json").write_text('{"files": {}}')
    monkeypatch.setenv(TRAINING, str(tmp_path))
    announced = {name: entry.value for name, entry in installed_methods().items() if name.startswith("motionclip")}
    assert {name: value.rpartition(":")[2] for name, value in announced.items()} == {
        "motionclip": "MOTIONCLIP", "motionclip-neighbours": "NEIGHBOURS", "motionclip-probe": "PROBE",
    }  # fmt: skip
    for made in (method, LatentClassifier("motionclip-probe", method, probe=True)):
        card, problems = card_from(dict(made.card))
        assert problems == []
        assert card.name in announced
        assert (card.parameters, len(card.weights_sha256)) == (trained["parameters"], 64)
        assert require_classifier(made, card.name) == {}
    assert card.trained_on[0] == "intents val"
    assert "one body of each, data" in card.trained_on[-1]  # the probe's, beside the model's own
    assert method.card["trained_on"] == list(card.trained_on[:-1])
    assert require_embedder(method, "motionclip")["kinds"] == ["text", "motion", "video"]


def test_it_embeds_and_classifies_as_the_model_does(method, options, clip_folder):
    motions = [swaying(load_body("short"), 30, seed) for seed in range(2)]
    embedder = MotionClipEmbedder(load_model(options.weights_folder, clip_folder))
    np.testing.assert_array_equal(method.embed_motion(motions, seed=0), embedder.embed_motion(motions))
    np.testing.assert_array_equal(method.embed_text(CLASSES, seed=0), embedder.embed_text(CLASSES))
    np.testing.assert_array_equal(method.classify(motions, CLASSES, seed=0), embedder.classify(motions, CLASSES))
    assert method.classify([], CLASSES, seed=0).shape == (0, 3)


@pytest.mark.parametrize("probe", [True, False])
def test_a_classifier_on_latents_is_fitted_on_training(method, probe, monkeypatch, tmp_path):
    fitted = LatentClassifier("motionclip-fitted", method, probe=probe)
    monkeypatch.delenv(TRAINING, raising=False)
    with pytest.raises(NoTraining, match="motionclip-fitted learns"):
        fitted.classify([], CLASSES, seed=0)
    (tmp_path / "train.manifest.json").write_text("{}")
    monkeypatch.setenv(TRAINING, str(tmp_path))
    body = load_body("runner")
    known = [(swaying(body, 40, seed), ["bow"] if seed < 2 else ["wave", "clap"]) for seed in (0, 1, 2, 3)]
    read = [SimpleNamespace(name=str(k), motion=m, words={"actions": a}) for k, (m, a) in enumerate(known)]
    monkeypatch.setattr(motion_shards, "read_motions", lambda manifest: iter(read))
    scores = fitted.classify([motion for motion, _ in known], (*CLASSES, "fly"), seed=0)
    right = scores[:, 0] > np.array([0.5, 0.5, -np.inf, -np.inf])
    assert right.all()
    assert (scores[2:, 1:3].min(axis=1) > scores[2:, 0]).all()
    assert (scores[:, 3] == 0).all()  # nobody flew in training


def test_without_weights_one_sentence_names_the_training(monkeypatch):
    monkeypatch.delenv(weights.VARIABLE, raising=False)
    monkeypatch.setattr(weights, "NAME", "no-such-weights")
    for ask in (lambda m: m.card, lambda m: m.classify([], CLASSES, seed=0)):
        with pytest.raises(NoWeights, match="`retargetbench train motionclip`"):
            ask(MotionClipMethod())
