"""Some acts, each with one window and what a model makes of it: what measures are given."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from .intervals import Clusters
from .model import MotionClipModel
from .windows import Item, Windows


@dataclass(frozen=True, eq=False)
class MotionSet:
    """All acts of some motions."""

    windows: Windows
    features: NDArray[np.float32]
    """The window in the middle of each act, [acts, frames, 135]."""
    latents: Tensor
    """[acts, latent]."""

    @property
    def items(self) -> list[Item]:
        """The acts."""
        return self.windows.items

    @property
    def actions(self) -> tuple[str, ...]:
        """Class of each act."""
        return self.windows.actions

    @cached_property
    def clusters(self) -> Clusters:
        """What of the acts is not independent."""
        return self.clusters_of(range(len(self.items)))

    def clusters_of(self, rows: "range | list[int]") -> Clusters:
        """Return the same of some of the acts."""
        acts = [self.items[row].act for row in rows]
        return Clusters([act.structure for act in acts], [act.body for act in acts])


def motion_set(model: MotionClipModel, windows: Windows) -> MotionSet:
    """Return all acts of some motions with what a model makes of them."""
    features = windows.middle()
    return MotionSet(windows, features, model.encode(features))
