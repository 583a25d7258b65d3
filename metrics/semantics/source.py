"""Where a judge's weights are, as the user said it. Imports nothing that computes."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Precision = Literal["float32", "float64", "bfloat16", "float16"]


@dataclass(frozen=True)
class JudgeSource:
    """What a judge's factory is given."""

    weights: str = ""
    """Hub id, ``owner/name`` or ``owner/name@revision``; empty: the factory's own default."""
    folder: Path | None = None
    """A folder with a saved model; it wins over ``weights``."""
    device: str = "cpu"
    """Torch device the model is put on; frames are brought there."""
    precision: Precision = "float32"
    """Number format of the weights. A judge in another format is another judge: its name and fingerprint differ."""
