"""Networks of profiles, and their weights as files."""

import json
from collections.abc import Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file, save

from ...datasets.files import write_atomically
from .errors import NoWeights
from .network import Retargeter, parameter_count
from .profiles import PROFILES, Profile, Sizes
from .r2et import R2etNetwork
from .released import ReleasedNetwork
from .shape_aware import ShapeAwareNetwork
from .weights import CONFIG, FORMAT, WEIGHTS, read_config


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
    state = {name: value.half().contiguous().cpu() for name, value in network.state_dict().items()}
    write_atomically(folder / WEIGHTS, save(state))
    count = parameter_count(network)
    config = {"format": FORMAT, "profile": profile.name, "sizes": asdict(profile.sizes), "parameters": count}
    config |= dict(about or {})
    write_atomically(folder / CONFIG, (json.dumps(config, indent=1) + "\n").encode())


def load_network(folder: Path, device: str = "cpu") -> Retargeter:
    """Return a trained network, ready to be asked.

    Raises:
        NoWeights: If the folder holds none, or none of this version.
    """
    config = read_config(folder)
    profile = replace(PROFILES[config["profile"]], sizes=Sizes(**config["sizes"]))
    network = build_network(profile, 0)
    state = {name: value.float() for name, value in load_file(folder / WEIGHTS).items()}
    try:
        network.load_state_dict(state)
    except RuntimeError as error:
        raise NoWeights(f"the weights in {folder} are of another version of the network; train them again.") from error
    return network.eval().to(device)
