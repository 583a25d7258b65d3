"""The weights of a retriever as files: written after training, found in the package, read without loading a network."""

import hashlib
import json
from collections.abc import Mapping
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

from .errors import NoWeights

WEIGHTS, CONFIG, PIECES, SIGHT, CARD = (
    "model.safetensors",
    "config.json",
    "pieces.json",
    "sight.safetensors",
    "card.json",
)
FORMAT = "retargetbench-lavimo/1"
NAME = "lavimo"
"""Folder of the shipped weights below ``reference_model/weights``."""


def shipped_weights() -> Path:
    """Return the folder of the weights that come with this package.

    Raises:
        NoWeights: If they are not there; the message says how to make them.
    """
    with as_file(files("retargetbench.reference_model") / "weights" / NAME) as folder:
        if not (folder / CONFIG).is_file():
            raise NoWeights(
                "the weights of LAVIMO are not in this package yet; train them with `retargetbench train lavimo` and "
                f"name their folder (--weights build/lavimo/weights/{NAME})."
            )
        return folder


def read_config(folder: Path) -> dict[str, Any]:
    """Return what ``config.json`` says of the weights beside it.

    Raises:
        NoWeights: If it is missing or of another format.
    """
    try:
        config = json.loads((folder / CONFIG).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise NoWeights(
            f"{folder} holds no weights of LAVIMO; expected {WEIGHTS} and {CONFIG} as `retargetbench train lavimo` "
            "writes them."
        ) from None
    if not isinstance(config, Mapping) or config.get("format") != FORMAT:
        raise NoWeights(f"{folder / CONFIG} is of another version than this package; train the weights again.")
    return dict(config)


def weights_sha256(folder: Path) -> str:
    """Return the hash over all files that decide what is embedded where.

    Raises:
        NoWeights: If the weights are not there.
    """
    found = hashlib.sha256()
    for name in (CONFIG, WEIGHTS, PIECES, SIGHT):
        path = folder / name
        if name == WEIGHTS and not path.is_file():
            raise NoWeights(
                f"{folder} has no {WEIGHTS}; copy the whole folder that `retargetbench train lavimo` wrote."
            )
        found.update(path.read_bytes() if path.is_file() else b"")
    return found.hexdigest()
