"""Where the weights of a method are, and what is known of them without loading them. Imports nothing that computes."""

import hashlib
import json
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

from .errors import NoWeights
from .profiles import PROFILES

WEIGHTS, CONFIG = "model.safetensors", "config.json"
FORMAT = "retargetbench-smt/1"


_TRAINED_BY = {
    "smt-stage1": "--stage 1",
    "smt": "--stage 2",
    "smt-pair": "--stage 2 --pair SOURCE TARGET",
    "smt-stage1-paired": "--stage 1 --paired",
    "smt-paired": "--stage 2 --paired",
    "r2et-like-stage1": "--stage 1 --profile r2et",
    "r2et-like": "--stage 2 --profile r2et",
}
"""Flags by the beginning of a name; the longest that fits counts."""


def weights_name(profile: str, stage: int = 1, *, pair: bool = False, paired: bool = False) -> str:
    """Return the name of a profile's weights: ``best`` bears the method's own, ``r2et`` that of its row.

    Args:
        profile: Which one.
        stage: 1 or 2.
        pair: Whether stage 2 was tuned to two characters.
        paired: Whether right answers were seen.
    """
    rival = profile == "r2et"
    name = "r2et-like" if rival else "smt"
    name += "-stage1" if stage == 1 else "-pair" if pair else ""
    name += "-paired" if paired else ""
    return name if profile == "best" or rival else f"{name}-{profile}"


def shipped_weights(name: str) -> Path:
    """Return the folder of a method's weights in this package.

    Raises:
        NoWeights: If they are not there; the message says how to make them.
    """
    with as_file(files("retargetbench.reference_model") / "weights" / name) as folder:
        if not (folder / CONFIG).is_file() and not pair_folders(folder):
            begins = max((known for known in _TRAINED_BY if name.startswith(known)), key=len, default="smt")
            raise NoWeights(
                f"the weights of {name} are not in this package; train them with `retargetbench train smt "
                f"{_TRAINED_BY[begins]}` and copy build/smt/weights/{name} to {folder}."
            )
        return folder


def pair_folders(folder: Path) -> tuple[Path, ...]:
    """Return the folders of single pairs of characters below a folder of the per-pair mode, in order."""
    return tuple(sorted(path.parent for path in folder.glob(f"*/{CONFIG}")))


def read_config(folder: Path) -> dict[str, Any]:
    """Return what ``config.json`` says of the weights beside it.

    Raises:
        NoWeights: If it is missing or of another format.
    """
    try:
        config = json.loads((folder / CONFIG).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise NoWeights(
            f"{folder} holds no weights of SMT; expected {WEIGHTS} and {CONFIG} as `retargetbench train smt` writes."
        ) from None
    if config.get("format") != FORMAT or config.get("profile") not in PROFILES:
        raise NoWeights(f"{folder / CONFIG} is of another version than this package; train the weights again.")
    return dict(config)


def weights_sha256(folder: Path) -> str:
    """Return the hash of the weights' file.

    Raises:
        NoWeights: If it is not there.
    """
    try:
        return hashlib.sha256((folder / WEIGHTS).read_bytes()).hexdigest()
    except OSError:
        raise NoWeights(
            f"{folder} has no {WEIGHTS}; copy the whole folder that `retargetbench train smt` wrote."
        ) from None
