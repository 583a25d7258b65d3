"""Programs: goals in time, mirrored sides, and styles that are smooth."""

import numpy as np
import pytest

from retargetbench.datasets.errors import UnknownName
from retargetbench.datasets.intents.mini_pairs import MINI_PAIRS
from retargetbench.datasets.intents.programs import Contact, Free, Plant, make_program

PAIRS = {pair.intent: pair for pair in MINI_PAIRS}


@pytest.fixture(scope="module", params=sorted(PAIRS))
def program(request):
    return PAIRS[request.param].program()


@pytest.fixture(scope="module")
def track(program):
    return program.track()


def test_a_goal_lies_within_its_clip(program):
    end = (program.frame_count - 1) / program.fps
    assert all(0 <= g.from_s < g.to_s <= end + 0.6 / program.fps for g in program.goals)


def test_every_contact_is_held_for_a_frame_at_least_and_has_free_frames_too(program):
    for pair in program.contact_pairs():
        assert program.held(*pair).any()
        assert program.free(*pair).any()
        assert not (program.held(*pair) & program.free(*pair)).any()


def test_a_planted_foot_does_not_move_in_the_style(program, track):
    feet, planted = track.feet, program.planted()
    for side in (0, 1):
        for goal in program.goals:
            if isinstance(goal, Plant) and (goal.foot == "right") == bool(side):
                span = feet[program.frames(goal.from_s, goal.to_s), side]
                assert np.ptp(span, axis=0).max() < 2e-3
        assert planted[:, side].any()


def test_no_joint_of_a_style_turns_more_than_thirty_degrees_in_a_frame(track):
    rotations = track.free_wxyz
    step = 2 * np.arccos(np.clip(np.abs((rotations[1:] * rotations[:-1]).sum(-1)), 0, 1))
    assert np.degrees(step).max() < 30


def test_the_same_parameters_give_the_same_style(program, track):
    again = make_program(program.intent, **PAIRS[program.intent].parameters)
    assert again.name == program.name
    np.testing.assert_array_equal(again.track().free_wxyz, track.free_wxyz)


def test_another_seed_moves_a_little_differently():
    one, two = (make_program("hand_on_hip", side="left", tempo=1.0, seed=s).track().free_wxyz for s in (1, 2))
    both = min(len(one), len(two))  # the way there takes a little longer or shorter
    one, two = one[:both], two[:both]
    step = np.degrees(2 * np.arccos(np.clip(np.abs((one * two).sum(-1)), 0, 1)))
    assert 0.1 < step.mean() < 5


def test_the_other_side_is_the_mirror_image():
    left, right = (make_program("touch_knee", side=s, tempo=1.0, seed=1) for s in ("left", "right"))
    assert left.contacts[0] == Contact(
        vertex="left_palm", place="left_knee", from_s=left.contacts[0].from_s, to_s=left.contacts[0].to_s
    )
    assert right.contacts[0].vertex == "right_palm"
    np.testing.assert_allclose(left.track().elbows[:, 0], right.track().elbows[:, 1], atol=0.1)


def test_a_faster_tempo_shortens_the_clip_and_moves_its_goals():
    slow, fast = (make_program("cover_mouth", side="left", tempo=t, seed=1, hold_s=0.7 / t) for t in (1.0, 1.25))
    assert fast.frame_count == pytest.approx(slow.frame_count / 1.25, abs=2)
    assert isinstance(fast.goals[3], Free)
    assert fast.contacts[0].from_s < slow.contacts[0].from_s


def test_an_unknown_intent_is_answered_with_the_nearest_name():
    with pytest.raises(UnknownName, match="cover_mouth"):
        make_program("cover_mouht", side="left", tempo=1.0, seed=1)
