import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from retargetbench.benchmark.submission.folder import write_submission
from retargetbench.benchmark.submission.method_card import MethodCard

from ..metrics.semantics import tiny_judges
from .toy import ToyClips

KILLS = 20
CLIPS = ToyClips()
HERE = Path(__file__).parent


class Forker:
    """The command line in children that can be killed: ``run(words, after_s)`` gives the exit status."""

    def __init__(self, warm_up):
        self._process = subprocess.Popen(
            [sys.executable, HERE / "score_forker.py"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self._send(warm_up)
        assert self._process.stdout.readline() == "ready\n"

    def _send(self, words):
        self._process.stdin.write(json.dumps([str(word) for word in words]) + "\n")
        self._process.stdin.flush()

    def run(self, words, after_s=None):
        self._send(words)
        child = int(self._process.stdout.readline())
        if after_s is not None:
            time.sleep(after_s)
            os.kill(child, signal.SIGKILL)  # one that has ended is still there: nobody has read its status
        self._process.stdin.write("\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())

    def close(self):
        self._process.stdin.close()
        self._process.wait(timeout=30)
        self._process.stdout.close()


@pytest.fixture
def predictions(tmp_path):
    motions = {spec.clip_id: CLIPS.load(spec.clip_id).ground_truths[1] for spec in CLIPS.pairs}
    write_submission(tmp_path / "predictions", MethodCard("alternative", "1"), motions)
    return tmp_path / "predictions"


def records(out):
    """The two records that must not differ, and nothing may lie beside them and run.json."""
    (folder,) = (path.parent for path in out.rglob("result.json"))
    assert sorted(path.name for path in folder.iterdir()) == ["result.json", "run.json", "samples.csv"]
    return (folder / "result.json").read_bytes(), (folder / "samples.csv").read_bytes()


@pytest.fixture(params=["geometry", "judged"])
def extra(request, tmp_path):
    """What is asked for besides geometry: nothing, or a judge."""
    if request.param == "geometry":
        return []
    return ["--judge", "clip", "--judge-folder", tiny_judges.save_clip(tmp_path / "small-clip")]


def test_killed_at_random_moments_the_same_command_gives_the_undisturbed_result(predictions, tmp_path, extra):
    def words(out):
        return ["score", predictions, "--track", "retarget/toy", "--out", tmp_path / out, "--workers", "1", *extra]

    forker, enough = Forker(words("warm-up")), KILLS // 2 if extra else KILLS
    try:
        begin = time.monotonic()
        assert forker.run(words("undisturbed")) == 0
        whole_s = time.monotonic() - begin
        undisturbed = records(tmp_path / "undisturbed")
        assert (b"small-clip~" in undisturbed[1]) == bool(extra)
        moments, kills, finished = random.Random(7), 0, 0
        while kills < enough:
            status = forker.run(words("disturbed"), after_s=moments.uniform(0, whole_s))
            if os.WIFSIGNALED(status):
                kills += 1
            else:  # it was faster than the kill: what it wrote must be whole; then begin anew
                assert os.waitstatus_to_exitcode(status) == 0
                assert records(tmp_path / "disturbed") == undisturbed
                shutil.rmtree(tmp_path / "disturbed")
                finished += 1
        assert forker.run(words("disturbed")) == 0
        assert records(tmp_path / "disturbed") == undisturbed
    finally:
        forker.close()


def children_of(pid):
    """Living processes whose parent is ``pid``."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if fields[1] == str(pid) and fields[0] != "Z":
                found.append(int(entry.name))
    return found


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="needs /proc to see the workers")
def test_workers_of_a_killed_scoring_do_not_outlive_it(predictions, tmp_path):
    words = ["score", predictions, "--track", "retarget/toy", "--out", tmp_path / "results", "--workers", "2"]
    command = [sys.executable, HERE / "running" / "toy_command.py", *words]
    scoring = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    workers = []
    while scoring.poll() is None and len(workers) < 3:  # two workers and multiprocessing's resource tracker
        time.sleep(0.02)
        workers = children_of(scoring.pid)
    assert len(workers) >= 2
    scoring.kill()
    scoring.wait()
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and any(Path(f"/proc/{worker}").exists() for worker in workers):
        time.sleep(0.05)
    assert not [worker for worker in workers if Path(f"/proc/{worker}").exists()]
