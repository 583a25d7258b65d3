"""Rotations in NumPy, float64: for everything that must not load torch (readers, writers, alignment, the floors).

Quaternions are ``wxyz``; matrices act on column vectors; leading axes broadcast.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
"""Numbers with fractions; float64 unless a docstring says otherwise."""


def multiply(left_wxyz: Array, right_wxyz: Array) -> Array:
    """Return the Hamilton product: first ``right``, then ``left``, [..., 4] each."""
    a, b = np.moveaxis(left_wxyz, -1, 0), np.moveaxis(right_wxyz, -1, 0)
    return np.stack(
        [
            a[0] * b[0] - a[1] * b[1] - a[2] * b[2] - a[3] * b[3],
            a[0] * b[1] + a[1] * b[0] + a[2] * b[3] - a[3] * b[2],
            a[0] * b[2] - a[1] * b[3] + a[2] * b[0] + a[3] * b[1],
            a[0] * b[3] + a[1] * b[2] - a[2] * b[1] + a[3] * b[0],
        ],
        axis=-1,
    )


def compose(left: Array, right: Array) -> Array:
    """Return the product of matrices, [..., 3, 3] each, summed in one fixed order.

    ``left @ right`` goes through BLAS, whose last bits depend on the library and the processor.
    """
    return np.einsum("...ij,...jk->...ik", left, right)


def conjugate(quaternions_wxyz: Array) -> Array:
    """Return the inverse rotations of unit quaternions, [..., 4]."""
    return quaternions_wxyz * np.array([1.0, -1.0, -1.0, -1.0])


def to_matrices(quaternions_wxyz: Array) -> Array:
    """Return rotation matrices of quaternions of any norm but 0, [..., 4] -> [..., 3, 3]."""
    return unit_to_matrices(quaternions_wxyz / np.linalg.norm(quaternions_wxyz, axis=-1, keepdims=True))


def unit_to_matrices(quaternions_wxyz: Array) -> Array:
    """Return rotation matrices of unit quaternions, [..., 4] -> [..., 3, 3], by the formula that torch's twin uses.

    Nothing is normalised: a norm of 1 + e, as float32 storage leaves it, scales the matrix by 1 + 2e.
    """
    w, x, y, z = np.moveaxis(quaternions_wxyz, -1, 0)
    ww, xx, yy, zz = w * w, x * x, y * y, z * z
    rows = [
        [xx - yy - zz + ww, 2 * (x * y - z * w), 2 * (x * z + y * w)],
        [2 * (x * y + z * w), -xx + yy - zz + ww, 2 * (y * z - x * w)],
        [2 * (x * z - y * w), 2 * (y * z + x * w), -xx - yy + zz + ww],
    ]
    return np.stack([np.stack(row, axis=-1) for row in rows], axis=-2)


def from_matrices(matrices: Array) -> Array:
    """Return unit quaternions (w >= 0) of rotation matrices, [..., 3, 3] -> [..., 4].

    The best conditioned of the four classical formulas is taken for every matrix (Shepperd 1978).
    """
    m = matrices
    xx, yy, zz = m[..., 0, 0], m[..., 1, 1], m[..., 2, 2]
    squares = np.stack([1 + xx + yy + zz, 1 + xx - yy - zz, 1 - xx + yy - zz, 1 - xx - yy + zz], axis=-1)
    wx, wy, wz = m[..., 2, 1] - m[..., 1, 2], m[..., 0, 2] - m[..., 2, 0], m[..., 1, 0] - m[..., 0, 1]
    xy, xz, yz = m[..., 0, 1] + m[..., 1, 0], m[..., 0, 2] + m[..., 2, 0], m[..., 1, 2] + m[..., 2, 1]
    candidates = np.stack(
        [
            np.stack([squares[..., 0], wx, wy, wz], axis=-1),
            np.stack([wx, squares[..., 1], xy, xz], axis=-1),
            np.stack([wy, xy, squares[..., 2], yz], axis=-1),
            np.stack([wz, xz, yz, squares[..., 3]], axis=-1),
        ],
        axis=-2,
    )
    best = squares.argmax(axis=-1)[..., None, None]
    picked = np.take_along_axis(candidates, best, axis=-2)[..., 0, :]
    picked = picked / np.linalg.norm(picked, axis=-1, keepdims=True)
    return np.where(picked[..., :1] < 0, -picked, picked)


def nearest_rotations(matrices: Array) -> Array:
    """Return the rotation nearest to each matrix in the Frobenius norm, [..., 3, 3] (polar factor, by SVD).

    Positive uniform scale takes a short way: divide by the cube root of the determinant.
    """
    determinant = np.linalg.det(matrices)
    if (determinant > 0).all():
        scaled = matrices / np.cbrt(determinant)[..., None, None]
        if np.abs(np.swapaxes(scaled, -1, -2) @ scaled - np.eye(3)).max(initial=0.0) < 1e-5:
            return to_matrices(from_matrices(scaled))
    u, _, vt = np.linalg.svd(matrices)
    flip = np.ones((*matrices.shape[:-2], 3))
    flip[..., 2] = np.sign(np.linalg.det(u @ vt))
    return (u * flip[..., None, :]) @ vt


def slerp(start_wxyz: Array, end_wxyz: Array, share: Array) -> Array:
    """Return the rotations a ``share`` (0 to 1) of the shorter way from start to end, [..., 4]."""
    cosine = (start_wxyz * end_wxyz).sum(axis=-1, keepdims=True)
    end = np.where(cosine < 0, -end_wxyz, end_wxyz)
    angle = np.arccos(np.clip(np.abs(cosine), 0.0, 1.0))
    sine = np.sin(angle)
    near = sine < 1e-6  # nearly equal: the straight line is exact to double precision
    safe = np.where(near, 1.0, sine)
    t = np.asarray(share)[..., None]
    first = np.where(near, 1 - t, np.sin((1 - t) * angle) / safe)
    second = np.where(near, t, np.sin(t * angle) / safe)
    mixed = first * start_wxyz + second * end
    return mixed / np.linalg.norm(mixed, axis=-1, keepdims=True)


def from_rotation_vectors(vectors: Array) -> Array:
    """Return unit quaternions of rotation vectors (axis times angle in radians), [..., 3] -> [..., 4]."""
    half = np.linalg.norm(vectors, axis=-1, keepdims=True) / 2
    # sinc(x) is sin(pi x) / (pi x): no division by a vanishing angle
    return np.concatenate([np.cos(half), vectors / 2 * np.sinc(half / np.pi)], axis=-1)


def rotation_vector_to_matrix(vector: Array) -> Array:
    """Return the rotation matrix of one rotation vector (axis times angle in radians), [3] -> [3, 3] (Rodrigues)."""
    angle = float(np.linalg.norm(vector))
    x, y, z = vector / max(angle, 1e-300)
    # below a millionth of a radian 1 - cos has lost its digits, and the first order is exact to 1e-12
    s, c = (angle, 0.0) if angle < 1e-6 else (np.sin(angle), 1 - np.cos(angle))
    rows = [
        [1 - y * y * c - z * z * c, x * y * c - z * s, x * z * c + y * s],
        [x * y * c + z * s, 1 - x * x * c - z * z * c, y * z * c - x * s],
        [x * z * c - y * s, x * s + y * z * c, 1 - x * x * c - y * y * c],
    ]
    return np.array(rows)


def from_axis_angles(axes: str, degrees: Array) -> Array:
    """Return quaternions of rotations about named axes, the first outermost: ``ZXY`` is ``R_z R_x R_y``.

    Args:
        axes: Any number of the letters X, Y and Z, in the order of the channels of a BVH joint.
        degrees: One angle per letter, [..., letters].
    """
    total = np.zeros((*degrees.shape[:-1], 4))
    total[..., 0] = 1.0
    for column, axis in enumerate(axes):
        half = np.deg2rad(degrees[..., column]) / 2
        turn = np.zeros_like(total)
        turn[..., 0], turn[..., 1 + "XYZ".index(axis)] = np.cos(half), np.sin(half)
        total = multiply(total, turn)
    return total


def to_zxy_degrees(quaternions_wxyz: Array) -> Array:
    """Return angles z, x, y in degrees with ``R = R_z R_x R_y``, [..., 4] -> [..., 3].

    Where x is 90 degrees up or down only the sum of z and y is defined; y is then 0.
    """
    m = to_matrices(quaternions_wxyz)
    level = np.hypot(m[..., 0, 1], m[..., 1, 1])
    x = np.arctan2(m[..., 2, 1], level)
    locked = level < 1e-9
    z = np.where(locked, np.arctan2(m[..., 1, 0], m[..., 0, 0]), np.arctan2(-m[..., 0, 1], m[..., 1, 1]))
    y = np.where(locked, 0.0, np.arctan2(-m[..., 2, 0], m[..., 2, 2]))
    return np.rad2deg(np.stack([z, x, y], axis=-1))
