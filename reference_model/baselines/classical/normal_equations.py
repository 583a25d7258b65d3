"""Linearised residuals, and the Gauss-Newton step for all frames at once.

Every term of the objective is a set of rows ``n . (p - q) = b``: a direction, a point of the body, a second point (of
the body, or fixed in the world) and the value wanted. A small turn ``w`` of joint j moves p by ``s w x (p - o_j)``,
with s the share of p that follows the joint. Corrections are a cubic B-spline over time, hence the normal matrix is
banded and one banded Cholesky factorisation solves the clip.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import BSpline
from scipy.linalg import solveh_banded

from .geometry import cross
from .rig import FloatArray, Posed, Rig
from .settings import Settings

_ROOT_LENGTH = 10.0
"""A root displacement of H bends the path as much as turns of this many radians."""


@dataclass(frozen=True, eq=False)
class Rows:
    """N scalar residuals ``n . (p - q) - b`` with weights; lengths in metres."""

    frame: NDArray[np.intp]
    direction: FloatArray
    """n, [N, 3]."""
    point_m: FloatArray
    """p, [N, 3]."""
    reach: FloatArray
    """Share of p that follows each joint, [N, J]."""
    residual_m: FloatArray
    """n . (p - q) - b, [N]."""
    weight: FloatArray
    other_m: FloatArray | None = None
    """q, where it is a point of the body, [N, 3]; ``None``: fixed in the world."""
    other_reach: FloatArray | None = None
    """Share of q that follows each joint, [N, J]."""

    def jacobian(self, posed: Posed) -> FloatArray:
        """Return the derivative by root displacement and world rotation vectors, [N, D]."""
        pivots = posed.pivots_m[self.frame]
        normal = self.direction[:, None]
        turns = self.reach[..., None] * cross(self.point_m[:, None] - pivots, normal)
        shift = self.direction
        if self.other_m is not None and self.other_reach is not None:
            turns -= self.other_reach[..., None] * cross(self.other_m[:, None] - pivots, normal)
            shift = np.zeros_like(shift)
        return np.concatenate([shift, turns.reshape(len(turns), turns.shape[1] * 3)], axis=1)


def frame_equations(groups: Sequence[Rows], posed: Posed) -> tuple[FloatArray, FloatArray]:
    """Return per frame ``J^T W J`` and ``J^T W r`` by the corrections, [frames, D, D] and [frames, D]."""
    frames, joints = posed.pivots_m.shape[:2]
    size = 3 + 3 * joints
    matrix, vector = np.zeros((frames, size, size)), np.zeros((frames, size))
    filled = [rows for rows in groups if len(rows.frame)]
    if filled:
        frame = np.concatenate([rows.frame for rows in filled])
        root = np.sqrt(np.concatenate([rows.weight for rows in filled]))
        scaled = np.concatenate([rows.jacobian(posed) for rows in filled]) * root[:, None]
        residual = np.concatenate([rows.residual_m for rows in filled]) * root
        order = np.argsort(frame, kind="stable")
        bounds = np.searchsorted(frame[order], np.arange(frames + 1))
        for f in range(frames):
            part = order[bounds[f] : bounds[f + 1]]
            matrix[f] = scaled[part].T @ scaled[part]
            vector[f] = scaled[part].T @ residual[part]
    chain = np.zeros((frames, size, size))
    chain[:, :3, :3] = np.eye(3)
    for j in range(joints):
        chain[:, 3 + 3 * j : 6 + 3 * j, 3 + 3 * j : 6 + 3 * j] = posed.turns[:, j]
    return chain.transpose(0, 2, 1) @ matrix @ chain, (vector[:, None] @ chain)[:, 0]


def spline_basis(frame_count: int, fps: float, knots_per_s: float) -> FloatArray:
    """Return the cubic B-spline basis at the frames, [frames, knots], rows sum to 1."""
    spans = max(1, round((frame_count - 1) / fps * knots_per_s))
    knots = np.arange(-3, spans + 4, dtype=np.float64)
    times = np.linspace(0.0, spans, frame_count) if frame_count > 1 else np.array([0.5])
    inside = np.clip(times, 0.0, spans - 1e-9)
    return np.asarray(BSpline.design_matrix(inside, knots, 3).toarray())


@dataclass(frozen=True, eq=False)
class Prior:
    """The quadratic terms that do not change: closeness to the copied pose, smoothness, damping."""

    basis: FloatArray
    closeness: FloatArray
    """Cost of a frame's corrections, [D, D]."""
    smoothness: FloatArray
    """Cost of the knots' second differences, [D]."""
    damping: float

    @classmethod
    def of(cls, basis: FloatArray, rig: Rig, height_m: float, settings: Settings) -> "Prior":
        """Make the prior of one rig from the settings."""
        smoothness = np.full(rig.size, settings.smoothness)
        smoothness[:3] *= (_ROOT_LENGTH / height_m) ** 2
        return cls(basis, settings.closeness * rig.stiffness, smoothness, settings.damping)

    def step(self, matrix: FloatArray, vector: FloatArray, knots: FloatArray) -> FloatArray:
        """Return the Gauss-Newton step of the knots.

        Args:
            matrix: ``J^T W J`` per frame, [frames, D, D].
            vector: ``J^T W r`` per frame, [frames, D].
            knots: Current knots of the corrections, [knots, D].
        """
        count, size = knots.shape
        blocks = self._blocks(matrix + self.closeness, count)
        second = _second_differences(count)
        bending = second.T @ second
        gradient = self.basis.T @ (vector + (self.basis @ knots) @ self.closeness)
        gradient += (bending @ knots) * self.smoothness
        diagonal = np.arange(size)
        for offset in range(min(3, count)):
            blocks[offset][:, diagonal, diagonal] += np.diagonal(bending, offset)[:, None] * self.smoothness
        blocks[0][:, diagonal, diagonal] += self.damping
        solution = solveh_banded(_banded(blocks, count, size), -gradient.ravel(), lower=True, check_finite=False)
        return np.asarray(solution.reshape(count, size))

    def _blocks(self, matrix: FloatArray, count: int) -> list[FloatArray]:
        """Blocks (k, k + offset) of the normal matrix for offsets 0 to 3, [knots - offset, D, D] each."""
        flat = matrix.reshape(len(matrix), -1)
        size = matrix.shape[1]
        return [
            ((self.basis[:, : count - o] * self.basis[:, o:]).T @ flat).reshape(-1, size, size)
            for o in range(min(4, count))
        ]


def _second_differences(count: int) -> FloatArray:
    return np.diff(np.eye(count), n=2, axis=0) if count > 2 else np.zeros((1, count))


def _banded(blocks: list[FloatArray], count: int, size: int) -> FloatArray:
    """Lower banded storage: entry (i, j), i >= j, at [i - j, j]."""
    band = np.zeros((len(blocks) * size, count * size))
    row, column = np.mgrid[0:size, 0:size]
    for offset, block in enumerate(blocks):
        # Block (k, k + offset) lies above the diagonal; its transpose is the one stored.
        below = block.transpose(0, 2, 1)
        distance = offset * size + row - column
        kept = distance >= 0
        starts = np.arange(len(block)) * size
        band[distance[kept][None], starts[:, None] + column[kept][None]] = below[:, kept]
    return band
