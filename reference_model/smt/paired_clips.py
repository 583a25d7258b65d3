"""What ``smt-paired`` sees and nothing else of SMT does: which clips are one program, done by two bodies.

``sources`` leaves out which clips belong together; here it is read from the shards. A pair is a stretch of one clip and
the same stretch of another body's solution: the source, and a right answer for the other body.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np

from ...datasets.body import Character
from ...datasets.intents.motion_jobs import body_of
from ...datasets.intents.motion_shards import read_entries
from ..training.motions import MotionShard
from .errors import NoPairs
from .pairs import PoolSize
from .rig import Rig, build_rig
from .sources import FPS, SourceClips, Window


@dataclass(frozen=True, eq=False)
class Pair:
    """One program on two bodies, cut alike."""

    window: Window
    answer: Window
    """On the other body; it begins, horizontally, where the source does."""


class Pairs(Protocol):
    """Where pairs come from."""

    def draw_pairs(self, count: int, generator: np.random.Generator) -> list[Pair]:
        """Draw pairs.

        Args:
            count: How many.
            generator: Where the randomness comes from.
        """


class PairedClips(SourceClips):
    """The clips of some shards, and for each the other solutions of its program."""

    def __init__(
        self,
        shards: Sequence[MotionShard],
        body: Callable[[str], Character] = body_of,
        build: Callable[[Character], Rig] = build_rig,
        fps: float = FPS,
    ) -> None:
        """Read the shards; the arguments are those of ``SourceClips``."""
        super().__init__(shards, body, build, fps)
        programs = [str(clip["motion"]) for shard in shards for clip in read_entries(shard.path)["clips"]]
        self._partners = partners(programs, self._bodies, np.diff(self._starts).tolist())

    def cut_pairs(self, size: PoolSize, generator: np.random.Generator, heading_deg: float = 180.0) -> list[Pair]:
        """Cut pairs: each clip that has a partner as often as any other, each place in it alike.

        Args:
            size: How many, and how long at the windows' rate.
            generator: Where the randomness comes from.
            heading_deg: How far both are turned at most, together.

        Raises:
            NoPairs: If no clip that is long enough has a partner.
        """
        needed = (size.frames - 1) * self._every + 1
        lengths = np.diff(self._starts)
        able = [clip for clip, others in enumerate(self._partners) if others and lengths[clip] >= needed]
        if not able:
            raise NoPairs(
                f"none of {len(self)} clips has {needed} frames and a second body that does the same program; --paired "
                "needs a folder of `retargetbench data build intents --part train`, or train without it."
            )
        return [self._pair(int(generator.choice(able)), needed, generator, heading_deg) for _ in range(size.count)]

    def _pair(self, clip: int, needed: int, generator: np.random.Generator, heading_deg: float) -> Pair:
        other = int(generator.choice(self._partners[clip]))
        first = int(generator.integers(self._starts[clip + 1] - self._starts[clip] - needed + 1))
        degrees = generator.uniform(-heading_deg, heading_deg)
        window, answer = (self._cut(number, first, needed, degrees) for number in (clip, other))
        root = answer.root_m.copy()
        root[:, [0, 2]] += window.root_m[0, [0, 2]] - root[0, [0, 2]]
        return Pair(window, replace(answer, root_m=root))


@dataclass(frozen=True)
class EndlessPairs:
    """Pairs for stage 1: cut anew every time."""

    clips: PairedClips
    frames: int

    def draw_pairs(self, count: int, generator: np.random.Generator) -> list[Pair]:
        """Draw pairs; see ``PairedClips.cut_pairs``."""
        return self.clips.cut_pairs(PoolSize(count, self.frames, 0), generator)


class PairPool:
    """Pairs for stage 2 by number, in their own headings: what the judge makes of their sources is kept on disk."""

    def __init__(self, clips: PairedClips, size: PoolSize) -> None:
        """Make the pool; a pair is cut when it is first drawn.

        Args:
            clips: Built with meshes.
            size: How many pairs, how long, and the seed that they follow from.
        """
        self._clips, self._size = clips, size
        self._pairs: dict[int, Pair] = {}

    def draw_pairs(self, count: int, generator: np.random.Generator) -> list[Pair]:
        """Draw pairs, each of the pool alike."""
        return [self._pair(int(number)) for number in generator.integers(self._size.count, size=count)]

    def _pair(self, number: int) -> Pair:
        if number not in self._pairs:
            generator = np.random.default_rng([self._size.seed, 9, number])
            (self._pairs[number],) = self._clips.cut_pairs(replace(self._size, count=1), generator, heading_deg=0.0)
        return self._pairs[number]


def partners(programs: Sequence[str], bodies: Sequence[str], lengths: Sequence[int]) -> list[list[int]]:
    """Return for each clip the numbers of those that do the same program, as long, on another body.

    Args:
        programs: Name of each clip's program.
        bodies: Its body.
        lengths: Its frames.
    """
    together: dict[tuple[str, int], list[int]] = {}
    for clip, key in enumerate(zip(programs, lengths, strict=True)):
        together.setdefault(key, []).append(clip)
    found: list[list[int]] = [[] for _ in programs]
    for group in together.values():
        for clip in group:
            found[clip] = [other for other in group if bodies[other] != bodies[clip]]
    return found
