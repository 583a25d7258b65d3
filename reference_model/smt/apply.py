"""A network on a real pair: any rig, any rest pose, any frame rate, any number of frames.

The network's answer is not taken as it is: it says how the world rotation of each of the 22 joints differs from the
rotation copy, and this difference is put onto the copy on the target's own skeleton. Fingers, twist joints and whatever
else a rig has thereby move as in the copy, with their parent.
"""

import numpy as np
import torch
from numpy.typing import NDArray

from ...datasets.body import Character, Motion
from ...datasets.body.joint_names import BODY_JOINTS, standard_joints
from ...datasets.body.joint_poses import motion_poses
from ...datasets.body.kinematics import quaternions_to_matrices
from ...datasets.body.resampling import resample
from ...datasets.rotations import Array, compose, from_matrices, slerp, to_matrices
from ..baselines.root_path import hips_path_m, root_for_hips
from ..baselines.rotation_copy import retarget as rotation_copy
from .batch import Moves, Rigs, copied
from .network import Retargeter
from .rig import canonical_motion, rig_of


def retarget_with(network: Retargeter, source: Character, motion: Motion, target: Character) -> Motion:
    """Return the target's motion.

    Args:
        network: A trained network, on any device.
        source: The character that performs the motion.
        motion: The motion on the source. At another rate than the network's the network sees it resampled, and its
            corrections are interpolated to the motion's own frames.
        target: The character that receives it.

    Raises:
        UnmappedJoints: If one of the two is no humanoid.
    """
    copy = rotation_copy(source, motion, target, seed=0)
    turns, shifts = _corrections(network, source, resample(motion, network.fps), target)
    at = np.minimum(np.arange(motion.frame_count) * (network.fps / motion.fps), len(shifts) - 1)
    before = np.floor(at).astype(int)
    after, share = np.minimum(before + 1, len(shifts) - 1), at - before
    rotations = _turned(copy, to_matrices(slerp(turns[before], turns[after], share[:, None])))
    shifts = shifts[before] * (1 - share[:, None]) + shifts[after] * share[:, None]
    root = root_for_hips(target, rotations, hips_path_m(copy) + shifts)
    return Motion(target.skeleton, rotations, root.astype(np.float32), motion.fps)


def _corrections(network: Retargeter, source: Character, motion: Motion, target: Character) -> tuple[Array, Array]:
    """World turns of the 22 joints, wxyz [frames, 22, 4], and displacements of the hips in metres, [frames, 3]."""
    device = next(network.parameters()).device
    rotations, hips = canonical_motion(motion)
    local = quaternions_to_matrices(torch.from_numpy(rotations)).to(device)
    moves = Moves(local[None], torch.from_numpy(hips).to(device).float()[None])
    here, there = Rigs.of([rig_of(source)], device), Rigs.of([rig_of(target)], device)
    with torch.inference_mode():
        made, copy = network(moves, here, there), copied(moves, here, there)
        turns = there.pose(made).rotations @ there.pose(copy).rotations.transpose(-1, -2)
        shifts = made.root_m - copy.root_m
    return from_matrices(turns[0].cpu().double().numpy()), shifts[0].cpu().double().numpy()


def _turned(copy: Motion, turns: Array) -> NDArray[np.float32]:
    """Local rotations of the copy with each body joint turned in the world; other joints keep theirs to the parent.

    With ``T`` the turns and ``W`` the copy's world rotations: ``L_j = (T_p W_p)^T T_j W_j``. A parent that is no body
    joint turns with the nearest one above it; what stands above the hips (a control on the ground) does not turn.
    """
    skeleton = copy.skeleton
    body = {index: BODY_JOINTS.index(n) for n, index in standard_joints(skeleton).items() if n in BODY_JOINTS}
    still = len(BODY_JOINTS)
    rows: list[int] = []
    for joint, parent in enumerate(skeleton.parents):
        rows.append(body.get(joint, rows[parent] if parent >= 0 else still))
    turns = np.concatenate([turns, np.broadcast_to(np.eye(3), (len(turns), 1, 3, 3))], axis=1)
    world = np.concatenate([motion_poses(copy)[0], turns[:, still:]], axis=1)
    joints = sorted(body)
    parents = [skeleton.parents[joint] for joint in joints]  # -1: the last row of world, which is at rest
    above = compose(turns[:, [rows[p] if p >= 0 else still for p in parents]], world[:, parents])
    own = compose(turns[:, [body[joint] for joint in joints]], world[:, joints])
    result = copy.local_rotations_wxyz.copy()
    result[:, joints] = from_matrices(compose(np.swapaxes(above, -1, -2), own))
    return result
