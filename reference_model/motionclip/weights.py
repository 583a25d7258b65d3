"""Where the weights of MotionCLIP are, and what is known of them without loading them. No torch."""

import hashlib
import json
import os
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

from .errors import NoWeights

VARIABLE, JUDGE_FOLDER = "MOTIONCLIP", "MOTIONCLIP_JUDGE_FOLDER"
"""Environment variables that name a folder of weights, and that of the CLIP they were trained with, where it is neither
built in nor on the hub."""
NAME = "motionclip"
WEIGHTS, CONFIG = "model.safetensors", "config.json"
FORMAT = "retargetbench-motionclip/1"


def find_weights(folder: Path | None = None) -> Path:
    """Return a folder of weights: the one that is named, else that of the environment, else that of this package.

    Raises:
        NoWeights: If it holds none; the message says how to make them.
    """
    named = os.environ.get(VARIABLE)
    chosen = folder or (Path(named) if named else None)
    if chosen is not None:
        read_config(chosen)
        return chosen
    with as_file(files("retargetbench.reference_model") / "weights" / NAME) as shipped:
        if not (shipped / CONFIG).is_file():
            raise NoWeights(
                f"the weights of MotionCLIP are not in this package ({shipped}); train them with `retargetbench train "
                f"motionclip` and name their folder build/motionclip/weights/motionclip with --weights or {VARIABLE}."
            )
        return shipped


def read_config(folder: Path) -> dict[str, Any]:
    """Return what ``config.json`` says of the weights beside it.

    Raises:
        NoWeights: If it is missing or of another format.
    """
    try:
        config = json.loads((folder / CONFIG).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise NoWeights(
            f"{folder} holds no weights of MotionCLIP; expected {WEIGHTS} and {CONFIG} as `retargetbench train "
            "motionclip` writes them."
        ) from None
    if config.get("format") != FORMAT:
        raise NoWeights(f"{folder / CONFIG} is of another version than this package; train the weights again.")
    return dict(config)


def weights_sha256(folder: Path) -> str:
    """Return the hash over both files."""
    return hashlib.sha256(b"".join((folder / name).read_bytes() for name in (WEIGHTS, CONFIG))).hexdigest()
