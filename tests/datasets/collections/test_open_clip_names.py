"""From names of animations to sentences and meanings, by rule."""

import pytest

from retargetbench.datasets.collections.open_clips.clips import read_clip_list
from retargetbench.datasets.collections.open_clips.names import (
    has_training_verb,
    meaning_of_name,
    sentence_of_name,
    training_verbs,
    verbs_of_name,
    words_of_name,
)


@pytest.mark.parametrize(
    ("name", "words", "sentence"),
    [
        ("Walking_Backwards", "walking backward", "a person walks backward"),
        ("Rig_Medium|Melee_1H_Attack_Chop", "melee one handed attack chop", "a person attacks melee one handed chop"),
        ("Lie_StandUp", "lie stand up", "a person lies stand up"),
        ("Death01", "die", "a person dies"),
        ("Running_HoldingBow", "running holding bow", "a person runs holding bow"),
        ("Bow", "bow", "a person bows"),
        ("Ranged_Bow_Draw_Up", "ranged bow draw up", "a person draws ranged bow up"),
        ("Crawl RM", "crawl", "a person crawls"),
        ("Two-hand Blast", "two hand blast", "a person blasts two hand"),
        ("Jog_Fwd_Loop", "jog forward", "a person jogs forward"),
        ("Dizzy", "dizzy", "a person acts dizzy"),
    ],
)
def test_a_name_becomes_a_plain_sentence(name, words, sentence):
    assert " ".join(words_of_name(name)) == words
    assert sentence_of_name(name) == sentence


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("1H_Melee_Attack_Chop", "Rig_Medium|Melee_1H_Attack_Chop"),
        ("Walk_Loop", "Walking_A"),
        ("Death_A", "Death01"),
        ("Pushup", "Rig_Medium|Push_Ups"),
        ("Jump_Loop", "Jump"),
    ],
)
def test_look_alike_names_mean_the_same(first, second):
    assert meaning_of_name(first) == meaning_of_name(second)


@pytest.mark.parametrize(("first", "second"), [("Walk_Loop", "Walk_Formal_Loop"), ("Dodge_Left", "Dodge_Right")])
def test_one_word_more_or_another_is_another_meaning(first, second):
    assert meaning_of_name(first) != meaning_of_name(second)


def test_every_name_gives_a_sentence_whose_verb_stands_first():
    for clip in read_clip_list():
        start, person, verb, *_ = clip.sentence.split()
        assert (start, person) == ("a", "person")
        assert verb == "acts" if not verbs_of_name(clip.animation) else verb.endswith("s")


def test_training_knows_some_verbs_and_not_others():
    assert {"walk", "punch", "bow", "sit"} <= training_verbs()
    assert has_training_verb("Walking_A")
    assert has_training_verb("Unarmed_Melee_Attack_Kick")
    assert not has_training_verb("Levitate_Idle_Loop")
    assert not has_training_verb("Dizzy")
