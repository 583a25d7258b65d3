import csv
import json
import shutil

import pytest

from retargetbench.benchmark.cli.commands import demo
from retargetbench.benchmark.cli.method_table import print_methods
from retargetbench.benchmark.submission.folder import write_submission
from retargetbench.benchmark.submission.method_card import MethodCard

from ..synthetic import F1, JERK, LIMB, make_run, noisy, write_run
from ..toy import VARIANTS, load_toy

CLIPS = VARIANTS["two"]


@pytest.fixture
def predictions(tmp_path):
    motions = {spec.clip_id: CLIPS.load(spec.clip_id).ground_truths[0] for spec in CLIPS.pairs}
    write_submission(tmp_path / "predictions", MethodCard("exact", "1"), motions)
    return tmp_path / "predictions"


def test_score_prints_result_json_or_a_table_and_names_the_next_command(predictions, tmp_path, command):
    words = ("score", predictions, "--track", "retarget/toy", "--variant", "two", "--out", tmp_path, "--workers", 1)
    code, out, said = command(*words, "--json")
    assert code == 0
    (written,) = tmp_path.rglob("result.json")
    assert json.loads(out) == json.loads(written.read_text())
    assert f"Next: retargetbench compare {written.parent} " in said
    code, out, _ = command(*words)
    assert code == 0
    assert "exact on retarget/toy (two, data " in out
    (line,) = (line for line in out.splitlines() if line.startswith("goal_contact@1"))
    assert line.split() == ["goal_contact@1", "1", "-", "share", "higher", "2"]


def test_score_lists_the_clips_that_stray_from_their_source(predictions, tmp_path, command):
    words = ("score", predictions, "--track", "retarget/toy", "--variant", "two", "--out", tmp_path, "--workers", 1)
    code, out, _ = command(*words, "--against-source")
    assert code == 0
    (folder,) = (written.parent for written in tmp_path.rglob("result.json"))
    rows = list(csv.DictReader((folder / "against_source.csv").read_text().splitlines()))
    assert [row["clip_id"] for row in rows] == sorted(spec.clip_id for spec in CLIPS.pairs)
    straying = [row["clip_id"] for row in rows if row["exceptions"]]
    assert f"{len(straying)} of {len(rows)} clips stray from their source" in out
    assert all(clip_id in out for clip_id in straying)


def test_score_names_every_problem_of_a_bad_submission(predictions, tmp_path, command):
    (predictions / "predictions" / "00000.npz").write_bytes(b"x")
    (predictions / "method.toml").write_text('name = "bad name"\n')
    code, out, said = command("score", predictions, "--track", "retarget/toy", "--variant", "two", "--out", tmp_path)
    assert (code, out) == (2, "")
    assert said.count("error: [") >= 3
    assert "nothing was scored" in said
    assert not list(tmp_path.rglob("result.json"))


@pytest.fixture
def two_results(tmp_path):
    """A result and a worse one."""
    base = write_run(tmp_path / "base", {LIMB: noisy(5, seed=1), F1: noisy(9, seed=2)}, name="base")
    new = write_run(tmp_path / "new", {LIMB: noisy(6, seed=3), F1: noisy(9, seed=4)}, name="new")
    return new, base


def test_compare_prints_every_difference_and_its_json_holds_the_same(two_results, command):
    code, out, said = command("compare", *two_results, "--json")
    answer = json.loads(out)
    assert code == 0
    assert (answer["a"]["method"], answer["b"]["method"], answer["split"]) == ("new", "base", "all")
    rows = {row["key"]: row for row in answer["differences"]}
    assert rows[LIMB]["verdict"] == "worse"
    assert rows[LIMB]["difference"] == pytest.approx(1, abs=0.1)
    assert {"lo", "hi", "p_holm", "effect_size", "smallest_resolved", "unit", "direction", "n"} <= rows[LIMB].keys()
    code, out, _ = command("compare", *two_results, "--metric", LIMB)
    assert (code, LIMB in out, F1 in out) == (0, True, False)
    assert "Next: retargetbench gate" in said


def test_gate_exits_with_one_when_something_failed_and_zero_when_not(two_results, command):
    new, base = two_results
    code, out, _ = command("gate", new, "--base", base, "--tol", "pen_limb=2%", "--tol", "goal_f1=0;")
    assert code == 1
    assert "pen_limb@1: the clips that became worse most" in out
    assert out.splitlines()[-1] == "FAILED: pen_limb@1"
    code, out, _ = command("gate", new, "--base", base, "--tol", "pen_limb=50%", "--json")
    answer = json.loads(out)
    assert (code, answer["passed"]) == (0, True)
    assert answer["metrics"][0]["difference"]["key"] == LIMB
    code, out, _ = command("gate", new, "--base", base, "--json")
    answer = json.loads(out)
    assert (code, answer["passed"]) == (1, False)
    assert [row["outcome"] for row in answer["metrics"]] == ["failed", "passed"]
    assert len(answer["metrics"][0]["worst_clips"]) == 5


def test_a_table_of_methods_marks_floors_and_ceilings_and_ranks_the_rest(tmp_path, capsys):
    means = {"oracle:ground-truth": 0.0, "rest-pose": 0.0, "good": 1.0, "as-good": 1.0, "bad": 5.0}
    runs = [
        make_run(
            tmp_path / str(i),
            {F1: noisy(9 - mean if name != "rest-pose" else 0, seed=i), JERK: noisy(mean, seed=9 + i)},
            name=name,
        )
        for i, (name, mean) in enumerate(means.items())
    ]
    print_methods(runs)
    lines = capsys.readouterr().out.splitlines()
    heads = lines[0].split()
    assert (heads[1], heads[-1]) == ("oracle:ground-truth", "rest-pose")
    assert lines[2].split() == ["ceiling", "floor"]
    by_metric = {line.split()[0]: line for line in lines}
    assert [by_metric[JERK].count(f"#{rank}") for rank in (1, 2, 3)] == [2, 0, 1]
    assert [by_metric[F1].count(f"#{rank}") for rank in (1, 2, 3, 4)] == [2, 0, 1, 1]
    assert ".." in lines[4]


def test_demo_writes_predictions_results_and_report_and_its_rows_are_the_results(tmp_path, command, monkeypatch):
    monkeypatch.setattr(demo, "METHODS", ("oracle:ground-truth",))
    monkeypatch.setattr(demo, "open_track", lambda track, variant: load_toy("two"))
    out_folder = tmp_path / "demo"
    code, out, said = command("demo", "--no-judge", "--out", out_folder, "--workers", 1, "--json")
    answer = json.loads(out)
    assert code == 0
    assert answer["track"] == "retarget/intents"
    written = [json.loads(path.read_text()) for path in out_folder.rglob("result.json")]
    assert answer["rows"] == written
    assert answer["rows"][0]["method"]["name"] == "oracle:ground-truth"
    assert (out_folder / "report.html").read_text().startswith("<!doctype html>")
    assert "Next: retargetbench run" in said
    again = command("demo", "--no-judge", "--out", out_folder, "--workers", 1)
    assert again[0] == 0
    assert "oracle:ground-truth" in again[1]
    assert "2 of them done before" in again[2]
    shutil.rmtree(out_folder / "results")
    (out_folder / "predictions" / "oracle-ground-truth" / "run.json").write_text("{}")
    assert "are made again" in command("demo", "--no-judge", "--out", out_folder, "--workers", 1)[2]
