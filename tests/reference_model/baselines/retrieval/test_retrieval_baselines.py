"""What each baseline sees is all that it can find."""

import numpy as np
import pytest
import torch

from retargetbench.datasets.body import Motion, Skeleton
from retargetbench.datasets.body.joint_names import BODY_JOINTS, BODY_PARENTS
from retargetbench.datasets.errors import UnknownName
from retargetbench.metrics.retrieval.collection import RetrievalSet
from retargetbench.metrics.retrieval.scoring import RetrievalSettings, all_scores, score_submission
from retargetbench.reference_model.baselines.retrieval.features import FEATURES, TIMES, Scaled
from retargetbench.reference_model.baselines.retrieval.trained import LabelledMotion, fit_neighbours, fit_regression
from retargetbench.reference_model.baselines.retrieval.untrained import (
    caption_length_embeddings,
    constant_embeddings,
    duration_embeddings,
    on_arc,
    random_embeddings,
)
from retargetbench.reference_model.baselines.retrieval.words import BagOfWords

OFFSETS = np.zeros((22, 3), np.float32)
OFFSETS[0] = 0, 0.9, 0
OFFSETS[1:6, 1] = 0.12
OFFSETS[[6, 10], 0], OFFSETS[[7, 8, 11, 12], 1], OFFSETS[[9, 13], 2] = 0.1, -0.42, 0.1
OFFSETS[14:18, 0], OFFSETS[18:22, 0] = 0.2, -0.2
SKELETON = Skeleton(BODY_JOINTS, BODY_PARENTS, OFFSETS)
SAID = {"wave": "a person waves an arm", "walk": "someone walks ahead", "leap": "somebody leaps high"}


def acted(act, frames, amount=1.0):
    """One of three acts; only the walk and the leap move the root, only the wave moves a limb."""
    time = np.linspace(0, 1, frames)
    rotations = np.zeros((frames, 22, 4), np.float32)
    rotations[..., 0] = 1
    root = np.repeat(OFFSETS[:1], frames, axis=0)
    if act == "wave":
        half = amount * np.sin(np.pi * time) / 2
        rotations[:, 19, 0], rotations[:, 19, 3] = np.cos(half), np.sin(half)
    elif act == "walk":
        root[:, 2] += amount * time
    else:
        root[:, 1] += 0.5 * amount * np.sin(np.pi * time)
    return Motion(SKELETON, rotations, root, 30.0)


@pytest.fixture(scope="module")
def training():
    return [
        LabelledMotion(acted(act, frames, amount), (SAID[act], f"{act} it is"))
        for act in SAID
        for frames, amount in ((20, 0.8), (40, 1.0), (60, 1.2))
    ]


@pytest.fixture(scope="module")
def test_motions():
    return [acted(act, 31, amount) for act in SAID for amount in (0.9, 1.1)]


