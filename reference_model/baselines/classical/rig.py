"""Which joints of a target are corrected, how stiff each is, and how a small turn of each moves a vertex."""

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ....datasets.body import Character, Motion
from ....datasets.body.joint_names import require_joints
from ....datasets.body.kinematics import Pose, SkinTensors, quaternions_to_matrices

FloatArray = NDArray[np.float64]

_STIFFNESS = {
    "Hips": 30.0, "Spine": 80.0, "Spine1": 80.0, "Spine2": 80.0, "Neck": 8.0, "Head": 8.0,
    "Shoulder": 5.0, "Arm": 1.0, "ForeArm": 1.0, "Hand": 1.5,
    "UpLeg": 2.0, "Leg": 2.0, "Foot": 2.0,
}  # fmt: skip
"""How dearly a joint is turned away from the copied pose; a root displacement of H costs ``_ROOT``."""

_ROOT = 300.0
_HINGES = ("ForeArm", "Leg")
_SIDEWAYS = 8.0
"""Elbows and knees are hinges: bending them sideways costs this many times more."""

_NEXT = {"ForeArm": "Hand", "Leg": "Foot"}


@dataclass(frozen=True, eq=False)
class Rig:
    """The corrected joints of one character; D = 3 + 3 J numbers a frame: root displacement, one turn per joint."""

    skin: SkinTensors
    joints: tuple[int, ...]
    """Skeleton indices of the corrected joints, J of them."""
    reach: FloatArray
    """Share of each vertex's motion that follows each corrected joint, [vertices, J]."""
    stiffness: FloatArray
    """Cost of each number, [D, D], block diagonal."""

    @classmethod
    def of(cls, character: Character) -> "Rig":
        """Find the corrected joints of a humanoid: spine, neck, head and the limbs down to hands and feet."""
        found = require_joints(character.skeleton)
        chosen = {name: index for name, index in found.items() if _bare(name) in _STIFFNESS}
        joints = tuple(chosen.values())
        below = _descends(character.skeleton.parents, joints)
        return cls(
            SkinTensors.of(character), joints, character.dense_weights.astype(np.float64) @ below,
            _stiffness(character, chosen),
        )  # fmt: skip

    @property
    def size(self) -> int:
        """D, the number of unknowns of a frame."""
        return 3 + 3 * len(self.joints)


def _bare(name: str) -> str:
    return name.removeprefix("Left").removeprefix("Right")


def _descends(parents: tuple[int, ...], joints: tuple[int, ...]) -> FloatArray:
    """1 where a joint is one of the corrected joints or below it, [all joints, J]."""
    below = np.zeros((len(parents), len(joints)))
    for joint, parent in enumerate(parents):
        if parent >= 0:
            below[joint] = below[parent]
        if joint in joints:
            below[joint, joints.index(joint)] = 1.0
    return below


def _stiffness(character: Character, chosen: dict[str, int]) -> FloatArray:
    size = 3 + 3 * len(chosen)
    matrix = np.zeros((size, size))
    matrix[:3, :3] = np.eye(3) * _ROOT / character.height_m**2
    rest = character.skeleton.rest_positions_m.astype(np.float64)
    found = require_joints(character.skeleton)
    for number, (name, joint) in enumerate(chosen.items()):
        block = np.eye(3) * _STIFFNESS[_bare(name)]
        if _bare(name) in _HINGES:
            sideways = _sideways(rest[found[name.replace(_bare(name), _NEXT[_bare(name)])]] - rest[joint])
            block += (_SIDEWAYS - 1.0) * _STIFFNESS[_bare(name)] * np.outer(sideways, sideways)
        matrix[3 + 3 * number : 6 + 3 * number, 3 + 3 * number : 6 + 3 * number] = block
    return matrix


def _sideways(bone: FloatArray) -> FloatArray:
    """The axis about which a hinge does not turn: in a rest pose facing +z it bends in the plane of bone and z."""
    hinge = np.cross(bone, [0.0, 0.0, 1.0])
    axis = np.cross(bone, hinge)
    return np.asarray(axis / max(float(np.linalg.norm(axis)), 1e-9))


@dataclass(frozen=True, eq=False)
class Posed:
    """A rig in all frames, with the current corrections applied."""

    pose: Pose
    vertices_m: Tensor
    """[frames, vertices, 3], float32."""
    pivots_m: FloatArray
    """World positions of the corrected joints, [frames, J, 3]."""
    turns: FloatArray
    """Takes a change of a joint's rotation vector to a world rotation vector, [frames, J, 3, 3]."""


def local_rotations(rig: Rig, copied: Motion, corrections: FloatArray) -> Tensor:
    """Return the copied local rotations with the corrections applied behind them, matrices [frames, joints, 3, 3]."""
    local = quaternions_to_matrices(torch.tensor(copied.local_rotations_wxyz, dtype=torch.float64)).clone()
    turns = torch.from_numpy(exponential(corrections[:, 3:].reshape(len(corrections), -1, 3)))
    local[:, list(rig.joints)] = local[:, list(rig.joints)] @ turns
    return local


def pose_rig(rig: Rig, copied: Motion, corrections: FloatArray) -> Posed:
    """Return the posed mesh, pivots and turns.

    Args:
        rig: The target's rig.
        copied: The motion that is corrected, on the target.
        corrections: Root displacement in metres and rotation vectors in the joints' own frames, [frames, D].
    """
    local = local_rotations(rig, copied, corrections).to(torch.float32)
    root = torch.tensor(copied.root_translation_m + corrections[:, :3], dtype=torch.float32)
    pose = rig.skin.pose(local, root)
    joints = list(rig.joints)
    world = pose.rotations[:, joints].numpy().astype(np.float64)
    vectors = corrections[:, 3:].reshape(len(corrections), -1, 3)
    pivots = pose.positions_m[:, joints].numpy().astype(np.float64)
    return Posed(pose, rig.skin.vertices_m(pose), pivots, world @ right_jacobian(vectors))


def exponential(vectors: FloatArray) -> FloatArray:
    """Return the rotation matrices of rotation vectors (Rodrigues), [..., 3] -> [..., 3, 3]."""
    angle = np.linalg.norm(vectors, axis=-1)[..., None, None]
    cross = _cross_matrix(vectors)
    squared = 0.5 * np.sinc(angle / (2 * np.pi)) ** 2 * cross @ cross
    return np.asarray(np.eye(3) + np.sinc(angle / np.pi) * cross + squared)


def right_jacobian(vectors: FloatArray) -> FloatArray:
    """Return ``J`` with ``exp(x + dx) = exp(x) exp(J dx)`` for small ``dx``, [..., 3] -> [..., 3, 3]."""
    angle = np.linalg.norm(vectors, axis=-1)[..., None, None]
    cross = _cross_matrix(vectors)
    safe = np.maximum(angle, 1e-3)
    third = np.where(angle < 1e-3, 1.0 / 6.0, (safe - np.sin(safe)) / safe**3)
    return np.asarray(np.eye(3) - 0.5 * np.sinc(angle / (2 * np.pi)) ** 2 * cross + third * cross @ cross)


def _cross_matrix(vectors: FloatArray) -> FloatArray:
    x, y, z = np.moveaxis(vectors, -1, 0)
    zero = np.zeros_like(x)
    return np.stack([zero, -z, y, z, zero, -x, -y, x, zero], axis=-1).reshape(*vectors.shape[:-1], 3, 3)
