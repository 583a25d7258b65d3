import subprocess
import sys

import numpy as np
import pytest
from scipy.interpolate import CubicSpline

from retargetbench.datasets.body.kinematics import motion_pose
from retargetbench.reference_model.baselines import random_pose, rest_pose, rotation_copy


def test_rest_pose_stands_still_on_the_ground_where_the_source_starts(stick_figure, wander):
    source, target = stick_figure(1.0), stick_figure(0.7, control_root=True)
    motion = wander(source)
    still = rest_pose.retarget(source, motion, target, seed=0)
    positions = motion_pose(still).positions_m.numpy()
    expected = target.skeleton.rest_positions_m.copy()
    expected[:, [0, 2]] += motion.root_translation_m[0, [0, 2]]
    np.testing.assert_allclose(positions, np.broadcast_to(expected, positions.shape), atol=1e-6)
    assert still.frame_count == motion.frame_count
    assert still.fps == motion.fps


def test_random_pose_depends_on_seed_and_input_and_on_nothing_else(stick_figure, wander):
    source, target = stick_figure(), stick_figure(0.8)
    first, other = wander(source, seed=1), wander(source, seed=2)
    once = random_pose.retarget(source, first, target, seed=5).local_rotations_wxyz
    np.random.default_rng().normal()
    np.testing.assert_array_equal(random_pose.retarget(source, first, target, seed=5).local_rotations_wxyz, once)
    assert not np.allclose(random_pose.retarget(source, first, target, seed=6).local_rotations_wxyz, once)
    assert not np.allclose(random_pose.retarget(source, other, target, seed=5).local_rotations_wxyz, once)


def test_random_pose_takes_its_root_from_rotation_copy(stick_figure, wander):
    source, target = stick_figure(), stick_figure(0.8)
    motion = wander(source)
    made = random_pose.retarget(source, motion, target, seed=0)
    copied = rotation_copy.retarget(source, motion, target, seed=0)
    np.testing.assert_array_equal(made.root_translation_m, copied.root_translation_m)
    np.testing.assert_array_equal(made.local_rotations_wxyz[:, 0], copied.local_rotations_wxyz[:, 0])


def test_random_pose_moves_smoothly_and_swings_its_arms_more_than_its_spine(stick_figure, wander):
    source = stick_figure()
    made = random_pose.retarget(source, wander(source, frames=90), source, seed=0)
    angles = 2 * np.degrees(np.arccos(np.clip(np.abs(made.local_rotations_wxyz[..., 0]), 0, 1)))
    skeleton = source.skeleton
    assert angles[:, skeleton.index("LeftArm")].mean() > 2 * angles[:, skeleton.index("Spine")].mean()
    dots = np.abs((made.local_rotations_wxyz[1:] * made.local_rotations_wxyz[:-1]).sum(-1))
    per_frame_deg = 2 * np.degrees(np.arccos(np.clip(dots, 0, 1)))
    assert 0.1 < per_frame_deg[:, 1:].mean() < 15


def test_random_pose_of_a_single_frame_is_one_frame(stick_figure, wander):
    source = stick_figure()
    assert random_pose.retarget(source, wander(source, frames=1), source, seed=0).frame_count == 1


@pytest.mark.parametrize("knots", [2, 3, 4, 9])
def test_the_natural_spline_agrees_with_scipy(knots):
    values = np.random.default_rng(knots).normal(size=(knots, 5, 3))
    times = np.linspace(0, knots - 1, 23)
    expected = CubicSpline(np.arange(knots), values, axis=0, bc_type="natural")(times)
    np.testing.assert_allclose(random_pose.natural_spline(values, times), expected, atol=1e-13)


@pytest.mark.parametrize("module", ["rest_pose", "random_pose", "rotation_copy"])
def test_the_process_of_a_floor_waits_for_no_heavy_library(module):
    heavy = "{'torch', 'warp', 'scipy', 'roma', 'matplotlib'}"
    code = (
        "import sys, retargetbench.benchmark.running.worker\n"
        f"import retargetbench.reference_model.baselines.{module}\n"
        f"print(sorted({heavy} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-P", "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
