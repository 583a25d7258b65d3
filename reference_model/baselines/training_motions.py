"""Where baselines that learn find the motions they learn from."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

from ...datasets.errors import BenchError

if TYPE_CHECKING:
    from ...datasets.intents.motion_shards import SolvedMotion

TRAINING = "INTENTS_TRAINING"
"""Environment variable that names the folder with the training motions: ``data build intents --part train --out``."""


class NoTraining(BenchError):
    """A baseline that learns, without the motions it learns from."""

    rule = "M031"


def training_motions(asking: str) -> "list[SolvedMotion]":
    """Return the motions of training, each on one body: that is enough of them, and takes a fraction of the time.

    Args:
        asking: Name of the baseline, for the message.

    Raises:
        NoTraining: If the environment does not say where they are, or they are not there.
        DamagedData: If a file is missing or changed.
    """
    from ...datasets.intents.motion_shards import read_motions  # only for those that learn

    folder = os.environ.get(TRAINING)
    manifest = Path(folder or "") / "train.manifest.json"
    if not folder or not manifest.is_file():
        found = f"there is no {manifest}" if folder else f"{TRAINING} is not set"
        raise NoTraining(
            f"{asking} learns from training motions, and {found}; make them with `retargetbench data build "
            f"intents --part train --out FOLDER` and set {TRAINING} to that folder (absolute)."
        )
    return list({solved.name: solved for solved in read_motions(manifest)}.values())
