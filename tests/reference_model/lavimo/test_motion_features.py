"""The 263 numbers of a frame: what they hold, and what they must not depend on."""

import numpy as np
import pytest

from retargetbench.datasets.body import Motion
from retargetbench.datasets.body.joint_names import BODY_JOINTS
from retargetbench.datasets.intents.bodies import load_body
from retargetbench.datasets.rotations import from_axis_angles, multiply
from retargetbench.datasets.text_motion.feature_motions import FeatureMotion
from retargetbench.datasets.text_motion.features import joints_to_features
from retargetbench.datasets.text_motion.from_motion import humanml3d_joints
from retargetbench.datasets.text_motion.layouts import HUMANML3D
from retargetbench.reference_model.lavimo.motion_features import (
    GROUPS,
    WIDTH,
    feature_statistics,
    mirrored_features,
    motion_features,
)

SWAP = [BODY_JOINTS.index(n.replace("Left", "#").replace("Right", "Left").replace("#", "Right")) for n in BODY_JOINTS]


@pytest.fixture(scope="module")
def moved(stick_figure, wander):
    return wander(stick_figure(), 30)


def still(skeleton, frames=10):
    rotations = np.zeros((frames, skeleton.joint_count, 4), np.float32)
    rotations[..., 0] = 1.0
    return Motion(skeleton, rotations, np.tile(skeleton.rest_offsets_m[0], (frames, 1)), 20.0)


def test_a_body_at_rest_stands_still_on_its_feet():
    skeleton = load_body("average_man").skeleton
    features = motion_features(still(skeleton))
    yaw, over_floor, height, places, turned, velocities, contacts = np.split(features, np.cumsum(GROUPS)[:-1], axis=1)
    assert features.shape == (9, WIDTH)
    assert not yaw.any()
    assert not over_floor.any()
    assert not velocities.any()
    assert contacts.all()
    head = skeleton.rest_positions_m[BODY_JOINTS.index("Head")]
    assert np.allclose(height, skeleton.rest_positions_m[0, 1] / head[1])
    assert np.allclose(places.reshape(9, 21, 3)[:, BODY_JOINTS.index("Head") - 1, 1], 1.0)
    assert np.allclose(turned.reshape(9, 21, 6), [1, 0, 0, 0, 1, 0])


def test_where_a_motion_is_and_where_it_faces_does_not_matter(moved):
    turn = from_axis_angles("Y", np.array([70.0]))
    rotations = moved.local_rotations_wxyz.astype(float).copy()
    rotations[:, 0] = multiply(turn, rotations[:, 0])
    angle = np.radians(70.0)
    about = np.array([[np.cos(angle), 0, np.sin(angle)], [0, 1, 0], [-np.sin(angle), 0, np.cos(angle)]])
    elsewhere = Motion(moved.skeleton, rotations, moved.root_translation_m @ about.T + [3.0, 0.0, -2.0], moved.fps)
    assert np.allclose(motion_features(moved), motion_features(elsewhere), atol=2e-4)


def test_how_large_the_body_is_does_not_matter(moved, stick_figure):
    large = stick_figure(scale=1.5).skeleton
    scaled = Motion(large, moved.local_rotations_wxyz, 1.5 * moved.root_translation_m, moved.fps)
    assert np.allclose(motion_features(moved), motion_features(scaled), atol=1e-4)


def test_joints_above_the_hips_and_a_lowered_rest_pose_do_not_matter(stick_figure):
    rest = motion_features(still(stick_figure().skeleton))
    rig = stick_figure(control_root=True).skeleton
    assert np.allclose(motion_features(still(rig)), rest, atol=1e-5)
    lowered = motion_features(still(stick_figure(arms_down_deg=40).skeleton))
    arm = BODY_JOINTS.index("LeftArm") - 1
    turned = slice(67 + 6 * arm, 73 + 6 * arm)
    assert not np.allclose(lowered[:, turned], rest[:, turned], atol=0.1)  # seen from a T-pose the arm hangs


def test_the_mirror_swaps_sides_as_mirroring_the_motion_does(moved):
    rotations = moved.local_rotations_wxyz[:, SWAP] * np.array([1, 1, -1, -1], np.float32)
    mirrored = Motion(moved.skeleton, rotations, moved.root_translation_m * [-1, 1, 1], moved.fps)
    features = motion_features(moved)
    assert np.allclose(mirrored_features(features), motion_features(mirrored), atol=1e-4)
    assert np.array_equal(mirrored_features(mirrored_features(features)), features)


def test_a_long_motion_is_cut_and_a_single_frame_is_a_motion(stick_figure, wander):
    assert len(motion_features(wander(stick_figure(), 400))) == 196
    assert motion_features(wander(stick_figure(), 1)).shape == (1, WIDTH)


def test_deviations_are_shared_within_a_group_and_never_zero(moved):
    mean, deviation = feature_statistics(motion_features(moved))
    assert mean.shape == deviation.shape == (WIDTH,)
    assert len(np.unique(deviation[4:67])) == 1
    assert deviation.min() > 0


def test_a_motion_of_humanml3d_has_the_places_of_the_motion_it_was_made_from(wander):
    motion = wander(load_body("average_man"), 20, fps=20.0)
    told = FeatureMotion(joints_to_features(humanml3d_joints(motion), HUMANML3D), HUMANML3D.name)
    whole, read = motion_features(motion), motion_features(told)
    assert read.shape == (18, WIDTH)  # each way loses a frame
    height, places = 3, slice(4, 67)
    scale = (whole[0, places] @ read[0, places]) / (read[0, places] @ read[0, places])  # heights of the resting head
    assert scale == pytest.approx(1, abs=0.03)
    lifted = scale * read[:, height] - whole[:18, height]  # HumanML3D's floor is under the lowest joint
    assert np.ptp(lifted) < 1e-3
    over_floor = [column for column in range(4, 67) if column % 3 != 2]
    assert np.abs(scale * read[:, over_floor] - whole[:18, over_floor]).max() < 0.01
