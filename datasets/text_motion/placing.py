"""Before features are counted: one skeleton for all, feet on the floor, the first frame at the origin, facing +z."""

from itertools import pairwise

import numpy as np

from ..rotations import Array
from .layouts import BadJoints, JointLayout


def bone_lengths(joints: Array, layout: JointLayout) -> Array:
    """Return the length of the bone that ends at each joint in the first frame, [joints]; 0 for the root.

    The reference skeleton of HumanML3D is that of its clip 000021, of KIT-ML that of 03950. Every file of
    ``new_joints/`` has been moved onto it, so that any of them gives its lengths.

    Args:
        joints: Positions, [frames, joints, 3].
        layout: The skeleton.
    """
    first = layout.checked(joints)[0]
    lengths = np.linalg.norm(first - first[list(layout.parents)], axis=-1)
    lengths[0] = 0.0
    return lengths


def on_skeleton(joints: Array, lengths: Array, layout: JointLayout) -> Array:
    """Return the motion with the bones of another skeleton.

    Every bone keeps its direction in every frame and takes the other's length; the root's path is scaled by the ratio
    of the legs. This is what the public code's inverse and forward kinematics amount to, whose shortest rotation takes
    the bone's axis exactly to its direction.

    Args:
        joints: Positions, [frames, joints, 3].
        lengths: Of the other skeleton, ``bone_lengths``, [joints].
        layout: The skeleton.

    Raises:
        BadJoints: If the motion's own leg has no length.
    """
    given = layout.checked(joints)
    leg = list(layout.lower_leg)
    own = bone_lengths(given, layout)[leg].sum()
    if own == 0:
        raise BadJoints(f"the leg of a motion of {layout.name} has no length in its first frame; it cannot be scaled.")
    directions = unit_bones(given, layout)
    moved = np.empty_like(given)
    moved[:, 0] = given[:, 0] * (lengths[leg].sum() / own)
    for chain in layout.chains:
        for parent, joint in pairwise(chain):
            moved[:, joint] = moved[:, parent] + directions[:, joint] * lengths[joint]
    return moved


def unit_bones(joints: Array, layout: JointLayout) -> Array:
    """Return the direction of the bone that ends at each joint, [frames, joints, 3].

    A bone without length points where it does in the pose without rotations; the root's row is zero.

    Args:
        joints: Positions, float64 [frames, joints, 3].
        layout: The skeleton.
    """
    bones = joints - joints[:, list(layout.parents)]
    bones[:, 0] = 0.0
    lengths = np.linalg.norm(bones, axis=-1, keepdims=True)
    there = lengths > 0
    return np.where(there, bones / np.where(there, lengths, 1.0), layout.bone_directions)


def placed(joints: Array, layout: JointLayout) -> Array:
    """Return the motion where features are counted: placing twice changes nothing.

    The lowest joint of all frames is at height 0, the root of the first frame above the origin, and the first frame
    faces +z: the line from left to right, hips and shoulders added, runs along -x.

    Args:
        joints: Positions, y up, [frames, joints, 3].
        layout: The skeleton.
    """
    given = layout.checked(joints)
    first = given[0]
    shift = np.array([first[0, 0], given[..., 1].min(), first[0, 2]])
    right = first[layout.hips[0]] + first[layout.shoulders[0]]
    left = first[layout.hips[1]] + first[layout.shoulders[1]]
    return turned(given - shift, -_facing(right - left))


def heading_angles(joints: Array, layout: JointLayout) -> Array:
    """Return the angle about y, in radians, that turns each frame to face +z, [frames]; 0 for the first frame.

    As the public code has it, for better or worse: the hips count **against** the shoulders (``shoulders right - left
    + hips left - right``), the direction is smoothed in time by a Gaussian of 20 frames, and the first angle is set
    to 0. A torso that is twisted therefore counts more than once. A frame whose hips and shoulders give no direction
    takes that of the frames around it.

    Args:
        joints: Placed positions, float64 [frames, joints, 3].
        layout: The skeleton.
    """
    from scipy.ndimage import gaussian_filter1d  # a quarter of a second that readers of captions need not wait for

    hips, shoulders = (joints[:, pair[0]] - joints[:, pair[1]] for pair in (layout.hips, layout.shoulders))
    across = shoulders - hips
    across /= np.maximum(np.linalg.norm(across, axis=-1, keepdims=True), 1e-12)
    forward = np.stack([across[:, 2], -across[:, 0]], axis=-1)
    smooth = gaussian_filter1d(forward, 20, axis=0, mode="nearest")
    angles = -np.arctan2(smooth[:, 0], smooth[:, 1])
    angles[0] = 0.0
    return angles


def turned(vectors: Array, angles: Array | float) -> Array:
    """Return vectors turned about y, [frames, ..., 3].

    Args:
        vectors: [frames, ..., 3].
        angles: Radians, counter-clockwise seen from above, one or one per frame.
    """
    angle = np.broadcast_to(angles, (len(vectors),)).reshape(-1, *(1,) * (vectors.ndim - 2))
    cos, sin = np.cos(angle), np.sin(angle)
    x, y, z = np.moveaxis(vectors, -1, 0)
    return np.stack([cos * x + sin * z, y, cos * z - sin * x], axis=-1)


def _facing(across: Array) -> float:
    """The angle about y of ``y x across``, counted from +z."""
    return float(np.arctan2(across[2], -across[0]))
