"""Captions: well-formed, true, the same in every run, and of held-out words in the test."""

import re

from retargetbench.datasets.intents.words import action_label, captions, meaning
from retargetbench.datasets.intents.words.grammar import normalised

_LEFT_OVER = re.compile(r"[\[\]{}]|None|  | [.,;]|\.\.|,,")
_ARTICLE = re.compile(r"\b(a [aeio]|an [^aeioh])", re.IGNORECASE)


def test_captions_are_the_same_on_every_call(programs):
    assert all(captions(p, "test") == captions(p, "test") for p in programs[::20])


def test_a_motion_has_at_least_three_different_paraphrases_of_different_lengths(made):
    for found in made["train"] + made["test"]:
        assert len({normalised(text) for text in found.paraphrases}) >= 3
        assert len({len(text.split()) for text in found.paraphrases}) >= 2


def test_sentences_are_whole(made):
    for found in made["train"] + made["test"]:
        *sentences, label = found.paraphrases
        for text in (*sentences, found.detailed):
            assert text[0].isupper()
            assert text.endswith(".")
            assert not _LEFT_OVER.search(text), text
        assert label[0].islower()
        assert not _LEFT_OVER.search(label), label


def test_articles_agree_with_the_next_sound(made):
    for found in made["train"] + made["test"]:
        for text in (*found.paraphrases, found.detailed):
            wrong = [m.group() for m in _ARTICLE.finditer(text) if not re.match(r"an? (one|u)", m.group())]
            assert not wrong, text


def test_no_test_caption_occurs_among_the_training_captions_of_any_program(made):
    training = {normalised(t) for found in made["train"] for t in (*found.paraphrases, found.detailed)}
    test = {normalised(t) for found in made["test"] for t in (*found.paraphrases, found.detailed)}
    assert not training & test


def test_validation_shares_the_templates_of_training_and_not_its_choices(programs):
    assert any(captions(p, "val").paraphrases != captions(p, "train").paraphrases for p in programs[:20])


def test_what_a_caption_says_stands_in_its_text(programs, made):
    for split in ("train", "test"):
        for found in made[split]:
            for text, says in zip(found.paraphrases, found.says, strict=True):
                for act in says.flat():
                    assert act.side is None or act.side in text or ("right" if act.side == "left" else "left") in text
                    if act.count is not None:
                        assert re.search(r"\b(once|twice|times)\b", text), text


def test_a_detailed_caption_names_what_both_hands_and_the_feet_do(programs, made):
    for split in ("train", "test"):
        for found in made[split]:
            assert re.search(r"\bhands?\b", found.detailed)
            assert re.search(r"\bf(oo|ee)t\b|\bheels\b", found.detailed)


def test_a_detailed_caption_names_every_touch_of_a_single_act(programs, made):
    for program, found in zip(programs, made["train"], strict=True):
        if not program.parts:
            for part, place, _ in meaning(program).acts[0].touching:
                assert part == "one hand" or place.removeprefix("the ") in found.detailed, found.detailed


def test_labels_are_gerunds(singles):
    assert all(re.match(r"[a-z]+ing\b", action_label(program)) for program in singles)
