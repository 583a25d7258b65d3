from collections import Counter

import numpy as np
import pytest

from retargetbench.benchmark.study.errors import BadStudyRequest, UnknownQuestion
from retargetbench.benchmark.study.plan import (
    GUESSERS_PASS,
    StudyOptions,
    catch_count,
    catches_needed,
    choose_clips,
    choose_comparisons,
    guessers_pass,
    repeat_count,
)
from retargetbench.benchmark.study.questions import read_questions
from retargetbench.datasets.clip_set import PairSpec


def specs(motions, bodies):
    return [
        PairSpec(f"t/m{m}/s>b{b}", "all", f"m{m}", "s", f"b{b}", f"m{m}", 10, 30.0)
        for m in range(motions)
        for b in range(bodies)
    ]


def test_clips_spread_over_motions_first_and_bodies_second():
    chosen = choose_clips(specs(6, 5), 6, np.random.default_rng(0))
    assert len({clip.motion for clip in chosen}) == 6
    assert len({clip.target for clip in chosen}) == 5
    more = choose_clips(specs(6, 5), 13, np.random.default_rng(0))
    assert sorted(Counter(clip.motion for clip in more).values()) == [2, 2, 2, 2, 2, 3]


def test_more_clips_than_there_are_is_a_mistake():
    with pytest.raises(BadStudyRequest, match="only 6 clips can be shown"):
        choose_clips(specs(3, 2), 7, np.random.default_rng(0))


def test_all_pairs_on_all_clips_are_compared_when_there_is_room():
    clips = specs(4, 1)
    found = choose_comparisons(clips, ("a", "b", "c"), 40, np.random.default_rng(0))
    assert len(found) == 12
    assert len({(c.clip.clip_id, frozenset(c.methods)) for c in found}) == 12


@pytest.mark.parametrize("most", [6, 9, 20, 25])
def test_a_part_of_all_comparisons_is_balanced_over_clips_and_pairs(most):
    found = choose_comparisons(specs(9, 1), ("a", "b", "c", "d"), most, np.random.default_rng(1))
    assert len({(c.clip.clip_id, frozenset(c.methods)) for c in found}) == most
    of_clips = Counter(c.clip.clip_id for c in found)
    of_pairs = Counter(frozenset(c.methods) for c in found)
    assert max(of_clips.values()) - min(of_clips.values()) <= 1
    assert max(of_pairs.values()) - min(of_pairs.values()) <= 2


def test_every_pair_of_methods_is_compared_or_it_is_a_mistake():
    with pytest.raises(BadStudyRequest, match="4 methods make 6 pairs"):
        choose_comparisons(specs(9, 1), ("a", "b", "c", "d"), 5, np.random.default_rng(0))


@pytest.mark.parametrize("others", [1, 16, 44, 72, 73, 200, 1000])
def test_catch_trials_are_at_least_a_tenth_of_all(others):
    count = catch_count(others, 5)
    assert count >= 5
    assert count / (count + others) >= 0.1


def test_the_catch_rule_lets_one_guesser_in_twenty_pass_at_most_and_asks_for_no_more_than_that():
    for catches in range(5, 40):
        needed = catches_needed(catches)
        assert guessers_pass(catches, needed) <= GUESSERS_PASS < guessers_pass(catches, needed - 1)
    assert catches_needed(8) == 7
    assert guessers_pass(8, 7) == pytest.approx(9 / 256)
    tossed = np.random.default_rng(0).binomial(8, 0.5, 200_000)
    assert (tossed >= 7).mean() == pytest.approx(9 / 256, abs=2e-3)


def test_some_comparisons_are_repeated_and_never_more_than_there_are():
    assert [repeat_count(n) for n in (1, 3, 12, 40)] == [1, 3, 4, 6]


def test_sizes_that_make_no_study_are_mistakes():
    for sizes in ({"clips": 0}, {"trials": 0}, {"catches": 4}):
        with pytest.raises(BadStudyRequest, match=f"--{next(iter(sizes))} is"):
            StudyOptions(**sizes)


def test_questions_have_names_or_texts_of_their_own():
    named, own = read_questions(["contact", "hands=Whose hands are right?"])
    assert (named.id, own.id, own.text) == ("contact", "hands", "Whose hands are right?")
    with pytest.raises(UnknownQuestion, match="Did you mean 'meaning'"):
        read_questions(["meening"])
    for words in ([], ["meaning", "meaning"], ["natural"], ["Bad Name=What?"], ["name="]):
        with pytest.raises(BadStudyRequest):
            read_questions(words)
