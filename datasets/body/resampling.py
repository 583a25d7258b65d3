"""A motion at another frame rate."""

import numpy as np
from numpy.typing import NDArray

from .motion import Motion


def resample(motion: Motion, fps: float) -> Motion:
    """Return the motion at another frame rate, over the same time.

    Rotations are interpolated along the shortest great arc, the root linearly. Where a new frame falls on an old one
    that one is taken exactly, so that halving a rate picks every second frame.

    Args:
        motion: Any motion.
        fps: Frames per second wanted.
    """
    count = int(np.floor(motion.duration_s * fps + 1e-6)) + 1
    at = np.arange(count) * (motion.fps / fps)
    before = np.minimum(np.floor(at + 1e-6).astype(int), motion.frame_count - 1)
    after = np.minimum(before + 1, motion.frame_count - 1)
    share = np.clip(at - before, 0.0, 1.0)
    share[share < 1e-5] = 0.0
    root = motion.root_translation_m
    moved = root[before] + (root[after] - root[before]) * share[:, None]
    turned = _slerp(motion.local_rotations_wxyz[before], motion.local_rotations_wxyz[after], share[:, None, None])
    return Motion(motion.skeleton, turned, moved.astype(np.float32), fps)


def _slerp(start: NDArray[np.float32], end: NDArray[np.float32], share: NDArray[np.float64]) -> NDArray[np.float32]:
    """Interpolate unit quaternions; nearly equal ones linearly, where the sine would divide by zero."""
    cosine = (start.astype(float) * end).sum(axis=-1, keepdims=True)
    near = np.where(cosine < 0, -1.0, 1.0)
    angle = np.arccos(np.clip(np.abs(cosine), 0.0, 1.0))
    sine = np.maximum(np.sin(angle), 1e-9)
    straight = angle < 1e-4
    first = np.where(straight, 1 - share, np.sin((1 - share) * angle) / sine)
    second = np.where(straight, share, np.sin(share * angle) / sine)
    return np.asarray(first * start + second * near * end, dtype=np.float32)
