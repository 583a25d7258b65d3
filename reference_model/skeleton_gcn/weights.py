"""The weights of the skeleton network as files: written after training, found, read."""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..trained_weights import WeightsKind
from .settings import Sizes

if TYPE_CHECKING:
    from .network import SkeletonGcnNetwork

VARIABLE = "SKELETON_GCN"
"""Environment variable that names a folder of weights."""
NAME = "skeleton-gcn"
"""Folder of shipped weights below ``reference_model/weights``."""
SKELETON_GCN_WEIGHTS = WeightsKind("skeleton-gcn", "retargetbench-skeleton-gcn/1", "retargetbench train skeleton-gcn")


def find_weights(folder: Path | None = None) -> Path:
    """Return a folder of weights: the one that is named, else that of the environment, else that of this package.

    Raises:
        NoWeights: If there is none; the message says how to make them.
    """
    return SKELETON_GCN_WEIGHTS.find(folder, VARIABLE, NAME, "build/skeleton-gcn/weights")


def save_network(network: "SkeletonGcnNetwork", classes: Sequence[str], part: str, folder: Path) -> None:
    """Write weights in half precision, and the configuration that they belong to.

    Args:
        network: What was trained.
        classes: Names of its outputs.
        part: What it was trained on.
        folder: Where they go.
    """
    from .network import parameter_count

    about = {"sizes": asdict(network.sizes), "classes": list(classes), "trained_on": part}
    SKELETON_GCN_WEIGHTS.write(folder, network.state_dict(), {**about, "parameters": parameter_count(network)})


def load_network(folder: Path) -> "tuple[SkeletonGcnNetwork, tuple[str, ...]]":
    """Return a trained network, ready to be asked, and its classes.

    Raises:
        NoWeights: If there are none, or none of this version.
    """
    from .network import SkeletonGcnNetwork

    config, state = SKELETON_GCN_WEIGHTS.read_config(folder), SKELETON_GCN_WEIGHTS.read_state(folder)
    try:
        said: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value for name, value in config["sizes"].items()
        }
        classes = tuple(str(name) for name in config["classes"])
        network = SkeletonGcnNetwork(Sizes(**said), len(classes))
        network.load_state_dict(state)
    except (RuntimeError, KeyError, TypeError, ValueError, AttributeError) as error:
        raise SKELETON_GCN_WEIGHTS.damaged(folder, error) from error
    return network.eval(), classes
