"""A run: what it writes does not depend on how it was done, and nothing that was finished is lost."""

import csv
import fcntl
import json
import os
import time
from pathlib import Path

import numpy as np
import pytest

from retargetbench.benchmark.running.memory import ProcessTable
from retargetbench.benchmark.running.methods import find_method
from retargetbench.benchmark.running.worker_process import Limits, WorkerProcess
from retargetbench.benchmark.submission.check import check_submission
from retargetbench.datasets.readers.clip_npz import read_clip

from ..toy import TOY, VARIANTS
from .conftest import COPY, tree

SEEDED = """
def retarget(source, motion, target, *, seed):
    root = motion.root_translation_m + np.random.default_rng(seed).normal(size=3).astype("f4")
    return Motion(target.skeleton, motion.local_rotations_wxyz, root, motion.fps)
"""
FAILS_ON_SWAY = """
def retarget(source, motion, target, *, seed):
    if np.ptp(motion.local_rotations_wxyz[:, 20]) < 1e-3:
        raise ValueError("sway")
    return good(source, motion, target)
"""


def test_a_run_is_a_submission_that_passes_the_check(plugin, run_toy, tmp_path):
    code, out, err = run_toy(plugin(COPY), tmp_path / "out", variant="four")
    assert code == 0
    assert "4 of 4 clips predicted" in out
    assert f"Next: retargetbench score {tmp_path / 'out'} --track {TOY}" in err
    assert not check_submission(tmp_path / "out", VARIANTS["four"]).problems
    run = json.loads((tmp_path / "out/run.json").read_text())
    assert run["command"] == f"retargetbench run mine --plugin plugin.py --track {TOY} --variant four --seed 0"
    assert (run["data"], run["clips"], run["shard"]) == (VARIANTS["four"].data_sha256, 4, None)


def test_predictions_are_what_the_method_returned(plugin, run_toy, tmp_path):
    run_toy(plugin(COPY), tmp_path / "out", variant="four")
    clips = VARIANTS["four"]
    for row in csv.DictReader((tmp_path / "out/index.csv").read_text().splitlines()):
        pair = clips.load(row["clip_id"])
        predicted = read_clip(tmp_path / "out" / row["file"], pair.target.skeleton)
        np.testing.assert_allclose(predicted.local_rotations_wxyz, pair.source_motion.local_rotations_wxyz, atol=1e-6)
        scaled = pair.source_motion.root_translation_m * pair.target.height_m / pair.source.height_m
        np.testing.assert_allclose(predicted.root_translation_m, scaled, rtol=1e-5)


def test_neither_the_number_of_processes_nor_a_repetition_changes_a_byte(plugin, run_toy, tmp_path):
    path = plugin(SEEDED)
    run_toy(path, tmp_path / "one", variant="four")
    run_toy(path, tmp_path / "three", "--workers", 3, variant="four")
    before = tree(tmp_path / "one")
    assert len(before) == 7
    assert tree(tmp_path / "three") == before
    code, _, err = run_toy(path, tmp_path / "one", variant="four")
    assert code == 0
    assert "4 of 4 were done before" in err
    assert tree(tmp_path / "one") == before


