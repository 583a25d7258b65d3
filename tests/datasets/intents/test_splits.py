"""Splits of programs: one test per rule."""

from itertools import product

import numpy as np
import pytest

from retargetbench.datasets.intents.bodies import body_names
from retargetbench.datasets.intents.mini_pairs import MINI_PAIRS
from retargetbench.datasets.intents.programs import INTENTS, make_program, splits
from retargetbench.datasets.intents.programs.splits import (
    FRAMES,
    PUBLISHED_TRAINING,
    PUBLISHED_VALIDATION,
    SPLITS,
    intent_splits,
    motions,
    number,
    structures,
)
from retargetbench.datasets.intents.programs.structures import goal_structure, kin, sample_programs


@pytest.fixture(scope="module")
def test_list():
    return list(motions("test", splits.TEST_MOTIONS))


def _goal_structures(structure):
    """All structures of goals that a structure's parameters lead to."""
    parts = [{goal_structure(p)[0] for p in sample_programs(name)} for name in structure.names]
    return {tuple(sorted(acts)) for acts in product(*parts)}


def _actions(split):
    return {action for structure in structures(split) for action in structure.actions}


def test_every_class_of_action_in_the_test_is_known_to_training_by_another_structure():
    assert _actions("test") <= _actions("train")
    trained = {s.name for s in structures("train")}
    assert not trained & {s.name for s in structures("test")}


def test_a_held_out_intent_is_in_no_composition_of_another_split():
    drawn = intent_splits()
    for split in SPLITS:
        for structure in structures(split):
            assert {drawn[name] for name in structure.names} <= {"train", split}


def test_validation_has_structures_and_bodies_of_its_own():
    by_split = {split: {s.name for s in structures(split)} for split in SPLITS}
    assert not by_split["val"] & (by_split["train"] | by_split["test"])
    assert not set(body_names("val")) & (set(body_names("train")) | set(body_names("test")))


@pytest.mark.parametrize("split", ["val", "test"])
def test_no_structure_of_goals_outside_training_occurs_in_training(split):
    trained = {g for structure in structures("train") for g in _goal_structures(structure)}
    for structure in structures(split):
        assert not _goal_structures(structure) & trained, structure.name


def test_no_structure_of_goals_in_the_test_occurs_in_validation():
    known = {g for structure in structures("val") for g in _goal_structures(structure)}
    assert not any(_goal_structures(structure) & known for structure in structures("test"))


def test_no_drawn_motion_of_the_test_has_the_goals_of_a_drawn_one_of_training(test_list):
    trained = {goal_structure(program) for _, program in motions("train", 500)}
    assert not any(goal_structure(program) in trained for _, program in test_list)


def test_the_test_is_drawn_in_the_order_of_the_numbers_and_passes_over_lone_classes_only():
    drawn, families = intent_splits(), {}
    for name, head in kin().items():
        families.setdefault(head, set()).add(name)
    published = {*PUBLISHED_TRAINING, *PUBLISHED_VALIDATION}
    taken = [h for h, names in families.items() if {drawn[n] for n in names} == {"test"}]
    last = max((number(f"intent/{h}") for h in taken), default=0.0)
    training = {n for n in INTENTS if drawn[n] == "train"}
    for head, names in families.items():
        if head not in taken and not names & published and number(f"intent/{head}") < last:
            left = {INTENTS[n].action for n in training - names}
            assert not {INTENTS[n].action for n in names} <= left


def test_what_mini_published_stays_where_it_was():
    drawn = intent_splits()
    for pair in MINI_PAIRS:
        assert drawn[pair.intent] == ("train" if pair.split.endswith("SM") else "val")


def test_there_are_enough_motions_and_meanings(test_list):
    assert splits.TRAINING_MOTIONS >= 4_000
    assert len(test_list) >= 1_000
    told = {(s.name, *((a.said.get("side"), a.said.get("count")) for a in p.acts)) for s, p in test_list}
    assert len(told) >= 300


def test_there_are_sixty_intents_twenty_self_contacts_and_forty_classes_of_action():
    assert len(INTENTS) >= 60
    assert sum(bool(sample_programs(name)[0].contacts) for name in INTENTS) >= 20
    assert len({intent.action for intent in INTENTS.values()}) >= 40


def test_the_test_holds_out_contacts_that_training_never_makes():
    held_out = [n for n, split in intent_splits().items() if split == "test" and sample_programs(n)[0].contacts]
    assert len(held_out) >= 4


def test_every_split_has_all_kinds_of_structures():
    for split in SPLITS:
        assert {s.kind for s in structures(split)} == {"single", "sequence", "overlay"}


def test_all_motions_of_a_list_have_the_right_length_and_a_name_of_their_own(test_list):
    names = [program.name for _, program in test_list]
    assert len(set(names)) == len(names)
    assert all(FRAMES[0] <= program.frame_count <= FRAMES[1] for _, program in test_list)
    trained = {program.name for _, program in motions("train", 500)}
    assert len(trained) == 500
    assert not trained & set(names)


def test_a_longer_list_of_training_begins_with_a_shorter_one():
    short, long = splits.training_motions(20), splits.training_motions(40)
    assert [p.name for p in long[:20]] == [p.name for p in short]
    assert [p.goals for p in long[:20]] == [p.goals for p in short]


def test_a_motion_is_of_the_structure_it_was_drawn_for(test_list):
    for structure, program in test_list[:60]:
        assert program.intent == structure.name
        assert tuple(act.intent for act in program.acts) == structure.names


def test_the_mirror_image_and_other_parameters_have_the_same_structure_of_goals():
    left = make_program("hug_oneself", side="left", tempo=0.9, seed=1)
    right = make_program("hug_oneself", side="right", tempo=1.1, seed=2)
    assert goal_structure(left) == goal_structure(right)


def test_holding_hands_together_is_no_clap_though_the_same_palms_touch():
    held = make_program("hands_together", side="left", tempo=1.0, seed=1)
    clap = make_program("clap", side="left", count=2, tempo=1.0, seed=1)
    assert goal_structure(held) != goal_structure(clap)


def test_the_order_of_two_acts_and_doing_them_at_once_make_no_other_structure():
    bow, nod = (make_program("bow", depth_deg=40.0, tempo=1.2, seed=s) for s in (1, 2))
    heart = make_program("hand_on_heart", side="left", tempo=1.2, seed=1)
    one, two = (splits.sequence(*parts) for parts in ((bow, heart), (heart, nod)))
    assert goal_structure(one) == goal_structure(two)


def test_intents_with_the_same_goals_lie_in_one_split():
    drawn = intent_splits()
    assert all(drawn[name] == drawn[head] for name, head in kin().items())


def test_the_numbers_depend_on_nothing_but_seed_and_name():
    assert number("intent/clap") == number("intent/clap")
    assert 0 <= number("intent/clap") < 1
    assert np.std([number(f"intent/{n}") for n in INTENTS]) > 0.2
