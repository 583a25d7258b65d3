"""The trainer ``skeleton-gcn``, as ``retargetbench train`` finds it. Imports nothing that computes."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..training.counting import Counting
from .settings import Settings


@dataclass(frozen=True)
class SkeletonGcn(Settings):
    """Train a graph convolutional network to name the classes of Intents' motions.

    Examples:
        retargetbench data build intents --part train --out build/intents-train
        retargetbench train skeleton-gcn --data build/intents-train
        export SKELETON_GCN=$PWD/build/skeleton-gcn/weights
        retargetbench run skeleton-gcn --track recognition/intents --out runs/skeleton-gcn
    """

    def carry_out(self, counting: Counting) -> Mapping[str, Any]:
        """Do it, and return what came out: ``lines`` for people, ``next`` for the next command, and values for JSON.

        Args:
            counting: Makes a counter for progress.

        Raises:
            BenchError: If motions are missing, are the test's, or the folder belongs to another run.
        """
        from .trainer import train

        return train(self, counting)
