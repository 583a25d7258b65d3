"""Visibility: which triangle is seen in each pixel. A Warp z-buffer, the same kernel on CPU and CUDA, no gradient.

Gradients come afterwards: ``fragments`` recomputes barycentric coordinates and depth in torch from the triangles found
here, so whatever is shaded from them is differentiable in the vertices (inside the silhouette).
"""

import sys
from dataclasses import dataclass

import torch
import warp as wp
from torch import Tensor

from ..body.warp_start import start_warp

NEAR_M = 0.01
"""Triangles with a corner nearer than this, or behind the camera, are left out; nothing is clipped."""

_EMPTY = 2**63 - 1
_LOWER_HALF = 0 if sys.byteorder == "little" else 1


@dataclass(frozen=True)
class Fragments:
    """The covered pixels of a batch of pictures, one row per pixel."""

    frame: Tensor
    """Picture of each fragment, [N]."""
    row: Tensor
    """Pixel row, [N]."""
    column: Tensor
    """Pixel column, [N]."""
    face: Tensor
    """Index of the triangle that is seen, [N]."""
    weights: Tensor
    """Perspective-correct barycentric coordinates of the pixel's centre, [N, 3]; differentiable."""
    depth_m: Tensor
    """Depth along the viewing direction, [N]; differentiable."""


@wp.func  # type: ignore[untyped-decorator]  # warp ships no types
def _twice_area(a: wp.vec3, b: wp.vec3, x: float, y: float) -> float:
    return (b[0] - a[0]) * (y - a[1]) - (b[1] - a[1]) * (x - a[0])


@wp.kernel(enable_backward=False)  # type: ignore[untyped-decorator]  # warp ships no types
def _draw_faces(
    points: wp.array2d(dtype=wp.vec3),  # type: ignore[valid-type]
    faces: wp.array2d(dtype=wp.int32),  # type: ignore[valid-type]
    near_m: float,
    keys: wp.array3d(dtype=wp.int64),  # type: ignore[valid-type]
) -> None:
    frame, face = wp.tid()  # type: ignore[misc]  # as many indices as the launch has axes
    a = points[frame, faces[face, 0]]
    b = points[frame, faces[face, 1]]
    c = points[frame, faces[face, 2]]
    if wp.min(wp.min(a[2], b[2]), c[2]) < near_m:
        return
    area = _twice_area(a, b, c[0], c[1])
    if wp.abs(area) < 1.0e-12:
        return
    height = keys.shape[1]
    width = keys.shape[2]
    # A pixel is covered when its centre, at + 0.5, is in the triangle or on its edge.
    left = wp.max(int(wp.ceil(wp.min(wp.min(a[0], b[0]), c[0]) - 0.5)), 0)
    right = wp.min(int(wp.floor(wp.max(wp.max(a[0], b[0]), c[0]) - 0.5)), width - 1)
    top = wp.max(int(wp.ceil(wp.min(wp.min(a[1], b[1]), c[1]) - 0.5)), 0)
    bottom = wp.min(int(wp.floor(wp.max(wp.max(a[1], b[1]), c[1]) - 0.5)), height - 1)
    for row in range(top, bottom + 1):
        for column in range(left, right + 1):
            x = float(column) + 0.5
            y = float(row) + 0.5
            u = _twice_area(b, c, x, y) / area
            v = _twice_area(c, a, x, y) / area
            w = _twice_area(a, b, x, y) / area
            if u >= 0.0 and v >= 0.0 and w >= 0.0:
                depth = 1.0 / (u / a[2] + v / b[2] + w / c[2])  # 1/z, not z, is linear on the screen
                key = (wp.int64(depth * 1.0e6) << wp.int64(32)) | wp.int64(face)
                wp.atomic_min(keys, frame, row, column, key)


def visible_faces(points_px: Tensor, faces: Tensor, height_px: int, width_px: int) -> Tensor:
    """Return the index of the nearest triangle in each pixel, -1 where there is none, [frames, height, width] int32.

    Both sides of a triangle are seen. Of triangles at the same depth (to 1 micrometre) the one with the lower index
    is seen, whatever the order of drawing: the result is deterministic.

    Args:
        points_px: What ``Camera.project`` returns, [frames, vertices, 3].
        faces: Vertex indices, [faces, 3].
        height_px: Height of the picture.
        width_px: Width of the picture.
    """
    points = points_px.detach().to(torch.float32).contiguous()
    triangles = faces.to(device=points.device, dtype=torch.int32).contiguous()
    keys = torch.full((len(points), height_px, width_px), _EMPTY, dtype=torch.int64, device=points.device)
    if len(points) and len(triangles):
        start_warp()
        device = wp.device_from_torch(points.device)
        inputs = [
            wp.from_torch(points, dtype=wp.vec3),
            wp.from_torch(triangles, dtype=wp.int32),
            NEAR_M,
            wp.from_torch(keys, dtype=wp.int64),
        ]
        wp.launch(_draw_faces, dim=(len(points), len(triangles)), inputs=inputs, device=device)
    # The lower half of a key is the face; of an empty one all bits are set, which reads as -1.
    return keys.view(torch.int32)[..., _LOWER_HALF::2]


def fragments(points_px: Tensor, faces: Tensor, seen: Tensor) -> Fragments:
    """Return barycentric coordinates and depth of every covered pixel, differentiable in ``points_px``.

    With the screen-space weights ``s_i`` of a pixel's centre and the corners' depths ``z_i``, the depth is
    ``z = 1 / sum(s_i / z_i)`` and the perspective-correct weights are ``w_i = z s_i / z_i``.

    Args:
        points_px: What ``Camera.project`` returns, [frames, vertices, 3].
        faces: Vertex indices, [faces, 3].
        seen: What ``visible_faces`` returns.
    """
    frame, row, column = torch.nonzero(seen >= 0, as_tuple=True)
    face = seen[frame, row, column].long()
    corners = points_px[frame[:, None], faces.long()[face]]
    a, b, c = corners.unbind(dim=1)
    centre = torch.stack([column, row], dim=-1).to(points_px.dtype) + 0.5
    area = _cross(b - a, c - a)
    screen = torch.stack([_cross(c - b, centre - b[:, :2]), _cross(a - c, centre - c[:, :2])], dim=-1) / area[:, None]
    screen = torch.cat([screen, 1 - screen.sum(dim=-1, keepdim=True)], dim=-1)
    inverse = screen / corners[..., 2]
    depth = 1 / inverse.sum(dim=-1)
    return Fragments(frame, row, column, face, inverse * depth[:, None], depth)


def _cross(u: Tensor, v: Tensor) -> Tensor:
    return u[..., 0] * v[..., 1] - u[..., 1] * v[..., 0]
