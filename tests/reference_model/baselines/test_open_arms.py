"""The control that opens its arms: no arm in the body, by the metric's own count, and nothing else is touched."""

import numpy as np
import pytest

from retargetbench.datasets.body import Motion
from retargetbench.datasets.body.kinematics import motion_pose
from retargetbench.datasets.body.limbs import limb_bodies
from retargetbench.datasets.intents.bodies import load_body
from retargetbench.datasets.rotations import from_axis_angles
from retargetbench.metrics.clip_geometry import measure_clip
from retargetbench.reference_model.baselines import open_arms, rotation_copy


@pytest.fixture(scope="module")
def man():
    return load_body("average_man")


@pytest.fixture(scope="module")
def belly():
    return load_body("belly")


def posed(character, **degrees):
    """Four frames; in all but the first the named joints are turned about x, y and z."""
    skeleton = character.skeleton
    rotations = np.zeros((4, skeleton.joint_count, 4))
    rotations[..., 0] = 1.0
    for joint, angles in degrees.items():
        rotations[1:, skeleton.index(joint)] = from_axis_angles("XYZ", np.array(angles, dtype=float))
    return Motion(skeleton, rotations, np.tile(skeleton.rest_offsets_m[0], (4, 1)), 30.0)


def hand_on_belly(character):
    return posed(character, LeftArm=(0, 0, -75), LeftForeArm=(0, -100, 0), RightArm=(0, 0, 60))


def bone(motion, start, end):
    """Direction from one joint to another, [frames, 3]."""
    positions, index = motion_pose(motion).positions_m.numpy(), motion.skeleton.index
    step = positions[:, index(end)] - positions[:, index(start)]
    return step / np.linalg.norm(step, axis=-1, keepdims=True)


def arms_of(character):
    return [limb for limb in limb_bodies(character) if limb.name.endswith("arm")]


def test_no_arm_is_inside_the_body_and_nothing_but_the_arms_has_moved(man, belly):
    motion = hand_on_belly(man)
    copied = rotation_copy.retarget(man, motion, belly, seed=0)
    assert open_arms.vertices_inside(belly, copied, arms_of(belly)) > 0
    made = open_arms.retarget(man, motion, belly, seed=0)
    assert open_arms.vertices_inside(belly, made, arms_of(belly)) == 0
    moved = np.abs(made.local_rotations_wxyz - copied.local_rotations_wxyz).max(axis=(0, 2)) > 1e-4
    assert {belly.skeleton.joint_names[k] for k in np.flatnonzero(moved)} == {"LeftArm", "LeftForeArm", "RightArm"}
    assert np.array_equal(made.root_translation_m, copied.root_translation_m)


def test_inside_is_what_pen_arm_counts(man, belly):
    copied = rotation_copy.retarget(man, hand_on_belly(man), belly, seed=0)
    limbs = measure_clip(belly, copied, features=("limbs",)).limbs
    counted = [int(t.hits.inside[:, : t.counted_count].sum()) for t in limbs if t.limb.name.endswith("arm")]
    assert [open_arms.vertices_inside(belly, copied, [arm]) for arm in arms_of(belly)] == counted
    assert sum(counted) > 0


def test_a_copy_without_penetration_stays_a_copy(man, belly):
    motion = posed(man, LeftArm=(0, 0, -20))
    copied, made = (m.retarget(man, motion, belly, seed=0) for m in (rotation_copy, open_arms))
    assert np.allclose(made.local_rotations_wxyz, copied.local_rotations_wxyz, atol=1e-6)


def test_where_no_share_is_enough_the_one_with_least_penetration_is_taken(man, belly, monkeypatch):
    counts = iter([9, 8, 7, 3, 7, 8, 9, 9, 9, 3, 4])
    monkeypatch.setattr(open_arms, "vertices_inside", lambda *_: next(counts))
    motion = hand_on_belly(man)
    made = open_arms.retarget(man, motion, belly, seed=0)
    expected = open_arms.opened(rotation_copy.retarget(man, motion, belly, seed=0), 0.3)
    assert np.array_equal(made.local_rotations_wxyz, expected.local_rotations_wxyz)


@pytest.mark.parametrize("arms_down_deg", [0, 40])
def test_a_share_of_the_way_to_the_side_and_to_a_straight_elbow_whatever_the_rest_pose(stick_figure, arms_down_deg):
    figure = stick_figure(1.0, arms_down_deg)
    motion = posed(figure, LeftArm=(0, -50, -20), RightArm=(30, 0, 60), LeftForeArm=(0, -70, 0))
    angles = []
    for share in (0.0, 0.5, 1.0):
        opened = open_arms.opened(motion, share)
        left, right = bone(opened, "LeftArm", "LeftForeArm"), bone(opened, "RightArm", "RightForeArm")
        elbow = (left * bone(opened, "LeftForeArm", "LeftHand")).sum(-1)
        angles.append(np.arccos(np.clip([left[:, 0], -right[:, 0], elbow], -1, 1)))
    assert np.all(angles[0][:, 1:] > 0.3)
    assert np.allclose(angles[1], 0.5 * angles[0], atol=1e-3)
    assert np.abs(angles[2]).max() < 2e-3
    assert np.array_equal(open_arms.opened(motion, 0.0).root_translation_m, motion.root_translation_m)


def test_arms_straight_across_the_chest_go_round_the_front(stick_figure):
    opened = open_arms.opened(posed(stick_figure(), LeftArm=(0, 180, 0), RightArm=(0, 180, 0)), 0.5)
    for side in ("Left", "Right"):
        assert np.allclose(bone(opened, f"{side}Arm", f"{side}ForeArm")[1:], [0, 0, 1], atol=1e-5)


def test_its_card_says_what_it_looks_at():
    assert open_arms.retarget.card["name"] == "open-arms"
    assert "pen_arm@1" in open_arms.retarget.card["trained_on_metrics"]
    assert open_arms.retarget.card["parameters"] == 0
