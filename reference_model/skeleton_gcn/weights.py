"""The weights of the skeleton network as files: written after training, found, read."""

import hashlib
import json
import os
from collections.abc import Sequence
from dataclasses import asdict
from importlib.resources import as_file, files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...datasets.files import write_atomically
from .errors import NoWeights
from .settings import Sizes

if TYPE_CHECKING:
    from .network import SkeletonGcnNetwork

VARIABLE = "SKELETON_GCN"
"""Environment variable that names a folder of weights."""
NAME = "skeleton-gcn"
"""Folder of shipped weights below ``reference_model/weights``."""
_WEIGHTS, _CONFIG = "model.safetensors", "config.json"
_FORMAT = "retargetbench-skeleton-gcn/1"


def find_weights(folder: Path | None = None) -> Path:
    """Return a folder of weights: the one that is named, else that of the environment, else that of this package.

    Raises:
        NoWeights: If there is none; the message says how to make them.
    """
    named = os.environ.get(VARIABLE)
    chosen = folder or (Path(named) if named else None)
    if chosen is not None:
        return chosen
    with as_file(files("retargetbench.reference_model") / "weights" / NAME) as shipped:
        if not (shipped / _CONFIG).is_file():
            raise NoWeights(
                "the weights of skeleton-gcn are not in this package; train them with `retargetbench train "
                f"skeleton-gcn` and set {VARIABLE} to their folder (absolute): build/skeleton-gcn/weights."
            )
        return shipped


def read_config(folder: Path) -> dict[str, Any]:
    """Return what ``config.json`` says of the weights beside it.

    Raises:
        NoWeights: If it is missing or of another format.
    """
    try:
        config = dict(json.loads((folder / _CONFIG).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        config = {}
    if config.get("format") != _FORMAT:
        raise NoWeights(
            f"{folder} holds no weights of skeleton-gcn of this version; expected {_WEIGHTS} and {_CONFIG} as "
            "`retargetbench train skeleton-gcn` writes them."
        )
    return config


def weights_sha256(folder: Path) -> str:
    """Return the hash over both files."""
    return hashlib.sha256(b"".join((folder / name).read_bytes() for name in (_WEIGHTS, _CONFIG))).hexdigest()


def save_network(network: "SkeletonGcnNetwork", classes: Sequence[str], part: str, folder: Path) -> None:
    """Write weights in half precision, and the configuration that they belong to.

    Args:
        network: What was trained.
        classes: Names of its outputs.
        part: What it was trained on.
        folder: Where they go.
    """
    from safetensors.torch import save

    from .network import parameter_count

    state = {
        name: (value.half() if value.is_floating_point() else value) for name, value in network.state_dict().items()
    }
    write_atomically(folder / _WEIGHTS, save({name: value.contiguous().cpu() for name, value in state.items()}))
    config = {"format": _FORMAT, "sizes": asdict(network.sizes), "classes": list(classes), "trained_on": part,
              "parameters": parameter_count(network)}  # fmt: skip
    write_atomically(folder / _CONFIG, (json.dumps(config) + "\n").encode())


def load_network(folder: Path) -> "tuple[SkeletonGcnNetwork, tuple[str, ...]]":
    """Return a trained network, ready to be asked, and its classes.

    Raises:
        NoWeights: If there are none, or none of this version.
    """
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    from .network import SkeletonGcnNetwork

    config = read_config(folder)
    try:
        said: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value for name, value in config["sizes"].items()
        }
        classes = tuple(str(name) for name in config["classes"])
        network = SkeletonGcnNetwork(Sizes(**said), len(classes))
        state = load_file(folder / _WEIGHTS)
        network.load_state_dict(
            {n: value.float() if value.is_floating_point() else value for n, value in state.items()}
        )
    except (OSError, RuntimeError, KeyError, TypeError, ValueError, AttributeError, SafetensorError) as error:
        raise NoWeights(f"the weights in {folder} are damaged ({type(error).__name__}); train them again.") from error
    return network.eval(), classes
