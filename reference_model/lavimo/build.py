"""From a plan to a network, from a network to files, and back."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load
from torch import nn

from ...datasets.files import write_atomically
from ..trained_weights import NoWeights
from .hub import HubText, HubVision
from .layers import parameter_count
from .model import LavimoNetwork, SmallText, state_for_search
from .presets import BUILT_IN, Plan, Preset, Sizes, Switches
from .sight_learner import load_sight
from .tokens import Pieces
from .weights import LAVIMO_WEIGHTS, PIECES, SIGHT


def build_text(preset: Preset, vocabulary: str, *, tuned: bool = False) -> nn.Module:
    """Return the text backbone of a preset.

    Args:
        preset: Says which.
        vocabulary: Word pieces as JSON, for the built-in one.
        tuned: Whether one from the hub is trained too.

    Raises:
        NoBackbone: If one from the hub is not at hand.
    """
    if preset.text != BUILT_IN:
        return HubText(preset.text, preset.longest_text, tuned=tuned)
    return SmallText(preset.sizes, Pieces(vocabulary, preset.longest_text))


def build_network(
    plan: Plan, vocabulary: str, frame_width: int, seed: int, *, tune_text: bool = False
) -> LavimoNetwork:
    """Return an untrained network.

    Args:
        plan: Sizes, backbones and switches.
        vocabulary: Word pieces as JSON, for the built-in text backbone.
        frame_width: Width of a frame's features.
        seed: Of its first weights.
        tune_text: Whether a text backbone from the hub is trained too.

    Raises:
        NoBackbone: If a backbone from the hub is not at hand.
    """
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return LavimoNetwork(plan, build_text(plan.preset, vocabulary, tuned=tune_text), frame_width)


def open_vision(preset: Preset, sight: Path) -> tuple[nn.Module, str, int]:
    """Return the vision backbone of a preset, the fingerprint of its weights, and the width of its features.

    Args:
        preset: Says which.
        sight: Weights of the built-in one.

    Raises:
        NoBackbone: If one from the hub is not at hand.
        NoWeights: If the built-in one has not been trained.
    """
    if preset.vision != BUILT_IN:
        clip = HubVision(preset.vision)
        return clip, clip.fingerprint, clip.width
    if not sight.is_file():
        raise NoWeights(
            f"{sight} is missing: the frame encoder was not trained to its end; `retargetbench train lavimo`."
        )
    network, digest = load_sight(preset, sight)
    return network, digest, network.width


def save_for_search(network: LavimoNetwork, folder: Path, sight: Path, about: dict[str, Any]) -> None:
    """Write what embedding needs: weights in half precision, vocabulary, frame encoder and configuration.

    Args:
        network: Trained.
        folder: Where it goes.
        sight: Weights of the built-in frame encoder, if there are.
        about: What the configuration says besides: seed, steps, data.
    """
    state = state_for_search(network)
    learned = [*state.values()]
    if isinstance(network.text, SmallText):
        write_atomically(folder / PIECES, network.text.pieces.vocabulary.encode())
    if network.has_video and sight.is_file():
        eyes = sight.read_bytes()
        write_atomically(folder / SIGHT, eyes)
        learned += load(eyes).values()
    said = {
        "plan": asdict(network.plan),
        "frame_width": int(network.frame_statistics.shape[1]),
        "parameters": sum(value.numel() for value in learned),
        "trained_parameters": parameter_count(network),
        **about,
    }
    LAVIMO_WEIGHTS.write(folder, state, said, in_full=[name for name in state if name.endswith("statistics")])


def load_for_search(folder: Path, device: str = "cpu") -> tuple[LavimoNetwork, nn.Module | None]:
    """Return a trained network and the vision backbone before it; ``None`` where it knows no videos.

    Raises:
        NoWeights: If the folder holds none, or none of this version.
        NoBackbone: If a backbone from the hub is not at hand.
    """
    config = LAVIMO_WEIGHTS.read_config(folder)
    plan = plan_of(config["plan"])
    preset = plan.preset
    try:
        text = build_text(preset, (folder / PIECES).read_text(encoding="utf-8") if preset.text == BUILT_IN else "")
        network = LavimoNetwork(plan, text, int(config["frame_width"]), training_parts=False)
        missing, unknown = network.load_state_dict(LAVIMO_WEIGHTS.read_state(folder), strict=False)
    except (OSError, RuntimeError) as error:
        raise LAVIMO_WEIGHTS.damaged(folder, error) from error
    if unknown or any(not (preset.text != BUILT_IN and name.startswith("text.")) for name in missing):
        raise LAVIMO_WEIGHTS.damaged(folder)
    vision = open_vision(preset, folder / SIGHT)[0].to(device).eval() if network.has_video else None
    return network.eval().requires_grad_(False).to(device), vision


def plan_of(values: dict[str, Any]) -> Plan:
    """Return the plan that ``asdict`` made plain."""
    preset = dict(values["preset"])
    sizes = dict(preset.pop("sizes"))
    sizes["sight"] = tuple(sizes["sight"])
    return Plan(Preset(sizes=Sizes(**sizes), **preset), Switches(**values["switches"]))
