"""Small geometry that several terms share."""

import numpy as np
from numpy.typing import NDArray

from .rig import FloatArray


def spread(points_m: NDArray[np.float32], usable: NDArray[np.intp], count: int) -> NDArray[np.intp]:
    """Return at most ``count`` of the usable indices, spread out by farthest-point sampling, ascending."""
    if len(usable) <= count:
        return usable
    points = points_m[usable].astype(np.float64)
    picked = [int(np.linalg.norm(points - points.mean(axis=0), axis=1).argmax())]
    away = np.linalg.norm(points - points[picked[0]], axis=1)
    while len(picked) < count:
        picked.append(int(away.argmax()))
        away = np.minimum(away, np.linalg.norm(points - points[picked[-1]], axis=1))
    return np.sort(usable[picked])


def cross(a: FloatArray, b: FloatArray) -> FloatArray:
    """Return the cross product along the last axis; ``numpy.cross`` is three times slower there."""
    ax, ay, az = a[..., 0], a[..., 1], a[..., 2]
    bx, by, bz = b[..., 0], b[..., 1], b[..., 2]
    return np.stack([ay * bz - az * by, az * bx - ax * bz, ax * by - ay * bx], axis=-1)


def face_normals(triangles_m: FloatArray) -> FloatArray:
    """Return unit normals of triangles, [..., 3, 3] -> [..., 3]; zero for a degenerate one."""
    normal = cross(triangles_m[..., 1, :] - triangles_m[..., 0, :], triangles_m[..., 2, :] - triangles_m[..., 0, :])
    return np.asarray(normal / np.maximum(np.linalg.norm(normal, axis=-1, keepdims=True), 1e-12))
