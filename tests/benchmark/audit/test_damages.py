"""The damages, measured by other means than those that make them: the metrics' own distances, speeds and angles."""

from functools import cache

import numpy as np
import pytest
import torch

from retargetbench.benchmark.audit.case import audit_case
from retargetbench.benchmark.audit.damages.apply import damaged
from retargetbench.benchmark.audit.damages.contact import hand_goals
from retargetbench.benchmark.audit.damages.names import BY_NAME, DAMAGES
from retargetbench.datasets.body.feet import foot_points_m, slide_speed
from retargetbench.datasets.body.joint_names import BODY_JOINTS
from retargetbench.datasets.body.kinematics import motion_pose, motion_vertices_m
from retargetbench.datasets.intents.checker import range_report
from retargetbench.datasets.intents.clips import load_intents
from retargetbench.datasets.rotations import conjugate, multiply
from retargetbench.metrics.clip_geometry import measure_clip
from retargetbench.metrics.geometry import geometry_scores, goal_tracks

TOUCHES = ("hand_on_hip-left", "rub_belly-right", "clap-right", "hand_on_opposite_shoulder-left")


@cache
def case(name="hand_on_hip-left"):
    clips = load_intents("mini")
    clip_id = next(pair.clip_id for pair in clips.pairs if f"/{name}" in pair.clip_id)
    return audit_case(clips, clip_id, seed=0)


@cache
def made(name, degree, clip="hand_on_hip-left"):
    return damaged(case(clip), BY_NAME[name], degree, seed=0)


def tracks(of, motion):
    clip = measure_clip(of.pair.target, motion, of.pair.contact_goals, ("goals", "limbs"))
    return list(zip(of.pair.contact_goals, goal_tracks(of.pair, clip), strict=True))


def turned_deg(one, other):
    """Angle between the local rotations of two motions, [frames, joints]."""
    a, b = (m.local_rotations_wxyz.astype(np.float64) for m in (one, other))
    return np.degrees(2 * np.arccos(np.clip(np.abs((a * b).sum(-1)), 0, 1)))


FAR = ("hand_on_hip-left", "clap-right")
"""Contacts from which the arm still reaches 12 % H outwards."""


@pytest.mark.parametrize(
    ("clip", "degree"), [*((clip, degree) for clip in TOUCHES for degree in (1, 6)), *((clip, 12) for clip in FAR)]
)
def test_an_opened_contact_is_open_by_what_it_says_in_every_held_frame(clip, degree):
    of, motion = case(clip), made("contact_opened", degree, clip)
    assert motion is not None
    for goal, track in tracks(of, motion):
        assert np.abs(100 * track.distance[goal.held] - degree).max() <= 0.3
        assert track.depth[goal.held].max() == 0.0


def test_a_contact_that_the_arm_cannot_open_so_far_is_left_alone():
    assert made("contact_opened", 12, "hand_on_opposite_shoulder-left") is None


@pytest.mark.parametrize("clip", TOUCHES)
def test_arms_that_open_a_contact_stay_within_human_range_and_move_as_smoothly(clip):
    truth, motion = case(clip).truth, made("contact_opened", 12 if clip in FAR else 6, clip)
    assert range_report(motion) == {}
    fastest, before = (turned_deg(m.window(1, m.frame_count), m.window(0, m.frame_count - 1)).max()
                       for m in (motion, truth))  # fmt: skip
    assert fastest <= 2 * before


def test_opening_a_contact_touches_only_one_arm_and_only_around_the_contact():
    truth, motion = case().truth, made("contact_opened", 12)
    goal = case().pair.contact_goals[0]
    changed = (truth.local_rotations_wxyz != motion.local_rotations_wxyz).any(axis=-1)
    moved = {truth.skeleton.joint_names[j] for j in np.flatnonzero(changed.any(axis=0))}
    assert moved == {"LeftArm", "LeftForeArm", "LeftHand"}
    around = np.convolve(goal.held, np.ones(2 * 9 + 1), mode="same") > 0
    assert not changed[~around].any()
    assert np.array_equal(truth.root_translation_m, motion.root_translation_m)


