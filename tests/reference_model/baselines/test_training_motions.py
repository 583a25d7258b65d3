"""The card of a baseline that learns: it says on which build of the training motions."""

import hashlib

import pytest

from retargetbench.benchmark.submission.method_card import card_from
from retargetbench.reference_model.baselines.recognition import methods as recognition
from retargetbench.reference_model.baselines.retrieval import methods as retrieval
from retargetbench.reference_model.baselines.training_motions import TRAINING, NoTraining

METHODS = [
    recognition.MAJORITY,
    recognition.KNN_RAW_POSES,
    recognition.PROBE_RAW_POSES,
    retrieval.KNN_DURATION,
    retrieval.KNN_ROOT_PATH,
    retrieval.KNN_RAW_POSES,
    retrieval.WORDS_REGRESSION,
]


@pytest.mark.parametrize("method", METHODS)
def test_another_build_of_the_training_motions_is_another_card(method, monkeypatch, tmp_path):
    monkeypatch.setenv(TRAINING, str(tmp_path))
    said = []
    for build in ('{"files": {}}', '{"files": {}, "seed": 2}'):
        (tmp_path / "train.manifest.json").write_text(build)
        card, problems = card_from({key: value for key, value in method.card.items() if value is not None})
        assert (card.parameters, problems) == (None, [])
        [trained_on] = card.trained_on
        assert trained_on.endswith(f"data {hashlib.sha256(build.encode()).hexdigest()[:12]}")
        said.append(trained_on)
    assert said[0] != said[1]


@pytest.mark.parametrize("method", METHODS)
def test_without_the_motions_there_is_no_card(method, monkeypatch):
    monkeypatch.delenv(TRAINING, raising=False)
    with pytest.raises(NoTraining, match="INTENTS_TRAINING is not set"):
        method.card  # noqa: B018
