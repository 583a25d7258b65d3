"""Hands told from joints alone: what must not matter does not, every place has a region, and truth beats rest."""

from dataclasses import replace

import numpy as np
import pytest

from retargetbench.benchmark import hand_places
from retargetbench.benchmark.submission.folder import open_submission, write_submission
from retargetbench.benchmark.submission.method_card import MethodCard
from retargetbench.datasets.body import Motion
from retargetbench.datasets.intents.clips import load_intents
from retargetbench.datasets.rotations import from_rotation_vectors, multiply
from retargetbench.reference_model.baselines.rest_pose import retarget as rest_pose


@pytest.fixture(scope="module")
def asked():
    return list(hand_places.asked_of(load_intents("mini")))


@pytest.fixture(scope="module")
def trees():
    """Fitted on validation's right answers: a stand-in for training's motions, which the package holds few of."""
    features, regions = [], []
    for one in hand_places.asked_of(load_intents("val")):
        for side, (frames, names) in one.frames.items():
            features.append(hand_places.hand_features(one.pair.ground_truths[0], frames, side))
            regions += names
            rest = hand_places.hand_features(resting(one.pair), [0], side)
            features.append(rest)
            regions.append(hand_places.APART)
    return hand_places.fitted(np.concatenate(features), np.array(regions), seed=1)


def resting(pair):
    return rest_pose(pair.source, pair.source_motion, pair.target, seed=0)


def test_every_programmed_contact_of_a_hand_has_a_region():
    for variant in ("mini", "val", "full"):
        clips = load_intents(variant)
        names = {goal.name for spec in clips.pairs for goal in clips.load(spec.clip_id).contact_goals}
        assert {hand_places.region_of(name.partition(" on ")[2]) for name in names} <= set(hand_places.REGIONS)


def test_where_a_body_stands_and_faces_does_not_matter(asked):
    motion = asked[0].pair.ground_truths[0]
    turn = from_rotation_vectors(np.array([0.0, 2.0, 0.0]))
    rotations = motion.local_rotations_wxyz.astype(float)
    rotations[:, 0] = multiply(turn, rotations[:, 0])
    moved = Motion(motion.skeleton, rotations.astype(np.float32), motion.root_translation_m + 3, motion.fps)
    frames = [0, 20, 40]
    for side in ("left", "right"):
        np.testing.assert_allclose(
            hand_places.hand_features(motion, frames, side),
            hand_places.hand_features(moved, frames, side),
            atol=1e-5,
        )


def test_the_right_hand_is_the_left_one_in_a_mirror(asked):
    pair = asked[0].pair
    left, right = (hand_places.hand_features(resting(pair), [0], side) for side in ("left", "right"))
    np.testing.assert_allclose(left, right, atol=0.02)  # bodies are not symmetric to the last digit


def test_right_answers_have_their_hands_in_place_and_the_rest_pose_has_not(asked, trees):
    truth = [hand_places.share_right(trees, one, one.pair.ground_truths[0]) for one in asked]
    rest = [hand_places.share_right(trees, one, resting(one.pair)) for one in asked]
    assert np.mean(truth) > 0.6
    assert np.mean(rest) < 0.1


def test_the_table_compares_with_the_first_and_a_missing_clip_counts_nothing(asked, trees, tmp_path):
    answers = {one.pair.spec.clip_id: one.pair.ground_truths[0] for one in asked}
    answers = {clip: replace(motion) for clip, motion in answers.items()}
    few = dict(list(answers.items())[: len(answers) // 2])
    for name, motions in (("all", answers), ("half", few)):
        write_submission(tmp_path / name, MethodCard(name, "1", parameters=0), motions)
    with open_submission(tmp_path / "all") as first, open_submission(tmp_path / "half") as second:
        rows = list(hand_places.table_rows(trees, load_intents("mini"), [first, second]))
    assert [row[0] for row in rows] == ["ground truth", "all", "half"]
    assert rows[0][2].partition(" ")[0] == rows[1][2].partition(" ")[0]
    assert float(rows[1][3].partition(" ")[0]) == 0
    assert float(rows[2][3].partition(" ")[0]) < -20
