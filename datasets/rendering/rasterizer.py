"""Visibility: which triangle is seen in each pixel. A Warp z-buffer, the same kernel on CPU and CUDA, no gradient.

Gradients come afterwards: ``fragments`` recomputes in torch where on its triangle each pixel lies, and ``moving_edges``
says what happens when it moves.
"""

import sys
from dataclasses import dataclass

import torch
import warp as wp
from torch import Tensor

from ..body.warp_start import start_warp
from .batch import Batch
from .footing import Footing, footing

NEAR_M = 0.01
"""Triangles with a corner nearer than this, or behind the camera, are left out; nothing is clipped."""

EMPTY_KEY = 2**63 - 1
"""The z-buffer's value of a pixel in which nothing is seen. Otherwise: depth in micrometres, then the triangle."""

_NOTHING = wp.constant(wp.int64(EMPTY_KEY))
_LOWER_HALF = 0 if sys.byteorder == "little" else 1


@dataclass(frozen=True, eq=False)
class Surface:
    """Points on triangles, one row per point; what is shaded."""

    picture: Tensor
    """The picture each point is seen in, [N]."""
    corners: Tensor
    """The triangle's vertices as indices within the mesh, [N, 3]."""
    weights: Tensor
    """Perspective-correct barycentric coordinates, [N, 3]."""


@dataclass(frozen=True, eq=False)
class Fragments:
    """The covered pixels of a batch of pictures; no gradient."""

    picture: Tensor
    """The picture, [N]."""
    row: Tensor
    """Pixel row, [N]."""
    column: Tensor
    """Pixel column, [N]."""
    corners: Tensor
    """The vertices of the triangle that is seen, as indices within the mesh, [N, 3]."""
    footing: Footing
    """Where on it the pixel's centre lies."""


@wp.struct
class FlatPictures:
    """The tables of a ``Batch`` as the kernels read them."""

    points: wp.array(dtype=wp.vec3)  # type: ignore[valid-type]
    faces: wp.array2d(dtype=wp.int32)  # type: ignore[valid-type]
    edges: wp.array2d(dtype=wp.int32)  # type: ignore[valid-type]
    table: wp.array2d(dtype=wp.int32)  # type: ignore[valid-type]
    size_px: wp.vec2
    near_m: float


@wp.func  # type: ignore[untyped-decorator]  # warp ships no types
def twice_area(a: wp.vec3, b: wp.vec3, x: float, y: float) -> float:
    """Twice the signed area of the triangle from ``a`` to ``b`` to (x, y), on the screen."""
    return (b[0] - a[0]) * (y - a[1]) - (b[1] - a[1]) * (x - a[0])


@wp.func  # type: ignore[untyped-decorator]  # warp ships no types
def depth_key(a: wp.vec3, b: wp.vec3, c: wp.vec3, place: wp.vec2, face: int) -> wp.int64:
    """The z-buffer's key of a triangle at a place; ``EMPTY_KEY`` where it does not cover it."""
    u = twice_area(b, c, place[0], place[1])
    v = twice_area(c, a, place[0], place[1])
    w = twice_area(a, b, place[0], place[1])
    key = _NOTHING
    if (u >= 0.0 and v >= 0.0 and w >= 0.0) or (u <= 0.0 and v <= 0.0 and w <= 0.0):
        depth = (u + v + w) / (u / a[2] + v / b[2] + w / c[2])  # 1/z, not z, is linear on the screen
        key = (wp.int64(depth * 1.0e6) << wp.int64(32)) | wp.int64(face)
    return key


@wp.func  # type: ignore[untyped-decorator]  # warp ships no types
def is_drawn(a: wp.vec3, b: wp.vec3, c: wp.vec3, near_m: float) -> bool:
    """Whether a triangle is in front of the camera and has an area."""
    return wp.min(wp.min(a[2], b[2]), c[2]) >= near_m and wp.abs(twice_area(a, b, c[0], c[1])) >= 1.0e-12


@wp.func  # type: ignore[untyped-decorator]  # warp ships no types
def face_corners(flat: FlatPictures, picture: int, face: int) -> tuple[wp.vec3, wp.vec3, wp.vec3]:
    """The corners of a triangle, a row of ``Batch.faces``, in a picture: x and y in pixels, depth in metres."""
    first = flat.table[picture, 0]
    a = flat.points[first + flat.faces[face, 0]]
    b = flat.points[first + flat.faces[face, 1]]
    c = flat.points[first + flat.faces[face, 2]]
    return a, b, c


