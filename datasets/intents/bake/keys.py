"""Choose the named key vertices on the average man in the T-pose; every body shares their indices.

A key vertex is the vertex nearest to a place that the joints define ("65 % of the way from the wrist to the middle
knuckle"), among the vertices whose normal points the given way and that the given joints move. The right one of a
pair is the mirror image of the left one.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ...body.joint_names import FINGER_JOINTS, STANDARD_JOINTS

Array = NDArray[np.float64]
Indices = NDArray[np.int64]
_INDEX = {name: index for index, name in enumerate(STANDARD_JOINTS)}
_LEFT_HAND = ("LeftHand", *(name for name in FINGER_JOINTS if name.startswith("Left")))
_TORSO = ("Hips", "Spine", "Spine1", "Spine2", "LeftUpLeg")
_HEAD = ("Head",)
_FOOT = ("LeftFoot", "LeftToeBase")


@dataclass(frozen=True)
class Mesh:
    """The average man in the T-pose on the ground, with what the choice needs."""

    vertices_m: Array
    faces: Indices
    joints_m: Array
    dense_weights: Array

    def at(self, joint: str, other: str | None = None, share: float = 0.5) -> Array:
        """Return a joint's position, or the point ``share`` of the way to another joint."""
        start = self.joints_m[_INDEX[joint]]
        return start if other is None else start + share * (self.joints_m[_INDEX[other]] - start)


def mirror_map(vertices_m: Array) -> Indices:
    """Return the vertex that is the mirror image (x to -x) of each vertex.

    Raises:
        ValueError: If the map is not its own inverse, or an image is more than 2 cm off.
    """
    image = vertices_m * [-1.0, 1.0, 1.0]
    distances = np.linalg.norm(image[:, None] - vertices_m[None], axis=2) if len(image) < 4000 else None
    if distances is None:
        raise ValueError("mirror_map is for the small mesh; the full one has no use for it.")
    nearest = distances.argmin(axis=1)
    if (nearest[nearest] != np.arange(len(nearest))).any() or distances.min(axis=1).max() > 0.02:
        raise ValueError("the mesh has no mirror symmetry.")
    return nearest


def vertex_normals(vertices_m: Array, faces: Indices) -> Array:
    """Return area-weighted unit vertex normals."""
    corners = vertices_m[faces]
    across = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    normals = np.zeros_like(vertices_m)
    for corner in range(3):
        np.add.at(normals, faces[:, corner], across)
    return np.asarray(normals / np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-12))


def choose_keys(mesh: Mesh) -> dict[str, int]:
    """Return all key vertices, sorted by name."""
    mirror = mirror_map(mesh.vertices_m)
    picker = _Picker(mesh)
    keys = _centre_keys(mesh, picker)
    for name, vertex in (_hand_keys(mesh, picker) | _limb_keys(mesh, picker) | _side_keys(mesh, picker)).items():
        keys[f"left_{name}"], keys[f"right_{name}"] = vertex, int(mirror[vertex])
    return dict(sorted(keys.items()))


class _Picker:
    def __init__(self, mesh: Mesh) -> None:
        self.mesh = mesh
        self.normals = vertex_normals(mesh.vertices_m, mesh.faces)
        self.mover = mesh.dense_weights.argmax(axis=1)

    def near(
        self, place: Array, facing: tuple[float, float, float], joints: tuple[str, ...], within_deg: float = 50.0
    ) -> int:
        """Return the vertex nearest to the line from ``place`` along ``facing``, among those that face that way."""
        direction = np.asarray(facing) / np.linalg.norm(facing)
        allowed = np.isin(self.mover, [_INDEX[j] for j in joints])
        allowed &= self.normals @ direction > np.cos(np.radians(within_deg))
        away = self.mesh.vertices_m - place
        along = away @ direction
        distance = np.linalg.norm(away - along[:, None] * direction, axis=1)
        allowed &= along > -0.02  # not the far side of the body
        return int(np.where(allowed, distance, np.inf).argmin())

    def nearest(self, place: Array, facing: tuple[float, float, float], joints: tuple[str, ...]) -> int:
        """Return the vertex nearest to ``place`` among those that face within 45 degrees of ``facing``."""
        direction = np.asarray(facing) / np.linalg.norm(facing)
        allowed = np.isin(self.mover, [_INDEX[j] for j in joints]) & (self.normals @ direction > np.sqrt(0.5))
        distance = np.linalg.norm(self.mesh.vertices_m - place, axis=1)
        return int(np.where(allowed, distance, np.inf).argmin())

    def furthest(self, direction: tuple[float, float, float], joints: tuple[str, ...]) -> int:
        """Return the vertex furthest along ``direction`` among those that the joints move."""
        allowed = np.isin(self.mover, [_INDEX[j] for j in joints])
        return int(np.where(allowed, self.mesh.vertices_m @ np.asarray(direction), -np.inf).argmax())


