"""A rig with its mesh: what can be skinned, drawn and asked for penetration, with gradients to the 22 rotations."""

from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from functools import cached_property

import numpy as np
import torch
from torch import Tensor

from ...datasets.body import Character
from ...datasets.body.kinematics import Pose, skin
from ...datasets.body.limbs import LimbBody, limb_bodies
from ...datasets.body.surface import AnimatedSurface
from .rig import Floats, Rig, bone_weights, build_rig, canonical_vertices

LimbSurface = tuple[LimbBody, AnimatedSurface]


@dataclass(frozen=True, eq=False)
class Figure(Rig):
    """A rig and its mesh; fingers and the like are rigid with the body joint above them."""

    character: Character
    """Gives faces, parts and height; its skeleton is not used."""
    vertices_m: Floats
    """The mesh in the canonical T-pose, [vertices, 3]."""
    vertex_weights: Floats
    """Skinning weights of the mesh on the 22 joints, [vertices, 22]."""
    surfaces: dict[str, tuple[LimbSurface, ...]] = field(default_factory=dict)
    """By device, what ``limb_surfaces`` has built."""

    @cached_property
    def limbs(self) -> tuple[LimbBody, ...]:
        """The four limbs, each with the body without it; cut when first asked for, which sources never are."""
        return limb_bodies(self.character)

    def posed_m(self, pose: Pose) -> Tensor:
        """Return the skinned mesh, [frames, vertices, 3], on the pose's device.

        Args:
            pose: Of the 22 joints on this rig: rotations [frames, 22, 3, 3], positions [frames, 22, 3].
        """
        device = pose.positions_m.device
        vertices, weights, rest = (
            torch.from_numpy(a).to(device) for a in (self.vertices_m, self.vertex_weights, self.rest_m)
        )
        return skin(vertices, weights, rest, pose)

    def limb_surfaces(self, device: torch.device) -> tuple[LimbSurface, ...]:
        """Return the limbs that penetration counts, each with the searchable body without it; built once a device."""
        if str(device) not in self.surfaces:
            chosen = [limb for limb in self.limbs if len(limb.counted) and len(limb.faces)]
            on_cpu = device.type == "cpu"
            self.surfaces[str(device)] = tuple((b, b.surface if on_cpu else b.surface_on(device)) for b in chosen)
        return self.surfaces[str(device)]


def build_figure(character: Character) -> Figure:
    """Work out a character's rig and mesh.

    Raises:
        UnmappedJoints: If the skeleton is no humanoid.
    """
    rig = build_rig(character)
    return Figure(
        **{f.name: getattr(rig, f.name) for f in fields(Rig)},
        character=character,
        vertices_m=canonical_vertices(character).astype(np.float32),
        vertex_weights=bone_weights(character).astype(np.float32),
    )


def figures(rigs: Sequence[Rig]) -> list[Figure]:
    """Return rigs that are figures as what they are.

    Raises:
        TypeError: If one has no mesh; the bodies were then built by something else than ``build_figure``.
    """
    found = [rig for rig in rigs if isinstance(rig, Figure)]
    if len(found) != len(rigs):
        raise TypeError("a rig without a mesh; sources and targets of stage 2 are built by build_figure.")
    return found
