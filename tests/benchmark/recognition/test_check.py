"""A folder of class scores or rankings: what is wrong is said at once, by rule, with the nearest names."""

import shutil

import numpy as np
import pytest

from retargetbench.benchmark.recognition.check import check_classes
from retargetbench.benchmark.recognition.errors import CLASS_RULES, WrongScores
from retargetbench.benchmark.recognition.folder import write_scores
from retargetbench.benchmark.submission.method_card import MethodCard

from .toy_classes import CLASSES, COUNT, load, scores

CARD = MethodCard("mine", "1.0", parameters=0)
RANKED = ["id,1,2", *(f"{name},{CLASSES[n % 5]},wave" for n, name in enumerate(load().ids))]


@pytest.fixture
def folder(tmp_path):
    write_scores(tmp_path / "mine", CARD, load(), scores())
    return tmp_path / "mine"


def problems(folder):
    return check_classes(folder, load()).problems


def rewrite(folder, change, name="scores.csv"):
    """Change the lines of a table."""
    lines = (folder / name).read_text().splitlines()
    (folder / name).write_text("".join(f"{line}\n" for line in change(lines)))


def ranked(folder, lines):
    (folder / "scores.csv").unlink(missing_ok=True)
    (folder / "ranking.csv").write_text("\n".join(lines) + "\n")


@pytest.mark.parametrize("kind", ["f2", "f4", "f8"])
def test_what_was_written_is_read_to_the_last_bit(tmp_path, kind):
    write_scores(tmp_path / "mine", CARD, load(), scores(kind=kind))
    report = check_classes(tmp_path / "mine", load())
    assert (report.problems, report.card, report.counts, report.failed) == ((), CARD, {"motion": COUNT}, 0)
    np.testing.assert_array_equal(report.submission.scores.astype(kind), scores(kind=kind))


def test_an_archive_and_other_orders_of_lines_and_columns_are_the_same_submission(folder, tmp_path):
    before = check_classes(folder, load()).submission.predictions_sha256()
    shutil.make_archive(str(tmp_path / "packed"), "zip", folder.parent, folder.name)
    assert check_classes(tmp_path / "packed.zip", load()).submission.predictions_sha256() == before
    rewrite(folder, lambda lines: [lines[0], *lines[:0:-1]])
    rewrite(folder, lambda lines: [",".join([row.split(",")[0], *row.split(",")[:0:-1]]) for row in lines])
    assert check_classes(folder, load()).submission.predictions_sha256() == before


def test_a_ranking_scores_its_classes_by_rank_and_the_others_alike(folder):
    ranked(folder, RANKED)
    report = check_classes(folder, load())
    assert report.problems == ()
    assert report.submission.scores[0].tolist() == [6, 0, 0, 0, 0, 5]
    ranked(folder, [*RANKED[:-1], f"{load().ids[-1]},bow,"])  # an empty cell at the end is no answer
    assert check_classes(folder, load()).submission.scores[-1].tolist() == [6, 0, 0, 0, 0, 0]


def spoil(place, column, cell):
    """Put a cell into a line of a table."""

    def change(lines):
        cells = lines[place].split(",")
        cells[column] = cell
        return [*lines[:place], ",".join(cells), *lines[place + 1 :]]

    return change


WRONG_SCORES = {
    "an unknown class": ("S031", spoil(0, 2, "hopp")),
    "a missing class": ("S031", lambda lines: [line.rpartition(",")[0] for line in lines]),
    "a class twice": ("S031", spoil(0, 2, "bow")),
    "no column of ids": ("S011", spoil(0, 0, "clip_id")),
    "no number": ("S032", spoil(3, 2, "much")),
    "NaN": ("S032", spoil(3, 2, "nan")),
    "infinity": ("S032", spoil(3, 2, "inf")),
    "a cell too few": ("S012", lambda lines: [*lines[:-1], lines[-1].rpartition(",")[0]]),
    "no id": ("S012", spoil(3, 0, "")),
    "a motion twice": ("S015", lambda lines: [*lines, lines[-1]]),
    "an unknown motion": ("S016", spoil(-1, 0, "002x")),
    "a missing motion": ("S017", lambda lines: lines[:-1]),
    "nothing": ("S011", lambda lines: []),
}