@pytest.mark.parametrize("clip", ["hand_on_hip-left", "rub_belly-right"])
def test_a_misplaced_hand_is_on_the_skin_as_far_from_its_place_as_said(clip):
    of = case(clip)
    target = of.pair.target
    for degree in (5, 10) if clip.startswith("hand") else (5,):
        motion = made("hand_misplaced", degree, clip)
        posed = motion_vertices_m(target, motion)
        for goal, track in tracks(of, motion):
            # the degree is measured on the rest pose; a body that bends brings places nearer or further
            assert np.abs(100 * track.distance[goal.held].mean() - degree) <= 0.2 * degree
            others = target.part_vertices("torso", "left_leg", "right_leg")
            away = torch.cdist(posed[goal.held][:, [goal.vertex]], posed[goal.held][:, others]).amin(dim=-1)
            assert float(away.max()) / target.height_m <= 0.03  # the nearest vertex; faces are that large
        assert range_report(motion) == {}


@pytest.mark.parametrize("degree", [1, 3])
def test_a_pushed_hand_is_in_the_body_by_most_of_what_it_says(degree):
    of = case("rub_belly-right")
    for goal, track in tracks(of, made("penetration", degree, "rub_belly-right")):
        depth = 100 * track.depth[goal.held].mean()
        assert 0.5 * degree <= depth <= 1.05 * degree


def test_a_hand_on_a_hand_is_not_pushed_into_the_body():
    assert made("penetration", 1, "clap-right") is None


def test_clips_without_a_contact_cannot_have_one_damaged():
    walking = case("walk-")
    assert not hand_goals(walking.pair.target, walking.pair.contact_goals)
    for name in ("contact_opened", "hand_misplaced", "penetration"):
        assert damaged(walking, BY_NAME[name], BY_NAME[name].degrees[0], seed=0) is None


def test_swapped_arms_do_what_the_other_arm_did_and_nothing_else_moves():
    truth, motion = case().truth, made("arms_swapped", 1)
    before, after = motion_pose(truth).positions_m.numpy(), motion_pose(motion).positions_m.numpy()
    index = truth.skeleton.index
    for name in BODY_JOINTS:
        if name.removeprefix("Left").removeprefix("Right") not in {"Shoulder", "Arm", "ForeArm", "Hand"}:
            np.testing.assert_allclose(after[:, index(name)], before[:, index(name)], atol=1e-6)
    left, right = (turned_deg(truth, motion)[:, index(f"{side}ForeArm")].max() for side in ("Left", "Right"))
    assert min(left, right) > 10
    bend = {m: [np.abs(m.local_rotations_wxyz[:, index(f"{s}ForeArm"), 0]) for s in ("Left", "Right")]
            for m in (truth, motion)}  # fmt: skip
    np.testing.assert_allclose(bend[truth][0], bend[motion][1], atol=1e-6)
    np.testing.assert_allclose(bend[truth][1], bend[motion][0], atol=1e-6)


def test_a_mirrored_motion_is_the_mirror_image_joint_by_joint():
    truth, motion = case("kick-right").truth, made("mirrored", 1, "kick-right")
    before, after = motion_pose(truth).positions_m.numpy(), motion_pose(motion).positions_m.numpy()
    index = truth.skeleton.index
    axis = truth.root_translation_m[0, 0]
    for name in BODY_JOINTS:
        other = name.replace("Left", "*").replace("Right", "Left").replace("*", "Right")
        image = before[:, index(name)] * [-1, 1, 1] + [2 * axis, 0, 0]
        np.testing.assert_allclose(after[:, index(other)], image, atol=0.01)  # bodies are symmetric to a few mm


def test_what_looks_the_same_in_a_mirror_is_not_called_damaged():
    assert made("mirrored", 1, "squat") is None


def test_a_frozen_limb_stands_still_for_its_share_of_the_clip():
    truth = case().truth
    for degree in (0.5, 1):
        motion = made("limb_frozen", degree)
        still = (np.abs(np.diff(motion.local_rotations_wxyz, axis=0)).max(axis=-1) == 0).sum(axis=0)
        moving = turned_deg(truth, motion).max(axis=0) > 1
        frozen = {truth.skeleton.joint_names[j] for j in np.flatnonzero(moving)}
        assert frozen <= {"LeftArm", "LeftForeArm", "LeftHand"}
        assert still[truth.skeleton.index("LeftArm")] >= degree * truth.frame_count - 2


