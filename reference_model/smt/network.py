"""What every network of SMT is, and the numbers all of them normalise with."""

from abc import ABC, abstractmethod
from collections.abc import Iterable

import torch
from torch import Tensor, nn

from .batch import Moves, Rigs
from .rig import JOINTS, SHAPE_FEATURES

MOTION_FEATURES = 9


class Normalisation(nn.Module):
    """One mean and one standard deviation per joint and channel, measured on the training motions of all characters.

    The release normalises with statistics of each character's own motions, which an unseen character does not have.
    Here lengths are divided by the character's height first, and what is left is normalised alike for everybody: an
    unseen target needs nothing but its rest pose.
    """

    motion_mean: Tensor
    motion_std: Tensor
    shape_mean: Tensor
    shape_std: Tensor

    def __init__(self) -> None:
        super().__init__()
        for kind, channels in (("motion", MOTION_FEATURES), ("shape", SHAPE_FEATURES)):
            self.register_buffer(f"{kind}_mean", torch.zeros(JOINTS, channels))
            self.register_buffer(f"{kind}_std", torch.ones(JOINTS, channels))

    def measure(self, motion_features: Tensor, shapes: Tensor) -> None:
        """Take means and deviations of features [..., 22, 9] and shapes [..., 22, 9].

        A channel that hardly varies is divided by a hundredth, not by nothing: it may vary on another character.
        """
        for kind, values in (("motion", motion_features), ("shape", shapes)):
            flat = values.reshape(-1, *values.shape[-2:])
            getattr(self, f"{kind}_mean").copy_(flat.mean(dim=0))
            getattr(self, f"{kind}_std").copy_(flat.std(dim=0, correction=0).clamp(min=0.01))

    def motion(self, features: Tensor) -> Tensor:
        """Return normalised motion features."""
        return (features - self.motion_mean) / self.motion_std

    def shape(self, shapes: Tensor) -> Tensor:
        """Return normalised shapes, within five deviations: nothing is known of what lies beyond."""
        return ((shapes - self.shape_mean) / self.shape_std).clamp(-5, 5)

    def rotations(self, normalised: Tensor) -> Tensor:
        """Return 6D rotations of what a network says of them, [..., 22, 6]."""
        return normalised * self.motion_std[:, :6] + self.motion_mean[:, :6]


class Retargeter(nn.Module, ABC):
    """A network from a source's motion and two rigs to the target's motion; batched over pairs, any length."""

    def __init__(self, fps: float = 30.0) -> None:
        """Make what every network has.

        Args:
            fps: Frames per second of the motions that it is given.
        """
        super().__init__()
        self.fps = fps
        self.normalisation = Normalisation()

    @abstractmethod
    def forward(self, moves: Moves, source: Rigs, target: Rigs) -> Moves:
        """Return the targets' motions.

        Args:
            moves: The sources' motions on the canonical rig.
            source: The sources' rigs.
            target: The targets' rigs.
        """

    @abstractmethod
    def root_parameters(self) -> Iterable[nn.Parameter]:
        """Return what decides where the root goes and nothing else; the released second stage leaves it as it is."""

    def stacks(self) -> list[nn.Module]:
        """Return the parts whose linear layers lie between hidden states, for an optimiser that asks."""
        return []


def reduced(states: Tensor, training: bool) -> torch.autocast:
    """Return the context in which a network computes: bf16 while it is trained on a GPU, as it is elsewhere."""
    return torch.autocast(states.device.type, torch.bfloat16, enabled=states.is_cuda and training)


def bone_vectors(rigs: Rigs) -> Tensor:
    """Return the edges' attributes of the released graph: each child's rest offset over height, [batch, 1, 21, 3]."""
    return (rigs.offsets_m[:, 1:] / rigs.height_m[:, None, None])[:, None]


def parameter_count(module: nn.Module) -> int:
    """Return the number of learned numbers."""
    return sum(parameter.numel() for parameter in module.parameters())
