"""A brute-force ray caster, written apart from the renderer: every ray against every triangle, float64, NumPy."""

import numpy as np

CHUNK = 256


def pixel_rays(camera, size):
    """Directions from the camera through the pixels' centres, of depth 1, [height width, 3] float64."""
    height, width = size
    half = np.tan(np.radians(camera.fov_y_deg / 2))
    rows, columns = np.meshgrid(np.arange(height) + 0.5, np.arange(width) + 0.5, indexing="ij")
    x = (columns - width / 2) * 2 * half / height
    y = (height / 2 - rows) * 2 * half / height
    local = np.stack([x, y, np.ones_like(x)], axis=-1).reshape(-1, 3)
    return local @ camera.axes.numpy().astype(np.float64)


def cast_rays(vertices, faces, camera, size):
    """The nearest triangle in each pixel, -1 where there is none, and its depth, [height, width] each.

    Moeller and Trumbore, "Fast, Minimum Storage Ray/Triangle Intersection" (1997). All rays start at one place, so that
    its triple products are dot products of the direction with one vector per triangle.
    """
    rays = pixel_rays(camera, size)
    a, b, c = (vertices.astype(np.float64)[faces[:, k]] for k in range(3))
    along, across = b - a, c - a
    start = camera.position_m.numpy().astype(np.float64) - a
    with np.errstate(divide="ignore", invalid="ignore"):
        by_face = np.stack([np.cross(across, along), np.cross(across, start), np.cross(start, along)])
        reach = (by_face[2] * across).sum(-1)
        nearest, depth = np.empty(len(rays), dtype=np.int64), np.empty(len(rays))
        for first in range(0, len(rays), CHUNK):
            own = slice(first, first + CHUNK)
            determinant, u, v = (rays[own] @ vectors.T for vectors in by_face)
            u, v, met = u / determinant, v / determinant, reach / determinant
            met[~((u >= 0) & (v >= 0) & (u + v <= 1) & (met > 0))] = np.inf
            nearest[own], depth[own] = met.argmin(axis=1), met.min(axis=1)
    nearest[~np.isfinite(depth)] = -1
    return nearest.reshape(size), depth.reshape(size)
