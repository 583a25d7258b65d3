"""The built-in recognition test, and tests that do not fit together."""

from dataclasses import replace

import numpy as np
import pytest

from retargetbench.datasets.errors import UnknownName
from retargetbench.metrics.recognition.data import RecognitionData
from retargetbench.metrics.recognition.errors import WrongTest
from retargetbench.metrics.recognition.intents import load_intents_recognition

SMALL = RecognitionData(
    ids=("a", "b"),
    motions=[None, None],
    classes=("run", "walk"),
    truth=np.eye(2, dtype=bool),
    structures=["one", "two"],
    bodies=["thin", "thin"],
    data_sha256="ab" * 32,
)


def test_intents_has_more_than_forty_classes_of_one_or_two_a_motion():
    data = load_intents_recognition()
    assert data.truth.shape == (1077, 79)
    assert data.truth.any(axis=0).sum() == 63
    assert np.bincount(data.truth.sum(axis=1)).tolist() == [0, 213, 864]
    assert len(set(data.bodies)) == 14


def test_ids_and_classes_are_in_alphabetical_order_and_ids_say_nothing():
    data = load_intents_recognition()
    assert list(data.ids) == sorted(data.ids)
    assert list(data.classes) == sorted(data.classes)
    assert all(len(one) == 8 and int(one, 16) >= 0 for one in data.ids)


def test_there_is_one_variant():
    with pytest.raises(UnknownName, match="full"):
        load_intents_recognition("mini")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"ids": ("a", "a")}, "motion 'a' is listed twice"),
        ({"classes": ("run", "run")}, "class 'run' is listed twice"),
        ({"classes": ("run",)}, "at least two"),
        ({"bodies": ["thin"]}, "1 bodies"),
        ({"truth": np.zeros((2, 2), dtype=bool)}, "a right class or more"),
        ({"truth": np.ones((2, 3), dtype=bool)}, r"\[2, 3\]"),
    ],
)
def test_what_does_not_fit_together_is_refused(change, said):
    with pytest.raises(WrongTest, match=said):
        replace(SMALL, **change)
