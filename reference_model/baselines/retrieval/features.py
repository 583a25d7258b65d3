"""What simple baselines see of a motion: its duration, the path of its hips, its raw poses. Arrays of fixed size."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from ....datasets.body import Motion
from ....datasets.body.joint_names import CORE_JOINTS, require_joints
from ....datasets.body.joint_poses import motion_poses

TIMES = 16
"""Moments, evenly spaced from the first to the last frame, at which a motion is looked at."""

Blocks = tuple[NDArray[np.float64], ...]
"""Kinds of features, each a vector; a reader scales each kind as a whole, so that units do not matter."""
Features = Callable[[Motion], Blocks]


def duration(motion: Motion) -> Blocks:
    """Return the logarithm of the duration in seconds; of a single frame that of one frame's length."""
    return (np.log([max(motion.duration_s, 1 / motion.fps)]),)


def root_path_and_duration(motion: Motion) -> Blocks:
    """Return where the hips are relative to their first place, in heights of the resting hips, and the duration.

    Nothing of the limbs: what these features find, a path gives away.
    """
    hips, positions, height = _core(motion)
    path = (positions[:, hips] - positions[0, hips]) / height
    return (sampled(path).ravel(), *duration(motion))


def raw_poses(motion: Motion) -> Blocks:
    """Return the core joints relative to the hips, in heights of the resting hips, at ``TIMES`` moments."""
    hips, positions, height = _core(motion)
    indices = require_joints(motion.skeleton, CORE_JOINTS)
    joints = [indices[name] for name in CORE_JOINTS if name != "Hips"]
    return (sampled((positions[:, joints] - positions[:, [hips]]) / height).ravel(),)


FEATURES: dict[str, Features] = {
    "duration": duration,
    "root-path": root_path_and_duration,
    "raw-poses": raw_poses,
}
"""By name."""


def _core(motion: Motion) -> tuple[int, NDArray[np.float64], float]:
    """The hips' index, all joint positions [frames, joints, 3] and the hips' height in the rest pose."""
    hips = require_joints(motion.skeleton, CORE_JOINTS)["Hips"]
    return hips, motion_poses(motion)[1], max(float(motion.skeleton.rest_positions_m[hips, 1]), 1e-3)


def sampled(track: NDArray[np.float64], count: int = TIMES) -> NDArray[np.float64]:
    """Return a track at so many moments from its first to its last frame, linear between frames.

    Args:
        track: [frames, ...].
        count: How many moments.

    Returns:
        [count, ...].
    """
    moments = np.linspace(0, len(track) - 1, count)
    before = np.floor(moments).astype(int)
    after = np.minimum(before + 1, len(track) - 1)
    part = (moments - before).reshape(-1, *[1] * (track.ndim - 1))
    return np.asarray(track[before] * (1 - part) + track[after] * part)


class Scaled:
    """Features of motions in one vector, each kind centred and brought to one total variance over the training set."""

    def __init__(self, features: Features, training: Sequence[Motion]) -> None:
        """Learn the means and scales.

        Args:
            features: What is seen of a motion.
            training: At least one motion.
        """
        self.features = features
        kinds = [np.stack(kind) for kind in zip(*map(features, training), strict=True)]
        self.means = [kind.mean(axis=0) for kind in kinds]
        # A kind that is the same for all training motions says nothing; it stays as it is and is 0 for them.
        spreads = [float(np.sqrt(kind.var(axis=0).sum())) for kind in kinds]
        self.scales = [1 / spread if spread > 1e-9 else 1.0 for spread in spreads]

    def __call__(self, motions: Sequence[Motion]) -> NDArray[np.float64]:
        """Return the scaled features, [motions, width]."""
        return np.stack(
            [
                np.concatenate(
                    [(b - m) * s for b, m, s in zip(self.features(motion), self.means, self.scales, strict=True)]
                )
                for motion in motions
            ]
        )
