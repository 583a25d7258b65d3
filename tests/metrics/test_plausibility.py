import numpy as np
import pytest

from retargetbench.datasets.body import Motion
from retargetbench.datasets.body.feet import leg_length_m
from retargetbench.datasets.body.kinematics import motion_vertices_m
from retargetbench.metrics import plausibility
from retargetbench.metrics.geometry import geometry_scores

from .cases import bend, capsule_person, load_body, mirrored, moved, pair_of, still, wiggle

KEYS = ["skate_mean@1", "skate_p95@1", "float_height@1", "floor_penetration@1", "acceleration@1", "jerk@1",
        "range_of_motion@1", "root_speed@1", "arm_torso_distance@1", "joint_limits@1"]  # fmt: skip


def scores_of(character, motion, planted=None):
    return geometry_scores(pair_of(character, motion, planted=planted), motion, KEYS)


def sliding(character, frames=11, speed_mps=0.6, fps=30.0, height_m=0.0):
    """The rest pose carried along x at a constant speed."""
    pose = still(character, frames=frames)
    root = pose.root_translation_m + np.outer(np.arange(frames) / fps, [speed_mps, 0, 0]) + [0, height_m, 0]
    return Motion(character.skeleton, pose.local_rotations_wxyz, root, fps)


def both(frames, planted=True):
    return np.full((frames, 2), planted)


def test_a_body_that_slides_skates_at_its_speed_over_its_leg_length():
    character = load_body("average_man")
    scores = scores_of(character, sliding(character), both(11))
    leg = leg_length_m(character.skeleton)
    assert 0.4 * character.height_m < leg < 0.55 * character.height_m
    assert scores["skate_mean@1"] == pytest.approx(0.6 / leg, rel=1e-4)
    assert scores["skate_p95@1"] == pytest.approx(0.6 / leg, rel=1e-4)
    assert scores["root_speed@1"] == pytest.approx(0.6 / character.height_m, rel=1e-4)


def test_a_foot_in_the_air_does_not_skate_and_without_planted_feet_there_is_no_skate():
    character = capsule_person()
    planted = both(11)
    planted[4:, :] = False
    motion = sliding(character)
    root = motion.root_translation_m.copy()
    root[:4, 0] = root[0, 0]  # stands while planted, jumps and slides after that
    scores = scores_of(character, Motion(character.skeleton, motion.local_rotations_wxyz, root, 30), planted)
    assert scores["skate_mean@1"] == pytest.approx(0, abs=1e-5)
    none = scores_of(character, motion, both(11, planted=False))
    assert "skate_mean@1" not in none
    assert "float_height@1" not in none
    assert "skate_mean@1" not in scores_of(character, motion)


def test_a_step_counts_only_with_the_foot_planted_at_both_of_its_ends():
    feet = np.zeros((3, 2, 2, 3))
    feet[2, :, :, 0] = 1.0
    planted = np.array([[True, True], [True, True], [False, True]])
    assert plausibility.foot_skate(feet, planted, 10, 1.0)["skate_mean"] == pytest.approx(10 / 3)


def test_a_foot_that_rolls_over_its_toes_does_not_skate():
    feet = np.zeros((5, 2, 2, 3))
    feet[:, :, 0, 2] = np.linspace(0, 0.1, 5)[:, None]  # the ankles move, the toe bases rest
    assert plausibility.foot_skate(feet, np.ones((5, 2), bool), 30, 0.8)["skate_mean"] == 0


def test_the_highest_twentieth_of_slides_shows_in_p95():
    feet = np.zeros((102, 2, 2, 3))
    feet[90:, :, :, 0] += np.arange(12)[:, None, None] * 0.01
    skate = plausibility.foot_skate(feet, np.ones((102, 2), bool), 30, 1.0)
    assert skate["skate_mean"] < 0.05
    assert skate["skate_p95"] == pytest.approx(0.3)


def test_floating_and_sinking_are_measured_from_the_lowest_vertex():
    character = load_body("average_man")
    high, low = (scores_of(character, sliding(character, height_m=h), both(11)) for h in (0.09, -0.05))
    percent = 100 / character.height_m
    assert high["float_height@1"] == pytest.approx(0.09 * percent, rel=0.02)
    assert high["floor_penetration@1"] == pytest.approx(0, abs=1e-6)
    assert low["float_height@1"] == pytest.approx(0, abs=0.3)
    assert low["floor_penetration@1"] == pytest.approx(0.05 * percent, rel=0.02)


def test_the_lowest_vertex_may_be_a_hand():
    character = load_body("average_man")
    motion = bend(sliding(character, height_m=-0.5), LeftArm=("z", -85))
    lowest = motion_vertices_m(character, motion).numpy()[..., 1].min(axis=1)
    scores = scores_of(character, motion)
    assert scores["floor_penetration@1"] == pytest.approx(-100 * lowest.mean() / character.height_m, rel=1e-5)


def parabola(acceleration_mps2, frames, fps):
    time = np.arange(frames) / fps
    return np.stack([0.5 * acceleration_mps2 * time**2, 0 * time, 0 * time], axis=-1)[:, None].repeat(3, axis=1)


