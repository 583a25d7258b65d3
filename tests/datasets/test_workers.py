"""Worker processes: what they are given, and how they end."""

import math
import os
import signal
import subprocess
import sys
import time

import pytest

from retargetbench.datasets.workers import spread, start_workers

LIGHT = ()
"""Nothing beside torch."""


@pytest.mark.parametrize("processes", [1, 2])
def test_each_job_comes_back_with_its_own_result(processes):
    assert dict(spread(math.isqrt, [1, 4, 9, 16], processes, LIGHT)) == {1: 1, 4: 2, 9: 3, 16: 4}


@pytest.mark.parametrize("processes", [1, 2])
def test_a_mistake_in_a_job_is_told_to_whoever_asked(processes):
    with pytest.raises(ValueError, match="nonnegative"):
        list(spread(math.isqrt, [-3, -4], processes, LIGHT))


def test_workers_are_other_processes_with_the_environment_of_now(monkeypatch):
    name = "RETARGETBENCH_TEST"
    for value in (None, "now"):
        if value is not None:
            monkeypatch.setenv(name, value)
        with start_workers(1, LIGHT) as pool:
            assert pool.submit(os.getenv, name).result() == value
            assert pool.submit(os.getpid).result() != os.getpid()


PARENT = """
import sys, time
from retargetbench.datasets.workers import start_workers
pool = start_workers(1, [])
import os
print(pool.submit(os.getpid).result(), flush=True)
pool.submit(time.sleep, 60)
time.sleep(60)
"""


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
def test_a_worker_ends_with_the_process_that_began_it(how):
    with subprocess.Popen(
        [sys.executable, "-c", PARENT], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, start_new_session=True
    ) as parent:
        assert parent.stdout is not None
        worker = int(parent.stdout.readline())
        (os.killpg if how == signal.SIGINT else os.kill)(parent.pid, how)
    deadline = time.monotonic() + 60
    while _lives(worker) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not _lives(worker)


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_a_worker_begins_as_it_is_told():
    with start_workers(1, LIGHT, os.putenv, ("RETARGETBENCH_TEST", "begun")) as pool:
        shown = pool.submit(subprocess.getoutput, "echo $RETARGETBENCH_TEST")
        assert shown.result() == "begun"
