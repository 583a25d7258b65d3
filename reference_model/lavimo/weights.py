"""Where the weights of LAVIMO are, and what belongs to them. No torch."""

from pathlib import Path

from ..trained_weights import CONFIG, WEIGHTS, WeightsKind

PIECES, SIGHT = "pieces.json", "sight.safetensors"
NAME = "lavimo"
"""Folder of the shipped weights below ``reference_model/weights``."""
LAVIMO_WEIGHTS = WeightsKind(
    "LAVIMO", "retargetbench-lavimo/1", "retargetbench train lavimo", (CONFIG, WEIGHTS, PIECES, SIGHT)
)


def shipped_weights() -> Path:
    """Return the folder of the weights that come with this package.

    Raises:
        NoWeights: If they are not there; the message says how to make them.
    """
    return LAVIMO_WEIGHTS.shipped(NAME, f"name their folder (--weights build/lavimo/weights/{NAME})")
