"""A process that has everything imported and forks a child per command line, so that a test can kill many of them.

Reads a JSON list of words per line and answers with the child's pid; reads an empty line and answers with its status.
"""

import json
import os
import sys
from importlib import import_module
from pathlib import Path

from retargetbench.benchmark.cli.main import main
from retargetbench.benchmark.tracks import registry


def serve():
    answers, nowhere = sys.stdout, Path(os.devnull).open("w")  # noqa: SIM115
    sys.stdout = sys.stderr = nowhere
    main(json.loads(sys.stdin.readline()))  # loads and compiles everything
    print("ready", file=answers, flush=True)
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            os._exit(main(json.loads(line)))
        print(child, file=answers, flush=True)
        sys.stdin.readline()
        print(os.waitpid(child, 0)[1], file=answers, flush=True)


if __name__ == "__main__":
    sys.path[0] = str(Path(__file__).resolve().parent)
    registry.TRACKS = import_module("toy").with_toy_track(registry.TRACKS)
    serve()
