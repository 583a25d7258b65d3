"""Answers are true of the program: checked against its goals, facts and style."""

import re

import numpy as np

from retargetbench.datasets.intents.programs import Speed
from retargetbench.datasets.intents.programs.postures import FREE_JOINTS
from retargetbench.datasets.intents.words.places import is_hand, place_words
from retargetbench.datasets.intents.words.questions import KINDS
from retargetbench.datasets.intents.words.states import HANGS, hand_states


def _of(asked, kind):
    return [(program, qa) for program, found in asked for qa in found if qa.kind == kind]


def test_all_kinds_of_questions_occur_and_every_motion_is_asked_at_least_five(asked):
    assert {qa.kind for _, found in asked for qa in found} == set(KINDS)
    assert len(KINDS) >= 6
    assert all(len({qa.kind for qa in found}) >= 5 for _, found in asked)


def test_answers_are_full_sentences_and_choices_are_among_the_options(asked):
    for _, found in asked:
        for qa in found:
            assert qa.question.endswith("?")
            assert re.fullmatch(r"[A-Z][^\[\]{}]*\.", qa.answer)
            assert (qa.choice in qa.options) if qa.options else not qa.choice


def test_no_question_has_two_answers(asked):
    for program, found in asked:
        keys = [(qa.question, qa.frames) for qa in found]
        assert len(keys) == len(set(keys)), program.name


def test_frames_lie_in_the_clip(asked):
    for program, found in asked:
        assert all(0 <= qa.frames[0] <= qa.frames[1] < program.frame_count for qa in found if qa.frames)


def _held_now(program, frames):
    """Return (side of the hand, place in words) of all contacts of hands that hold in all of some frames."""
    first, last = frames
    pairs = program.contact_pairs()
    return {
        (vertex.partition("_")[0], place_words(place))
        for vertex, place in pairs
        if is_hand(vertex) and program.held(vertex, place)[first : last + 1].any()
    }


def test_a_hand_that_is_said_to_be_on_a_place_is_held_there_by_a_goal(asked):
    count = 0
    for program, qa in _of(asked, "hands"):
        for side, place in re.findall(r"(left|right) hand is on the ([a-z ]+)", qa.answer):
            assert (side, place) in _held_now(program, qa.frames), (program.name, qa)
            count += 1
    assert count > 20


def test_every_contact_of_a_hand_is_asked_for_and_a_wrong_place_is_denied(asked):
    for program, found in asked:
        said = {
            m.groups()
            for qa in found
            for m in [re.fullmatch(r"The (left|right) hand touches the ([a-z ]+)\.", qa.answer)]
            if m
        }
        goals = {
            (v.partition("_")[0], place_words(p)) for v, p in program.contact_pairs() if is_hand(v) and not is_hand(p)
        }
        assert said == goals, program.name
        for qa in found:
            denied = re.fullmatch(r"Does the (left|right) hand touch the ([a-z ]+)\?", qa.question)
            if denied:
                assert (denied.groups() in goals) == (qa.choice == "yes")


def test_hands_are_said_not_to_touch_the_body_exactly_when_there_is_no_contact(asked):
    for program, qa in _of(asked, "touch"):
        assert (qa.choice == "no" and qa.question == "Do the hands touch the body?") == (not program.contacts)


def _bent_deg(track):
    """How far the trunk bends: an arm that hangs from a bent trunk turns as much against the chest."""
    trunk = [FREE_JOINTS.index(name) for name in ("Hips", "Spine", "Spine1", "Spine2")]
    turns = np.clip(np.abs((track.free_wxyz[:, trunk] * track.free_wxyz[0, trunk]).sum(-1)), 0, 1)
    return np.degrees(2 * np.arccos(turns)).sum(axis=1).max()


def test_a_hand_that_is_said_to_hang_down_does_not_move_away_in_the_style(singles, tracks):
    for program in singles:
        track = tracks[program.name]
        for column, state in enumerate(hand_states(program)):
            if not state.touches and state.doing == HANGS:
                joint = FREE_JOINTS.index(("Left", "Right")[column] + "Arm")
                turns = np.abs((track.free_wxyz[:, joint] * track.free_wxyz[0, joint]).sum(-1))
                assert np.degrees(2 * np.arccos(np.clip(turns, 0, 1))).max() < 35 + _bent_deg(track), program.name
                assert np.degrees(np.ptp(track.elbows[:, column, 0])) < 35, program.name


def test_a_hand_that_is_said_to_do_something_does_not_hang_still(singles, tracks):
    for program in singles:
        track = tracks[program.name]
        for column, state in enumerate(hand_states(program)):
            if not state.touches and re.search(r"\[(swing|punch|wave|move|pull|push|flap|beat)\]", state.doing):
                joint = FREE_JOINTS.index(("Left", "Right")[column] + "Arm")
                turns = np.abs((track.free_wxyz[:, joint] * track.free_wxyz[0, joint]).sum(-1))
                turned = np.degrees(2 * np.arccos(np.clip(turns, 0, 1))).max()
                assert max(turned, np.degrees(np.ptp(track.elbows[:, column, 0]))) > 8, program.name


def test_a_character_moves_as_its_speed_goals_say(asked):
    for program, qa in _of(asked, "way"):
        moved = np.zeros(2)
        for goal in program.goals:
            if isinstance(goal, Speed):
                moved += np.array(goal.leg_lengths_per_s) * (goal.to_s - goal.from_s)
        if np.abs(moved).max() > 0.2:
            left, front = moved
            way = (
                ("forwards" if front > 0 else "backwards")
                if abs(front) > abs(left)
                else ("to the left" if left > 0 else "to the right")
            )
            assert qa.choice == way, program.name


def test_a_character_that_stays_has_its_feet_where_they_were(asked, tracks):
    for program, qa in _of(asked, "moving"):
        feet = tracks[program.name].feet[:, :, [0, 2]].mean(axis=1)
        moved = np.abs(feet[-1] - feet[0]).max()
        assert (moved > 0.15) == (qa.choice == "yes"), program.name


def test_the_lifted_foot_is_not_planted_and_the_other_one_stands(asked, tracks):
    for program, qa in _of(asked, "feet"):
        if qa.choice in ("left", "right") and "hops" not in qa.answer:
            column, (first, last) = int(qa.choice == "right"), qa.frames
            assert not program.planted()[first + 1 : last, column].any()
            assert tracks[program.name].feet[first : last + 1, 1 - column, 1].max() < 0.03, program.name
        if qa.choice == "neither":
            assert tracks[program.name].feet[:, :, 1].max() < 0.05, program.name


def test_counts_and_sides_are_those_of_the_parameters(asked):
    for program, found in asked:
        parts = program.parts or (program,)
        counts = [int(part.said["count"]) for part in parts if "count" in part.said]
        sides = {part.said["side"] for part in parts if "side" in part.said}
        assert all(int(qa.choice) in counts for qa in found if qa.kind == "count")
        assert all(qa.choice in sides for qa in found if qa.kind == "side")


def test_the_order_of_a_sequence_is_that_of_its_parts(asked):
    for program, found in asked:
        order = [qa for qa in found if qa.kind == "order"]
        assert bool(order) == ("+" in program.intent)
        if order:
            assert order[0].frames[0] <= order[1].frames[0]
