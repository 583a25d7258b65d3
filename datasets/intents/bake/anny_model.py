"""Anny's parametric body, narrowed to what the bake needs: rest meshes and joints in the project's axes."""

from dataclasses import dataclass, field
from typing import Any

import anny
import numpy as np
import torch
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from ...body.joint_names import STANDARD_JOINTS, bare_name

TOPOLOGIES = {"small": "notoes_collapse10pc", "full": "anny-noeyes-notongue"}
"""Anny's name of each resolution's mesh; both have CC0 assets and one closed surface."""

LOCAL_CHANGES: dict[str, tuple[str, ...]] = {
    "upper_arm_length": ("measure-upperarm-length-incr",),
    "forearm_length": ("measure-lowerarm-length-incr",),
    "arm_girth": ("measure-upperarm-circ-incr",),
    "upper_arm_fat": ("l-upperarm-fat-incr", "r-upperarm-fat-incr"),
    "forearm_fat": ("l-lowerarm-fat-incr", "r-lowerarm-fat-incr"),
    "shoulder_muscle": ("l-upperarm-shoulder-muscle-incr", "r-upperarm-shoulder-muscle-incr"),
    "hand_size": ("l-hand-scale-incr", "r-hand-scale-incr"),
    "thigh_length": ("measure-upperleg-height-incr",),
    "shin_length": ("measure-lowerleg-height-incr",),
    "thigh_girth": ("measure-thigh-circ-incr",),
    "calf_girth": ("measure-calf-circ-incr",),
    "foot_size": ("l-foot-scale-incr", "r-foot-scale-incr"),
    "head_height": ("head-scale-vert-incr",),
    "head_width": ("head-scale-horiz-incr",),
    "head_depth": ("head-scale-depth-incr",),
    "head_fat": ("head-fat-incr",),
    "ear_size": ("l-ear-scale-incr", "r-ear-scale-incr"),
    "nose_size": ("nose-volume-incr",),
    "chin_size": ("chin-prominent-incr",),
    "neck_length": ("neck-scale-vert-incr",),
    "neck_girth": ("measure-neck-circ-incr",),
    "torso_height": ("torso-scale-vert-incr",),
    "torso_width": ("torso-scale-horiz-incr",),
    "torso_depth": ("torso-scale-depth-incr",),
    "v_shape": ("torso-vshape-incr",),
    "pectorals": ("torso-muscle-pectoral-incr",),
    "shoulder_width": ("measure-shoulder-dist-incr",),
    "bust": ("measure-bust-circ-incr",),
    "waist": ("measure-waist-circ-incr",),
    "hips_girth": ("measure-hips-circ-incr",),
    "hip_width": ("hip-scale-horiz-incr",),
    "hip_depth": ("hip-scale-depth-incr",),
    "belly": ("stomach-pregnant-incr",),
    "belly_tone": ("stomach-tone-incr",),
    "buttocks": ("buttocks-volume-incr",),
}
"""Our name of each local change -> Anny's targets, left and right together so that bodies stay symmetric."""

_MIRRORED = [
    STANDARD_JOINTS.index(name.replace("Left", "_").replace("Right", "Left").replace("_", "Right"))
    for name in STANDARD_JOINTS
]


@dataclass(frozen=True)
class Shape:
    """The parameters of one body."""

    phenotypes: dict[str, float] = field(default_factory=dict)
    """Anny's gender, age, muscle, weight, height, proportions in [0, 1]; 0.5 where absent."""
    local_changes: dict[str, float] = field(default_factory=dict)
    """By our names in ``LOCAL_CHANGES``; [-1, 1] is natural, up to 3 gives cartoon-like bodies."""


@dataclass(frozen=True)
class RestBody:
    """One body in Anny's own rest pose (an A-pose), in metres, y up, facing +z."""

    vertices_m: NDArray[np.float64]
    joints_m: NDArray[np.float64]
    """Joint positions in the order of ``STANDARD_JOINTS``, [52, 3]."""


class BodyModel:
    """One resolution of Anny with Mixamo's joints. Building it the first time takes minutes; later ones a second."""

    def __init__(self, resolution: str) -> None:
        labels = [label for group in LOCAL_CHANGES.values() for label in group]
        self._anny: Any = anny.Anny(rig="mixamo", topology=TOPOLOGIES[resolution], local_changes=labels)
        names = [bare_name(name) for name in self._anny.bone_labels]
        self._order = [names.index(name) for name in STANDARD_JOINTS]

    @property
    def faces(self) -> NDArray[np.int64]:
        """Triangles, counter-clockwise seen from outside."""
        return np.asarray(self._anny.get_triangular_faces().cpu().numpy(), dtype=np.int64)

    @property
    def dense_weights(self) -> NDArray[np.float64]:
        """Skinning weights, the same on both sides, [vertices, 52]."""
        indices = self._anny.vertex_bone_indices.cpu().numpy()
        values = self._anny.vertex_bone_weights.cpu().numpy().astype(np.float64)
        dense = np.zeros((len(indices), len(self._anny.bone_labels)))
        np.add.at(dense, (np.arange(len(indices))[:, None], indices), values)
        return _symmetric_weights(self.rest(Shape()).vertices_m, dense[:, self._order])

    def rest(self, shape: Shape) -> RestBody:
        """Return a body in Anny's rest pose."""
        changes = {label: value for name, value in shape.local_changes.items() for label in LOCAL_CHANGES[name]}
        with torch.no_grad():
            output = self._anny(phenotype_kwargs=dict(shape.phenotypes), local_changes_kwargs=changes)
        vertices = output["rest_vertices"][0].cpu().numpy()
        joints = output["rest_bone_poses"][0, :, :3, 3].cpu().numpy()[self._order]
        return RestBody(_to_y_up(vertices), _symmetric_joints(_to_y_up(joints)))


def _symmetric_joints(joints_m: NDArray[np.float64]) -> NDArray[np.float64]:
    """Average the two sides: Anny's clavicle and spine joints are off by up to 6 mm, its mesh is not."""
    return 0.5 * (joints_m + joints_m[_MIRRORED] * [-1.0, 1.0, 1.0])


def _symmetric_weights(vertices_m: NDArray[np.float64], weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """Average each vertex's weights with its mirror image's: Anny's differ by up to 0.5 along the middle."""
    image = cKDTree(vertices_m).query(vertices_m * [-1.0, 1.0, 1.0])[1]
    paired = image[image] == np.arange(len(image))  # a handful of the full mesh's vertices have no partner
    averaged = 0.5 * (weights + weights[image][:, _MIRRORED])
    return np.where(paired[:, None], averaged, weights)


def _to_y_up(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Turn z up, facing -y, into y up, facing +z."""
    return np.stack([points[:, 0], points[:, 2], -points[:, 1]], axis=1)
