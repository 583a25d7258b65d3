"""The real command line with one more track; started as a child process: ``python toy_command.py run ...``."""

import sys
from importlib import import_module
from pathlib import Path

from retargetbench.benchmark.cli.main import main
from retargetbench.benchmark.tracks import registry

if __name__ == "__main__":
    sys.path[0] = str(Path(__file__).resolve().parents[1])
    registry.TRACKS = import_module("toy").with_toy_track(registry.TRACKS)
    sys.exit(main())
