"""The four figures of a judge, from numbers whose answer is known."""

import pytest

from retargetbench.benchmark.audit.admission import admissions, outcome
from retargetbench.benchmark.audit.measuring import COPY, GAP, NONE, SAME_BODY, name_of
from retargetbench.metrics.audit import FIGURES, LEAST_CLIPS, AdmissionFigure, is_admissible

from .made_numbers import DATA, made_pairs

SCL, ITM = "scl@1[made]", "itm@1[made]"


def judged(pairs, key=SCL, *, wrong=0.0, better=-1.0, gap=8.0):
    """A judge that is wrong on a share of the clips, evenly spread; ``better``: the sign of a better value."""
    numbers = {}
    for number, pair in enumerate(pairs):
        step = better if (number * 7) % len(pairs) < wrong * len(pairs) else -better
        numbers[pair.clip_id] = {
            name_of(NONE, 0, key): 0.5,
            name_of(COPY, 0, key): 0.5 + 0.1 * step,
            name_of(COPY, 0, GAP): gap,
            name_of("contact_opened", 10, key): 0.5 + 0.1 * step,
            name_of("other_motion", 1, key): 0.5 + 0.1 * step,
            name_of(SAME_BODY, 0, key): 0.5 + 0.1 * step,
        }
    return numbers


def figures(numbers, pairs, keys=(SCL,)):
    found = admissions(numbers, pairs, {"made": keys}, data=DATA)
    return {(one.figure.metric, one.figure.figure): one for one in found}


def test_a_judge_that_is_always_right_is_admissible():
    pairs = made_pairs()
    found = figures(judged(pairs), pairs)
    assert [one.figure.value for one in found.values()] == [1.0] * 4
    assert is_admissible([one.figure for one in found.values()])


@pytest.mark.parametrize("figure", FIGURES)
def test_each_figure_has_the_line_of_the_design_and_each_can_fail_alone(figure):
    line = {"over_copy": 0.75, "over_opened": 0.8, "over_other": 0.9, "nearer_than_other": 0.8}[figure]
    pairs = made_pairs()
    good, bad = judged(pairs, wrong=1 - line - 0.02), judged(pairs, wrong=1 - line + 0.02)
    assert figures(good, pairs)[SCL, figure].figure.is_met
    assert not figures(bad, pairs)[SCL, figure].figure.is_met
    whole = figures(judged(pairs), pairs)
    others = [one.figure for (_, name), one in whole.items() if name != figure]
    assert not is_admissible([*others, figures(bad, pairs)[SCL, figure].figure])
    assert not is_admissible(others)


def test_copy_counts_only_where_it_breaks_the_goal():
    pairs = made_pairs()
    kept = figures(judged(pairs, gap=4.9), pairs)[SCL, "over_copy"]
    assert (kept.estimate, kept.figure.value, kept.figure.is_met) == (None, None, False)
    assert figures(judged(pairs, gap=5.0), pairs)[SCL, "over_copy"].estimate.n == len(pairs)


def test_only_motions_that_no_training_holds_are_asked():
    seen, unseen = made_pairs(split="UC+SM"), made_pairs(bodies=2)
    pairs = [*seen[2:], *unseen]
    found = figures(judged(pairs), pairs)
    assert {one.estimate.n for one in found.values()} <= {len([p for p in pairs if p.split.endswith("UM")])}


def test_a_tie_is_no_preference():
    pairs = made_pairs()
    numbers = {clip: dict.fromkeys(one, 0.5) | {name_of(COPY, 0, GAP): 9.0} for clip, one in judged(pairs).items()}
    assert {one.figure.value for one in figures(numbers, pairs).values()} == {0.0}


def test_a_matching_head_prefers_higher_values_and_cannot_be_asked_for_distances():
    pairs = made_pairs()
    found = figures(judged(pairs, ITM, better=1.0), pairs, (ITM,))
    assert found[ITM, "over_other"].figure.value == 1.0
    assert found[ITM, "nearer_than_other"].figure.value is None
    assert not is_admissible([one.figure for one in found.values()])


def test_on_few_clips_nothing_is_reached():
    pairs = made_pairs(motions=4, bodies=4)
    found = figures(judged(pairs), pairs)
    assert {(one.figure.value, one.figure.clips, one.figure.is_met) for one in found.values()} == {(1.0, 16, False)}


def test_what_came_of_a_figure_is_told_in_words():
    def figure(value, clips):
        return AdmissionFigure("made", SCL, "over_copy", value, 0.75, DATA, clips)

    assert outcome(figure(0.8, LEAST_CLIPS)) == "reached"
    assert outcome(figure(0.7, LEAST_CLIPS)) == "missed"
    assert outcome(figure(1.0, LEAST_CLIPS - 1)) == "too few clips"
    assert outcome(figure(None, 0)) == "not asked"
