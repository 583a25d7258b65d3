from dataclasses import replace

from retargetbench.leaderboards.consistency import altered_numbers

from ..benchmark.report.made import LEVELS, result, table

SAMPLES = table(LEVELS["copy"])
RESULT = result(SAMPLES, "copy")


def with_score(key, **changes):
    scores = RESULT.scores["all"] | {key: RESULT.scores["all"][key].model_copy(update=changes)}
    return RESULT.model_copy(update={"scores": RESULT.scores | {"all": scores}})


def test_a_result_follows_from_its_own_clips():
    assert altered_numbers(RESULT, SAMPLES) == []


def test_a_narrowed_interval_is_named():
    score = RESULT.scores["all"]["goal_f1@1"]
    (problem,) = altered_numbers(with_score("goal_f1@1", lo=(score.lo + score.value) / 2), SAMPLES)
    assert problem.startswith("lower end of goal_f1@1 of all is")


def test_the_tenth_digit_of_a_value_counts_as_altered():
    score = RESULT.scores["all"]["goal_f1@1"]
    assert altered_numbers(with_score("goal_f1@1", value=score.value * (1 + 1e-8)), SAMPLES)


def test_an_interval_given_where_there_is_none_is_named():
    split = RESULT.scores["SC+SM"]
    assert split["goal_f1@1"].lo is None
    invented = split | {"goal_f1@1": split["goal_f1@1"].model_copy(update={"lo": 0.1, "hi": 0.9})}
    problems = altered_numbers(RESULT.model_copy(update={"scores": RESULT.scores | {"SC+SM": invented}}), SAMPLES)
    assert len(problems) == 2
    assert "is 0.1 in the row and absent by its clips" in problems[0]


def test_another_data_version_is_told_once_and_not_for_every_interval():
    problems = altered_numbers(RESULT.model_copy(update={"data": "0" * 64}), SAMPLES)
    assert len(problems) == 1
    assert "is not the one the result was scored with" in problems[0]


def test_failures_must_be_those_of_the_table():
    first, *rest = SAMPLES.samples
    failed = replace(SAMPLES, samples=(replace(first, failed=True), *rest))
    assert altered_numbers(RESULT, failed) == ["the row counts 0 failed clips, its table of clips 1."]


def test_a_metric_that_this_version_does_not_know_is_named():
    unknown = replace(SAMPLES, keys=(*SAMPLES.keys, "vibes@1"))
    assert altered_numbers(RESULT, unknown) == ["the metrics vibes@1 are not known to this version of retargetbench."]


def test_a_split_that_is_only_in_the_row_is_named():
    scores = RESULT.scores | {"UX+UX": RESULT.scores["all"]}
    (problem,) = altered_numbers(RESULT.model_copy(update={"scores": scores}), SAMPLES)
    assert problem == "the split 'UX+UX' is only in the row."
