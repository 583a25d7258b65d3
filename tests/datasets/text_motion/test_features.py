"""The 263-d and 251-d features: beside a slow twin, on motions whose features are known, and there and back."""

import numpy as np
import pytest

from retargetbench.datasets.text_motion.features import features_to_joints, half_turns, joints_to_features
from retargetbench.datasets.text_motion.layouts import HUMANML3D, KIT_ML, BadJoints
from retargetbench.datasets.text_motion.placing import bone_lengths, placed

from . import twin
from .cases import made_motion, turn

BOTH = pytest.mark.parametrize("layout", [HUMANML3D, KIT_ML], ids=lambda layout: layout.name)


def test_a_row_has_263_numbers_of_22_joints_and_251_of_21():
    assert (HUMANML3D.joint_count, HUMANML3D.width) == (22, 263)
    assert (KIT_ML.joint_count, KIT_ML.width) == (21, 251)
    starts = {name: part.start for name, part in HUMANML3D.columns.items()}
    assert starts == {"root_turn": 0, "root_velocity": 1, "root_height": 3, "positions": 4, "rotations": 67,
                      "velocities": 193, "contacts": 259}  # fmt: skip
    assert [(part.start, part.stop) for part in KIT_ML.columns.values()][3:] == [
        (4, 64), (64, 184), (184, 247), (247, 251),
    ]  # fmt: skip


@BOTH
def test_features_agree_with_the_slow_twin(layout):
    joints = made_motion(layout, frames=30, seed=3, turns=1.3)
    np.testing.assert_allclose(joints_to_features(joints, layout), twin.slow_features(joints, layout), atol=2e-6)


@BOTH
def test_joints_come_back_from_features_even_of_a_body_that_turns_round_and_round(layout):
    joints = made_motion(layout, frames=260, turns=6, speed=0.2)
    back = features_to_joints(joints_to_features(joints, layout), layout)
    np.testing.assert_allclose(back, placed(joints, layout)[:-1], atol=1e-5)


@BOTH
def test_the_rotations_alone_rebuild_the_joints_along_the_chains(layout):
    joints = made_motion(layout, frames=40, seed=1)
    features = joints_to_features(joints, layout).astype(float)
    back = twin.joints_of_rotations(features, layout, bone_lengths(joints, layout))
    np.testing.assert_allclose(back, placed(joints, layout)[:-1], atol=1e-5)


def test_a_walk_straight_ahead_has_its_speed_and_no_turn():
    joints = made_motion(HUMANML3D, frames=2, turns=0, speed=0)[[0] * 50] + np.arange(50)[:, None, None] * [0, 0, 0.06]
    features = joints_to_features(placed(joints, HUMANML3D), HUMANML3D)
    at = HUMANML3D.columns
    ahead = placed(joints, HUMANML3D)[1, 0]
    np.testing.assert_allclose(np.linalg.norm(features[:, at["root_velocity"]], axis=1), 0.06, atol=1e-6)
    np.testing.assert_allclose(
        features[0, at["velocities"]].reshape(-1, 3), np.tile(ahead * [1, 0, 1], (22, 1)), atol=1e-6
    )
    np.testing.assert_allclose(features[1:, 0], 0, atol=1e-6)
    np.testing.assert_allclose(features[:, 3], placed(joints, HUMANML3D)[0, 0, 1], atol=1e-6)


def test_a_steady_turn_is_counted_by_its_half_angle():
    still = made_motion(HUMANML3D, frames=1)[[0] * 200]
    features = joints_to_features(turn(still, -0.08 * np.arange(200)), HUMANML3D)
    np.testing.assert_allclose(features[80:-80, 0], 0.04, atol=1e-4)


@BOTH
def test_where_a_motion_stands_and_looks_changes_no_feature(layout):
    joints = made_motion(layout, frames=40, seed=2)
    elsewhere = turn(joints, 2.0) + np.array([5.0, -3.0, 7.0])
    np.testing.assert_allclose(joints_to_features(elsewhere, layout), joints_to_features(joints, layout), atol=5e-6)


def test_the_published_turns_lose_the_way_behind_the_first_heading_and_only_there():
    theta = np.array([2.9, 3.1, -3.1, -2.9, -2.9])
    shorter, published = half_turns(theta), half_turns(theta, "published")
    half = (2 * np.pi - 6.2) / 2
    np.testing.assert_allclose(shorter, [0.1, half, 0.1, 0], atol=1e-12)
    np.testing.assert_allclose(published, [0.1, -half, 0.1, 0], atol=1e-12)


def test_a_foot_touches_while_it_moves_less_than_the_threshold_of_its_data_set():
    for layout in (HUMANML3D, KIT_ML):
        joints = made_motion(layout, frames=1)[[0, 0, 0]]
        reach = np.sqrt(layout.contact_below)
        joints[1:, layout.feet[0], 0] += 0.99 * reach
        joints[2, layout.feet[2], 2] += 1.01 * reach
        contacts = joints_to_features(joints, layout)[:, layout.columns["contacts"]]
        assert contacts.tolist() == [[1, 1, 1, 1], [1, 1, 0, 1]]


def test_a_bone_that_points_the_other_way_or_has_no_length_still_gives_rotations():
    joints = made_motion(HUMANML3D, frames=1, seed=4)[[0, 0, 0]]
    joints[:, 18] = joints[:, 16] + [0, 0.3, 0]  # the left upper arm straight up: its axis points down
    joints[:, 20] = joints[:, 18]
    features = joints_to_features(joints, HUMANML3D).astype(float)
    back = twin.joints_of_rotations(features, HUMANML3D, bone_lengths(joints, HUMANML3D))
    np.testing.assert_allclose(back, placed(joints, HUMANML3D)[:-1], atol=1e-5)


@pytest.mark.parametrize(
    ("joints", "complaint"),
    [
        (
            np.zeros((5, 21, 3)),
            r"joint positions of humanml3d have the shape \[5, 21, 3\]; expected \[2 or more frames",
        ),
        (np.zeros((1, 22, 3)), r"have the shape \[1, 22, 3\]"),
        (np.where(np.arange(5)[:, None, None] == 3, np.nan, np.zeros((5, 22, 3))), "NaN or infinity in frame 3 of 5"),
    ],
)
def test_joints_that_do_not_fit_are_named(joints, complaint):
    with pytest.raises(BadJoints, match=complaint):
        joints_to_features(joints, HUMANML3D)


def test_features_of_the_other_data_set_are_named():
    with pytest.raises(
        BadJoints, match=r"features of kit-ml have the shape \[4, 263\]; expected \[1 or more frames, 251"
    ):
        features_to_joints(np.zeros((4, 263)), KIT_ML)
