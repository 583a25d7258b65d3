"""The training motions as networks see them: source clips, each on its body, and nothing else that is known of them.

A program is solved on two or three bodies. Which clips belong together, what they are called, what they mean and which
goals they reach stays in the shards: here a clip is a body, rotations and a path, and no field could say more.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ...datasets.body import Character
from ...datasets.body.joint_names import BODY_JOINTS, STANDARD_JOINTS
from ...datasets.intents.motion_jobs import body_of
from ...datasets.intents.motion_shards import read_clips, read_entries
from ...datasets.intents.packed import unpack_clip
from ...datasets.rotations import from_axis_angles, multiply
from ..training.motions import MotionShard, shards_sha256
from .errors import ShortClips
from .rig import JOINTS, Rig, build_rig

Floats = NDArray[np.floating]

FPS = 30.0
"""Of all training motions."""

assert (
    STANDARD_JOINTS[:JOINTS] == BODY_JOINTS
)  # the built-in bodies rest in the canonical pose: rotations are taken over


@dataclass(frozen=True, eq=False)
class Window:
    """A stretch of one clip."""

    rig: Rig
    rotations_wxyz: Floats
    """[frames, 22, 4]."""
    root_m: Floats
    """[frames, 3]."""


class SourceClips:
    """All clips of some shards, one after the other; about 370 bytes a frame."""

    def __init__(
        self,
        shards: Sequence[MotionShard],
        body: Callable[[str], Character] = body_of,
        build: Callable[[Character], Rig] = build_rig,
        fps: float = FPS,
    ) -> None:
        """Read the shards.

        Args:
            shards: Of training, from ``training.motions.find_shards``.
            body: From a body's name to the body.
            build: From a body to what windows carry of it: its rig, or with ``figure.build_figure`` its mesh too.
            fps: Frames per second of the windows, a divisor of the motions' own.
        """
        rotations, roots, names = [], [], []
        for shard in shards:
            names += [str(clip["body"]) for clip in read_entries(shard.path)["clips"]]
            arrays = read_clips(shard.path)
            for number in range(len(arrays["clip_starts"]) - 1 if arrays else 0):
                turned, path = unpack_clip(arrays, number)
                rotations.append(turned[:, :JOINTS])
                roots.append(path)
        self.sha256 = shards_sha256(shards)
        """Of what was read, at that time: a folder may still grow."""
        self._starts = np.cumsum([0, *(len(path) for path in roots)])
        self._rotations = np.concatenate(rotations) if rotations else np.zeros((0, JOINTS, 4), np.float32)
        self._roots = np.concatenate(roots) if roots else np.zeros((0, 3), np.float32)
        self._bodies, self._body, self._build = names, body, build
        self._every = round(FPS / fps)
        self._rigs: dict[str, Rig] = {}

    def __len__(self) -> int:
        return len(self._bodies)

    @property
    def frame_count(self) -> int:
        """Frames of all clips together."""
        return len(self._roots)

    def draw(self, count: int, frames: int, generator: np.random.Generator, heading_deg: float = 180.0) -> list[Window]:
        """Draw windows: each clip as often as any other, each place in it alike, turned to any heading.

        Args:
            count: How many.
            frames: How long, at the windows' rate.
            generator: Where the randomness comes from.
            heading_deg: How far they are turned at most; 0 leaves them as they are.

        Raises:
            ShortClips: If no clip is that long.
        """
        needed = (frames - 1) * self._every + 1
        long = np.flatnonzero(np.diff(self._starts) >= needed)
        if not len(long):
            raise ShortClips(
                f"none of {len(self)} clips has {needed} frames, the length of a training window; wait until "
                "`retargetbench data build intents --part train` has finished a shard, or take shorter windows."
            )
        return [self._window(int(generator.choice(long)), needed, generator, heading_deg) for _ in range(count)]

    def _window(self, clip: int, needed: int, generator: np.random.Generator, heading_deg: float) -> Window:
        first = int(generator.integers(self._starts[clip + 1] - self._starts[clip] - needed + 1))
        return self._cut(clip, first, needed, generator.uniform(-heading_deg, heading_deg))

    def _cut(self, clip: int, first: int, needed: int, degrees: float) -> Window:
        """A stretch of so many frames of a clip from its frame ``first`` on, turned."""
        begin = self._starts[clip] + first
        seen = slice(begin, begin + needed, self._every)
        return Window(self._rig(self._bodies[clip]), *turned(self._rotations[seen], self._roots[seen], degrees))

    def _rig(self, name: str) -> Rig:
        if name not in self._rigs:
            self._rigs[name] = self._build(self._body(name))
        return self._rigs[name]


def turned(rotations_wxyz: Floats, root_m: Floats, degrees: float) -> tuple[Floats, Floats]:
    """Return a motion turned about the vertical through where its hips begin.

    Args:
        rotations_wxyz: Local rotations, the hips first, [frames, joints, 4].
        root_m: Path of the hips, [frames, 3].
        degrees: Angle, counter-clockwise seen from above.
    """
    turn = from_axis_angles("Y", np.array([degrees]))
    rotations, angle = rotations_wxyz.copy(), np.radians(degrees)
    rotations[:, 0] = multiply(turn, rotations_wxyz[:, 0])
    start, path = root_m[0], root_m.copy()
    x, z = (root_m[:, 0] - start[0]), (root_m[:, 2] - start[2])
    path[:, 0] = start[0] + np.cos(angle) * x + np.sin(angle) * z
    path[:, 2] = start[2] - np.sin(angle) * x + np.cos(angle) * z
    return rotations, path
