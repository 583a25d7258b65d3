"""A motion as numbers and back: nothing is lost but fingers, where it began and which way it faced."""

import numpy as np
import pytest
import torch

from retargetbench.datasets.body import Motion
from retargetbench.datasets.body.kinematics import motion_pose
from retargetbench.datasets.intents.bodies import load_body
from retargetbench.datasets.rotations import from_axis_angles, multiply
from retargetbench.reference_model.motionclip.pose import (
    FEATURES,
    matrices_of,
    mirrored_features,
    motion_of,
    motion_windows,
    window_features,
)
from retargetbench.reference_model.motionclip.standard_body import StandardPlaces, standard_body
from retargetbench.reference_model.training.places import MIRRORED

from .conftest import swaying


@pytest.fixture(scope="module")
def body():
    return standard_body()


def features_of(motion):
    """A motion of twelve frames as one window."""
    (window,) = motion_windows(motion, standard_body().skeleton, 12)
    return window


@pytest.fixture(scope="module")
def features(body):
    return features_of(swaying(body, 12))


def turned(motion, degrees, by_m):
    turn = from_axis_angles("Y", np.array([degrees]))
    rotations = motion.local_rotations_wxyz.astype(float).copy()
    rotations[:, 0] = multiply(turn, rotations[:, 0])
    angle = np.radians(degrees)
    spin = np.array([[np.cos(angle), 0, np.sin(angle)], [0, 1, 0], [-np.sin(angle), 0, np.cos(angle)]])
    return Motion(motion.skeleton, rotations, motion.root_translation_m @ spin.T + by_m, motion.fps)


def test_a_motion_comes_back_but_for_its_place_and_heading(body, features):
    motion = swaying(body, 12)
    assert features.shape == (12, FEATURES)
    back = motion_of(torch.from_numpy(features), body)
    again = features_of(back)
    np.testing.assert_allclose(again, features, atol=2e-5)
    # distances between all joints of all frames do not know where a motion is and how it is turned
    places = [motion_pose(m).positions_m.reshape(-1, 3) for m in (motion, back)]
    np.testing.assert_allclose(torch.cdist(places[0], places[0]), torch.cdist(places[1], places[1]), atol=2e-3)


@pytest.mark.parametrize("degrees", [-170.0, 35.0, 90.0])
def test_where_a_motion_is_and_which_way_it_faces_changes_nothing(body, features, degrees):
    moved = turned(swaying(body, 12), degrees, np.array([2.0, 0.0, -1.0]))
    np.testing.assert_allclose(features_of(moved), features, atol=1e-5)


def test_height_and_turns_within_a_window_are_kept(body, features):
    raised = turned(swaying(body, 12), 0.0, np.array([0.0, 0.5, 0.0]))
    lifted = features_of(raised)
    assert (lifted - features)[:, -2] == pytest.approx(np.full(12, 0.5 / 0.9), rel=0.15)  # in leg lengths
    np.testing.assert_allclose(np.delete(lifted, -2, axis=1), np.delete(features, -2, axis=1), atol=1e-6)
    rotations = np.tile([1.0, 0.0, 0.0, 0.0], (1, 3, 22, 1))
    rotations[0, :, 0] = from_axis_angles("Y", np.array([[0.0], [40.0], [80.0]]))
    spinning = window_features(rotations, np.zeros((1, 3, 3)))[0]
    assert np.degrees(np.arctan2(-spinning[:, 2], spinning[:, 0])) == pytest.approx([0.0, 40.0, 80.0], abs=1e-4)


def test_windows_overlap_by_half_and_reach_the_last_frame(body):
    skeleton = body.skeleton
    for frames, begins in ((12, [0]), (13, [0, 1]), (18, [0, 6]), (19, [0, 6, 7]), (7, [0])):
        motion = swaying(body, frames)
        found = motion_windows(motion, skeleton, 12)
        assert len(found) == len(begins)
        for window, begin in zip(found, begins, strict=True):
            expected = motion_windows(motion.window(begin, min(begin + 12, frames)), skeleton, 12)[0]
            np.testing.assert_allclose(window, expected, atol=1e-5)
    np.testing.assert_array_equal(found[0, 6:, :132], np.repeat(found[0, 6:7, :132], 6, axis=0))  # the last pose held
    slower = Motion(skeleton, motion.local_rotations_wxyz, motion.root_translation_m, 15.0)
    assert motion_windows(slower, skeleton, 12).shape == (2, 12, FEATURES)  # 0.4 s are 13 frames at 30 a second


def test_a_path_is_measured_in_legs_so_a_toddler_does_the_same(body, features):
    toddler = load_body("toddler")
    small = motion_of(torch.from_numpy(features), toddler)
    np.testing.assert_allclose(features_of(small), features, atol=5e-5)
    large = motion_of(torch.from_numpy(features), body)
    walked = [np.ptp(m.root_translation_m[:, 2]) for m in (small, large)]
    assert walked[0] < 0.7 * walked[1]


def test_a_mirror_exchanges_left_and_right_and_twice_is_nothing(features):
    given, shown = (torch.from_numpy(f) for f in (features, mirrored_features(features)))
    np.testing.assert_array_equal(mirrored_features(shown.numpy()), features)
    flip = torch.diag(torch.tensor([-1.0, 1.0, 1.0]))
    torch.testing.assert_close(matrices_of(shown), flip @ matrices_of(given)[:, MIRRORED] @ flip)
    torch.testing.assert_close(shown[:, -3:], given[:, -3:] @ flip)


def test_a_body_that_lies_on_its_side_still_has_features():
    rotations = np.tile([1.0, 0.0, 0.0, 0.0], (1, 2, 22, 1))
    rotations[0, :, 0] = from_axis_angles("YZ", np.array([50.0, 90.0]))
    found = window_features(rotations, np.zeros((1, 2, 3)))
    assert np.isfinite(found).all()
    rotations[0, :, 0] = from_axis_angles("YZ", np.array([-20.0, 90.0]))
    np.testing.assert_allclose(window_features(rotations, np.zeros((1, 2, 3))), found, atol=1e-6)


def test_the_standard_bodys_skin_follows_its_joints(body, features):
    places = StandardPlaces.of(40)
    assert places.weights.sum(dim=1) == pytest.approx(np.ones(40), abs=1e-5)
    given = torch.from_numpy(features)
    motion = motion_of(given, body)
    pose = motion_pose(Motion(motion.skeleton, motion.local_rotations_wxyz, 0 * motion.root_translation_m, 30.0))
    held = pose.positions_m[:, :22] + torch.from_numpy(np.array(body.skeleton.rest_offsets_m[0]))
    np.testing.assert_allclose(places.joints_m(given), held, atol=1e-5)
    far = given.clone()
    far[:, -3:] += 1.0
    np.testing.assert_array_equal(places.skin_m(far), places.skin_m(given))  # the root is held still