@pytest.mark.parametrize("fps", [24.0, 30.0, 50.0, 60.0, 120.0])
def test_acceleration_and_jerk_are_those_of_the_path_at_any_frame_rate(fps):
    frames = int(2 * fps) + 1
    assert plausibility.acceleration(parabola(3.0, frames, fps), fps) == pytest.approx(3.0, rel=1e-6)
    time = np.arange(frames) / fps
    cubic = np.stack([2 * time**3, 0 * time, 0 * time], axis=-1)[:, None]
    assert plausibility.jerk(cubic, fps, height_m=2.0) == pytest.approx(12 / 2, rel=0.02)


def test_a_smooth_wave_has_the_jerk_of_its_derivative():
    time = np.arange(301) / 30
    wave = np.stack([0.2 * np.sin(2 * np.pi * time), 0 * time, 0 * time], axis=-1)[:, None]
    expected = 0.2 * (2 * np.pi) ** 3 * 2 / np.pi  # mean of |cos|
    assert plausibility.jerk(wave, 30, height_m=1.0) == pytest.approx(expected, rel=0.05)


def test_the_low_pass_takes_away_what_is_above_6_hz_and_keeps_the_rest():
    time = np.arange(241) / 120
    slow, fast = (np.stack([np.sin(2 * np.pi * f * time)] * 3, axis=-1)[:, None] * 0.01 for f in (1, 25))
    calm = plausibility.jerk(slow, 120, 1.0)
    assert plausibility.jerk(slow + fast, 120, 1.0) == pytest.approx(calm, rel=0.1)


def test_trembling_raises_jerk_and_acceleration_but_hardly_the_range():
    character = load_body("average_man")
    calm = wiggle(character, frames=40, scale=0.3)
    generator = np.random.default_rng(0)
    shaken = calm.local_rotations_wxyz + generator.normal(0, 0.01, calm.local_rotations_wxyz.shape)
    shaken /= np.linalg.norm(shaken, axis=-1, keepdims=True)
    trembling = Motion(character.skeleton, shaken, calm.root_translation_m, 30)
    one, other = scores_of(character, calm), scores_of(character, trembling)
    assert other["acceleration@1"] > 3 * one["acceleration@1"]
    assert other["jerk@1"] > 1.3 * one["jerk@1"]
    assert other["range_of_motion@1"] == pytest.approx(one["range_of_motion@1"], rel=0.05)


def test_smearing_shows_in_the_range_of_motion():
    character = load_body("average_man")
    motion = wiggle(character, frames=40, scale=0.3)
    smeared = np.stack([motion.local_rotations_wxyz.mean(axis=0)] * 40)
    smeared /= np.linalg.norm(smeared, axis=-1, keepdims=True)
    flat = Motion(character.skeleton, smeared, motion.root_translation_m, 30)
    one, other = scores_of(character, motion), scores_of(character, flat)
    assert other["jerk@1"] < one["jerk@1"]
    assert other["range_of_motion@1"] < 0.01 * one["range_of_motion@1"]


def test_arms_pushed_away_from_the_body_show_in_their_distance():
    character = load_body("average_man")
    down = bend(still(character, frames=2), LeftArm=("z", -70), RightArm=("z", 70))
    assert (
        scores_of(character, down)["arm_torso_distance@1"]
        < 0.5 * scores_of(character, still(character, frames=2))["arm_torso_distance@1"]
    )


def test_a_still_pose_neither_moves_nor_trembles():
    character = load_body("average_man")
    scores = scores_of(character, still(character, frames=8), both(8))
    for key in ("skate_mean@1", "acceleration@1", "jerk@1", "range_of_motion@1", "root_speed@1"):
        assert scores[key] == pytest.approx(0, abs=1e-4), key


@pytest.mark.parametrize("frames", [1, 2, 3, 4, 5])
def test_short_clips_have_what_can_be_measured_and_no_nan(frames):
    character = load_body("average_man")
    scores = scores_of(character, wiggle(character, frames=frames), both(frames))
    assert all(np.isfinite(value) for value in scores.values())
    assert ("jerk@1" in scores) == (frames >= 4)
    assert ("acceleration@1" in scores) == (frames >= 3)
    assert ("skate_mean@1" in scores) == (frames >= 2)


def test_turning_shifting_and_mirroring_the_motion_change_nothing():
    character = load_body("average_man")
    motion = wiggle(character, frames=20)
    planted = np.random.default_rng(0).random((20, 2)) < 0.7
    here = scores_of(character, motion, planted)
    there = scores_of(character, moved(motion, turn_deg=200, shift_m=(4, 0, -3)), planted)
    image = scores_of(character, mirrored(motion), planted[:, ::-1])
    for key in KEYS:
        assert there[key] == pytest.approx(here[key], rel=2e-3, abs=1e-3), key
        assert image[key] == pytest.approx(here[key], rel=0.15, abs=0.1), key  # bodies are only nearly symmetric
