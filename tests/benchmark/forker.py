"""Command lines that can be killed again and again: a process that has everything imported forks a child for each.

Run as a script it reads a JSON object per line, ``Killed`` with the words, and answers with the child's exit status.
"""

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from importlib import import_module
from pathlib import Path


@dataclass(frozen=True)
class Killed:
    """When a child is killed: so long after a folder holds so many files (or at once), unless it has ended before."""

    after_s: float
    folder: str = ""
    files: int = 0

    def is_due(self):
        return not self.folder or len(list(Path(self.folder).glob("*.npz"))) >= self.files


class Forker:
    """The command line on the toy track in children: ``run(words, Killed(...))`` gives the exit status."""

    def __init__(self, warm_up, env=None):
        self._process = subprocess.Popen(
            [sys.executable, __file__], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=env
        )
        self._ask({"words": [str(word) for word in warm_up]})

    def _ask(self, request):
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())

    def run(self, words, killed=None):
        return self._ask({"words": [str(word) for word in words], "killed": killed and asdict(killed)})

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._process.stdin.close()
        self._process.wait(timeout=300)
        self._process.stdout.close()


def _ended(child):
    """Whether a child has ended; its status can still be read."""
    return os.waitid(os.P_PID, child, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None


def _status(main, words, killed):
    child = os.fork()
    if child == 0:
        os._exit(main(words))
    if killed is not None:
        while not killed.is_due() and not _ended(child):
            time.sleep(0.002)
        time.sleep(killed.after_s)
        os.kill(child, signal.SIGKILL)  # one that has ended is still there: nobody has read its status
    return os.waitpid(child, 0)[1]


def _serve(main):
    answers = sys.stdout
    sys.stdout = sys.stderr = Path(os.devnull).open("w")  # noqa: SIM115
    print(main(json.loads(sys.stdin.readline())["words"]), file=answers, flush=True)  # loads and compiles everything
    for line in sys.stdin:
        request = json.loads(line)
        killed = request["killed"] and Killed(**request["killed"])
        print(_status(main, request["words"], killed), file=answers, flush=True)


if __name__ == "__main__":
    from retargetbench.benchmark.cli.main import main
    from retargetbench.benchmark.tracks import registry

    sys.path[0] = str(Path(__file__).resolve().parent)
    registry.TRACKS = import_module("toy").with_toy_track(registry.TRACKS)
    _serve(main)
