"""The trainer ``tiny-vlm``, as ``retargetbench train`` finds it. Imports nothing that computes: help comes at once."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..training.counting import Counting
from .settings import Settings


@dataclass(frozen=True)
class TinyVlm(Settings):
    """Train the built-in judge: a small BLIP-2 and, apart from it, a small CLIP.

    Examples:
        retargetbench train tiny-vlm render --processes 2
        retargetbench train tiny-vlm --steps 8000
        retargetbench train tiny-vlm evaluate
    """

    def carry_out(self, counting: Counting) -> Mapping[str, Any]:
        """Do it, and return what came out: ``lines`` for people, ``next`` for the next command, and values for JSON.

        Args:
            counting: Makes a counter for progress.

        Raises:
            BenchError: If motions, pictures or weights are missing, or a folder belongs to another run.
        """
        from .trainer import evaluate, render, train

        return {"render": render, "train": train, "evaluate": evaluate}[self.action](self, counting)