def recall(motions, text, motion):
    acts = list(SAID)
    whole = RetrievalSet(
        [str(i) for i in range(len(motions))], [SAID[acts[i // 2]] for i in range(6)], np.arange(6),
        meanings=[acts[i // 2] for i in range(6)],
    )  # fmt: skip
    found = score_submission(whole, {"text": text, "motion": motion}, RetrievalSettings(("same-meaning",)))
    return all_scores(found)["t2m/R@1@1[same-meaning,6]"]


def test_neighbours_of_raw_poses_tell_limbs_apart_and_those_of_the_path_only_paths(training, test_motions):
    captions = [SAID[act] for act in SAID for _ in range(2)]
    poses, path = (fit_neighbours(training, name, k=1) for name in ("raw-poses", "root-path"))
    assert recall(test_motions, path.embed_text(captions), path.embed_motion(test_motions)) == 100
    # Poses relative to the hips are the same standing, walking (this walk moves no leg) and leaping.
    seen = poses.embed_motion(test_motions)
    assert len(seen[:2].unique(dim=0)) == 1
    assert len(seen[2:].unique(dim=0)) == 1
    assert not torch.equal(seen[0], seen[2])


def test_regression_foretells_the_words_of_unseen_motions(training, test_motions):
    fitted = fit_regression(training, "root-path")
    captions = [SAID[act] for act in SAID for _ in range(2)]
    assert recall(test_motions, fitted.embed_text(captions), fitted.embed_motion(test_motions)) == 100


def test_regression_solves_its_equation(training):
    fitted = fit_regression(training, "raw-poses", ridge=0.1)
    told = fitted.read.told - fitted.read.told.mean(axis=0)
    slope = fitted.read.seen.T @ (fitted.read.seen @ fitted.weights - told) / len(told) + 0.1 * fitted.weights
    assert np.abs(slope).max() < 1e-12


def test_duration_alone_finds_what_has_a_length_of_its_own_and_nothing_else(training):
    lengths = [1.0, 1.5, 2.0, 7.0, 40.0]
    whole = RetrievalSet([str(i) for i in range(5)], video_of=np.arange(5))
    told = duration_embeddings({"motion": lengths, "video": [s + 0.03 for s in lengths]})
    assert all_scores(score_submission(whole, told))["v2m/R@1@1[all-strict,5]"] == 100
    same = duration_embeddings({"motion": [2.0] * 5, "video": [2.0] * 5})
    assert all_scores(score_submission(whole, same))["v2m/R@1@1[all-strict,5]"] == 20
    near = fit_neighbours(training, "duration", k=3)
    assert torch.equal(near.embed_motion([acted("wave", 40)]), near.embed_motion([acted("leap", 40)]))


def test_caption_length_gives_the_longer_caption_the_longer_motion():
    motions = [acted("walk", frames) for frames in (60, 20, 40)]
    captions = ["a person walks on and on", "walks", "someone walks on"]
    told = caption_length_embeddings(captions, motions)
    assert (told["text"] @ told["motion"].T).argmax(dim=1).tolist() == [0, 1, 2]
    tied = caption_length_embeddings(["one two", "two words", "now there are five words"], motions)
    assert torch.equal(tied["text"][0], tied["text"][1])


def test_points_on_the_arc_are_the_nearer_the_nearer_their_values():
    values = np.array([0.0, 0.1, 0.35, 1.0])
    cosines = on_arc(values) @ on_arc(values).T
    apart = np.abs(values[:, None] - values)
    order = np.argsort(apart, axis=None)
    assert (np.diff(cosines.ravel()[order]) <= 1e-12).all()


def test_random_embeddings_depend_on_the_seed_and_the_modality_alone():
    one = random_embeddings({"text": 4, "motion": 4}, seed=3)
    assert torch.equal(one["motion"], random_embeddings({"motion": 4}, seed=3)["motion"])
    assert not torch.equal(one["text"], one["motion"])
    assert not torch.equal(one["text"], random_embeddings({"text": 4}, seed=4)["text"])


def test_constant_embeddings_get_exactly_chance_in_every_direction():
    count = 40
    whole = RetrievalSet([str(i) for i in range(count)], ["x"] * count, np.arange(count), np.arange(count))
    scores = all_scores(
        score_submission(
            whole,
            constant_embeddings({"text": count, "motion": count, "video": count}),
            RetrievalSettings(("all-strict",)),
        )
    )
    assert {scores[key] for key in scores if "/R@5@" in key} == {100 * 5 / count}


def test_features_are_of_one_size_and_blind_to_where_the_motion_stands():
    for name, features in FEATURES.items():
        short, long = features(acted("walk", 1)), features(acted("walk", 70))
        assert [block.shape for block in short] == [block.shape for block in long]
        motion = acted("wave", 25)
        there = Motion(SKELETON, motion.local_rotations_wxyz, motion.root_translation_m + np.float32([5, 0, -3]), 30.0)
        for here, moved in zip(features(motion), features(there), strict=True):
            assert here == pytest.approx(moved, abs=1e-5), name
    assert FEATURES["raw-poses"](acted("wave", 9))[0].shape == (TIMES * 13 * 3,)


def test_each_kind_of_features_weighs_the_same_over_the_training_set(training):
    motions = [labelled.motion for labelled in training]
    scaled = Scaled(FEATURES["root-path"], motions)(motions)
    assert np.abs(scaled.mean(axis=0)).max() < 1e-12
    assert scaled[:, :-1].var(axis=0).sum() == pytest.approx(1)
    assert scaled[:, -1].var() == pytest.approx(1)
    alike = [acted("leap", 30)] * 3
    assert np.abs(Scaled(FEATURES["duration"], alike)(alike)).max() == 0


def test_words_that_training_never_saw_say_nothing():
    words = BagOfWords(["A person walks.", "a person, sitting"])
    assert words.vocabulary == ("a", "person", "sitting", "walks")
    bags = words(["walks WALKS!", "capers", "a person walks"])
    assert bags[0].tolist() == [0, 0, 0, 1]
    assert not bags[1].any()
    assert np.linalg.norm(bags[2]) == pytest.approx(1)
    assert bags[2][3] > bags[2][1]  # a rare word counts more


def test_unknown_features_are_answered_with_the_known_ones(training):
    with pytest.raises(UnknownName, match="raw-poses"):
        fit_neighbours(training, "raw-pose")