def _hand_keys(mesh: Mesh, pick: _Picker) -> dict[str, int]:
    centre = mesh.at("LeftHand", "LeftHandMiddle1", 0.62)
    down, up = (0.0, -1.0, 0.0), (0.0, 1.0, 0.0)
    keys = {
        "palm": pick.near(centre, down, _LEFT_HAND, 35.0),
        "hand_back": pick.near(centre, up, _LEFT_HAND, 35.0),
        "wrist": pick.near(mesh.at("LeftHand"), up, ("LeftHand", "LeftForeArm")),
        "knuckles": pick.near(mesh.at("LeftHandMiddle1"), up, _LEFT_HAND),
        "thumb_tip": pick.furthest((0.76, -0.28, 0.59), ("LeftHandThumb3",)),
    }
    for finger in ("index", "middle", "ring", "pinky"):
        keys[f"{finger}_tip"] = pick.furthest((1.0, 0.0, 0.0), (f"LeftHand{finger.capitalize()}3",))
    return keys


def _limb_keys(mesh: Mesh, pick: _Picker) -> dict[str, int]:
    up, front, back, out = (0.0, 1.0, 0.0), (0.0, 0.0, 1.0), (0.0, 0.0, -1.0), (1.0, 0.0, 0.0)
    arm, leg = ("LeftArm", "LeftForeArm"), ("LeftUpLeg", "LeftLeg")
    return {
        "shoulder": pick.near(mesh.at("LeftArm"), up, ("LeftArm", "Spine2", "LeftShoulder")),
        "upper_arm": pick.near(mesh.at("LeftArm", "LeftForeArm", 0.55), up, arm),
        "elbow": pick.near(mesh.at("LeftForeArm"), back, arm),
        "forearm": pick.near(mesh.at("LeftForeArm", "LeftHand", 0.5), up, arm),
        "thigh": pick.near(mesh.at("LeftUpLeg", "LeftLeg", 0.55), front, leg),
        "thigh_side": pick.near(mesh.at("LeftUpLeg", "LeftLeg", 0.45), out, leg),
        "knee": pick.near(mesh.at("LeftLeg"), front, leg),
        "shin": pick.near(mesh.at("LeftLeg", "LeftFoot", 0.5), front, leg),
        "calf": pick.near(mesh.at("LeftLeg", "LeftFoot", 0.35), back, leg),
        "ankle": pick.near(mesh.at("LeftFoot"), out, ("LeftLeg", "LeftFoot")),
        "heel": pick.furthest((0.0, -0.5, -1.0), _FOOT),
        "ball": pick.near(mesh.at("LeftToeBase"), (0.0, -1.0, 0.0), _FOOT),
        "toe": pick.furthest((0.0, 0.0, 1.0), _FOOT),
        "instep": pick.near(mesh.at("LeftFoot", "LeftToeBase", 0.6), up, _FOOT),
    }


