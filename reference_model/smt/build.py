"""Networks of profiles, and their weights as files."""

from collections.abc import Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import torch

from .network import Retargeter, parameter_count
from .profiles import PROFILES, Profile, Sizes
from .r2et import R2etNetwork
from .released import ReleasedNetwork
from .shape_aware import ShapeAwareNetwork
from .weights import SMT_WEIGHTS


def build_network(profile: Profile, generator_seed: int) -> Retargeter:
    """Return an untrained network.

    Args:
        profile: Which one.
        generator_seed: Of its first weights.
    """
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(generator_seed)
        if profile.network == "released":
            return ReleasedNetwork()
        return (R2etNetwork if profile.network == "r2et" else ShapeAwareNetwork)(profile.sizes, profile.fps)


def save_network(network: Retargeter, profile: Profile, folder: Path, about: Mapping[str, Any] | None = None) -> None:
    """Write weights in half precision, and the configuration that they belong to.

    Args:
        network: What was trained.
        profile: Of which configuration.
        folder: Where they go.
        about: What else the configuration says: of which stage, by which metrics' functions, for which pair.
    """
    said = {"profile": profile.name, "sizes": asdict(profile.sizes), "parameters": parameter_count(network)}
    SMT_WEIGHTS.write(folder, network.state_dict(), {**said, **(about or {})})


def load_network(folder: Path, device: str = "cpu") -> Retargeter:
    """Return a trained network, ready to be asked.

    Raises:
        NoWeights: If the folder holds none, or none of this version.
    """
    config, state = SMT_WEIGHTS.read_config(folder), SMT_WEIGHTS.read_state(folder)
    try:
        profile = replace(PROFILES[config["profile"]], sizes=Sizes(**config["sizes"]))
        network = build_network(profile, 0)
        network.load_state_dict(state)
    except (RuntimeError, KeyError, TypeError) as error:
        raise SMT_WEIGHTS.damaged(folder, error) from error
    return network.eval().to(device)
