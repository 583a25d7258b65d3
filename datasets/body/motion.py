"""The motion: local rotations and a root path over time, on one skeleton."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from ..errors import BenchError
from ._arrays import frozen_array, unit_quaternions
from .skeleton import Skeleton


class BadFrameRate(BenchError):
    """A frame rate that is not a positive, finite number."""

    rule = "M004"


@dataclass(frozen=True, eq=False)
class Motion:
    """A skeleton in motion.

    Arrays are copied, checked and read-only; norms within 1e-3 of 1 are normalised.

    Raises:
        BadArray: If a shape is wrong, a value is NaN or infinite, or a quaternion is not unit.
        BadFrameRate: If ``fps`` is not positive and finite.
    """

    skeleton: Skeleton
    local_rotations_wxyz: NDArray[np.float32]
    """Unit quaternions relative to the parent, [frames, joints, 4]; identity everywhere is the rest pose."""
    root_translation_m: NDArray[np.float32]
    """World position of the root joint, [frames, 3]."""
    fps: float
    """Frames per second."""

    def __post_init__(self) -> None:
        joints = self.skeleton.joint_count
        rotations = unit_quaternions("local_rotations_wxyz", self.local_rotations_wxyz, (None, joints, 4))
        if len(rotations) == 0:
            raise BadFrameRate("a motion has no frames; expected at least one.")
        root = frozen_array("root_translation_m", self.root_translation_m, (len(rotations), 3))
        if not (np.isfinite(self.fps) and self.fps > 0):
            raise BadFrameRate(f"fps is {self.fps}; expected a positive number of frames per second.")
        object.__setattr__(self, "local_rotations_wxyz", rotations)
        object.__setattr__(self, "root_translation_m", root)
        object.__setattr__(self, "fps", float(self.fps))

    @property
    def frame_count(self) -> int:
        """Number of frames."""
        return len(self.root_translation_m)

    @property
    def duration_s(self) -> float:
        """Seconds from the first to the last frame."""
        return (self.frame_count - 1) / self.fps

    def window(self, start: int, stop: int) -> "Motion":
        """Return frames ``start`` (included) to ``stop`` (excluded)."""
        return replace(
            self,
            local_rotations_wxyz=self.local_rotations_wxyz[start:stop],
            root_translation_m=self.root_translation_m[start:stop],
        )
