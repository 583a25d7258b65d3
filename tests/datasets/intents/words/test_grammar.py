"""Inflection of marked-up verb phrases."""

import pytest

from retargetbench.datasets.intents.words.grammar import NOBODY, Subject, conjugate, inflect, joined, normalised, times


@pytest.mark.parametrize(
    ("verb", "present", "gerund", "past"),
    [
        ("wave", "waves", "waving", "waved"),
        ("clap", "claps", "clapping", "clapped"),
        ("push", "pushes", "pushing", "pushed"),
        ("bury", "buries", "burying", "buried"),
        ("stay", "stays", "staying", "stayed"),
        ("lie", "lies", "lying", "lay"),
        ("tiptoe", "tiptoes", "tiptoeing", "tiptoed"),
        ("shoo", "shoos", "shooing", "shooed"),
        ("be", "is", "being", "was"),
        ("go", "goes", "going", "went"),
        ("swing", "swings", "swinging", "swung"),
        ("kneel", "kneels", "kneeling", "knelt"),
        ("box", "boxes", "boxing", "boxed"),
        ("lean", "leans", "leaning", "leaned"),
    ],
)
def test_a_verb_has_its_forms(verb, present, gerund, past):
    assert (inflect(verb, "s"), inflect(verb, "ing"), inflect(verb, "past")) == (present, gerund, past)


def test_a_plural_subject_takes_the_plain_form():
    assert conjugate("[raise] a hand and [wave]", "s", plural=True) == "raise a hand and wave"
    assert conjugate("[be] still", "s", plural=True) == "are still"
    assert conjugate("[be] still", "past", plural=True) == "were still"


def test_a_mark_with_a_form_of_its_own_keeps_it():
    assert conjugate("[walk] while [wave:ing]", "past") == "walked while waving"


def test_the_possessive_follows_the_subject():
    phrase = "[pat] {their} head and [hug] {themselves}"
    assert Subject("the figure", their="its", themselves="itself").sentence(phrase) == "[pat] its head and [hug] itself"
    assert NOBODY.sentence(phrase) == "[pat] the head and [hug] oneself"


def test_small_numbers_are_written_in_words():
    assert [times(n) for n in (1, 2, 3, 10, 14)] == ["once", "twice", "three times", "ten times", "14 times"]


def test_lists_end_in_and():
    assert joined(["a"]) == "a"
    assert joined(["a", "b", "c"]) == "a, b and c"


def test_normalising_folds_case_and_punctuation():
    assert normalised("A person waves,  TWICE.") == "a person waves twice"
