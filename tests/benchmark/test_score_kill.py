import os
import random
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from retargetbench.benchmark.submission.folder import write_submission
from retargetbench.benchmark.submission.method_card import MethodCard

from ..metrics.semantics import tiny_judges
from .forker import Forker, Killed
from .toy import ToyClips

KILLS = 20
CLIPS = ToyClips()
HERE = Path(__file__).parent


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

    enough = KILLS // 2 if extra else KILLS
    with Forker(words("warm-up")) as forker:
        begin = time.monotonic()
        assert forker.run(words("undisturbed")) == 0
        whole_s = time.monotonic() - begin
        undisturbed = records(tmp_path / "undisturbed")
        assert (b"small-clip~" in undisturbed[1]) == bool(extra)
        moments, kills = random.Random(7), 0
        while kills < enough:
            status = forker.run(words("disturbed"), Killed(moments.uniform(0, whole_s)))
            if os.WIFSIGNALED(status):
                kills += 1
            else:  # it was faster than the kill: what it wrote must be whole; then begin anew
                assert os.waitstatus_to_exitcode(status) == 0
                assert records(tmp_path / "disturbed") == undisturbed
                shutil.rmtree(tmp_path / "disturbed")
        assert forker.run(words("disturbed")) == 0
        assert records(tmp_path / "disturbed") == undisturbed


def processes_below(pid):
    """Living processes that ``pid`` began, and those that they began."""
    parents = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if fields[0] != "Z":
                parents[int(entry.name)] = int(fields[1])
    found = [pid]
    for known in found:  # grows as it is read
        found += [child for child, parent in parents.items() if parent == known]
    return found[1:]


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="needs /proc to see the workers")
def test_workers_of_a_killed_scoring_do_not_outlive_it(predictions, tmp_path):
    words = ["score", predictions, "--track", "retarget/toy", "--out", tmp_path / "results", "--workers", "2"]
    command = [sys.executable, HERE / "running" / "toy_command.py", *words]
    scoring = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    workers = []
    while scoring.poll() is None and len(workers) < 4:  # two workers, their server, multiprocessing's resource tracker
        time.sleep(0.02)
        workers = processes_below(scoring.pid)
    assert len(workers) == 4
    scoring.kill()
    scoring.wait()
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and any(Path(f"/proc/{worker}").exists() for worker in workers):
        time.sleep(0.05)
    assert not [worker for worker in workers if Path(f"/proc/{worker}").exists()]