def test_another_seed_gives_other_predictions_and_every_clip_has_its_own(plugin, run_toy, tmp_path):
    path = plugin(SEEDED)
    run_toy(path, tmp_path / "zero")
    run_toy(path, tmp_path / "one", "--seed", 1)
    zero, one = tree(tmp_path / "zero"), tree(tmp_path / "one")
    assert zero["predictions/00000.npz"] != one["predictions/00000.npz"]
    skeleton = VARIANTS["two"].body("body0").skeleton
    first, second = (read_clip(tmp_path / f"zero/predictions/0000{n}.npz", skeleton) for n in (0, 1))
    shifts = [m.root_translation_m[0] - skeleton.rest_offsets_m[0] for m in (first, second)]
    assert np.abs(shifts[0] - shifts[1]).max() > 0.1


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (["--seed", "7"], "seed 0 there, 7 here"),
        (["--variant", "four"], "variant two there, four here"),
        (["--shard", "1/2"], "shard nothing there, 1/2 here"),
        (["--plugin", "other.py"], "method.code_sha256"),
    ],
)
def test_a_folder_of_another_run_is_refused_and_stays_as_it_is(change, words, plugin, command, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    plugin(COPY)
    plugin(COPY + "\n# changed\n", "other.py")
    words_of = ["run", "mine", "--plugin", "plugin.py", "--track", TOY, "--variant", "two", "--out", "out"]
    assert command(*words_of)[0] == 0
    before = tree(tmp_path / "out")
    replaced = [change[1] if words_of[i - 1] == change[0] else word for i, word in enumerate(words_of)]
    code, _, err = command(*replaced, *(change if change[0] not in words_of else []))
    assert code == 2
    assert "[P004]" in err
    assert words in err
    assert tree(tmp_path / "out") == before


def test_a_folder_with_a_strangers_files_is_refused(plugin, run_toy, tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "out/thesis.tex").write_text("ten years of work")
    code, _, err = run_toy(plugin(COPY), tmp_path / "out")
    assert (code, "[P004]" in err, "thesis.tex" in err) == (2, True, True)
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["thesis.tex"]
    (tmp_path / "file").write_text("x")
    assert "[P004]" in run_toy(plugin(COPY), tmp_path / "file")[2]


def test_two_runs_into_one_folder_at_once_are_refused(plugin, run_toy, tmp_path):
    (tmp_path / "out").mkdir()
    lock = os.open(tmp_path / "out", os.O_RDONLY)
    fcntl.flock(lock, fcntl.LOCK_EX)
    try:
        code, _, err = run_toy(plugin(COPY), tmp_path / "out")
    finally:
        os.close(lock)
    assert (code, "[P005]" in err) == (2, True)
    assert not list((tmp_path / "out").iterdir())


def test_clips_that_failed_are_tried_again_and_the_others_are_not(plugin, run_toy, tmp_path):
    flag = tmp_path / "fixed"
    body = f"""
def retarget(source, motion, target, *, seed):
    if target.height_m < 1.4 and not os.path.exists({str(flag)!r}):
        raise RuntimeError("the licence server is down")
    return good(source, motion, target)
"""
    path = plugin(body)
    assert run_toy(path, tmp_path / "out")[0] == 1
    first = tree(tmp_path / "out")
    assert "failures.csv" in first
    flag.touch()
    code, _, err = run_toy(path, tmp_path / "out")
    assert code == 0
    assert "1 of 2 were done before" in err
    second = tree(tmp_path / "out")
    assert second["predictions/00000.npz"] == first["predictions/00000.npz"]
    assert set(second) == {*first, "predictions/00001.npz"} - {"failures.csv"}


def test_a_process_is_restarted_after_a_failure_and_knows_nothing_of_the_one_before(plugin, run_toy, tmp_path):
    body = """
calls = []
def retarget(source, motion, target, *, seed):
    calls.append(1)
    if len(calls) == 2:
        raise ValueError("spoilt")
    return good(source, motion, target)
"""
    code, out, _ = run_toy(plugin(body), tmp_path / "out", "--json", variant="four")
    answer = json.loads(out)
    assert code == 1
    assert answer["predicted"] == 2
    assert [f["clip_id"] for f in answer["failures"]] == [
        "retarget/toy/sway1/body1>body0",
        "retarget/toy/touch0/body1>body0",
    ]


def test_ground_truth_is_the_last_solution_and_sees_no_method(command, tmp_path):
    words = ["--track", TOY, "--variant", "four", "--out", tmp_path / "out"]
    assert command("run", "oracle:ground-truth", *words)[0] == 0
    pair = VARIANTS["four"].load("retarget/toy/touch0/body0>body1")
    predicted = read_clip(tmp_path / "out/predictions/00002.npz", pair.target.skeleton)
    np.testing.assert_allclose(predicted.local_rotations_wxyz, pair.ground_truths[-1].local_rotations_wxyz, atol=1e-6)
    assert np.abs(predicted.local_rotations_wxyz - pair.ground_truths[0].local_rotations_wxyz).max() > 0.01
    assert 'name = "oracle:ground-truth"' in (tmp_path / "out/method.toml").read_text()


@pytest.mark.parametrize(
    ("words", "rule", "answer"),
    [
        (["cpoy"], "P001", "Did you mean 'copy'"),
        (["my_method.py"], "P002", "--plugin my_method.py"),
        (["mine", "--plugin", "nowhere.py"], "P002", "there is no plug-in file 'nowhere.py'"),
        (["oracle:ground-truth", "--plugin", "nowhere.py"], "P002", "reserved"),
        (["copy", "--shard", "3/2"], "P006", "expected i/n"),
        (["copy", "--shard", "half"], "P006", "expected i/n"),
        (["copy", "--workers", "0"], "P006", "at least 1"),
        (["copy", "--timeout-s", "-1"], "P006", "positive"),
        (["copy", "--memory-gib", "nan"], "P006", "positive"),
        (["copy", "--track", "retarget/toys"], "T001", "retarget/toy"),
        (["copy", "--variant", "tow"], "T002", "Did you mean 'two'"),
        (["oracle:ground-truth", "--variant", "no-truth"], "P007", "needs right answers"),
    ],
)
def test_a_mistake_in_the_command_is_answered_before_anything_is_written(words, rule, answer, command, tmp_path):
    track = [] if "--track" in words else ["--track", TOY]
    code, out, err = command("run", *words, *track, "--out", tmp_path / "out")
    assert code == 2
    assert f"[{rule}]" in err
    assert answer in err
    assert not out
    assert not (tmp_path / "out").exists()


def test_the_card_of_a_method_becomes_its_method_toml(plugin, run_toy, tmp_path):
    card = "retarget.card = {'name': 'mine', 'version': '2', 'parameters': np.int64(12), 'trained_on': ('AMASS',)}"
    run_toy(plugin(COPY + card), tmp_path / "out")
    assert (tmp_path / "out/method.toml").read_text() == (
        'name = "mine"\nversion = "2"\nparameters = 12\ntrained_on = ["AMASS"]\ntrained_on_metrics = []\n'
    )


def test_a_method_may_import_its_neighbours(plugin, run_toy, tmp_path):
    plugin("SCALE = 1.0", "my_settings.py")
    assert run_toy(plugin("from my_settings import SCALE\n" + COPY), tmp_path / "out")[0] == 0


def test_no_process_and_no_folder_of_a_method_is_left_behind(plugin, run_toy, tmp_path, monkeypatch):
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setenv("TMPDIR", str(temporary))
    pids = tmp_path / "pids"
    body = f"""
import subprocess
def retarget(source, motion, target, *, seed):
    child = subprocess.Popen(["sleep", "600"])
    with open({str(pids)!r}, "a") as stream:
        stream.write(f"{{os.getpid()}} {{child.pid}} ")
    if target.height_m < 1.4:
        time.sleep(600)
    return good(source, motion, target)
"""
    run_toy(plugin(body), tmp_path / "out", "--timeout-s", 1)
    assert not list(temporary.iterdir())
    started = [int(pid) for pid in pids.read_text().split()]
    assert len(started) == 4
    end_s = time.monotonic() + 20  # a killed process may need a moment to go
    while any(_is_alive(pid) for pid in started):
        assert time.monotonic() < end_s
        time.sleep(0.02)


def _is_alive(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


@pytest.mark.parametrize("end", [WorkerProcess.kill, WorkerProcess.close])
def test_a_methods_folder_goes_before_its_process_so_that_a_run_killed_in_between_leaves_none(
    plugin, tmp_path, monkeypatch, end
):
    temporary, left_at_kill, kill_group = tmp_path / "temporary", [], os.killpg

    def kill(group, number):
        left_at_kill.append(list(temporary.iterdir()))
        kill_group(group, number)

    temporary.mkdir()
    monkeypatch.setenv("TMPDIR", str(temporary))
    monkeypatch.setattr(os, "killpg", kill)
    with WorkerProcess(find_method("mine", plugin(COPY)), Limits(), ProcessTable()) as worker:
        assert list(temporary.iterdir())
        end(worker)
    assert left_at_kill
    assert not any(left_at_kill)
