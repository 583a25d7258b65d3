"""Contact intents: what touches, when it comes and goes, and how everything else of the body takes part."""

from itertools import pairwise

import numpy as np
import pytest

from retargetbench.datasets.intents.bodies import key_vertices
from retargetbench.datasets.intents.programs import INTENTS, Contact, Reach, make_program
from retargetbench.datasets.intents.programs.contacts import STROKES, TOUCHES
from retargetbench.datasets.intents.solver.calm import calm_weights
from retargetbench.datasets.intents.solver.rig import PARAMETERS

CONTACT_NAMES = tuple(name for name, intent in INTENTS.items() if intent.family == "contact")
REGIONS = {
    "head": {"crown", "mouth", "chin", "nose", "forehead", "head_back", "ear", "cheek", "temple"},
    "trunk": {"hip", "chest", "belly", "upper_belly", "lower_back", "shoulder"},
    "arms": {"upper_arm", "forearm", "elbow", "wrist", "palm"},
    "legs": {"thigh", "knee", "toe"},
}


def swapped(name):
    for side, other in (("left_", "right_"), ("right_", "left_")):
        if name.startswith(side):
            return other + name.removeprefix(side)
    return name


def of_side(name, side):
    intent, generator = INTENTS[name], np.random.default_rng(5)
    drawn = {key: values.draw(generator) for key, values in intent.parameters.items()}
    return intent.make(**{**drawn, "side": side}, seed=9)


@pytest.fixture(scope="module", params=CONTACT_NAMES)
def both_sides(request):
    return of_side(request.param, "left"), of_side(request.param, "right")


def test_there_are_enough_contact_intents_and_they_reach_every_region():
    places = {name: {swapped(p).split("_", 1)[-1] if p.startswith(("left_", "right_")) else p
                     for _, p in of_side(name, "left").contact_pairs()} for name in CONTACT_NAMES}  # fmt: skip
    assert len(CONTACT_NAMES) >= 26
    counts = {region: sum(bool(p & names) for p in places.values()) for region, names in REGIONS.items()}
    assert counts["head"] >= 10
    assert counts["trunk"] >= 6
    assert counts["arms"] >= 6
    assert counts["legs"] >= 4


def test_every_goal_names_key_vertices_that_exist(both_sides):
    keys = key_vertices()
    for goal in both_sides[0].goals:
        if isinstance(goal, Contact | Reach):
            assert {goal.vertex, goal.place} <= set(keys)


def test_a_contact_has_frames_in_which_it_is_held_and_frames_in_which_it_is_free(both_sides):
    for program in both_sides:
        for pair in program.contact_pairs():
            held, free = program.held(*pair), program.free(*pair)
            assert held.any()
            assert free[0]
            assert free[-1]
            assert not (held & free).any()


def test_the_right_side_does_what_the_left_side_does_mirrored(both_sides):
    left, right = both_sides
    mirrored = {(swapped(c.vertex), swapped(c.place), c.from_s, c.to_s) for c in left.contacts}
    assert mirrored == {(c.vertex, c.place, c.from_s, c.to_s) for c in right.contacts}


def test_no_joint_of_a_contact_style_turns_more_than_thirty_degrees_in_a_frame(both_sides):
    rotations = both_sides[0].track().free_wxyz
    step = 2 * np.arccos(np.clip(np.abs((rotations[1:] * rotations[:-1]).sum(-1)), 0, 1))
    assert np.degrees(step).max() < 30


@pytest.mark.parametrize("name", sorted(TOUCHES))
def test_a_touch_is_held_as_long_as_it_is_asked_to_at_any_tempo(name):
    for tempo in (0.85, 1.2):
        program = make_program(name, side="left", tempo=tempo, hold_s=1.1, seed=4)
        assert all(program.held(*pair).sum() == pytest.approx(1.06 * 30, abs=1.1) for pair in program.contact_pairs())


@pytest.mark.parametrize("name", sorted(STROKES))
def test_a_stroke_comes_back_as_often_as_it_is_counted_and_is_elsewhere_in_between(name):
    program = make_program(name, side="right", tempo=1.0, count=4, seed=4)
    starts = sorted(c.from_s for c in program.contacts)
    assert len(starts) == 4
    away = [g for g in program.goals if isinstance(g, Reach) and np.linalg.norm(g.offset_h) > 0.02]
    for earlier, later in pairwise(starts):
        assert any(earlier < g.from_s and g.to_s < later for g in away)


def test_beats_are_never_quite_even():
    starts = sorted(c.from_s for c in make_program("clap", side="left", count=5, tempo=1.0, seed=2).contacts)
    lengths = np.diff(starts)
    assert 0.01 < np.ptp(lengths) / lengths.mean() < 0.35


def test_a_rubbing_palm_is_asked_to_be_on_the_belly_all_the_way_round():
    program = make_program("rub_belly", side="left", tempo=1.0, count=2, seed=1)
    asked = np.zeros(program.frame_count, dtype=bool)
    for goal in program.goals:
        if isinstance(goal, Contact | Reach):
            asked |= program.frames(goal.from_s, goal.to_s)
    first, last = program.contacts[0].from_s, program.contacts[-1].to_s
    assert asked[program.frames(first, last)].all()
    assert len(program.contacts) == 9
    assert program.contacts[0].place == program.contacts[-1].place == "belly"


def test_the_free_arm_hangs_and_still_moves_a_little():
    elbows = make_program("hold_phone", side="left", tempo=1.0, seed=3).track()
    arm = elbows.free_wxyz[:, 10]
    turned = 2 * np.degrees(np.arccos(np.clip(np.abs(arm @ arm[0]), 0, 1)))
    assert 0.3 < turned.max() < 15


def test_the_solver_keeps_an_arm_calm_that_neither_touches_nor_is_touched():
    factors = calm_weights(make_program("hand_on_opposite_shoulder", side="left", tempo=1.0, seed=1), "cpu")
    assert factors.shape == (PARAMETERS,)
    assert (factors[21:27] == 1).all()
    assert (factors[30:36] > 10).all()
    assert (calm_weights(make_program("clap", side="left", tempo=1.0, count=2, seed=1), "cpu") == 1).all()
