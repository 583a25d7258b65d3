import json

import numpy as np
import pytest

from retargetbench.benchmark.study.errors import BadStudy, BadVotes
from retargetbench.benchmark.study.key import read_key
from retargetbench.benchmark.study.questions import Question
from retargetbench.benchmark.study.scoring import score_study
from retargetbench.benchmark.study.votes import read_votes

from .raters import MEANING, made_key, simulate, write_study, write_votes

LIMB, F1 = "pen_limb@1", "goal_f1@1"
STRONG = {"a": 1.5, "b": 0.0, "c": -1.5}


@pytest.fixture(scope="module")
def key():
    generator = np.random.default_rng(0)
    good = {name: 5 + level for name, level in STRONG.items()}
    metrics = {
        name: {
            f"clip{clip}": {LIMB: float(10 - good[name] + 0.3 * generator.normal()), F1: float(generator.normal())}
            for clip in range(12)
        }
        for name in STRONG
    }
    return made_key(tuple(STRONG), metrics=metrics)


@pytest.fixture(scope="module")
def score(key, tmp_path_factory):
    files = [simulate(key, f"r{n:02d}", strengths=STRONG) for n in range(12)]
    files += [simulate(key, f"x{n}", strengths=STRONG, careless=1.0) for n in range(2)]
    short = simulate(key, "y0", strengths=STRONG)
    short["votes"] = short["votes"][:-1]
    return score_study(key, read_votes(write_votes(tmp_path_factory.mktemp("votes"), [*files, short]), key))


def test_careless_and_incomplete_raters_are_left_out_and_named(score):
    outcomes = {one.rater: one.outcome for one in score.raters}
    assert outcomes.pop("y0") == "incomplete"
    assert {outcomes.pop("x0"), outcomes.pop("x1")} == {"catch trials"}
    assert set(outcomes.values()) == {"kept"}
    assert score.kept == 12


def test_strengths_of_simulated_raters_come_back_inside_their_intervals(score):
    (question,) = score.questions
    assert [one.method for one in question.methods] == ["a", "b", "c"]
    for one in question.methods:
        assert one.strength.lo < STRONG[one.method] < one.strength.hi
        assert one.won + one.tied + one.lost == 12 * 2 * 12
    top = {(pair.first, pair.second): pair.chance for pair in question.pairs}[("a", "b")]
    assert top.lo < 1 / (1 + np.exp(-1.5)) < top.hi


def test_every_vote_is_counted_once_for_each_side(score):
    (question,) = score.questions
    assert sum(one.won for one in question.methods) == sum(one.lost for one in question.methods)
    assert sum(pair.won + pair.tied + pair.lost for pair in question.pairs) == 36 * 12
    mean = sum(one.share.value for one in question.methods) / 3
    assert mean == pytest.approx(0.5)


def test_a_metric_that_sees_what_raters_see_correlates_and_noise_does_not(score):
    of_key = {one.key: one.correlation for one in score.questions[0].metrics}
    assert of_key[LIMB].lo > 0.5
    assert of_key[F1].lo < 0 < of_key[F1].hi
    assert of_key[LIMB].n == 36


def test_fair_raters_show_no_side_bias_and_leaning_ones_do(key, score, tmp_path):
    left = score.questions[0].left
    assert left.lo < 0.5 < left.hi
    leaning = [simulate(key, f"r{n:02d}", strengths=STRONG, left=0.35) for n in range(10)]
    for file in leaning:  # they lean, but see what a catch trial shows
        for vote in file["votes"]:
            trial = next(t for t in key.trials if t.id == vote["trial"])
            if trial.kind == "catch":
                right = trial.items[trial.shows.index("right")]
                vote["answer"] = "left" if vote["left"] == right else "right"
    scored = score_study(key, read_votes(write_votes(tmp_path, leaning), key))
    assert scored.kept == 10
    assert scored.questions[0].left.lo > 0.52


