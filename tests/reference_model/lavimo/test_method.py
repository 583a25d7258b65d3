"""LAVIMO as methods: announced with cards, embedding as the model does, refused with weights of the other kind."""

import json
import shutil

import numpy as np
import pytest

from retargetbench.benchmark.running.embedding import require_embedder
from retargetbench.benchmark.running.methods import installed_methods
from retargetbench.benchmark.submission.method_card import card_from
from retargetbench.datasets.intents.motion_jobs import body_of
from retargetbench.datasets.readers.video import Video
from retargetbench.reference_model.lavimo.build import build_network, save_for_search
from retargetbench.reference_model.lavimo.method import LavimoMethod, LavimoTwoMethod, method_of
from retargetbench.reference_model.lavimo.presets import PRESETS, Plan, Switches
from retargetbench.reference_model.lavimo.retriever import load_lavimo
from retargetbench.reference_model.lavimo.weights import PIECES, SIGHT
from retargetbench.reference_model.trained_weights import NoWeights


@pytest.fixture(scope="module")
def folder(options, trained):
    return options.weights_folder


@pytest.fixture(scope="module")
def two_folder(folder, tmp_path_factory):
    made = tmp_path_factory.mktemp("two")
    network = build_network(Plan(PRESETS["quick"], Switches(modalities="two")), (folder / PIECES).read_text(), 1, 0)
    save_for_search(network, made, folder / SIGHT, {"trained_on": ["Intents motions, part val"]})
    return made


@pytest.fixture
def methods(folder, two_folder, monkeypatch):
    """As the environment names their weights."""
    monkeypatch.setenv("LAVIMO", str(folder))
    monkeypatch.setenv("LAVIMO_TWO", str(two_folder))
    return {"lavimo": LavimoMethod(), "lavimo-two": LavimoTwoMethod()}


def test_the_methods_are_announced_under_the_names_on_their_cards(methods):
    announced = {name: type(entry.load()) for name, entry in installed_methods().items() if name.startswith("lavimo")}
    assert announced == {name: type(method) for name, method in methods.items()}
    for name, method in methods.items():
        card, problems = card_from(dict(method.card))
        assert problems == []
        assert (card.name, card.version, card.trained_on) == (name, "1, quick", ("Intents motions, part val",))
        assert len(card.weights_sha256) == 64
    assert require_embedder(methods["lavimo"], "lavimo")["kinds"] == ["text", "motion", "video"]
    assert require_embedder(methods["lavimo-two"], "lavimo-two")["kinds"] == ["text", "motion"]


def test_the_frame_encoder_is_among_the_parameters_where_there_is_one(methods):
    retriever = methods["lavimo"].retriever
    seeing = sum(value.numel() for value in retriever._vision.state_dict().values())
    asked = sum(value.numel() for value in retriever._network.state_dict().values())
    assert methods["lavimo"].card["parameters"] == asked + seeing
    asked = sum(value.numel() for value in methods["lavimo-two"].retriever._network.state_dict().values())
    assert methods["lavimo-two"].card["parameters"] == asked


def test_they_embed_as_the_model_does(methods, folder, two_folder, wander):
    motions = [wander(body_of("average_man"), 30, seed=seed) for seed in range(2)]
    frames = np.random.default_rng(0).integers(0, 256, (5, 32, 32, 3)).astype(np.uint8)
    videos = [Video(frames, np.arange(5) / 10)]
    for name, own in (("lavimo", folder), ("lavimo-two", two_folder)):
        model = load_lavimo(own)
        np.testing.assert_array_equal(methods[name].embed_motion(motions, seed=0), model.embed_motion(motions))
        np.testing.assert_array_equal(methods[name].embed_text(["a bow"], seed=1), model.embed_text(["a bow"]))
    np.testing.assert_array_equal(
        methods["lavimo"].embed_video(videos, seed=0), load_lavimo(folder).embed_video(videos)
    )


def test_the_card_names_switches_and_what_was_borrowed(folder, tmp_path):
    changed = tmp_path / "masked"
    shutil.copytree(folder, changed)
    config = json.loads((changed / "config.json").read_text())
    config["plan"]["switches"] |= {"negatives": "mask", "near": 0.8}
    config["plan"]["preset"]["text"] = "some/bert"
    (changed / "config.json").write_text(json.dumps(config))
    card = method_of(changed).card
    assert card["version"] == "1, quick, negatives mask, near 0.8"
    assert card["trained_on"] == ("Intents motions, part val", "the training data of some/bert")
    assert card["weights_sha256"] != method_of(folder).card["weights_sha256"]


def test_weights_of_the_other_method_are_refused(folder, two_folder):
    with pytest.raises(NoWeights, match=f"run lavimo-two with LAVIMO_TWO={two_folder}"):
        _ = LavimoMethod(two_folder).card
    with pytest.raises(NoWeights, match=f"run lavimo with LAVIMO={folder}"):
        LavimoTwoMethod(folder).embed_text(["a bow"], seed=0)


def test_a_relative_folder_is_refused_since_a_method_runs_elsewhere(monkeypatch):
    monkeypatch.setenv("LAVIMO", "build/mine")
    with pytest.raises(NoWeights, match=r"LAVIMO=\$PWD/build/mine"):
        _ = LavimoMethod().card


@pytest.mark.parametrize(
    ("method", "command"),
    [(LavimoMethod, "train lavimo`"), (LavimoTwoMethod, "train lavimo --modalities two --name lavimo-two`")],
)
def test_without_weights_one_sentence_names_the_training(method, command, monkeypatch, tmp_path):
    for variable in ("LAVIMO", "LAVIMO_TWO"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setattr("retargetbench.reference_model.trained_weights.files", lambda _: tmp_path)
    for ask in (lambda m: m.card, lambda m: m.embed_text(["a bow"], seed=0)):
        with pytest.raises(NoWeights, match=f"`retargetbench {command}"):
            ask(method())
