"""Composed programs: goals in their places, feet that stay where they stand, channels from the right part."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from retargetbench.datasets.intents.programs import (
    Contact,
    Face,
    Free,
    NotComposable,
    Plant,
    Program,
    Reach,
    Speed,
    make_program,
    overlay,
    sequence,
)
from retargetbench.datasets.intents.programs.common import both_planted, keys_of
from retargetbench.datasets.intents.programs.postures import FREE_JOINTS, Foot
from retargetbench.datasets.intents.programs.splits import SPLITS, draw_motion, number, structures
from retargetbench.datasets.intents.programs.style import Style

HIPS = FREE_JOINTS.index("Hips")


@pytest.fixture(scope="module")
def walk():
    return make_program("walk", speed=1.2, step_s=0.52, seed=3)


@pytest.fixture(scope="module")
def heart():
    return make_program("hand_on_heart", side="left", tempo=1.0, seed=4)


@pytest.fixture(scope="module")
def step_then_wave():
    step = make_program("sidestep", side="left", width=0.4, tempo=1.1, seed=5)
    return sequence(step, make_program("wave", side="left", count=2, tempo=1.1, seed=6))


def _turn_to_the_left(degrees=90.0):
    """Turn on the spot between 0.3 and 1.2 s, feet and all."""
    ease = make_program("hand_on_heart", side="left", tempo=1.0, seed=0).style.keys[0].posture
    turned = replace(
        ease,
        hips=(0, degrees, 0),
        left_foot=Foot(around=degrees),
        right_foot=Foot(around=-degrees),
    )
    style = Style(keys_of((0.0, ease), (0.3, ease), (1.2, turned), (2.0, turned)), seed=0)
    return Program("turn_for_a_test", f"turn_for_a_test-{degrees:g}", {}, 61, both_planted(2.0), style)


def _steps_deg(track):
    rotations = track.free_wxyz
    return np.degrees(2 * np.arccos(np.clip(np.abs((rotations[1:] * rotations[:-1]).sum(-1)), 0, 1)))


def _drawn():
    """A few structures of every split and kind, the ones with the lowest numbers."""
    for split in SPLITS:
        for kind in ("overlay", "sequence"):
            those = [s for s in structures(split) if s.kind == kind]
            yield from sorted(those, key=lambda s: number(f"test/{s.name}"))[:5]


@pytest.fixture(scope="module", params=list(_drawn()), ids=lambda s: s.name)
def composed(request):
    return draw_motion(request.param, np.random.default_rng(1))


def test_a_composed_clip_turns_no_joint_abruptly(composed):
    assert _steps_deg(composed.track()).max() < 36


def test_a_foot_does_not_move_while_it_is_planted_seams_included(composed):
    feet = composed.track().feet
    for goal in composed.goals:
        if isinstance(goal, Plant):
            assert np.ptp(feet[composed.frames(goal.from_s, goal.to_s), int(goal.foot == "right")], axis=0).max() < 5e-3


def test_goals_and_facts_of_a_composed_clip_lie_within_it(composed):
    for item in (*composed.goals, *composed.facts):
        assert 0 <= item.from_s < item.to_s <= composed.length_s + 0.6 / composed.fps


def test_a_contact_of_a_composed_clip_is_held_and_free_but_never_both(composed):
    for pair in composed.contact_pairs():
        assert composed.held(*pair).any()
        assert composed.free(*pair).any()
        assert not (composed.held(*pair) & composed.free(*pair)).any()


def test_the_hips_of_a_composed_clip_do_not_jump(composed):
    assert np.abs(np.diff(composed.track().root_l, n=2, axis=0)).max() < 0.05


def test_a_sequence_keeps_the_first_ones_goals_and_shifts_the_second_ones(heart):
    second = make_program("cover_mouth", side="right", tempo=1.0, seed=2)
    both = sequence(heart, second)
    shift = both.part_spans_s[1][0]
    assert heart.contacts[0] in both.goals
    moved = next(g for g in both.contacts if g.place == "mouth")
    assert moved.from_s == pytest.approx(second.contacts[0].from_s + shift)
    assert moved.to_s == pytest.approx(second.contacts[0].to_s + shift)
    assert both.frame_count < heart.frame_count + second.frame_count
    assert both.parts == (heart, second)
    assert both.intent == "hand_on_heart+cover_mouth"
    assert both.parameters["first_side"] == "left"
    assert both.parameters["second_side"] == "right"


def test_the_first_act_is_over_before_the_second_one_begins(heart):
    both = sequence(heart, make_program("cover_mouth", side="left", tempo=1.0, seed=2))
    ends = max(g.to_s for g in both.contacts if g.place == "right_chest")
    assert ends + 0.4 < min(g.from_s for g in both.contacts if g.place == "mouth")


def test_feet_stand_still_through_the_seam(step_then_wave):
    seam = step_then_wave.part_spans_s[0][1]
    around = step_then_wave.frames(seam - 0.3, seam + 0.3)
    assert step_then_wave.planted()[around].all()
    assert np.ptp(step_then_wave.track().feet[around], axis=0).max() < 1e-6


def test_what_follows_a_step_happens_where_the_step_led(step_then_wave):
    track = step_then_wave.track()
    np.testing.assert_allclose(track.feet[-1, :, 0], 0.4, atol=1e-6)
    assert track.root_l[-1, 0] == pytest.approx(0.4, abs=0.05)


def test_what_follows_a_turn_faces_where_the_turn_led():
    turn = _turn_to_the_left()
    bow = make_program("bow", depth_deg=45.0, tempo=1.0, seed=1)
    both, alone = sequence(turn, bow), bow.track()
    shift = round(both.part_spans_s[1][0] * 30)
    late = both.track()
    frame = 40
    quarter = Rotation.from_euler("y", 90, degrees=True)
    hips = Rotation.from_quat(late.free_wxyz[frame + shift, HIPS], scalar_first=True)
    expected = quarter * Rotation.from_quat(alone.free_wxyz[frame, HIPS], scalar_first=True)
    assert np.degrees((hips.inv() * expected).magnitude()) < 3
    np.testing.assert_allclose(late.root_l[frame + shift], quarter.apply(alone.root_l[frame]), atol=0.03)
    np.testing.assert_allclose(late.feet[-1, :, 5], np.pi / 2, atol=1e-6)
    np.testing.assert_allclose(late.feet[-1, :, :3], 0, atol=1e-6)


def test_directions_in_goals_turn_with_the_body():
    wave = make_program("wave", side="left", count=2, tempo=1.0, seed=1)
    span = {"from_s": 0.5, "to_s": 1.0}
    reach = Reach(vertex="left_palm", place="chest", offset_h=(0.0, 0.1, 0.3), **span)
    told = replace(
        wave, goals=(*wave.goals, Face(part="head", yaw_deg=10, **span), Speed(leg_lengths_per_s=(0, 1), **span), reach)
    )
    goals = {type(g): g for g in sequence(_turn_to_the_left(), told).goals}
    assert goals[Face].yaw_deg == pytest.approx(100)
    np.testing.assert_allclose(goals[Speed].leg_lengths_per_s, (1, 0), atol=1e-9)
    np.testing.assert_allclose(goals[Reach].offset_h, (0.3, 0.1, 0.0), atol=1e-9)


def test_a_gait_stops_with_its_feet_side_by_side_before_something_follows(walk, heart):
    both = sequence(walk, heart)
    assert both.parts == (walk, heart)
    held = both.held(*both.contact_pairs()[0])
    track = both.track()
    assert both.planted()[held].all()
    np.testing.assert_allclose(track.feet[held, 0, 2], track.feet[held, 1, 2], atol=1e-6)
    assert track.feet[-1, 0, 2] > 0.6
    assert np.diff(track.root_l[:, 2]).min() > -0.004
    assert abs(track.root_l[-1, 2] - track.feet[-1, 0, 2]) < 0.05
    moving = next(g for g in both.goals if isinstance(g, Speed))
    assert moving.to_s < both.contacts[0].from_s - 0.5


def test_nobody_stops_from_a_run_within_a_step(heart):
    with pytest.raises(NotComposable, match=r"run.* does not end"):
        sequence(make_program("run", speed=2.8, step_s=0.35, seed=1), heart)


def test_a_gait_cannot_follow_without_setting_off(walk, heart):
    with pytest.raises(NotComposable, match=r"walk.* does not start"):
        sequence(heart, walk)


def test_an_overlay_takes_contacts_from_above_and_plants_and_speed_from_below(walk, heart):
    both = overlay(heart, walk)
    assert both.contacts == heart.contacts
    assert {g for g in both.goals if isinstance(g, Free)} == {g for g in heart.goals if isinstance(g, Free)}
    assert not any(isinstance(g, Contact) for g in walk.goals)
    assert [g.leg_lengths_per_s for g in both.goals if isinstance(g, Speed)] == [(0.0, 1.2)]
    assert not both.planted().all()
    assert both.parts == (heart, walk)
    assert both.intent == "hand_on_heart@walk"


def test_an_overlay_moves_legs_and_hips_like_the_lower_and_its_free_arm_too(walk, heart):
    both, alone = overlay(heart, walk).track(), walk.track()
    frames = slice(0, min(len(both.feet), len(alone.feet)))
    np.testing.assert_allclose(both.feet[frames], alone.feet[frames], atol=1e-6)
    right = FREE_JOINTS.index("RightArm")
    step = np.abs((both.free_wxyz[frames, right] * alone.free_wxyz[frames, right]).sum(-1))
    assert np.degrees(2 * np.arccos(np.clip(step, 0, 1))).max() < 1e-3


def test_an_overlay_moves_the_busy_arm_like_the_upper_while_it_is_busy(walk, heart):
    both, alone = overlay(heart, walk).track(), heart.track()
    held = heart.held(*heart.contact_pairs()[0])
    left = FREE_JOINTS.index("LeftArm")
    step = np.abs((both.free_wxyz[held, left] * alone.free_wxyz[held, left]).sum(-1))
    assert np.degrees(2 * np.arccos(np.clip(step, 0, 1))).max() < 1
    swinging = np.abs((both.free_wxyz[0, left] * walk.track().free_wxyz[0, left]).sum(-1))
    assert swinging > 1 - 1e-6


def test_a_gait_goes_on_for_as_long_as_the_upper_body_needs(walk):
    wave = make_program("wave", side="left", count=5, tempo=0.9, seed=1)
    both = overlay(wave, walk)
    assert both.frame_count == wave.frame_count > walk.frame_count + 15
    track = both.track()
    own = walk.frame_count
    speed = np.diff(track.root_l[:, 2]) * 30
    assert speed[own:].mean() == pytest.approx(1.2, abs=0.08)
    assert speed.min() > 0.8
    late = [g for g in both.goals if isinstance(g, Plant) and g.from_s > walk.length_s]
    assert {g.foot for g in late} == {"left", "right"}


def test_a_posture_is_kept_for_as_long_as_the_upper_body_needs():
    squat = make_program("squat", depth=0.38, tempo=1.1, seed=8)
    both = overlay(make_program("hand_on_heart", side="right", tempo=1.1, seed=7), squat)
    held = both.held(*both.contact_pairs()[0])
    assert both.track().root_l[held, 1].max() < -0.34
    assert abs(both.track().root_l[[0, -1], 1]).max() < 0.05
    assert both.planted().all()


def test_a_pointing_arm_points_where_it_pointed_whatever_the_trunk_does():
    point = make_program("point", side="right", yaw_deg=0.0, tempo=1.0, seed=7)
    both = overlay(point, make_program("squat", depth=0.4, tempo=1.0, seed=8))
    frames = {"alone": 40, "both": 40 + round(both.part_spans_s[0][0] * 30)}

    def direction(track, frame):
        turn = Rotation.identity()
        for joint in ("Hips", "Spine", "Spine1", "Spine2", "RightShoulder", "RightArm"):
            turn = turn * Rotation.from_quat(track.free_wxyz[frame, FREE_JOINTS.index(joint)], scalar_first=True)
        return turn.apply([-1, 0, 0])

    cosine = direction(point.track(), frames["alone"]) @ direction(both.track(), frames["both"])
    assert np.degrees(np.arccos(cosine)) < 8


def test_who_needs_legs_and_hips_cannot_lie_over_a_gait(walk, heart):
    with pytest.raises(NotComposable, match="touch_knee"):
        overlay(make_program("touch_knee", side="left", tempo=1.0, seed=1), walk)
    with pytest.raises(NotComposable, match="hand_on_heart"):
        overlay(make_program("wave", side="left", count=2, tempo=1.0, seed=1), heart)
