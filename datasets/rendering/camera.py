"""The perspective camera: where it stands, what it looks at, and how points become pixels."""

from dataclasses import dataclass

import torch
from torch import Tensor

from ..errors import BenchError

VIEWS = {
    "front": 0.0, "left": 90.0, "back": 180.0, "right": -90.0, "three-quarter": 30.0, "three-quarter-right": -30.0
}  # fmt: skip
"""Azimuth in degrees of the named views; a character faces +z, so its left side is +x."""


class BadCamera(BenchError):
    """A camera that cannot see: no direction, an impossible field of view."""

    rule = "M020"


@dataclass(frozen=True)
class Camera:
    """A perspective camera, or one per frame when its tensors have a leading axis."""

    position_m: Tensor
    """Where it stands, world, [3] or [frames, 3]."""
    axes: Tensor
    """Its right, up and forward direction in world axes, as rows, [3, 3] or [frames, 3, 3]."""
    fov_y_deg: float = 30.0
    """Vertical opening angle; the horizontal one follows from the picture's shape."""

    def __post_init__(self) -> None:
        if not 0.0 < self.fov_y_deg < 170.0:
            raise BadCamera(f"fov_y_deg is {self.fov_y_deg:g}; expected an angle between 0 and 170 degrees.")

    def part(self, frames: slice) -> "Camera":
        """Return the camera of some frames, of a camera with a place per frame."""
        return Camera(self.position_m[frames], self.axes[frames], self.fov_y_deg)

    def focal_px(self, height_px: int) -> float:
        """Return the focal length in pixels of a picture of that height."""
        half = torch.deg2rad(torch.tensor(self.fov_y_deg / 2, dtype=torch.float64))
        return float(height_px / 2 / torch.tan(half))

    def project(self, points_m: Tensor, height_px: int, width_px: int) -> Tensor:
        """Return pixel coordinates and depth of world points, differentiably.

        Args:
            points_m: World points, [..., points, 3]; leading axes broadcast with the camera's.
            height_px: Height of the picture.
            width_px: Width of the picture.

        Returns:
            x (to the right) and y (downwards) in pixels, the centre of the upper left pixel at (0.5, 0.5), and the
            depth along the viewing direction in metres, [..., points, 3]. Points at depth 0 or less are behind the
            camera; their pixel coordinates mean nothing.
        """
        seen = (points_m - self.position_m[..., None, :]) @ self.axes.mT
        depth = seen[..., 2]
        scale = self.focal_px(height_px) / torch.where(depth > 0, depth, torch.ones_like(depth))
        x = width_px / 2 + seen[..., 0] * scale
        y = height_px / 2 - seen[..., 1] * scale
        return torch.stack([x, y, depth], dim=-1)

    def rays(self, height_px: int, width_px: int) -> Tensor:
        """Return the world direction through the centre of each pixel, [..., height, width, 3].

        The length is such that the depth along the viewing direction is 1, so ``position + depth * ray`` is the point
        seen at that depth.
        """
        focal = self.focal_px(height_px)
        x = (torch.arange(width_px, dtype=self.axes.dtype) + 0.5 - width_px / 2) / focal
        y = (height_px / 2 - torch.arange(height_px, dtype=self.axes.dtype) - 0.5) / focal
        rows, columns = torch.meshgrid(y, x, indexing="ij")
        local = torch.stack([columns, rows, torch.ones_like(rows)], dim=-1).to(self.axes.device)
        return local @ self.axes[..., None, :, :]


def look_at(position_m: Tensor, target_m: Tensor, fov_y_deg: float = 30.0) -> Camera:
    """Return a camera at one place (or one per frame) that looks at another, y up in the picture.

    Raises:
        BadCamera: If a camera stands where it looks, or looks straight up or down.
    """
    forward = target_m - position_m
    up = torch.zeros_like(forward)
    up[..., 1] = 1.0
    right = torch.linalg.cross(forward, up)
    if float(right.norm(dim=-1).min()) < 1e-9:
        raise BadCamera("a camera stands on its target or looks straight up or down; move it sideways.")
    forward = forward / forward.norm(dim=-1, keepdim=True)
    right = right / right.norm(dim=-1, keepdim=True)
    axes = torch.stack([right, torch.linalg.cross(right, forward), forward], dim=-2)
    return Camera(position_m, axes, fov_y_deg)


def orbit(
    target_m: Tensor,
    distance_m: float,
    *,
    azimuth_deg: float = 0.0,
    elevation_deg: float = 8.0,
    fov_y_deg: float = 30.0,
) -> Camera:
    """Return a camera that looks at a point (or one per frame, [frames, 3]) from a distance.

    Args:
        target_m: What is in the middle of the picture, world.
        distance_m: Distance from the target.
        azimuth_deg: 0 stands in front (+z), 90 on the character's left (+x), 180 behind; see ``VIEWS``.
        elevation_deg: Height of the camera over the horizon, seen from the target.
        fov_y_deg: Vertical opening angle.
    """
    azimuth, elevation = torch.deg2rad(torch.tensor([azimuth_deg, elevation_deg], dtype=target_m.dtype))
    away = torch.stack(
        [torch.sin(azimuth) * torch.cos(elevation), torch.sin(elevation), torch.cos(azimuth) * torch.cos(elevation)]
    )
    return look_at(target_m + distance_m * away.to(target_m.device), target_m, fov_y_deg)
