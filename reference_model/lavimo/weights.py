"""Where the weights of LAVIMO are, and what belongs to them. No torch."""

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from ..trained_weights import CONFIG, WEIGHTS, WeightsKind

PIECES, SIGHT = "pieces.json", "sight.safetensors"
NAME, TWO = "lavimo", "lavimo-two"
"""The methods, and the folders of their shipped weights below ``reference_model/weights``: with videos and without."""
METHODS: Mapping[str, str] = MappingProxyType({"three": NAME, "two": TWO})
"""The method by what ``--modalities`` said in training."""
VARIABLES: Mapping[str, str] = MappingProxyType({NAME: "LAVIMO", TWO: "LAVIMO_TWO"})
"""The environment variable that names a folder of weights, by method."""
LAVIMO_WEIGHTS = WeightsKind(
    "LAVIMO", "retargetbench-lavimo/1", "retargetbench train lavimo", (CONFIG, WEIGHTS, PIECES, SIGHT)
)


def find_weights(folder: Path | None = None, name: str = NAME) -> Path:
    """Return a folder of weights: the one that is given, else that of the environment, else that of this package.

    Args:
        folder: As ``retargetbench train lavimo`` writes it.
        name: Of the method.

    Raises:
        NoWeights: If it holds none; the message says how to make them.
    """
    flags = f" --modalities two --name {TWO}" if name == TWO else ""
    return LAVIMO_WEIGHTS.find(folder, VARIABLES[name], name, f"build/lavimo/weights/{name}", flags)
