"""Real motions: read by subject, split by subject, learned from without words, and given back."""

import numpy as np
import pytest

from retargetbench.datasets.intents.bodies import load_body
from retargetbench.reference_model.motionclip.errors import NoCaptures
from retargetbench.reference_model.motionclip.learner import MotionClipLearner, Training
from retargetbench.reference_model.motionclip.model import load_model
from retargetbench.reference_model.motionclip.pose import mirrored_features, motion_windows
from retargetbench.reference_model.motionclip.real_motions import read_subjects, real_reconstruction, split_subjects
from retargetbench.reference_model.motionclip.standard_body import standard_body

from .conftest import swaying

FRAMES = 20


@pytest.fixture(scope="module")
def subjects(captures):
    return read_subjects(captures, FRAMES)


def test_captures_are_read_by_subject_without_their_first_frame(subjects):
    assert {name: subject.captures for name, subject in subjects.items()} == {
        "7": ("7_01",) * 4 + ("7_02",) * 4, "8": ("8_01",) * 4,
    }  # fmt: skip
    whole = swaying(load_body("average_woman"), 51, 2)
    expected = motion_windows(whole.window(1, 51), standard_body().skeleton, FRAMES)
    np.testing.assert_allclose(subjects["8"].features[..., :-3], expected[..., :-3], atol=1e-3)
    np.testing.assert_allclose(
        subjects["8"].features[..., -3:], expected[..., -3:], atol=0.03
    )  # no floor in a BVH file


def test_who_is_unseen_is_not_trained_on(subjects, tmp_path):
    assert split_subjects(subjects, ("8",)) == ("7",)
    with pytest.raises(NoCaptures, match="there is no subject 135; the captures are of 7, 8"):
        split_subjects(subjects, ("135",))
    with pytest.raises(NoCaptures, match="nobody is left"):
        split_subjects(subjects, ("7", "8"))
    with pytest.raises(NoCaptures, match="data fetch open-characters"):
        read_subjects(tmp_path, FRAMES)


def test_every_fourth_window_of_a_batch_is_a_real_one_without_words(options, windows, subjects):
    real = subjects["7"].features
    learner = MotionClipLearner(Training(options.chosen, 1, mirror=True), windows, real)
    count = options.chosen.batch
    kinds = set()
    for step in range(6):
        batch = learner.draw(step)
        assert (len(batch.features), len(batch.texts), len(batch.images)) == (
            count,
            count - count // 4,
            count - count // 4,
        )
        for window in batch.features[len(batch.texts) :]:
            kinds |= {name for name, given in (("plain", real), ("mirrored", mirrored_features(real)))
                      if (given == window).all(axis=(1, 2)).any()}  # fmt: skip
    assert kinds == {"plain", "mirrored"}
    assert all(np.isfinite(value) for value in learner.learn(0, learner.draw(0)).values())
    assert learner.identity() != MotionClipLearner(Training(options.chosen, 1, mirror=True), windows).identity()


def test_each_subject_is_measured_and_all_that_were_not_trained_on_together(options, trained, subjects):
    model = load_model(options.weights_folder)
    found = real_reconstruction(model, None, None, subjects=subjects, trained=())
    assert set(found) == {"real, subject 7, cm", "real, subject 8, cm", "real, unseen subjects, cm"}
    weighted = (2 * found["real, subject 7, cm"] + found["real, subject 8, cm"]) / 3
    assert found["real, unseen subjects, cm"] == pytest.approx(weighted)
    some = real_reconstruction(model, None, None, subjects=subjects, trained=("7",))
    assert some["real, unseen subjects, cm"] == some["real, subject 8, cm"]
    assert some["real, subject 7 (trained on), cm"] == found["real, subject 7, cm"]
