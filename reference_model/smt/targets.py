"""Bodies to retarget to in training: drawn from the shape basis and from training's own, whatever the source is."""

from collections.abc import Callable

import numpy as np

from ...datasets.body import Character
from ...datasets.intents.bodies import body_names, load_body, sample_body
from .rig import Rig, build_rig
from .stretching import stretched

NAMED_SHARE = 0.25
"""Share of training's named bodies among the targets."""


class TargetBodies:
    """A numbered pool of bodies; each follows from the pool's seed and its number alone, and is made on demand."""

    def __init__(
        self,
        seed: int,
        count: int,
        stretched_share: float = 0.0,
        build: Callable[[Character], Rig] = build_rig,
    ) -> None:
        """Make the pool.

        Args:
            seed: Of all bodies.
            count: How many there are.
            stretched_share: How often a body that is drawn is stretched beyond the basis.
            build: From a body to its rig, or with ``figure.build_figure`` to its rig and mesh; a stretched rig has no
                mesh.
        """
        self._seed, self._count, self._stretched, self._build = seed, count, stretched_share, build
        self._rigs: dict[int, Rig] = {}

    def draw(self, count: int, generator: np.random.Generator) -> list[Rig]:
        """Draw bodies, each of the pool alike.

        Args:
            count: How many.
            generator: Where the randomness comes from.
        """
        rigs = [self._rig(int(number)) for number in generator.integers(self._count, size=count)]
        wanted = generator.uniform(size=count) < self._stretched
        return [stretched(rig, generator) if wide else rig for rig, wide in zip(rigs, wanted, strict=True)]

    def _rig(self, number: int) -> Rig:
        if number not in self._rigs:
            generator = np.random.default_rng([self._seed, 2, number])
            named = generator.uniform() < NAMED_SHARE
            body = load_body(str(generator.choice(body_names("train")))) if named else sample_body(generator)
            self._rigs[number] = self._build(body)
        return self._rigs[number]
