"""``smt-pair``, the paper's per-pair mode as a method: a network for each pair of characters it was tuned to."""

import hashlib
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

from ...datasets.body import Character, Motion
from .errors import UnknownPair
from .method import TRAINED_ON, VERSION, SmtMethod
from .weights import SMT_WEIGHTS, pair_folders, shipped_weights

_ALIKE = 0.004
"""Over height: how much the shapes of one character may differ between a file's readings."""


class SmtPairMethod:
    """Networks of stage 2, each for one source and one target.

    A pair is known by the two characters' shapes (``Rig.shape``), not by names: a benchmark may hide those.
    """

    def __init__(self, name: str, folder: Path | None = None) -> None:
        """Make the method; nothing is loaded yet.

        Args:
            name: Its id in tables, and that of its weights.
            folder: With a folder of weights per pair; ``None``: those of this package.
        """
        self.name, self._folder = name, folder

    @cached_property
    def card(self) -> Mapping[str, Any]:
        """What a results table says of it; the hash is over all pairs' weights.

        Raises:
            NoWeights: If there are no weights.
        """
        folders = self._pairs
        configs = [SMT_WEIGHTS.read_config(folder) for folder in folders]
        metrics = {metric for config in configs for metric in config.get("trained_on_metrics", ())}
        hashes = "".join(SMT_WEIGHTS.sha256(folder) for folder in folders)
        return {
            "name": self.name,
            "version": VERSION,
            "parameters": sum(int(config["parameters"]) for config in configs),
            "trained_on": (*TRAINED_ON, "the two characters of each pair: " + ", ".join(f.name for f in folders)),
            "trained_on_metrics": tuple(sorted(metrics)),
            "weights_sha256": hashlib.sha256(hashes.encode()).hexdigest(),
        }

    def __call__(self, source: Character, motion: Motion, target: Character, *, seed: int) -> Motion:
        """Let the pair's own network correct a rotation copy.

        Args:
            source: The character that performs the motion.
            motion: The motion on the source.
            target: The character that receives it.
            seed: Not used: nothing here is random.

        Raises:
            NoWeights: If there are no weights at all.
            UnknownPair: If there are none for these two; the message names the pairs that there are.
        """
        from .rig import Rig, rig_of

        def alike(rig: Rig, kept: Mapping[str, Any]) -> bool:
            """Whether a rig is the one that was trained with."""
            wide = abs(rig.height_m - kept["height_m"]) <= _ALIKE * rig.height_m
            flat = rig.shape.ravel().tolist()
            return wide and max(abs(a - b) for a, b in zip(flat, kept["shape"], strict=True)) <= _ALIKE

        here, there = rig_of(source), rig_of(target)
        for folder, pair in self._known:
            if alike(here, pair["source"]) and alike(there, pair["target"]):
                return self._method(folder)(source, motion, target, seed=seed)
        raise UnknownPair(
            f"{self.name} has no weights for {source.name} to {target.name}; it has {len(self._known)} pairs: "
            f"{', '.join(folder.name for folder, _ in self._known)}. Tune it to this pair with `retargetbench train "
            "smt --stage 2 --pair SOURCE TARGET`, or run smt, one network for all."
        )

    @cached_property
    def _pairs(self) -> tuple[Path, ...]:
        """The folders of all pairs."""
        folder = shipped_weights(self.name) if self._folder is None else self._folder
        return pair_folders(folder) or (folder,)  # an empty folder is refused by whoever reads its configuration

    @cached_property
    def _known(self) -> list[tuple[Path, Mapping[str, Any]]]:
        return [(folder, SMT_WEIGHTS.read_config(folder)["pair"]) for folder in self._pairs]

    @cached_property
    def _methods(self) -> dict[Path, SmtMethod]:
        return {}

    def _method(self, folder: Path) -> SmtMethod:
        if folder not in self._methods:
            self._methods[folder] = SmtMethod(self.name, folder)
        return self._methods[folder]


pairwise = SmtPairMethod("smt-pair")
"""The entry point ``smt-pair``."""
