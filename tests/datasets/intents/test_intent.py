"""Intents: what their parameters are drawn from, and the programs that come of it."""

import inspect

import numpy as np
import pytest

from retargetbench.datasets.intents.programs import INTENTS, Choice, Fact, Range
from retargetbench.datasets.intents.programs.splits import FRAMES, Structure, draw_motion


@pytest.fixture(params=list(INTENTS))
def intent(request):
    return INTENTS[request.param]


def _within(value, parameter):
    if isinstance(parameter, Choice):
        return value in parameter.values
    return parameter.low - 1e-9 <= value <= parameter.high + 1e-9


def test_an_intent_draws_only_what_its_function_takes(intent):
    taken = inspect.signature(intent.make).parameters
    assert "seed" in taken
    assert "seed" not in intent.parameters
    assert set(intent.parameters) <= set(taken)
    needed = {name for name, p in taken.items() if p.default is inspect.Parameter.empty and p.kind is not p.VAR_KEYWORD}
    assert needed - {"intent", "seed"} <= set(intent.parameters)


def test_drawn_values_lie_within_their_limits(intent):
    generator = np.random.default_rng(5)
    for parameter in intent.parameters.values():
        assert all(_within(parameter.draw(generator), parameter) for _ in range(20))


def test_the_same_generator_state_draws_the_same_program_and_another_one_another(intent):
    one, two, three = (intent.draw(np.random.default_rng(seed)) for seed in (3, 3, 4))
    assert one.name == two.name
    assert one.goals == two.goals
    assert one.name != three.name


def test_a_program_carries_the_name_of_its_intent_and_clips_of_the_right_length_can_be_drawn(intent):
    program = draw_motion(Structure("single", (intent.name,)), np.random.default_rng(8))
    assert program.intent == intent.name
    assert program.name.startswith(intent.name)
    assert FRAMES[0] <= program.frame_count <= FRAMES[1]


def test_every_goal_and_fact_of_a_drawn_program_lies_within_its_clip(intent):
    for seed in range(4):
        program = intent.draw(np.random.default_rng(seed))
        for item in (*program.goals, *program.facts):
            assert 0 <= item.from_s < item.to_s <= program.length_s + 0.6 / program.fps


def test_no_contact_of_a_drawn_program_is_asked_for_and_forbidden_in_one_frame(intent):
    for seed in range(4):
        program = intent.draw(np.random.default_rng(seed))
        for pair in program.contact_pairs():
            assert program.held(*pair).any()
            assert not (program.held(*pair) & program.free(*pair)).any()


def test_counts_are_drawn_as_whole_numbers_and_steps_are_kept():
    generator = np.random.default_rng(0)
    counts = {Range(2, 5, 1).draw(generator) for _ in range(60)}
    assert counts == {2, 3, 4, 5}
    assert all(isinstance(count, int) for count in counts)
    assert {Range(0.0, 0.5, 0.25).draw(generator) for _ in range(40)} == {0.0, 0.25, 0.5}


def test_a_number_without_a_step_lies_anywhere_between_its_limits():
    generator = np.random.default_rng(0)
    drawn = [Range(0.85, 1.2).draw(generator) for _ in range(300)]
    assert min(drawn) < 0.87
    assert max(drawn) > 1.18
    assert len(set(drawn)) > 100


def test_side_and_count_are_said_without_being_asked_for():
    program = INTENTS["clap"].make(side="left", count=3, tempo=1.0, seed=1)
    assert program.said["side"] == "left"
    assert program.said["count"] == 3


def test_a_fact_in_a_state_that_words_do_not_know_is_refused():
    with pytest.raises(ValueError, match="raised"):
        Fact(part="left_hand", state="lifted_high", from_s=0.0, to_s=1.0)
