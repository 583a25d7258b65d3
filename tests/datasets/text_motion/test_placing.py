import numpy as np
import pytest

from retargetbench.datasets.body import Motion, Skeleton
from retargetbench.datasets.body.joint_names import BODY_JOINTS, BODY_PARENTS, UnmappedJoints
from retargetbench.datasets.text_motion.from_motion import humanml3d_joints
from retargetbench.datasets.text_motion.layouts import HUMANML3D, KIT_ML, BadJoints
from retargetbench.datasets.text_motion.placing import bone_lengths, on_skeleton, placed, unit_bones

from .cases import made_motion


def test_a_placed_motion_stands_on_the_floor_at_the_origin_and_faces_z_and_placing_again_changes_nothing():
    for layout in (HUMANML3D, KIT_ML):
        found = placed(made_motion(layout, seed=5) + np.array([3, -2, 1]), layout)
        assert found[..., 1].min() == pytest.approx(0)
        np.testing.assert_allclose(found[0, 0, ::2], 0, atol=1e-12)
        (hip_r, hip_l), (arm_r, arm_l) = layout.hips, layout.shoulders
        across = found[0, hip_r] - found[0, hip_l] + found[0, arm_r] - found[0, arm_l]
        assert across[0] < 0
        assert across[2] == pytest.approx(0, abs=1e-12)
        np.testing.assert_allclose(placed(found, layout), found, atol=1e-12)


def test_on_another_skeleton_bones_take_its_lengths_keep_their_directions_and_the_path_scales_with_the_leg():
    mine, other = made_motion(HUMANML3D, seed=6), made_motion(HUMANML3D, seed=7)
    lengths = bone_lengths(other, HUMANML3D)
    moved = on_skeleton(mine, lengths, HUMANML3D)
    np.testing.assert_allclose(np.linalg.norm(moved - moved[:, list(HUMANML3D.parents)], axis=-1)[:, 1:],
                               np.tile(lengths[1:], (len(mine), 1)))  # fmt: skip
    np.testing.assert_allclose(unit_bones(moved, HUMANML3D), unit_bones(mine, HUMANML3D), atol=1e-12)
    leg = [5, 8]
    ratio = lengths[leg].sum() / bone_lengths(mine, HUMANML3D)[leg].sum()
    np.testing.assert_allclose(moved[:, 0], ratio * mine[:, 0])
    np.testing.assert_allclose(on_skeleton(mine, bone_lengths(mine, HUMANML3D), HUMANML3D), mine, atol=1e-12)


def test_a_leg_without_length_cannot_be_scaled():
    flat = np.zeros((3, 22, 3))
    with pytest.raises(BadJoints, match="leg of a motion of humanml3d has no length"):
        on_skeleton(flat, np.ones(22), HUMANML3D)


def body(names=BODY_JOINTS, parents=BODY_PARENTS):
    offsets = np.random.default_rng(0).uniform(-0.3, 0.3, (len(names), 3)).astype(np.float32)
    rotations = np.zeros((9, len(names), 4), dtype=np.float32)
    rotations[..., 0] = 1
    root = np.linspace(0, 1, 9, dtype=np.float32)[:, None] * np.ones(3, dtype=np.float32)
    return Motion(Skeleton(names, parents, offsets), rotations, root, 40.0)


def test_our_motions_give_their_22_joints_at_20_frames_per_second_in_the_order_of_smpl():
    motion = body()
    joints = humanml3d_joints(motion)
    assert joints.shape == (5, 22, 3)
    rest = motion.skeleton.rest_positions_m
    left_knee = rest[BODY_JOINTS.index("LeftLeg")] - rest[0]
    np.testing.assert_allclose(joints[:, 4] - joints[:, 0], np.tile(left_knee, (5, 1)), atol=1e-6)
    np.testing.assert_allclose(joints[:, 0, 0], np.linspace(0, 1, 5), atol=1e-6)


def test_a_body_without_toes_is_refused():
    count = BODY_JOINTS.index("LeftToeBase")
    with pytest.raises(UnmappedJoints, match="LeftToeBase"):
        humanml3d_joints(body(BODY_JOINTS[:count], BODY_PARENTS[:count]))
