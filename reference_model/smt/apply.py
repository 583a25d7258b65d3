"""A network on a real pair: any rig, any rest pose, any frame rate, any number of frames.

The network's answer is not taken as it is: it says how the world rotation of each of the 22 joints differs from the
rotation copy, and this difference is put onto the copy on the target's own skeleton. Fingers, twist joints and whatever
else a rig has thereby move as in the copy, with their parent.
"""

import numpy as np
import torch
from numpy.typing import NDArray

from ...datasets.body import Character, Motion, Skeleton
from ...datasets.body.joint_names import BODY_JOINTS, standard_joints
from ...datasets.body.joint_poses import motion_poses
from ...datasets.body.kinematics import quaternions_to_matrices
from ...datasets.body.resampling import resample
from ...datasets.rotations import Array, compose, from_matrices, nearest_rotations
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
    turns, shifts = nearest_rotations(_interpolated(turns, at)), _interpolated(shifts, at)
    rotations = _turned(copy, target.skeleton, turns)
    root = root_for_hips(target, rotations, hips_path_m(copy) + shifts)
    return Motion(target.skeleton, rotations, root.astype(np.float32), motion.fps)


def _corrections(network: Retargeter, source: Character, motion: Motion, target: Character) -> tuple[Array, Array]:
    """World turns of the 22 joints, [frames, 22, 3, 3], and displacements of the hips in metres, [frames, 3]."""
    device = next(network.parameters()).device
    rotations, hips = canonical_motion(motion)
    local = quaternions_to_matrices(torch.from_numpy(rotations)).to(device)
    moves = Moves(local[None], torch.from_numpy(hips).to(device).float()[None])
    here, there = Rigs.of([rig_of(source)], device), Rigs.of([rig_of(target)], device)
    with torch.inference_mode():
        made, copy = network(moves, here, there), copied(moves, here, there)
        turns = there.pose(made).rotations @ there.pose(copy).rotations.transpose(-1, -2)
        shifts = made.root_m - copy.root_m
    return turns[0].cpu().double().numpy(), shifts[0].cpu().double().numpy()


def _interpolated(values: Array, at: Array) -> Array:
    """Values between frames, linearly, [frames, ...] at positions [n]."""
    before = np.floor(at).astype(int)
    after = np.minimum(before + 1, len(values) - 1)
    share = (at - before).reshape(-1, *[1] * (values.ndim - 1))
    return np.asarray(values[before] * (1 - share) + values[after] * share)


def _turned(copy: Motion, skeleton: Skeleton, turns: Array) -> NDArray[np.float32]:
    """Local rotations of the copy with each body joint turned in the world; other joints keep theirs to the parent."""
    standard = {index: BODY_JOINTS.index(n) for n, index in standard_joints(skeleton).items() if n in BODY_JOINTS}
    before = motion_poses(copy)[0]
    world: list[Array] = []
    result = copy.local_rotations_wxyz.copy()
    for joint, parent in enumerate(skeleton.parents):
        # what stands above the hips (a control on the ground) is as it was
        above = world[parent] if parent >= 0 else np.broadcast_to(np.eye(3), (len(turns), 3, 3))
        if joint in standard:
            world.append(compose(turns[:, standard[joint]], before[:, joint]))
            result[:, joint] = from_matrices(compose(np.swapaxes(above, -1, -2), world[joint]))
        elif parent >= 0:
            kept = compose(np.swapaxes(before[:, parent], -1, -2), before[:, joint])
            world.append(compose(above, kept))
        else:
            world.append(before[:, joint])
    return result.astype(np.float32)
