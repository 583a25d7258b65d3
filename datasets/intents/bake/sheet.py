"""A small z-buffer painter for contact sheets of bodies."""

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
SKIN = (214, 178, 150)
"""Red, green and blue of a surface that is fully lit."""


def paint(
    vertices_m: Array,
    faces: NDArray[np.integer],
    *,
    size: tuple[int, int],
    pixels_per_m: float,
    yaw_deg: float = 0.0,
    centre_m: tuple[float, float] = (0.0, 0.9),
) -> tuple[NDArray[np.uint8], Array]:
    """Paint a mesh seen from the front (yaw 0) or turned about the vertical, orthographically.

    Args:
        vertices_m: World positions, y up, facing +z.
        faces: Triangles, counter-clockwise outside.
        size: Height and width in pixels.
        pixels_per_m: Scale.
        yaw_deg: Turn of the body about y; at 90 it faces the right edge of the picture and shows its right side.
        centre_m: World x and y (after the turn) of the picture's centre.

    Returns:
        The picture, [height, width, 3], and per vertex its pixel column, row and depth, [vertices, 3].
    """
    height, width = size
    turn = np.radians(yaw_deg)
    turned = vertices_m @ np.array([[np.cos(turn), 0, -np.sin(turn)], [0, 1, 0], [np.sin(turn), 0, np.cos(turn)]])
    screen = np.stack(
        [
            width / 2 + (turned[:, 0] - centre_m[0]) * pixels_per_m,
            height / 2 - (turned[:, 1] - centre_m[1]) * pixels_per_m,
            turned[:, 2],
        ],
        axis=1,
    )
    shade = _vertex_shade(turned, faces)
    corners = np.concatenate([screen, shade[:, None]], axis=1)[faces]
    picture = np.full((height, width, 3), 250, dtype=np.uint8)
    depth = np.full(height * width, -np.inf)
    values = np.zeros(height * width)
    extent = np.abs(corners[:, :, :2] - np.roll(corners, 1, axis=1)[:, :, :2]).max(axis=(1, 2))
    steps = np.clip(np.ceil(extent * 1.5).astype(int), 1, 200)
    for step in np.unique(steps):
        _splat(corners[steps == step], int(step), size, depth, values)
    seen = np.isfinite(depth).reshape(height, width)
    picture[seen] = np.clip(values.reshape(height, width)[seen][:, None] * np.array(SKIN), 0, 255).astype(np.uint8)
    return picture, screen


def _vertex_shade(vertices: Array, faces: NDArray[np.integer]) -> Array:
    a, b, c = (vertices[faces[:, k]] for k in range(3))
    face_normals = np.cross(b - a, c - a)
    normals = np.zeros_like(vertices)
    for k in range(3):
        np.add.at(normals, faces[:, k], face_normals)
    normals /= np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-12)
    light = np.array([-0.4, 0.55, 0.73])
    return 0.35 + 0.75 * np.clip(normals @ light, 0, 1)


def _splat(corners: Array, step: int, size: tuple[int, int], depth: Array, values: Array) -> None:
    """Sample triangles of similar extent on a barycentric grid and keep the nearest sample of each pixel."""
    i, j = np.meshgrid(np.arange(step + 1), np.arange(step + 1), indexing="ij")
    keep = (i + j) <= step
    u, v = i[keep] / step, j[keep] / step
    weights = np.stack([1 - u - v, u, v], axis=1)
    samples = np.einsum("sk,tkc->tsc", weights, corners).reshape(-1, 4)
    column, row = np.floor(samples[:, 0]).astype(int), np.floor(samples[:, 1]).astype(int)
    inside = (column >= 0) & (column < size[1]) & (row >= 0) & (row < size[0])
    samples, pixel = samples[inside], row[inside] * size[1] + column[inside]
    order = np.argsort(samples[:, 2], kind="stable")
    samples, pixel = samples[order], pixel[order]
    unique, last = np.unique(pixel[::-1], return_index=True)
    nearest = samples[::-1][last]
    closer = nearest[:, 2] > depth[unique]
    depth[unique[closer]] = nearest[closer, 2]
    values[unique[closer]] = nearest[closer, 3]
