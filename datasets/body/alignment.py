"""Rest-pose alignment: carry a motion's joint orientations from one skeleton to another whose rest pose differs.

With ``A_j`` the source's world rotation of joint j (identity in its rest pose), ``d_j`` the rest direction of the
source's bone and ``e_j`` that of the target's, the target's world rotation is ``B_j = A_j Q_j``, where ``Q_j`` is the
smallest rotation that takes ``e_j`` to ``d_j``: the target's bones then point where the source's point. A character
resting in an A-pose and one resting in a T-pose so do the same thing. Only the straight chains of arms and legs are
aligned: hands keep the forearm's correction, and the feet, the spine and the head, whose rest directions are body
shape rather than pose, need none.
"""

import numpy as np
from numpy.typing import NDArray

from ..rotations import compose, from_matrices, rotation_vector_to_matrix
from .joint_names import require_joints
from .joint_poses import motion_poses
from .motion import Motion
from .skeleton import Skeleton

_NEXT = {"Arm": "ForeArm", "ForeArm": "Hand", "UpLeg": "Leg", "Leg": "Foot"}


def rest_corrections(source: Skeleton, target: Skeleton) -> dict[str, NDArray[np.float64]]:
    """Return ``Q_j`` per standard joint that both skeletons have, [3, 3]; identity where nothing is aligned.

    Raises:
        UnmappedJoints: If one of the skeletons is no humanoid.
    """
    source_joints, target_joints = require_joints(source), require_joints(target)
    corrections = {name: np.eye(3) for name in target_joints if name in source_joints}
    for side in ("Left", "Right"):
        for bone, following in _NEXT.items():
            joint, child = side + bone, side + following
            source_bone = _direction(source, source_joints[joint], source_joints[child])
            target_bone = _direction(target, target_joints[joint], target_joints[child])
            corrections[joint] = _smallest_rotation(target_bone, source_bone)
        for name in corrections:
            if name.startswith(f"{side}Hand"):
                corrections[name] = corrections[f"{side}ForeArm"]
    return corrections


def align_rotations(motion: Motion, target: Skeleton) -> NDArray[np.float32]:
    """Return local rotations on the target's skeleton that point its bones where the motion's point.

    Joints of the target that the source lacks follow their parent (identity); joints in between that only the source
    has are folded into the next one below, because world rotations are carried over.

    Returns:
        Unit quaternions wxyz, [frames, target joints, 4].
    """
    corrections = rest_corrections(motion.skeleton, target)
    source_joints, target_joints = require_joints(motion.skeleton), require_joints(target)
    source_world, _ = motion_poses(motion)
    names = list(corrections)
    known = compose(source_world[:, [source_joints[n] for n in names]], np.stack([corrections[n] for n in names]))
    # what each joint of the target does: a row of the known rotations, or the last one, standing still
    world = np.concatenate([known, np.broadcast_to(np.eye(3), (motion.frame_count, 1, 3, 3))], axis=1)
    row_of, rows = {target_joints[name]: row for row, name in enumerate(names)}, list[int]()
    for joint, parent in enumerate(target.parents):
        rows.append(row_of.get(joint, rows[parent] if parent >= 0 else len(names)))
    above = [rows[parent] if parent >= 0 else len(names) for parent in target.parents]
    local = compose(np.swapaxes(world[:, above], -1, -2), world[:, rows])
    return from_matrices(local).astype(np.float32)


def _direction(skeleton: Skeleton, joint: int, child: int) -> NDArray[np.float64]:
    bone = skeleton.rest_positions_m[child].astype(np.float64) - skeleton.rest_positions_m[joint]
    return np.asarray(bone / max(float(np.linalg.norm(bone)), 1e-9))


def _smallest_rotation(start: NDArray[np.float64], end: NDArray[np.float64]) -> NDArray[np.float64]:
    axis = np.cross(start, end)
    sine, cosine = float(np.linalg.norm(axis)), float(start @ end)
    if sine < 1e-9:  # parallel; opposite directions have no smallest rotation and do not occur between rest poses
        return np.eye(3)
    return rotation_vector_to_matrix(axis / sine * np.arctan2(sine, cosine))
