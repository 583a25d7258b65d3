"""Uniform cubic B-splines: smooth curves over time from knots at a fixed rate."""

import numpy as np
from numpy.typing import NDArray

KNOT_RATE_HZ = 10.0


def knot_count(frame_count: int, fps: float) -> int:
    """Return how many knots a clip needs: one per 0.1 s, and three more so that the ends are covered."""
    return int(np.ceil((frame_count - 1) / fps * KNOT_RATE_HZ)) + 3


def basis_matrix(frame_count: int, fps: float) -> NDArray[np.float32]:
    """Return the matrix that turns knots into frames, [frames, knots]; every row sums to 1."""
    position = np.arange(frame_count) / fps * KNOT_RATE_HZ
    first = np.minimum(np.floor(position).astype(int), knot_count(frame_count, fps) - 4)
    x = position - first
    weights = np.stack([(1 - x) ** 3, 3 * x**3 - 6 * x**2 + 4, -3 * x**3 + 3 * x**2 + 3 * x + 1, x**3], axis=1) / 6
    matrix = np.zeros((frame_count, knot_count(frame_count, fps)), dtype=np.float32)
    np.put_along_axis(matrix, first[:, None] + np.arange(4), weights.astype(np.float32), axis=1)
    return matrix
