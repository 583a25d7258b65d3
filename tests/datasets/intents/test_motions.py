"""The labelled test motions: enough of them, of unseen structures on unseen bodies, described in held-out words."""

import json

import pytest

from retargetbench.datasets.errors import UnknownName
from retargetbench.datasets.intents.bodies import body_names
from retargetbench.datasets.intents.motions import load_motions
from retargetbench.datasets.intents.programs import INTENTS
from retargetbench.datasets.intents.programs.splits import structures
from retargetbench.datasets.intents.words.grammar import normalised


@pytest.fixture(scope="module")
def motions():
    return load_motions("test")


def test_there_are_a_thousand_motions_with_three_hundred_meanings_in_forty_classes(motions):
    assert len(motions) >= 1000
    assert len({m.name for m in motions}) == len(motions)
    assert len({json.dumps(m.words["meaning"], sort_keys=True) for m in motions}) >= 300
    assert len({action for m in motions for action in m.words["actions"]}) >= 40


def test_every_structure_is_one_of_the_tests_and_none_of_trainings(motions):
    named = {split: {s.name for s in structures(split)} for split in ("train", "test")}
    assert {m.intent for m in motions} <= named["test"] - named["train"]


def test_every_class_is_one_that_training_knows(motions):
    known = {action for s in structures("train") for action in s.actions}
    assert {action for m in motions for action in m.words["actions"]} <= known <= {i.action for i in INTENTS.values()}


def test_every_body_is_one_that_training_never_sees(motions):
    assert {m.body for m in motions} <= set(body_names("test"))


def test_every_motion_has_three_different_captions_a_detailed_one_and_questions(motions):
    for motion in motions:
        assert len({normalised(caption["text"]) for caption in motion.words["captions"]}) >= 3
        assert len(motion.words["detailed"]) > 40
        assert {"action", "hands"} <= {question["kind"] for question in motion.words["questions"]}


def test_every_motion_has_sixty_to_a_hundred_and_fifty_frames(motions):
    assert all(60 <= m.motion.frame_count <= 150 for m in motions)


def test_an_unknown_part_is_told_the_known_ones():
    with pytest.raises(UnknownName, match="test"):
        load_motions("tset")
