"""Light and material: what colour a point of a surface has, in torch, differentiable in the vertices."""

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn.functional import normalize

from ..errors import BenchError
from .batch import Batch
from .interpolation import blend
from .rasterizer import Surface

CLAY = (0.80, 0.72, 0.64)
SKY = (0.56, 0.70, 0.84)
"""Two quiet colours that tell a source (clay) from a result (sky) in every picture of the project."""

Colour = tuple[float, float, float]
"""RGB between 0 and 1."""


class BadLight(BenchError):
    """A light or a material that makes no picture."""

    rule = "M022"


@dataclass(frozen=True)
class Material:
    """How a surface answers light.

    ``colour (ambient + sky (1 + n_y) / 2 + diffuse max(n.l, 0)) + specular max(r.v, 0)^s``, with n the
    normal, l the direction towards the light, v towards the camera, r = 2 (n.l) n - l, s the shininess (Phong,
    "Illumination for Computer Generated Pictures", 1975; without ``specular`` it is Lambert's law). The light is white;
    the sum is cut at 1.
    """

    ambient: float = 0.34
    """Light from everywhere."""
    sky: float = 0.22
    """Light from above: all of it on what looks up, nothing on what looks down."""
    diffuse: float = 0.58
    """Light from the lamp."""
    specular: float = 0.0
    """The highlight."""
    shininess: float = 32.0
    """Sharpness of the highlight."""

    def __post_init__(self) -> None:
        if min(self.ambient, self.sky, self.diffuse, self.specular) < 0 or self.shininess <= 0:
            raise BadLight(f"{self} has a negative share or no shininess; every share is 0 or more, shininess above 0.")


LAMBERT = Material()
"""Soft light without highlights: the default."""
PHONG = Material(ambient=0.5, sky=0.0, diffuse=0.3, specular=0.2, shininess=64.0)
"""The default lights and materials of PyTorch3D's Phong shader."""


@dataclass(frozen=True)
class Light:
    """Where the light comes from."""

    towards: Colour | None = None
    """Direction towards a far lamp, world."""
    at_m: Colour | None = None
    """Place of a near lamp, world; with neither, the lamp is high behind the camera's right shoulder, so that every
    view shows a lit side."""

    def __post_init__(self) -> None:
        if self.towards is not None and self.at_m is not None:
            raise BadLight("a light has both a direction and a place; give towards or at_m.")
        if self.towards is not None and not any(self.towards):
            raise BadLight("the direction towards the light is 0 0 0; give it a length, for example (0, 1, 1).")


def light_behind(axes: Tensor) -> Tensor:
    """Return the direction towards a light high behind the camera's right shoulder, unit, [..., 3].

    Args:
        axes: ``Camera.axes``, [..., 3, 3].
    """
    right, _, forward = axes.unbind(dim=-2)
    level, up = axes.new_tensor([1.0, 0.0, 1.0]), axes.new_tensor([0.0, 1.0, 0.0])
    backward = normalize(-forward * level, dim=-1)
    return normalize(0.9 * up + 0.5 * backward + 0.3 * right, dim=-1)


@dataclass(frozen=True, eq=False)
class Look:
    """Everything that decides the colour of a surface, besides where it is."""

    material: Material
    light: Light
    normals: Tensor
    """Unit normal of each row of ``Batch.world_m``, [points, 3]; differentiable."""
    tints: Tensor
    """RGB of each picture's mesh, [pictures, 3]."""
    colours: Tensor | None = None
    """RGB of each row of ``Batch.world_m``, [points, 3], where a mesh has more than one colour."""
    coloured: Tensor | None = None
    """The pictures in which ``colours`` are seen instead of the tint, bool [pictures]."""
    below_floor: Colour | None = None
    """What lies below y = 0 is tinted so."""


def shade(surface: Surface, batch: Batch, look: Look) -> Tensor:
    """Return the colour of points on the surface, [N, 3], between 0 and 1; differentiable.

    Args:
        surface: The points.
        batch: The pictures they belong to.
        look: Normals, colours, material and light.
    """
    at = batch.first_vertex[surface.picture][:, None] + surface.corners
    normal = normalize(blend(look.normals, at, surface.weights), dim=-1, eps=1e-12)
    colour = _colour(surface, look, at)
    needs_place = look.material.specular > 0 or look.light.at_m is not None or look.below_floor is not None
    place_m = blend(batch.world_m, at, surface.weights) if needs_place else batch.world_m[:0]
    to_light = _to_light(surface, batch, look.light, place_m)
    facing = (normal * to_light).sum(dim=-1)
    material = look.material
    answer = material.ambient + material.diffuse * facing.clamp(min=0)
    if material.sky:
        answer = answer + material.sky * (0.5 + 0.5 * normal[:, 1])
    lit = colour * answer[:, None]
    if material.specular:
        to_eye = normalize(batch.eye_m[surface.picture] - place_m, dim=-1)
        mirrored = 2 * facing[:, None] * normal - to_light
        shine = (mirrored * to_eye).sum(dim=-1).clamp(min=0) * (facing > 0)
        lit = lit + material.specular * (shine**material.shininess)[:, None]
    if look.below_floor is not None:
        tinted = 0.35 * lit + 0.65 * lit.new_tensor(look.below_floor)
        lit = torch.where(place_m[:, 1:2] < -1e-3, tinted, lit)
    return lit.clamp(0, 1)


def _colour(surface: Surface, look: Look, at: Tensor) -> Tensor:
    """The colour of the surface itself, [N, 3]; the tint where it has but one, whatever is drawn beside it."""
    colour = look.tints.index_select(0, surface.picture)
    if look.colours is None or look.coloured is None:
        return colour
    own = torch.nonzero(look.coloured.index_select(0, surface.picture))[:, 0]
    return colour.index_copy(0, own, blend(look.colours, at.index_select(0, own), surface.weights.index_select(0, own)))


def _to_light(surface: Surface, batch: Batch, light: Light, place_m: Tensor) -> Tensor:
    """Unit direction towards the light from each point, [N, 3] or [1, 3]."""
    if light.at_m is not None:
        return normalize(place_m.new_tensor(light.at_m) - place_m, dim=-1)
    if light.towards is not None:
        return normalize(batch.axes.new_tensor([light.towards]), dim=-1)
    return light_behind(batch.axes)[surface.picture]
