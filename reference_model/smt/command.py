"""The trainer ``smt``, as ``retargetbench train`` finds it. Imports nothing that computes: help comes at once."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..training.counting import Counting
from .settings import Settings


@dataclass(frozen=True)
class Smt(Settings):
    """Train the reference retargeter SMT.

    Examples:
        retargetbench data build intents --part train --out build/intents-train
        retargetbench train smt --stage 1
        retargetbench train smt --stage 1 --profile code --preset ablation --seed 2
        retargetbench train smt evaluate --stage 1
        retargetbench train smt --stage 2 --judge tiny-blip2
        retargetbench train smt --stage 2 --pair stocky_man belly
    """

    def carry_out(self, counting: Counting) -> Mapping[str, Any]:
        """Do it, and return what came out: ``lines`` for people, ``next`` for the next command, and values for JSON.

        Args:
            counting: Makes a counter for progress.

        Raises:
            BenchError: If motions or weights are missing, or a folder belongs to another run.
        """
        from .trainer import evaluate, train

        return {"train": train, "evaluate": evaluate}[self.action](self, counting)
