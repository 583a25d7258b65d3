"""The list of mini: counts, splits, and the rules that keep training and test apart."""

from collections import Counter

import pytest

from retargetbench.datasets.intents.bodies import body_names
from retargetbench.datasets.intents.mini_pairs import (
    MINI_PAIRS,
    TRAINING_INTENTS,
    VALIDATION_INTENTS,
    training_bodies,
)
from retargetbench.datasets.intents.programs import INTENTS


def test_each_of_the_four_splits_has_eight_pairs():
    assert Counter(pair.split for pair in MINI_PAIRS) == {"SC+SM": 8, "SC+UM": 8, "UC+SM": 8, "UC+UM": 8}


def test_six_of_the_eight_pairs_of_each_split_have_a_contact_goal():
    with_contact = Counter(pair.split for pair in MINI_PAIRS if pair.program().contacts)
    assert with_contact == {"SC+SM": 6, "SC+UM": 6, "UC+SM": 6, "UC+UM": 6}


def test_there_are_at_least_sixteen_programs_and_twelve_with_self_contact():
    programs = {pair.intent: pair.program() for pair in MINI_PAIRS}
    assert len(programs) >= 16
    assert sum(bool(program.contacts) for program in programs.values()) >= 12


def test_every_clip_has_sixty_to_ninety_frames():
    assert all(60 <= pair.program().frame_count <= 90 for pair in MINI_PAIRS)


def test_no_pair_retargets_a_body_to_itself_and_no_pair_is_there_twice():
    assert all(pair.source != pair.target for pair in MINI_PAIRS)
    assert len({(pair.program().name, pair.source, pair.target) for pair in MINI_PAIRS}) == len(MINI_PAIRS)


def test_an_unseen_target_is_no_training_body_and_a_seen_one_is():
    for pair in MINI_PAIRS:
        assert (pair.target in body_names("train")) == pair.split.startswith("SC")
        assert (pair.target in body_names("val")) == pair.split.startswith("UC")


def test_no_body_of_the_test_split_appears_in_mini():
    used = {body for pair in MINI_PAIRS for body in (pair.source, pair.target)}
    assert not used & set(body_names("test"))


def test_training_and_validation_programs_share_nothing_and_are_all_of_mini():
    assert not set(TRAINING_INTENTS) & set(VALIDATION_INTENTS)
    assert set(TRAINING_INTENTS) | set(VALIDATION_INTENTS) <= set(INTENTS)
    assert {pair.intent for pair in MINI_PAIRS} <= set(TRAINING_INTENTS) | set(VALIDATION_INTENTS)


def test_an_unseen_motion_is_of_a_program_that_training_never_sees():
    for pair in MINI_PAIRS:
        assert (pair.intent in TRAINING_INTENTS) == pair.split.endswith("SM")


@pytest.mark.parametrize("pair", MINI_PAIRS, ids=lambda pair: f"{pair.intent}-{pair.target}")
def test_training_may_hold_a_seen_motion_on_other_bodies_but_never_on_its_test_target(pair):
    bodies = training_bodies(pair, body_names("train"))
    assert set(bodies) <= set(body_names("train"))
    assert pair.target not in bodies
    assert bool(bodies) == pair.split.endswith("SM")
