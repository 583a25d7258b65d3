"""Keep what was solved of training, so that it can be posed again.

``python -m retargetbench.datasets.intents.bake.solved build/intents-train`` adds to the package's data what a folder of
``data build intents --part train`` holds.
"""

import logging
import sys
from pathlib import Path

from ..motion_build import SHARD_MOTIONS, plan_shards
from ..solutions import collect


def keep_solved(folder: Path) -> list[Path]:
    """Add what a folder holds to the package's data, and return the files that were written."""
    count = SHARD_MOTIONS * len(list(folder.glob("train-*.npz")))
    jobs = [shard.jobs for shard in plan_shards(folder, "train", count)]
    return collect(folder, Path(__file__).parents[1] / "data" / "solved", jobs)


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    for path in keep_solved(Path(sys.argv[1])):
        logging.info("%s: %d bytes", path, path.stat().st_size)
