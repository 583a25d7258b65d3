import json
import shutil

import pytest

from retargetbench.benchmark.cli.main import main
from retargetbench.leaderboards.rows import read_row, row_text

from ..published_audit import HEADS, verdict_rows
from .toy_track import KEYS

pytestmark = pytest.mark.usefixtures("toy_track")


@pytest.fixture
def result(result_folder, tmp_path):
    """A copy of the result that a test may damage."""
    return shutil.copytree(result_folder, tmp_path / "result")


def submit(result, rows, *more):
    return main(["submit", str(result), "--rows", str(rows), *map(str, more)])


def change(path, old, new):
    text = path.read_text()
    assert text.count(old) >= 1, f"{old} is not in {path.name}"
    path.write_text(text.replace(old, new, 1))


def the_row(rows):
    (found,) = rows.rglob("*.json")
    return found


def test_a_result_becomes_a_row_under_its_track_and_method(result, tmp_path, capsys):
    assert submit(result, tmp_path / "rows") == 0
    path = the_row(tmp_path / "rows")
    assert path.parent == tmp_path / "rows" / "retarget" / "toy" / "copy"
    assert capsys.readouterr().out.strip() == str(path)
    row, samples = read_row(path)
    assert row.result.scores.keys() >= {"all"}
    assert tuple(row.result.scores["all"]) == KEYS
    assert len(samples.samples) == 4
    assert (row.trust.level, row.made_by, row.tolerance) == ("T1", "method", "numerical")
    assert "torch" in row.environment


def test_submitting_twice_writes_the_same_bytes(result, tmp_path):
    submit(result, tmp_path / "a")
    submit(result, tmp_path / "b")
    assert the_row(tmp_path / "a").read_bytes() == the_row(tmp_path / "b").read_bytes()


def test_a_row_has_one_score_per_line(result, tmp_path):
    submit(result, tmp_path / "rows")
    path = the_row(tmp_path / "rows")
    row, _ = read_row(path)
    lines = [line for line in path.read_text().splitlines() if '"value"' in line]
    assert len(lines) == sum(len(scores) for scores in row.result.scores.values())
    assert json.loads(row_text(row)) == json.loads(path.read_text())
    assert path.stat().st_size < 20_000


def test_the_right_predictions_are_scored_again_and_accepted(result, predictions, tmp_path):
    assert submit(result, tmp_path / "rows", "--predictions", predictions) == 0


def test_a_claimed_higher_trust_level_is_not_taken(result, tmp_path):
    change(result / "result.json", '"trust": "T1"', '"trust": "T3"')
    assert submit(result, tmp_path / "rows") == 0
    assert read_row(the_row(tmp_path / "rows"))[0].result.trust == "T1"


def test_a_row_says_which_of_its_metrics_failed_their_audit(result, tmp_path, capsys, published):
    failed = verdict_rows("jerk@1", "failed", "noise_white") + verdict_rows("pen_limb@1", "failed", "penetration")
    published(HEADS + failed + verdict_rows("rotation_error@1", "passed", "arms_swapped"))
    assert submit(result, tmp_path / "rows") == 0
    path = the_row(tmp_path / "rows")
    said = capsys.readouterr()
    assert said.out.strip() == str(path)
    assert "warning: Failed the audit on noise_white (docs/auditing.md): jerk@1." in said.err.splitlines()
    assert json.loads(path.read_text())["warnings"] == {
        "jerk@1": "failed its audit on noise_white (rank correlation 0.41)"
    }
    published()  # a row keeps what was said when it was written
    assert read_row(path)[0].warnings.keys() == {"jerk@1"}
    assert main(["reproduce", str(path), "--numbers-only"]) == 0


def test_a_row_of_metrics_that_nothing_is_said_of_has_no_warnings(result, tmp_path, capsys, published):
    published()
    assert submit(result, tmp_path / "rows") == 0
    assert "warnings" not in json.loads(the_row(tmp_path / "rows").read_text())
    assert "warning" not in capsys.readouterr().err


def refused(result, rows, capsys, *more):
    """Submit, and return what was said; no row may have been written."""
    assert submit(result, rows, *more) == 1
    assert not list(rows.rglob("*.json"))
    return capsys.readouterr().err


def test_a_number_altered_in_a_split_is_named(result, tmp_path, capsys):
    values = json.loads((result / "result.json").read_text())
    split = next(name for name in values["scores"] if name != "all")
    values["scores"][split]["jerk@1"]["value"] *= 0.9
    (result / "result.json").write_text(json.dumps(values))
    said = refused(result, tmp_path / "rows", capsys)
    assert f"[L002] value of jerk@1 of {split} is" in said
    assert "1 problems" in said


def test_a_missing_metric_is_named(result, tmp_path, capsys):
    values = json.loads((result / "result.json").read_text())
    for scores in values["scores"].values():
        del scores["jerk@1"]
    (result / "result.json").write_text(json.dumps(values))
    rows = [line.split(",") for line in (result / "samples.csv").read_text().splitlines()]
    (result / "samples.csv").write_text("".join(",".join(row[:-1]) + "\n" for row in rows))
    assert "the metrics jerk@1 were not scored" in refused(result, tmp_path / "rows", capsys)


def test_other_data_is_refused(result, tmp_path, capsys):
    data = json.loads((result / "result.json").read_text())["data"]
    change(result / "result.json", data, "0" * 64)
    assert "was scored on data 000000000000" in refused(result, tmp_path / "rows", capsys)


def test_a_clip_in_another_split_is_named(result, tmp_path, capsys):
    text = (result / "samples.csv").read_text()
    values = json.loads((result / "result.json").read_text())
    values["scores"]["SC+SM"], values["scores"]["SC+UM"] = values["scores"]["SC+UM"], values["scores"]["SC+SM"]
    (result / "result.json").write_text(json.dumps(values))
    swapped = text.replace("SC+SM", "?").replace("SC+UM", "SC+SM").replace("?", "SC+UM")
    (result / "samples.csv").write_text(swapped)
    said = refused(result, tmp_path / "rows", capsys)
    assert said.count("stands under another split, motion or body") == 2


def test_other_predictions_are_refused(result, predictions, tmp_path, capsys):
    other = shutil.copytree(predictions, tmp_path / "other")
    first, second = sorted((other / "predictions").glob("*.npz"))[:2]
    content = first.read_bytes()
    first.write_bytes(second.read_bytes())
    second.write_bytes(content)
    said = refused(result, tmp_path / "rows", capsys, "--predictions", other)
    assert "holds other predictions" in said


def test_problems_are_printed_as_json_on_demand(result, tmp_path, capsys):
    data = json.loads((result / "result.json").read_text())["data"]
    change(result / "result.json", data, "0" * 64)
    assert submit(result, tmp_path / "rows", "--json") == 1
    said = json.loads(capsys.readouterr().out)
    assert said["row"] is None
    assert len(said["problems"]) == 1
