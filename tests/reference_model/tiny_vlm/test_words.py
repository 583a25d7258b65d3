"""Words of pictures: mirrored sentences, what is said of each hand, slots, classes of action."""

import pytest

from retargetbench.datasets.intents.programs import INTENTS
from retargetbench.datasets.intents.programs.structures import sample_programs
from retargetbench.datasets.intents.words.questions import doing, questions
from retargetbench.reference_model.tiny_vlm.meanings_said import actions_by_gerund, said_action
from retargetbench.reference_model.tiny_vlm.sides import MEETING, hands_said, mirrored
from retargetbench.reference_model.tiny_vlm.slots import SLOTS, slot_of, slots_said

ON_HIP = "The left hand is on the left hip, the right hand hangs down."


def test_mirroring_swaps_sides_only_and_twice_gives_the_sentence_back():
    assert mirrored(ON_HIP) == "The right hand is on the right hip, the left hand hangs down."
    assert mirrored(mirrored(ON_HIP)) == ON_HIP
    assert mirrored("Both hands are left where they are upright.") == "Both hands are right where they are upright."
    assert mirrored("nothing copyright") == "nothing copyright"


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (ON_HIP, ("is on the left hip", "hangs down")),
        ("The right hand is raised, the left hand hangs down.", ("hangs down", "is raised")),
        ("Both hands hang down.", ("hang down", "hang down")),
        (MEETING, ("touches the other hand", "touches the other hand")),
        ("The left hand waves, the left hand hangs down.", None),
        ("", None),
    ],
)
def test_an_answer_says_something_of_each_hand(answer, said):
    assert hands_said(answer) == said


@pytest.mark.parametrize(
    ("phrase", "slot"),
    [
        ("is on the mouth", "on the face"),
        ("is on the back of the head", "on the head"),
        ("is on the left upper arm", "on an arm"),
        ("is on the right side of the chest", "on the chest"),
        ("is on the lower back", "on the hips or back"),
        ("is on the left toes", "on a leg"),
        ("touches the other hand", "at the other hand"),
        ("hang down", "hanging"),
        ("is stretched up, pointing", "above the head"),
        ("are spread out to the side", "to the side"),
        ("punches forward", "to the front"),
    ],
)
def test_a_phrase_has_the_slot_a_person_would_give_it(phrase, slot):
    assert slot_of(phrase) == slot


@pytest.mark.parametrize("intent", sorted(INTENTS)[::6])
def test_every_answer_about_hands_has_slots_and_they_change_sides_when_mirrored(intent):
    program = sample_programs(intent)[0]
    for question in questions(program):
        if question.kind == "hands" and "in turn" not in question.answer:
            slots = slots_said(question.answer)
            assert slots is not None
            assert {*slots} <= {*SLOTS}
            assert slots_said(mirrored(question.answer)) == slots[::-1]


@pytest.mark.parametrize("intent", sorted(INTENTS)[::9])
def test_the_answer_to_what_is_done_names_the_class_of_the_program(intent):
    program = sample_programs(intent)[0]
    assert said_action(f"The character is {doing(program)}.", actions_by_gerund()) == INTENTS[intent].action


def test_of_one_act_while_another_the_class_is_what_is_done_on_the_way():
    known = actions_by_gerund()
    assert said_action("The character is walking while waving.", known) == INTENTS["wave"].action
    assert said_action("The character is dreaming.", known) == ""
