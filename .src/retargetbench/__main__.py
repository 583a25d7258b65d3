"""``python -m retargetbench`` is the command ``retargetbench``."""

import sys

from retargetbench.benchmark.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
