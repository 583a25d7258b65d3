"""A real child process, killed with SIGKILL again and again and restarted by the same command."""

import os
import random
import time

from retargetbench.benchmark.submission.check import check_submission

from ..forker import Forker, Killed
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
    temporary, killed = tmp_path / "temporary", tmp_path / "killed"
    temporary.mkdir()

    def words(out, variant="many", workers="1"):
        run = ["run", "mine", "--plugin", path, "--track", TOY, "--variant", variant, "--out", out]
        return [*run, "--workers", workers]

    with Forker(words(tmp_path / "warm-up", "two"), {"PATH": "/usr/bin:/bin", "TMPDIR": str(temporary)}) as forker:
        undisturbed = forker.run(words(tmp_path / "undisturbed"))
        assert os.waitstatus_to_exitcode(undisturbed) == 1  # some clips fail, always the same ones
        done, kills, interrupted = 0, 0, 0
        while kills < KILLS:
            # A count that is there already kills it while it starts.
            workers, count = generator.choice("12"), done + generator.choice([0, 1, 1, 2, 3])
            moment = Killed(generator.uniform(0, 0.03), str(killed / "predictions"), count)
            kills += os.WIFSIGNALED(forker.run(words(killed, workers=workers), moment))
            now = finished(killed)
            interrupted += done < now < len(VARIANTS["many"].pairs)
            assert now >= done
            done = now
        assert interrupted >= 5  # kills really fell into the middle of the work
        assert os.waitstatus_to_exitcode(forker.run(words(killed))) == 1
    assert tree(killed) == tree(tmp_path / "undisturbed")
    report = check_submission(killed, VARIANTS["many"])
    assert not report.problems
    assert report.clips_failed > 0
    wait_until_gone(temporary)


def finished(out):
    return len(list((out / "predictions").glob("*.npz")))


def wait_until_gone(folder):
    """The folders of killed methods go with their processes, which notice by themselves that nobody listens."""
    end_s = time.monotonic() + 60
    while list(folder.iterdir()):
        assert time.monotonic() < end_s, list(folder.iterdir())
        time.sleep(0.05)
