import json
import shutil
from dataclasses import replace

import pytest

from retargetbench.benchmark.cli.main import main
from retargetbench.benchmark.comparison import ScoredRun, load_run
from retargetbench.benchmark.samples import as_written, read_samples, samples_text
from retargetbench.benchmark.summary import summarise
from retargetbench.leaderboards.rows import file_sha256, read_row, row_text, samples_path

pytestmark = pytest.mark.usefixtures("toy_track")


@pytest.fixture
def row(committed_row, tmp_path):
    """A copy of the committed row that a test may damage."""
    path = tmp_path / "row.json"
    shutil.copy(committed_row, path)
    shutil.copy(samples_path(committed_row), samples_path(path))
    return path


def altered(path, change):
    """Change the row's JSON values."""
    values = json.loads(path.read_text())
    change(values)
    path.write_text(json.dumps(values))
    return path


def reproduce(*words):
    return main(["reproduce", *map(str, words), "--workers", "1"])


def test_a_row_holds_when_its_method_is_run_again(row, capsys):
    assert reproduce(row) == 0
    said = capsys.readouterr()
    assert "reproduced" in said.out
    assert "run again: identical predictions, every number within 1e-4" in said.out
    assert "1 of 1 rows hold" in said.err


def test_a_row_holds_when_its_predictions_are_scored_again(row, predictions, capsys):
    assert reproduce(row, "--predictions", predictions.parent) == 0
    assert "its predictions were scored again" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("field", "name"), [("value", "value"), ("lo", "lower end"), ("hi", "upper end"), ("n", "n"), ("unit", "unit")]
)
def test_an_altered_number_is_named(row, field, name, capsys):
    def change(values):
        score = values["result"]["scores"]["all"]["jerk@1"]
        score[field] = "x" if field == "unit" else (score[field] or 1) + 1

    assert reproduce(altered(row, change), "--numbers-only") == 1
    said = capsys.readouterr()
    assert "not reproduced" in said.out
    errors = [line for line in said.err.splitlines() if line.startswith("error")]
    assert len(errors) == 1
    assert f"{name} of jerk@1 of all is" in errors[0]


def test_every_altered_number_gets_its_own_sentence(row, capsys):
    def change(values):
        values["result"]["scores"]["all"]["jerk@1"]["value"] *= 1.001
        values["result"]["scores"]["SC+SM"]["rotation_error@1"]["value"] -= 0.01
        del values["result"]["scores"]["SC+UM"]["floor_penetration@1"]

    assert reproduce(altered(row, change)) == 1
    errors = [line for line in capsys.readouterr().err.splitlines() if line.startswith("error")]
    assert len(errors) == 3
    assert any("rotation_error@1 of SC+SM" in e for e in errors)
    assert any("floor_penetration@1 of SC+UM is missing from the row" in e for e in errors)


def test_an_altered_table_of_clips_is_named(row, capsys):
    table = samples_path(row)
    head, first, *rest = table.read_text().splitlines()
    table.write_text("\n".join([head, first.rpartition(",")[0] + ",1.5", *rest, ""]))
    assert reproduce(row, "--numbers-only") == 1
    said = capsys.readouterr().err
    assert "is not the table of clips that the row was written with" in said
    assert "value of jerk@1 of all is" in said


def test_a_row_forged_together_with_its_clips_is_found_by_scoring_again(row, predictions, capsys):
    forge(row)
    assert reproduce(row, "--numbers-only") == 0
    assert reproduce(row, "--predictions", predictions) == 1
    said = capsys.readouterr().err
    assert "jerk@1 of all is" in said
    assert "rotation_error" not in said


def forge(path):
    """Halve every clip's jerk and make everything in the row agree with it."""
    row, samples = read_row(path)
    rows = [replace(s, values=s.values | {"jerk@1": as_written(s.values["jerk@1"] / 2)}) for s in samples.samples]
    forged = type(samples)(samples.keys, tuple(rows))
    samples_path(path).write_text(samples_text(forged))
    run = ScoredRun(path, row.result, forged)
    scores = summarise(read_samples(samples_path(path)), data=run.result.data)
    result = row.result.model_copy(update={"scores": scores})
    update = {"result": result, "samples_sha256": file_sha256(samples_path(path))}
    path.write_text(row_text(row.model_copy(update=update)))


def test_a_row_of_other_data_cannot_be_reproduced(row, capsys):
    def change(values):
        values["result"]["data"] = "0" * 64

    assert reproduce(altered(row, change)) == 1
    assert "scored on data 000000000000" in capsys.readouterr().err


def test_another_version_and_other_weights_of_the_method_are_named(row, capsys):
    def change(values):
        values["result"]["method"] |= {"version": "9.9", "weights_sha256": "ab" * 32}

    assert reproduce(altered(row, change)) == 1
    said = capsys.readouterr()
    assert "the method here is another one" in said.out
    assert "has version 9.9" in said.err
    assert "has weights abab" in said.err


def test_a_method_that_is_not_installed_needs_its_predictions(row, predictions, capsys):
    def change(values):
        values["result"]["method"]["name"] = "somebodys-method"
        values["made_by"] = "predictions"

    assert reproduce(altered(row, change)) == 1
    assert "name their folder with --predictions" in capsys.readouterr().err
    assert reproduce(row, "--predictions", predictions) == 0


def test_a_reproduced_row_is_confirmed_by_name(row, predictions):
    assert reproduce(row, "--predictions", predictions, "--confirm-as", "A. Reader") == 0
    confirmed, _ = read_row(row)
    assert confirmed.trust.level == confirmed.result.trust == "T2"
    assert confirmed.trust.confirmed[0].by == "A. Reader"
    assert reproduce(row, "--numbers-only") == 0


def test_a_row_that_does_not_hold_is_not_confirmed(row, predictions):
    forge(row)
    before = row.read_bytes()
    assert reproduce(row, "--predictions", predictions, "--confirm-as", "A. Reader") == 1
    assert row.read_bytes() == before


def test_an_invalidated_row_keeps_its_numbers_and_is_not_made_again(row, capsys):
    altered(row, lambda values: values.update(invalidated={"reason": "trained on test clips", "date": "2026-11-21"}))
    assert reproduce(row) == 0
    assert "invalidated: trained on test clips" in capsys.readouterr().out


def test_one_bad_row_stops_no_other(row, tmp_path, capsys):
    (tmp_path / "a.json").write_text("{")
    assert reproduce(tmp_path, "--numbers-only", "--json") == 1
    said = capsys.readouterr()
    verdicts = {v["row"]: v["outcome"] for v in json.loads(said.out)}
    assert verdicts == {str(tmp_path / "a.json"): "not reproduced", str(row): "numbers follow"}
    assert "[L001]" in said.err


def test_a_row_of_a_newer_schema_says_so(row, capsys):
    assert reproduce(altered(row, lambda values: values.update(schema=2))) == 1
    assert "has schema 2, this version reads up to 1" in capsys.readouterr().err


def test_no_rows_named_is_a_mistake(capsys, tmp_path):
    assert reproduce() == 2
    assert "--all" in capsys.readouterr().err
    assert reproduce(tmp_path / "nothing") == 2
    assert "[L001]" in capsys.readouterr().err


def test_the_result_of_the_row_is_the_result_that_was_scored(committed_row, result_folder):
    assert read_row(committed_row)[0].result == load_run(result_folder).result
