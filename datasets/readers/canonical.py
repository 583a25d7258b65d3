"""From a file's world poses to the canonical skeleton and motion, the same for every format.

With ``G_j`` the world rotation of joint j in a frame and ``R_j`` its rest world rotation, the canonical world rotation
is ``A_j = G_j R_j^-1`` and the stored one ``A_parent^-1 A_j``: identity everywhere is the rest pose, whatever axes the
file gave its joints.
"""

import warnings
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from ..body import Motion, Skeleton
from ..body.joint_names import CORE_JOINTS, RIGS, bare_name, detect_rig
from ..rotations import Array, from_matrices
from .errors import MovedToStandard, OddRestPose


@dataclass(frozen=True, eq=False)
class RestPose:
    """World pose of a file's joints at rest, before it becomes a ``Skeleton``."""

    names: tuple[str, ...]
    parents: tuple[int, ...]
    rotations: Array
    """World rotations, [joints, 3, 3]."""
    positions_m: Array
    """World positions, [joints, 3]."""

    def turned(self, turn: Array) -> "RestPose":
        """Return the pose with the whole world turned by a rotation matrix."""
        return replace(self, rotations=turn @ self.rotations, positions_m=self.positions_m @ turn.T)

    def lifted(self, height_m: float) -> "RestPose":
        """Return the pose moved up."""
        return replace(self, positions_m=self.positions_m + np.array([0.0, height_m, 0.0]))

    def centred(self) -> "RestPose":
        """Return the pose with the root over the origin and the lowest joint at y = 0; motions do not change by it."""
        shift = np.array([self.positions_m[0, 0], self.positions_m[:, 1].min(), self.positions_m[0, 2]])
        return replace(self, positions_m=self.positions_m - shift)

    def skeleton(self) -> Skeleton:
        """Return the canonical skeleton; its writers' axes are the file's."""
        offsets = self.positions_m.copy()
        for joint, parent in enumerate(self.parents):
            if parent >= 0:
                offsets[joint] -= self.positions_m[parent]
        return Skeleton(self.names, self.parents, offsets, from_matrices(self.rotations))


def canonical_motion(
    skeleton: Skeleton, rest: RestPose, world_rotations: Array, root_translation_m: Array, fps: float
) -> Motion:
    """Return a motion from world rotations.

    Args:
        skeleton: ``rest.skeleton()``.
        rest: The rest pose that the rotations are measured from.
        world_rotations: [frames, joints, 3, 3].
        root_translation_m: World position of the root joint, [frames, 3].
        fps: Frames per second.
    """
    canonical = world_rotations @ np.swapaxes(rest.rotations, -1, -2)
    local = canonical.copy()
    for joint, parent in enumerate(rest.parents):
        if parent >= 0:
            local[:, joint] = np.swapaxes(canonical[:, parent], -1, -2) @ canonical[:, joint]
    return Motion(skeleton, from_matrices(local), root_translation_m, fps)


def humanoid_joints(names: Sequence[str]) -> dict[str, int]:
    """Return the index of each standard joint by its standard name; empty if a core joint is missing."""
    rig = RIGS[detect_rig(names)]
    found: dict[str, int] = {}
    for index, name in enumerate(names):
        if (standard := rig.get(bare_name(name))) is not None:
            found.setdefault(standard, index)
    return found if all(joint in found for joint in CORE_JOINTS) else {}


def turn_to_standard(names: Sequence[str], positions_m: Array) -> Array | None:
    """Return the rotation, a multiple of 90 degrees about the axes, that makes a humanoid stand along +y, facing +z.

    Up is from the hips to the head; forward is (left hip - right hip) x up.

    Returns:
        The rotation matrix (the identity for anything that is no humanoid), or ``None`` if the pose is not standing:
        the legs do not point away from the head.
    """
    joints = humanoid_joints(names)
    if not joints:
        return np.eye(3)
    at = {name: positions_m[index] for name, index in joints.items()}
    up = _nearest_axis(at["Head"] - at["Hips"])
    legs = (at["LeftFoot"] + at["RightFoot"]) / 2 - at["Hips"]
    if legs @ up > -0.5 * np.linalg.norm(legs):
        return None
    across = at["LeftUpLeg"] - at["RightUpLeg"]
    forward = _nearest_axis(np.cross(across - (across @ up) * up, up))
    return np.stack([np.cross(up, forward), up, forward])


def _nearest_axis(direction: Array) -> Array:
    axis = np.zeros(3)
    largest = int(np.abs(direction).argmax())
    axis[largest] = np.sign(direction[largest]) or 1.0
    return axis


def warn_turned(source: str, turn: Array) -> None:
    """Warn that the content of a file was turned, if it was."""
    if not np.allclose(turn, np.eye(3)):
        axes = ", ".join(f"{'xyz'[i]} = {_axis_name(row)}" for i, row in enumerate(turn))
        warnings.warn(f"{source} was turned to y up, facing +z ({axes} of the file).", MovedToStandard, stacklevel=3)


def warn_lying(source: str) -> None:
    """Warn that the rest pose of a humanoid is not standing."""
    warnings.warn(
        f"the rest pose of {source} is not standing upright (its legs do not point away from its head); rotations are "
        f"kept, but rest-pose alignment needs a standing rest. If its first frame is one, read it as the rest pose.",
        OddRestPose,
        stacklevel=3,
    )


def _axis_name(row: Array) -> str:
    index = int(np.abs(row).argmax())
    return ("-" if row[index] < 0 else "") + "xyz"[index]
