"""``smt-stage1`` and ``smt`` as methods: found by entry point, weights are loaded when one is first asked."""

from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...datasets.body import Character, Motion
from .weights import SMT_WEIGHTS, shipped_weights

if TYPE_CHECKING:
    from .network import Retargeter

VERSION = "1"
TRAINED_ON = ("Intents training motions, one by one; training bodies and bodies drawn from the shape basis",)
TRAINED_ON_METRICS = ("contact_error@1",)
"""The skin-relation loss asks its sensors the same question."""
PAIRED_ON = ("Intents training motions in pairs: one program on two bodies", *TRAINED_ON)
PAIRED_METRICS = ("mse_san@1[global]", "rotation_error@1")
"""What ``smt-paired`` was shown and measured by besides."""


class SmtMethod:
    """A trained network as a method.

    Its ``card`` says which weights they are: asking for it, as `retargetbench run` does before the first clip, is where
    missing weights are noticed.
    """

    def __init__(self, name: str, folder: Path | None = None) -> None:
        """Make the method; nothing is loaded yet.

        Args:
            name: Its id in tables, and that of its weights.
            folder: Of the weights; ``None``: those of this package.
        """
        self.name, self._folder = name, folder

    @cached_property
    def card(self) -> Mapping[str, Any]:
        """What a results table says of it.

        Raises:
            NoWeights: If there are no weights.
        """
        folder = self._weights()
        config = SMT_WEIGHTS.read_config(folder)
        before = TRAINED_ON_METRICS if config["profile"] == "best" else ()
        return {
            "name": self.name,
            "version": VERSION,
            "parameters": int(config["parameters"]),
            "trained_on": tuple(config.get("trained_on", TRAINED_ON)),
            "trained_on_metrics": tuple(config.get("trained_on_metrics", before)),
            "weights_sha256": SMT_WEIGHTS.sha256(folder),
        }

    @cached_property
    def network(self) -> "Retargeter":
        """The network, on the CPU.

        Raises:
            NoWeights: If there are no weights.
        """
        from .build import load_network

        return load_network(self._weights())

    def __call__(self, source: Character, motion: Motion, target: Character, *, seed: int) -> Motion:
        """Let the network correct a rotation copy; fingers are copied.

        Args:
            source: The character that performs the motion.
            motion: The motion on the source.
            target: The character that receives it.
            seed: Not used: nothing here is random.

        Raises:
            NoWeights: If there are no weights; the message names the command that trains them.
            UnmappedJoints: If one of the characters is no humanoid.
        """
        from .apply import retarget_with

        return retarget_with(self.network, source, motion, target)

    def _weights(self) -> Path:
        return shipped_weights(self.name) if self._folder is None else self._folder


stage1 = SmtMethod("smt-stage1")
"""The entry point ``smt-stage1``."""

universal = SmtMethod("smt")
"""The entry point ``smt``: after stage 2, one network for all pairs."""

r2et_like = SmtMethod("r2et-like")
"""The entry point ``r2et-like``: another paper's method, trained alike."""

paired = SmtMethod("smt-paired")
"""The entry point ``smt-paired``: the same, trained with right answers."""