def test_raters_without_an_opinion_neither_agree_nor_repeat_themselves_more_than_by_chance(tmp_path):
    key = made_key(("a", "b"), clips=30, repeats=30)
    files = [simulate(key, f"r{n}", strengths={"a": 0.0, "b": 0.0}, tie=1.0) for n in range(10)]
    (question,) = score_study(key, read_votes(write_votes(tmp_path, files), key)).questions
    assert question.alpha.lo < 0.03
    assert abs(question.alpha.value) < 0.05
    assert question.same_again.lo < question.same_by_chance < question.same_again.hi
    assert question.pairs[0].chance.lo < 0.5 < question.pairs[0].chance.hi


def test_raters_with_one_opinion_agree_and_repeat_themselves(tmp_path):
    key = made_key(("a", "b"), repeats=12)
    files = [simulate(key, f"r{n}", strengths={"a": 9.0, "b": -9.0}, tie=0.0) for n in range(9)]
    (question,) = score_study(key, read_votes(write_votes(tmp_path, files), key)).questions
    assert question.alpha.value == pytest.approx(1)
    assert question.same_again.value == 1
    assert question.ties.value == 0
    assert question.methods[0].won == 9 * 12
    assert np.isfinite(question.methods[0].strength.value)


def test_few_raters_or_motions_give_no_intervals_and_the_reason(tmp_path):
    key = made_key(("a", "b"))
    files = [simulate(key, f"r{n}", strengths={"a": 1.0, "b": 0.0}) for n in range(3)]
    score = score_study(key, read_votes(write_votes(tmp_path, files), key))
    assert score.note == "no intervals: 3 raters and 12 motions, at least 8 of each are needed"
    (question,) = score.questions
    assert question.methods[0].strength.value is not None
    assert question.methods[0].strength.lo is None


def test_questions_are_scored_apart(tmp_path):
    key = made_key(("a", "b"), questions=(MEANING, Question(id="natural", text="Which?")))
    files = [simulate(key, f"r{n}", strengths={"a": 4.0, "b": -4.0}) for n in range(8)]
    for file in files:  # on the second question they prefer the other one
        for vote in file["votes"]:
            if vote["question"] == "natural":
                vote["answer"] = {"left": "right", "right": "left", "same": "same"}[vote["answer"]]
    meaning, natural = score_study(key, read_votes(write_votes(tmp_path, files), key)).questions
    assert (meaning.methods[0].method, natural.methods[0].method) == ("a", "b")


def test_every_problem_of_every_file_is_named_at_once(key, tmp_path):
    fine = simulate(key, "r0", strengths=STRONG)
    wrong = json.loads(json.dumps(simulate(key, "r1", strengths=STRONG)))
    first, second, third, fourth, fifth = wrong["votes"][:5]
    first["trial"], second["question"], third["answer"], fourth["left"] = "t9999", "meening", "up", "elsewhere"
    wrong["votes"].append(dict(fifth))
    paths = write_votes(tmp_path, [fine, wrong, simulate(key, "r2", strengths=STRONG) | {"study": "other"}])
    (tmp_path / "copy.json").write_text(json.dumps(fine))
    (tmp_path / "human.json").write_text(json.dumps(simulate(key, "r3", strengths=STRONG) | {"simulated": False}))
    (tmp_path / "text.json").write_text("votes")
    (tmp_path / "list.json").write_text("[]")
    (tmp_path / "bare.json").write_text('{"format": "retargetbench-votes/1"}')
    with pytest.raises(BadVotes) as caught:
        read_votes([tmp_path, tmp_path / "nowhere.json", paths[0]], key)
    rules = [problem.rule for problem in caught.value.problems]
    assert set(rules) == {f"V00{n}" for n in range(1, 10)}
    assert rules.count("V005") == 2
    assert "Did you mean 'meaning'?" in str(caught.value)


def test_a_key_that_was_changed_after_the_study_was_made_is_refused(key, tmp_path):
    folder = write_study(tmp_path / "study", key)
    assert read_key(folder) == key
    changed = tmp_path / "study.key.json"
    changed.write_text(changed.read_text().replace('"catches_needed": 7', '"catches_needed": 2'))
    with pytest.raises(BadStudy, match="is not the key that"):
        read_key(folder)
    with pytest.raises(BadStudy, match="say where it is with --key"):
        read_key(folder, tmp_path / "nowhere.json")
    with pytest.raises(BadStudy, match="give the folder that study make wrote"):
        read_key(tmp_path)
