"""HumanML3D's joints as motions of ours: the joints come back, whatever the roll; KIT-ML is refused."""

import numpy as np
import pytest

from retargetbench.datasets.body.joint_poses import motion_poses
from retargetbench.datasets.body.motion import Motion
from retargetbench.datasets.intents.bodies import load_body
from retargetbench.datasets.text_motion.feature_motions import FeatureMotion
from retargetbench.datasets.text_motion.features import joints_to_features
from retargetbench.datasets.text_motion.from_motion import humanml3d_joints
from retargetbench.datasets.text_motion.layouts import HUMANML3D, KIT_ML, BadJoints
from retargetbench.datasets.text_motion.to_motion import motion_of

REST = load_body("average_man").skeleton


def moving(body, frames=12, seed=0):
    """Every joint turns at random, by less than 90 degrees; the body walks and turns."""
    skeleton = load_body(body).skeleton
    generator = np.random.default_rng(seed)
    half = 0.4 * generator.uniform(-1, 1, (1, skeleton.joint_count, 3)) * np.linspace(0, 1, frames)[:, None, None]
    rotations = np.concatenate([np.ones((*half.shape[:2], 1)), half], axis=-1)
    root = skeleton.rest_offsets_m[0] + np.linspace([0, 0, 0], [0.5, 0, 1], frames)
    return Motion(skeleton, rotations / np.linalg.norm(rotations, axis=-1, keepdims=True), root, HUMANML3D.fps)


def told(motion):
    return FeatureMotion(joints_to_features(humanml3d_joints(motion), HUMANML3D), HUMANML3D.name)


@pytest.mark.parametrize("body", ["average_man", "belly"])
def test_the_joints_of_the_motion_are_those_of_the_features(body):
    given = told(moving(body))
    made = motion_of(given, REST)
    assert (made.fps, made.frame_count) == (20, given.frame_count)
    assert made.skeleton.rest_positions_m[:, 1].min() == pytest.approx(0, abs=1e-6)
    assert np.abs(motion_poses(made)[1] - given.joints()).max() < 1e-4


def test_a_bone_that_points_the_other_way_is_turned_by_half_a_turn():
    joints = np.repeat(humanml3d_joints(moving("average_man", 2))[:1], 3, axis=0)
    hand, elbow = HUMANML3D.joint_names.index("LeftHand"), HUMANML3D.joint_names.index("LeftForeArm")
    arm = HUMANML3D.joint_names.index("LeftArm")
    joints[:, hand] = joints[:, elbow] - 0.8 * (joints[:, elbow] - joints[:, arm])
    given = FeatureMotion(joints_to_features(joints, HUMANML3D), HUMANML3D.name)
    assert np.abs(motion_poses(motion_of(given, REST))[1] - given.joints()).max() < 1e-3


def test_kit_ml_has_other_joints():
    with pytest.raises(BadJoints, match="kit-ml cannot be read as a motion"):
        motion_of(FeatureMotion(np.zeros((2, KIT_ML.width), np.float32), KIT_ML.name), REST)