@wp.kernel(enable_backward=False)  # type: ignore[untyped-decorator]  # warp ships no types
def _draw_faces(flat: FlatPictures, keys: wp.array3d(dtype=wp.int64)) -> None:  # type: ignore[valid-type]
    picture, number = wp.tid()  # type: ignore[misc]  # as many indices as the launch has axes
    if number >= flat.table[picture, 2]:
        return
    face = flat.table[picture, 1] + number
    a, b, c = face_corners(flat, picture, face)
    if not is_drawn(a, b, c, flat.near_m):
        return
    # A pixel is covered when its centre, at + 0.5, is in the triangle or on its edge.
    left = wp.max(int(wp.ceil(wp.min(wp.min(a[0], b[0]), c[0]) - 0.5)), 0)
    right = wp.min(int(wp.floor(wp.max(wp.max(a[0], b[0]), c[0]) - 0.5)), keys.shape[2] - 1)
    top = wp.max(int(wp.ceil(wp.min(wp.min(a[1], b[1]), c[1]) - 0.5)), 0)
    bottom = wp.min(int(wp.floor(wp.max(wp.max(a[1], b[1]), c[1]) - 0.5)), keys.shape[1] - 1)
    for row in range(top, bottom + 1):
        for column in range(left, right + 1):
            key = depth_key(a, b, c, wp.vec2(float(column) + 0.5, float(row) + 0.5), face)
            if key < keys[picture, row, column]:
                wp.atomic_min(keys, picture, row, column, key)


def visible_faces(batch: Batch) -> Tensor:
    """Return the nearest triangle in each pixel, [pictures, height, width] int32; -1 where there is none.

    The numbers are rows of ``Batch.faces``. Both sides of a triangle are seen. Of triangles at the same depth (to 1
    micrometre) the one with the lower index is seen, whatever the order of drawing: the result is deterministic.
    """
    device = batch.points_px.device
    keys = torch.full((batch.picture_count, *batch.size_px), EMPTY_KEY, dtype=torch.int64, device=device)
    if batch.picture_count and batch.most_faces:
        start_warp()
        inputs = [flat_pictures(batch), wp.from_torch(keys, dtype=wp.int64)]
        wp.launch(
            _draw_faces, dim=(batch.picture_count, batch.most_faces), inputs=inputs, device=wp.device_from_torch(device)
        )
    return faces_of_keys(keys)


def flat_pictures(batch: Batch) -> FlatPictures:
    """Return the tables of a batch for the kernels; points become float32."""
    flat = FlatPictures()
    flat.points = wp.from_torch(batch.points_px.detach().to(torch.float32).contiguous(), dtype=wp.vec3)
    flat.faces = wp.from_torch(batch.faces, dtype=wp.int32)
    flat.edges = wp.from_torch(batch.edges, dtype=wp.int32)
    flat.table = wp.from_torch(batch.table, dtype=wp.int32)
    flat.size_px = wp.vec2(float(batch.size_px[1]), float(batch.size_px[0]))
    flat.near_m = NEAR_M
    return flat


def faces_of_keys(keys: Tensor) -> Tensor:
    """Return the triangles of z-buffer values, int32, -1 where nothing was seen."""
    # The lower half of a key is the triangle; of an empty one all bits are set, which reads as -1.
    return keys.view(torch.int32)[..., _LOWER_HALF::2].reshape(keys.shape)


def fragments(batch: Batch, seen: Tensor) -> Fragments:
    """Return what is seen in every covered pixel.

    Args:
        batch: The pictures.
        seen: What ``visible_faces`` returns.
    """
    picture, row, column = torch.nonzero(seen >= 0, as_tuple=True)
    centre = torch.stack([column, row]).to(batch.points_px.dtype) + 0.5
    corners, on = footing_of(batch, picture, seen[picture, row, column], centre)
    return Fragments(picture, row, column, corners, on)


def footing_of(batch: Batch, picture: Tensor, face: Tensor, place_px: Tensor) -> tuple[Tensor, Footing]:
    """Return the vertices of triangles, [N, 3], and where on them given places of the screen lie.

    Args:
        batch: The pictures.
        picture: The picture of each place, [N].
        face: The triangle seen there, a row of ``Batch.faces``, [N].
        place_px: x and y on the screen, [2, N].
    """
    corners = batch.faces.index_select(0, face).long()
    rows = (batch.table[:, 0].long().index_select(0, picture)[:, None] + corners).t().contiguous()
    return corners, footing(batch.points_px.detach(), rows, place_px)
