"""What stage 2 is shown: a numbered pool of source windows and the bodies that are to do them, nothing paired.

The windows are a pool, not all there are, because what the judge makes of each is kept on disk.
"""

from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
import torch

from ...datasets.body.kinematics import quaternions_to_matrices
from .batch import Moves, Rigs, copied
from .figure import Figure
from .rig import Rig
from .sources import SourceClips, Window


class Bodies(Protocol):
    """Bodies to retarget to."""

    def draw(self, count: int, generator: np.random.Generator) -> list[Rig]:
        """Draw bodies.

        Args:
            count: How many.
            generator: Where the randomness comes from.
        """


class OneBody:
    """The per-pair mode's target: always the same."""

    def __init__(self, figure: Figure) -> None:
        """Take the body."""
        self._figure = figure

    def draw(self, count: int, generator: np.random.Generator) -> list[Rig]:
        """Return the body so many times; nothing is random."""
        return [self._figure] * count


@dataclass(frozen=True)
class PoolSize:
    """Which windows a pool has."""

    count: int
    frames: int
    seed: int


class WindowPool:
    """Source windows by number, in their own heading: as the judge will be shown them when they are scored."""

    def __init__(self, clips: SourceClips, size: PoolSize, performer: Figure | None = None) -> None:
        """Make the pool; a window is cut when it is first drawn.

        Args:
            clips: Source clips of training, built with meshes.
            size: How many windows, how long, and the seed that they follow from.
            performer: The per-pair mode's source: does every window by rotation copy. ``None``: each clip's own body.
        """
        self._clips, self._size, self._performer = clips, size, performer
        self._windows: dict[int, Window] = {}

    def draw(self, count: int, generator: np.random.Generator) -> list[Window]:
        """Draw windows, each of the pool alike.

        Args:
            count: How many.
            generator: Where the randomness comes from.

        Raises:
            ShortClips: If no clip is that long.
        """
        return [self._window(int(number)) for number in generator.integers(self._size.count, size=count)]

    def first(self, count: int) -> list[Window]:
        """Return the pool's first windows, all of them if there are no more.

        Raises:
            ShortClips: If no clip is that long.
        """
        return [self._window(number) for number in range(min(count, self._size.count))]

    def _window(self, number: int) -> Window:
        if number not in self._windows:
            generator = np.random.default_rng([self._size.seed, 5, number])
            (window,) = self._clips.draw(1, self._size.frames, generator, heading_deg=0.0)
            self._windows[number] = window if self._performer is None else performed_by(self._performer, window)
        return self._windows[number]


def performed_by(figure: Rig, window: Window) -> Window:
    """Return a window done by another body: the same rotations, the root's path scaled to the legs."""
    rotations = torch.from_numpy(np.array(window.rotations_wxyz)).float()
    moves = Moves(quaternions_to_matrices(rotations)[None], torch.from_numpy(np.array(window.root_m)).float()[None])
    root = copied(moves, Rigs.of([window.rig]), Rigs.of([figure])).root_m[0].numpy()
    return replace(window, rig=figure, root_m=root)
