"""The trainer from motions to measured weights, two steps long."""

import json
from contextlib import contextmanager
from dataclasses import replace

import pytest

from retargetbench.metrics.semantics.source import JudgeSource
from retargetbench.reference_model.tiny_vlm.command import TinyVlm
from retargetbench.reference_model.tiny_vlm.errors import NoPictures, NoTrainedWeights
from retargetbench.reference_model.tiny_vlm.judges import BLIP2, CLIP, load_tiny_blip2, load_tiny_clip, weights_folder
from retargetbench.reference_model.training.errors import TrainedOnTest


class Counter:
    def __init__(self):
        self.notes = []

    def advance(self, note=""):
        self.notes.append(note)


@contextmanager
def counting(*_):
    yield Counter()


@pytest.fixture(scope="module")
def options(motions_folder, tmp_path_factory):
    return TinyVlm(
        data=motions_folder, part="val", out=tmp_path_factory.mktemp("run"), steps=2, batch=4, threads=1, programs=3,
        bodies=1, per_body=4, image_px=32, most=6,
    )  # fmt: skip


def test_from_motions_to_measured_weights_with_cards(options):
    drawn = replace(options, action="render").carry_out(counting)
    assert drawn["pictures"] == 3 * (4 + 2)
    trained = options.carry_out(counting)
    assert trained["blip2"]["steps"] == trained["clip"]["steps"] == 2
    again = options.carry_out(counting)
    assert again["blip2"] == trained["blip2"]
    found = replace(options, action="evaluate").carry_out(counting)
    scores = json.loads((options.out / "scores.json").read_text())
    assert scores["judges"] == found["judges"]
    assert {*scores["judges"]["tiny-blip2"]} == {"fingerprint", "hands", "action", "retrieval"}
    for name, load in (("tiny-blip2", load_tiny_blip2), ("tiny-clip", load_tiny_clip)):
        folder = options.out / "weights" / name
        card = json.loads((folder / "card.json").read_text())
        assert card["scores"] == scores["judges"][name]
        assert "--steps 2" in card["trained"]["command"]
        assert card["trained"]["seed"] == 1
        judge = load(JudgeSource(folder=folder))
        assert judge.fingerprint == card["scores"]["fingerprint"]


def test_what_is_missing_is_said(options, tmp_path):
    with pytest.raises(TrainedOnTest, match="--part train"):
        replace(options, part="test").carry_out(counting)
    with pytest.raises(NoPictures, match="render"):
        replace(options, out=tmp_path).carry_out(counting)
    with pytest.raises(NoTrainedWeights, match="retargetbench train tiny-vlm"):
        replace(options, out=tmp_path, action="evaluate").carry_out(counting)


def test_what_comes_with_the_package_is_measured_and_keeps_its_cards(options, tmp_path):
    cards = {name: (weights_folder(name) / "card.json").read_bytes() for name in (BLIP2, CLIP)}
    found = replace(options, out=tmp_path, action="evaluate", shipped=True, most=2).carry_out(counting)
    for name, card in cards.items():
        assert found["judges"][name]["fingerprint"] == json.loads(card)["scores"]["fingerprint"]
        assert (weights_folder(name) / "card.json").read_bytes() == card
    assert json.loads((tmp_path / "scores.json").read_text())["judges"] == found["judges"]
    assert found["next"] == "retargetbench audit --judge tiny-blip2"