@pytest.mark.parametrize("name", ["noise_smooth", "noise_white"])
@pytest.mark.parametrize("degree", [2, 10])
def test_noise_turns_body_joints_by_its_degrees_and_no_finger(name, degree):
    truth, motion = case().truth, made(name, degree)
    angles = turned_deg(truth, motion)
    body = [truth.skeleton.index(joint) for joint in BODY_JOINTS]
    assert np.sqrt((angles[:, body] ** 2).mean()) == pytest.approx(degree, rel=0.02)
    fingers = np.setdiff1d(np.arange(truth.skeleton.joint_count), body)
    assert angles[:, fingers].max() < 0.1


def test_smooth_noise_is_slow_and_white_noise_is_not():
    def slow_share(name):
        """Share of the noise's power below 4 Hz, of all body joints."""
        truth, noisy = (m.local_rotations_wxyz.astype(np.float64) for m in (case().truth, made(name, 5)))
        noise = multiply(conjugate(truth), noisy)[..., 1:] * np.sign(multiply(conjugate(truth), noisy)[..., :1])
        windowed = noise.reshape(len(noise), -1) * np.hanning(len(noise))[:, None]
        power = (np.abs(np.fft.rfft(windowed, axis=0)) ** 2).sum(axis=1)
        return power[np.fft.rfftfreq(len(noise), 1 / 30) <= 4].sum() / power.sum()

    assert slow_share("noise_smooth") > 0.95
    assert slow_share("noise_white") < 0.5


def test_a_late_motion_is_the_same_motion_some_frames_later():
    truth, motion = case().truth, made("time_shift", 6)
    assert np.array_equal(motion.local_rotations_wxyz[6:], truth.local_rotations_wxyz[:-6])
    assert np.array_equal(motion.root_translation_m[:6], np.repeat(truth.root_translation_m[:1], 6, axis=0))


def test_a_blend_runs_from_the_truth_to_another_motion():
    of = case()
    whole, half = made("other_motion", 1), made("other_motion", 0.5)
    assert turned_deg(whole, of.other_motion).max() < 0.1
    np.testing.assert_allclose(turned_deg(half, of.truth), turned_deg(half, whole), atol=0.2)
    assert turned_deg(whole, of.truth).max() > 30


@pytest.mark.parametrize("degree", [2, 20])
def test_planted_feet_slide_at_the_speed_said(degree):
    of, motion = case(), made("skating", degree)
    feet = foot_points_m(motion.skeleton, motion_pose(motion).positions_m.numpy().astype(np.float64))
    speed = 100 * slide_speed(feet, motion.fps)[of.pair.planted[1:] & of.pair.planted[:-1]]
    assert np.median(speed) == pytest.approx(degree, abs=0.5)
    root = motion.root_translation_m - of.truth.root_translation_m
    assert np.abs(root).max() <= degree / 100 * 0.51  # to and fro, not away
    assert not root[:, 1].any()


def test_raised_and_sunk_bodies_are_off_the_floor_by_what_they_say():
    of = case()
    scores = {name: geometry_scores(of.pair, made(name, 2)) for name in ("raised", "sunk")}
    assert scores["raised"]["float_height@1"] == pytest.approx(2, abs=0.1)
    assert scores["sunk"]["floor_penetration@1"] == pytest.approx(2, abs=0.1)


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.name)
def test_a_damage_is_the_same_each_time_and_leaves_the_truth_as_it_was(damage):
    of = case()
    before = of.truth.local_rotations_wxyz.copy()
    first, second = (damaged(of, damage, damage.degrees[0], seed=0) for _ in range(2))
    assert (first is None) == (second is None)
    if first is not None:
        assert np.array_equal(first.local_rotations_wxyz, second.local_rotations_wxyz)
        assert np.array_equal(first.root_translation_m, second.root_translation_m)
        assert first.frame_count == of.truth.frame_count
    assert np.array_equal(of.truth.local_rotations_wxyz, before)


def test_a_higher_degree_is_more_of_the_same_noise():
    truth = case().truth
    small, large = (turned_deg(truth, made("noise_white", degree)) for degree in (1, 5))
    body = [truth.skeleton.index(joint) for joint in BODY_JOINTS]
    np.testing.assert_allclose(large[:, body], 5 * small[:, body], atol=0.5)
