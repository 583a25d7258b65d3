"""Where baselines that learn find the motions they learn from, and how their cards name the version of these."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...datasets.errors import BenchError
from ...datasets.manifest import read_manifest
from .cards import intents_motions, method_card

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

    return list({solved.name: solved for solved in read_motions(_manifest(asking))}.values())


def trained_card(name: str) -> Mapping[str, Any]:
    """Return the card of a baseline that learns, with the version of what it learns from.

    The card is part of what a run is: one that was begun with a build of the motions is not continued with another.

    Args:
        name: Of the baseline.

    Raises:
        NoTraining: If the environment does not say where the motions are, or they are not there.
        BadManifest: If their manifest cannot be read.
    """
    data = read_manifest(_manifest(name), verify=False).sha256
    trained_on = f"{intents_motions('train')}, one body of each, data {data[:12]}"
    return method_card(name, "1", parameters=None, trained_on=(trained_on,))


def _manifest(asking: str) -> Path:
    folder = os.environ.get(TRAINING)
    manifest = Path(folder or "") / "train.manifest.json"
    if not folder or not manifest.is_file():
        found = f"there is no {manifest}" if folder else f"{TRAINING} is not set"
        raise NoTraining(
            f"{asking} learns from training motions, and {found}; make them with `retargetbench data build "
            f"intents --part train --out FOLDER` and set {TRAINING} to that folder (absolute)."
        )
    return manifest
