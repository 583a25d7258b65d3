"""A real child process, killed with SIGKILL again and again and restarted by the same command."""

import random
import signal
import subprocess
import sys
import time
from pathlib import Path

from retargetbench.benchmark.submission.check import check_submission

from ..toy import TOY, VARIANTS
from .conftest import tree

KILLS = 20
SEED = 20240607
SLOW = """
def retarget(source, motion, target, *, seed):
    time.sleep(0.01)
    if seed % 16 == 3:
        raise ValueError("never works")
    root = motion.root_translation_m + np.random.default_rng(seed).normal(size=3).astype("f4")
    return Motion(target.skeleton, motion.local_rotations_wxyz, root, motion.fps)
"""


def test_a_run_killed_at_random_points_and_restarted_gives_the_undisturbed_result(plugin, tmp_path):
    path, generator = plugin(SLOW), random.Random(SEED)
    with start(path, tmp_path / "undisturbed", tmp_path) as child:
        assert child.wait() == 1  # some clips fail, always the same ones
    done, kills, interrupted = 0, 0, 0
    while kills < KILLS:
        with start(path, tmp_path / "killed", tmp_path, generator.choice("12")) as child:
            wait_for_progress(child, tmp_path / "killed", done + generator.choice([0, 1, 1, 2, 3]))
            time.sleep(generator.uniform(0, 0.03))
            if child.poll() is None:
                child.send_signal(signal.SIGKILL)
                kills += 1
        now = finished(tmp_path / "killed")
        interrupted += done < now < len(VARIANTS["many"].pairs)
        assert now >= done
        done = now
    assert interrupted >= 5  # kills really fell into the middle of the work
    with start(path, tmp_path / "killed", tmp_path) as child:
        assert child.wait() == 1
    assert tree(tmp_path / "killed") == tree(tmp_path / "undisturbed")
    report = check_submission(tmp_path / "killed", VARIANTS["many"])
    assert not report.problems
    assert report.clips_failed > 0
    wait_until_gone(tmp_path / "temporary")


def start(plugin, out, place, workers="1"):
    temporary = place / "temporary"
    temporary.mkdir(exist_ok=True)
    script = str(Path(__file__).with_name("toy_command.py"))
    words = ["run", "mine", "--plugin", str(plugin), "--track", TOY, "--variant", "many", "--out", str(out)]
    environment = {"PATH": "/usr/bin:/bin", "TMPDIR": str(temporary)}
    return subprocess.Popen(
        [sys.executable, script, *words, "--workers", workers],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def finished(out):
    return len(list((out / "predictions").glob("*.npz")))


def wait_for_progress(child, out, count):
    """Wait until so many predictions are there; a count that is there already kills the child while it starts."""
    while finished(out) < count and child.poll() is None:
        time.sleep(0.002)


def wait_until_gone(folder):
    """The folders of killed methods go with their processes, which notice by themselves that nobody listens."""
    end_s = time.monotonic() + 60
    while list(folder.iterdir()):
        assert time.monotonic() < end_s, list(folder.iterdir())
        time.sleep(0.05)
