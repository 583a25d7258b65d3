"""The trainer ``lavimo``, as ``retargetbench train`` finds it. Imports nothing that computes: help comes at once."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..training.counting import Counting
from .settings import Settings


@dataclass(frozen=True)
class Lavimo(Settings):
    """Train the reference retriever LAVIMO: text, video and motion in one space.

    Examples:
        retargetbench data build intents --part train --out build/intents-train
        retargetbench train lavimo render --data build/intents-train
        retargetbench train lavimo
        retargetbench train lavimo --modalities two --name lavimo-two --seed 2
        retargetbench data build intents --part val --out build/intents-val
        retargetbench train lavimo evaluate --data build/intents-val --part val
    """

    def carry_out(self, counting: Counting) -> Mapping[str, Any]:
        """Do it, and return what came out: ``lines`` for people, ``next`` for the next command, and values for JSON.

        Args:
            counting: Makes a counter for progress.

        Raises:
            BenchError: If motions, videos or weights are missing, or a folder belongs to another run.
        """
        from .trainer import evaluate, render, train

        return {"render": render, "train": train, "evaluate": evaluate}[self.action](self, counting)
