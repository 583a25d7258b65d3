import numpy as np
import pytest

from retargetbench.datasets.body import Motion
from retargetbench.datasets.body.kinematics import motion_pose
from retargetbench.reference_model.baselines import rotation_copy


def limb_directions(motion):
    positions = motion_pose(motion).positions_m.numpy()
    skeleton = motion.skeleton
    bones = [(side + a, side + b) for side in ("Left", "Right")
             for a, b in (("Arm", "ForeArm"), ("ForeArm", "Hand"), ("UpLeg", "Leg"), ("Leg", "Foot"))]  # fmt: skip
    steps = np.stack([positions[:, skeleton.index(b)] - positions[:, skeleton.index(a)] for a, b in bones], axis=1)
    return steps / np.linalg.norm(steps, axis=-1, keepdims=True)


@pytest.mark.parametrize("method", [rotation_copy.retarget, rotation_copy.retarget_unscaled])
@pytest.mark.parametrize("control_root", [False, True])
def test_a_character_copied_to_itself_gets_its_own_motion_back(stick_figure, wander, method, control_root):
    character = stick_figure(arms_down_deg=40, control_root=control_root)
    motion = wander(character)
    copied = method(character, motion, character, seed=3)
    np.testing.assert_array_equal(copied.local_rotations_wxyz, motion.local_rotations_wxyz)
    if control_root:
        np.testing.assert_allclose(copied.root_translation_m, motion.root_translation_m, atol=1e-6)
    else:
        np.testing.assert_array_equal(copied.root_translation_m, motion.root_translation_m)
    assert copied.fps == motion.fps


def test_root_speed_follows_the_ratio_of_leg_lengths(stick_figure, wander):
    source, target = stick_figure(1.0), stick_figure(0.6)
    motion = wander(source)
    copied = rotation_copy.retarget(source, motion, target, seed=0)
    steps, source_steps = np.diff(copied.root_translation_m, axis=0), np.diff(motion.root_translation_m, axis=0)
    np.testing.assert_allclose(steps, 0.6 * source_steps, atol=2e-6)
    np.testing.assert_allclose(copied.root_translation_m[0, [0, 2]], motion.root_translation_m[0, [0, 2]], atol=1e-6)


def test_without_scaling_the_root_takes_the_same_steps_from_its_own_rest_height(stick_figure, wander):
    source, target = stick_figure(1.0), stick_figure(0.6)
    motion = wander(source)
    copied = rotation_copy.retarget_unscaled(source, motion, target, seed=0)
    np.testing.assert_allclose(
        copied.root_translation_m - motion.root_translation_m, np.tile([0.0, -0.4, 0.0], (40, 1)), atol=1e-6
    )


@pytest.mark.parametrize(("source_deg", "target_deg"), [(0, 50), (50, 0), (30, 70)])
def test_an_a_pose_and_a_t_pose_point_their_limbs_the_same_way(stick_figure, wander, source_deg, target_deg):
    source, target = stick_figure(1.0, source_deg), stick_figure(1.3, target_deg)
    motion = wander(source)
    copied = rotation_copy.retarget(source, motion, target, seed=0)
    np.testing.assert_allclose(limb_directions(copied), limb_directions(motion), atol=1e-4)


def test_standing_in_rest_pose_keeps_both_feet_on_the_ground_on_every_size(stick_figure):
    source, target = stick_figure(1.0), stick_figure(0.55)
    still = np.zeros((5, 22, 4))
    still[..., 0] = 1
    motion = Motion(source.skeleton, still, np.tile(source.skeleton.rest_offsets_m[0], (5, 1)), 30.0)
    for method in (rotation_copy.retarget, rotation_copy.retarget_unscaled):
        copied = method(source, motion, target, seed=0)
        np.testing.assert_allclose(copied.root_translation_m[:, 1], target.skeleton.rest_offsets_m[0, 1], atol=1e-6)


def test_hips_below_a_control_root_travel_like_hips_that_are_the_root(stick_figure, wander):
    source = stick_figure(1.0)
    motion = wander(source)
    plain = rotation_copy.retarget(source, motion, stick_figure(0.8), seed=0)
    controlled = rotation_copy.retarget(source, motion, stick_figure(0.8, control_root=True), seed=0)
    np.testing.assert_allclose(
        motion_pose(controlled).positions_m[:, 1:].numpy(), motion_pose(plain).positions_m.numpy(), atol=1e-5
    )


def test_the_input_is_left_untouched(stick_figure, wander):
    source, target = stick_figure(), stick_figure(0.7)
    motion = wander(source)
    before = motion.local_rotations_wxyz.copy(), motion.root_translation_m.copy()
    rotation_copy.retarget(source, motion, target, seed=0)
    np.testing.assert_array_equal(motion.local_rotations_wxyz, before[0])
    np.testing.assert_array_equal(motion.root_translation_m, before[1])


def test_the_cards_name_the_methods_as_the_tables_do():
    assert rotation_copy.retarget.card["name"] == "copy"
    assert rotation_copy.retarget_unscaled.card["name"] == "copy-unscaled"
    assert rotation_copy.retarget.card["parameters"] == 0