@pytest.mark.parametrize("name", WRONG_SCORES)
def test_wrong_scores_are_answered_with_their_rule(folder, name):
    rule, change = WRONG_SCORES[name]
    rewrite(folder, change)
    assert rule in {problem.rule for problem in problems(folder)}


WRONG_RANKINGS = {
    "an unknown class": ("S031", spoil(1, 1, "hopp")),
    "a class twice": ("S031", spoil(1, 1, "wave")),
    "a gap": ("S031", spoil(1, 1, "")),
    "other columns": ("S011", spoil(0, 1, "first")),
    "a cell too many": ("S012", lambda lines: [*lines[:-1], lines[-1] + ",sit"]),
    "a motion twice": ("S015", lambda lines: [*lines, lines[-1]]),
    "a missing motion": ("S017", lambda lines: lines[:-1]),
}


@pytest.mark.parametrize("name", WRONG_RANKINGS)
def test_wrong_rankings_are_answered_with_their_rule(folder, name):
    rule, change = WRONG_RANKINGS[name]
    ranked(folder, change(RANKED))
    assert rule in {problem.rule for problem in problems(folder)}


def test_every_problem_is_named_at_once_with_the_nearest_names_and_nothing_harmful_is_printed(folder):
    rewrite(folder, spoil(0, 2, "hopp"))
    (folder / "method.toml").write_text('name = "x"\ncolour = "\\u001b[31m"\n')
    (folder / "failures.csv").write_text("clip_id,rule,message\n00\x1b7,mine,no\n")
    (folder / "ranking.csv").write_text("")
    found = problems(folder)
    assert {problem.rule for problem in found} >= {"S007", "S008", "S016", "S031", "S033"}
    assert "no class 'hopp'. Did you mean 'hop'?" in " ".join(map(str, found))
    assert all(str(problem).isprintable() for problem in found)


def test_every_rule_of_classes_has_an_example_here():
    assert CLASS_RULES.keys() - {"S033"} <= {rule for rule, _ in [*WRONG_SCORES.values(), *WRONG_RANKINGS.values()]}


@pytest.mark.parametrize("missing", ["method.toml", "scores.csv"])
def test_a_missing_file_is_named(folder, missing):
    (folder / missing).unlink()
    assert [(p.rule, p.where) for p in problems(folder)] == [("S005", missing)]


def test_without_a_table_both_that_could_be_there_are_named(folder):
    (folder / "scores.csv").unlink()
    assert "scores.csv or ranking.csv is missing" in str(problems(folder)[0])
    (folder / "method.toml").unlink()
    assert "expected method.toml and scores.csv or ranking.csv" in str(problems(folder)[0])


def test_motions_on_which_a_method_failed_are_declared_and_counted(tmp_path):
    given = scores()
    given[3, 2] = np.nan
    write_scores(tmp_path / "mine", CARD, load(), given)
    report = check_classes(tmp_path / "mine", load())
    assert (report.problems, report.failed, report.counts) == ((), 1, {"motion": COUNT - 1})
    assert np.isnan(report.submission.scores[3]).all()
    rewrite(tmp_path / "mine", lambda lines: [*lines, lines[1].replace(load().ids[0], load().ids[3])])
    assert [problem.rule for problem in problems(tmp_path / "mine")] == ["S015"]


def test_scores_of_another_shape_are_refused_before_a_folder_is_there(tmp_path):
    with pytest.raises(WrongScores, match=r"are \[39, 6\]; expected \[40, 6\]"):
        write_scores(tmp_path / "mine", CARD, load(), scores()[:39])
    assert not (tmp_path / "mine").exists()
