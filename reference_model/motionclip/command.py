"""The trainer ``motionclip``, as ``retargetbench train`` finds it. Imports nothing that computes."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..training.counting import Counting
from .settings import Settings


@dataclass(frozen=True)
class MotionClip(Settings):
    """Train MotionCLIP: motions into the space of a CLIP and back.

    Examples:
        retargetbench data build intents --part train --out build/intents-train
        retargetbench train motionclip embed --data build/intents-train
        retargetbench train motionclip --data build/intents-train
        retargetbench train motionclip embed --part test
        retargetbench train motionclip evaluate --part test
        retargetbench train motionclip embed --judge clip:openai/clip-vit-base-patch32 --out build/motionclip-vit
        retargetbench train motionclip --preset paper --device cuda --out build/motionclip-vit
    """

    def carry_out(self, counting: Counting) -> Mapping[str, Any]:
        """Do it, and return what came out: ``lines`` for people, ``next`` for the next command, and values for JSON.

        Args:
            counting: Makes a counter for progress.

        Raises:
            BenchError: If motions, embeddings or weights are missing, or a folder belongs to another run.
        """
        from .trainer import embed, evaluate, train

        return {"embed": embed, "train": train, "evaluate": evaluate}[self.action](self, counting)
