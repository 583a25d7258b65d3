"""The lexicon covers every intent, with words for training and words for the test only."""

import re

import numpy as np
import pytest

from retargetbench.datasets.errors import UnknownName
from retargetbench.datasets.intents.programs import INTENTS
from retargetbench.datasets.intents.words.clauses import gerund
from retargetbench.datasets.intents.words.entry import SLOTS, said_by
from retargetbench.datasets.intents.words.grammar import conjugate, normalised
from retargetbench.datasets.intents.words.lexicon import LEXICON, entry_of
from retargetbench.datasets.intents.words.templates import TEST, TRAINING

_MARK = re.compile(r"\[[a-z]+(:(base|ing|past))?\]")


def _bare(phrase):
    return normalised(conjugate(phrase, "base"))


def test_every_intent_has_an_entry():
    assert not sorted(set(INTENTS) - set(LEXICON))


def test_an_unknown_intent_is_answered_with_the_nearest_name():
    with pytest.raises(UnknownName, match="scratch_head"):
        entry_of("scratch_haed")


@pytest.mark.parametrize("name", sorted(LEXICON))
def test_a_third_of_the_phrases_of_an_intent_are_held_out_for_the_test(name):
    entry = LEXICON[name]
    assert len(entry.test) / len(entry.train + entry.test) >= 1 / 3
    assert len(set(entry.train)) >= 4


@pytest.mark.parametrize("name", sorted(LEXICON))
def test_training_and_test_each_have_a_phrase_that_says_everything(name):
    entry = LEXICON[name]
    for phrases in (entry.train, entry.test):
        assert any(said_by(phrase) & set(entry.says) == set(entry.says) for phrase in phrases)


@pytest.mark.parametrize("name", sorted(LEXICON))
def test_phrases_say_only_what_belongs_to_the_meaning(name):
    entry = LEXICON[name]
    assert all(said_by(phrase) <= set(entry.says) for phrase in entry.train + entry.test)
    assert set(entry.says) <= set(SLOTS.values())


@pytest.mark.parametrize("name", sorted(LEXICON))
def test_phrases_start_with_a_marked_verb_and_have_no_stray_brackets(name):
    entry = LEXICON[name]
    for phrase in (*entry.train, *entry.test, entry.label, *(entry.hands or ())):
        assert _MARK.match(phrase)
        assert not re.search(r"[\[\]]", _MARK.sub("", phrase))
        assert "[" not in conjugate(gerund(phrase), "s")


def test_no_phrase_belongs_to_two_intents_or_to_both_sets():
    owners: dict[str, set[tuple[str, str]]] = {}
    for name, entry in LEXICON.items():
        for kind, phrases in (("train", entry.train), ("test", entry.test)):
            for phrase in phrases:
                owners.setdefault(_bare(phrase), set()).add((name, kind))
    assert not {phrase: who for phrase, who in owners.items() if len(who) > 1}


def test_whatever_varies_in_a_program_is_said_or_left_out_on_purpose():
    generator = np.random.default_rng(1)
    for name, intent in INTENTS.items():
        drawn = [intent.draw(generator).said for _ in range(12)]
        varying = {key for said in drawn for key in said if len({d.get(key) for d in drawn}) > 1}
        assert varying <= {*entry_of(name).says, *entry_of(name).silent}, name


def _frames(bank):
    return {frame for kinds in (bank.single, bank.then, bank.while_) for frames in kinds.values() for frame in frames}


def test_templates_subjects_and_adverbs_of_training_and_test_are_disjoint():
    shared = {frame.text for frame in _frames(TRAINING)} & {frame.text for frame in _frames(TEST)}
    assert shared <= {"{S} {vp}.", "{ing}"}
    assert not {s.noun for s in TRAINING.subjects} & {s.noun for s in TEST.subjects}
    for name in ("adverbs", "paces", "pace_sentences", "ways", "details"):
        training, test = getattr(TRAINING, name), getattr(TEST, name)
        assert set(training) == set(test)
        assert not {w for words in training.values() for w in words} & {w for words in test.values() for w in words}
