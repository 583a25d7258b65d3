"""What a renderer is: settings in, moving meshes and cameras in, pictures with gradients out."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from torch import Tensor

from ..errors import BenchError
from .batch import Subject
from .camera import Camera
from .shading import CLAY, LAMBERT, Colour, Light, Material


class BadSettings(BenchError):
    """Settings of a renderer that make no picture."""

    rule = "M023"


@dataclass(frozen=True)
class RenderSettings:
    """How pictures are made; every colour is RGB between 0 and 1."""

    height_px: int = 224
    """Height of a picture."""
    width_px: int = 224
    """Width of a picture."""
    samples: int = 1
    """Samples per pixel along each axis; 2 or 3 smooth the edges and cost 4 or 9 times the shading."""
    background: Colour = (0.95, 0.95, 0.96)
    """Colour behind the mesh; a picture instead comes with the ``Subject``."""
    tint: Colour = CLAY
    """Colour of a mesh that brings none."""
    material: Material = field(default=LAMBERT)
    """How the surface answers light."""
    light: Light = field(default_factory=Light)
    """Where the light comes from."""
    below_floor: Colour | None = None
    """Tint of what lies below y = 0; ``None``: none."""

    def __post_init__(self) -> None:
        if min(self.height_px, self.width_px) < 1 or self.height_px * self.width_px * self.samples**2 > 2**26:
            raise BadSettings(
                f"a picture of {self.height_px} x {self.width_px} pixels, {self.samples}^2 samples each; "
                "expected at least 1 pixel and at most 2^26 samples."
            )
        if self.samples < 1:
            raise BadSettings(f"samples is {self.samples}; expected 1 or more.")


@dataclass(frozen=True, eq=False)
class Pictures:
    """What a renderer returns for one subject."""

    images: Tensor
    """RGB between 0 and 1, [frames, views, 3, height, width]; differentiable in the vertices."""
    mask: Tensor
    """The share of each pixel that the mesh covers, [frames, views, height, width]; differentiable in the vertices."""
    seen: Tensor
    """The triangle seen at each sample's centre, int32 [frames, views, height * samples, width * samples]; -1: none."""


class Renderer(Protocol):
    """Makes pictures of moving meshes; knows nothing of characters, skeletons or data."""

    @property
    def settings(self) -> RenderSettings:
        """How the pictures are made."""

    def render(self, vertices_m: Tensor, faces: Tensor, cameras: Sequence[Camera]) -> Pictures:
        """Return the pictures of one moving mesh in the settings' tint, seen by each camera.

        Args:
            vertices_m: World positions, [frames, vertices, 3], on any device.
            faces: Vertex indices, counter-clockwise from outside, [faces, 3].
            cameras: One per view; each for all frames, or with a place per frame.
        """

    def render_many(self, subjects: Sequence[Subject]) -> list[Pictures]:
        """Return the pictures of several moving meshes, each with its own cameras, colours and background.

        Args:
            subjects: What to draw; all on one device, of one dtype.
        """