def _side_keys(mesh: Mesh, pick: _Picker) -> dict[str, int]:
    front, back, out = (0.0, 0.0, 1.0), (0.0, 0.0, -1.0), (1.0, 0.0, 0.0)
    half_arm = 0.5 * mesh.at("LeftArm")[0]
    nose = mesh.vertices_m[pick.furthest(front, _HEAD)]
    ear = mesh.vertices_m[pick.furthest(out, _HEAD)]  # its rim, which faces back
    size = mesh.vertices_m[:, 1].max() - nose[1]
    return {
        "hip": pick.near(mesh.at("Hips", "Spine", 0.8), out, _TORSO),
        "waist": pick.near(mesh.at("Spine", "Spine1", 0.9), out, _TORSO),
        "pelvis_side": pick.near(mesh.at("LeftUpLeg"), out, _TORSO),
        "ribs": pick.near(mesh.at("Spine1", "Spine2", 0.9), out, _TORSO),
        "chest": pick.near(mesh.at("Spine2", "Neck", 0.1) * [0, 1, 1] + [half_arm, 0, 0], front, _TORSO),
        "belly": pick.near(mesh.at("Spine", "Spine1", 0.4) * [0, 1, 1] + [half_arm * 0.8, 0, 0], front, _TORSO),
        "shoulder_blade": pick.near(mesh.at("Spine2", "Neck", 0.3) * [0, 1, 1] + [half_arm, 0, 0], back, _TORSO),
        "lower_back": pick.near(mesh.at("Spine", "Spine1", 0.3) * [0, 1, 1] + [half_arm * 0.7, 0, 0], back, _TORSO),
        "buttock": pick.near(mesh.at("LeftUpLeg", "Hips", 0.15), back, _TORSO),
        "ear": pick.nearest(ear + np.array([0.0, 0.0, 0.12 * size]), (1.0, 0.0, 0.2), _HEAD),
        "cheek": pick.nearest(nose + size * np.array([0.33, 0.0, -0.30]), (0.5, 0.0, 0.85), _HEAD),
        "temple": pick.nearest(nose + size * np.array([0.36, 0.38, -0.40]), (0.75, 0.0, 0.65), _HEAD),
    }


def _centre_keys(mesh: Mesh, pick: _Picker) -> dict[str, int]:
    front, back, middle = (0.0, 0.0, 1.0), (0.0, 0.0, -1.0), np.array([0.0, 1.0, 1.0])
    head = mesh.at("Head")
    crown = mesh.vertices_m[:, 1].max()
    brow = np.array([0.0, head[1] + 0.66 * (crown - head[1]), head[2]])
    nose = mesh.vertices_m[pick.furthest((0.0, 0.0, 1.0), _HEAD)]
    chin = pick.near(np.array([0.0, head[1] - 0.005, 0.1]), (0.0, -0.3, 1.0), _HEAD)
    torso_neck = (*_TORSO, "Neck")
    return {
        "crown": pick.furthest((0.0, 1.0, 0.0), _HEAD),
        "forehead": pick.near(brow, front, _HEAD),
        "nose": pick.furthest((0.0, 0.0, 1.0), _HEAD),
        "mouth": pick.near(nose - [0.0, 0.03, 0.03], front, _HEAD, 60.0),
        "chin": chin,
        "head_back": pick.near(brow, back, _HEAD),
        "neck_front": pick.near(mesh.at("Neck"), front, torso_neck, 70.0),
        "neck_back": pick.near(mesh.at("Neck"), back, torso_neck),
        "chest": pick.near(mesh.at("Spine2", "Neck", 0.3) * middle, front, _TORSO),
        "upper_belly": pick.near(mesh.at("Spine1", "Spine2", 0.4) * middle, front, _TORSO),
        "belly": pick.near(mesh.at("Spine", "Spine1", 0.3) * middle, front, _TORSO),
        "upper_back": pick.near(mesh.at("Spine2", "Neck", 0.3) * middle, back, _TORSO),
        "lower_back": pick.near(mesh.at("Spine", "Spine1", 0.3) * middle, back, _TORSO),
    }
