"""The 263-d (HumanML3D) and 251-d (KIT-ML) features of a motion, from its joints and back."""

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from ..rotations import Array, conjugate, multiply, unit_to_matrices
from .layouts import JointLayout
from .placing import heading_angles, placed, turned, unit_bones

Turns = Literal["shorter", "published"]
"""How a turn from one frame to the next is counted. ``shorter``: the shorter way round. ``published``: as in the public
code, which gives a turn the wrong sign whenever the body passes the direction opposite to that of its first frame."""


def joints_to_features(joints: Array, layout: JointLayout, *, turns: Turns = "shorter") -> NDArray[np.float32]:
    """Return the features of a motion, float32 [frames - 1, width].

    With theta_t the angle that turns frame t to face +z, R(a) a turn about y, p the placed joints and 0 the root:
    ``(theta[t+1] - theta[t]) / 2``; x and z of ``R(theta[t+1]) (p0[t+1] - p0[t])``; height of the root;
    ``R(theta[t]) (p[t] - (x0, 0, z0))``; 6D rotations; ``R(theta[t]) (p[t+1] - p[t])``; contacts.

    Args:
        joints: Positions, y up, [at least 2 frames, joints, 3], already on the data set's skeleton
            (``placing.on_skeleton``) if the features are to be mixed with the data set's own; placed or not.
        layout: The skeleton.
        turns: ``published`` repeats a fault of the public code, to compare with files it wrote.

    Raises:
        BadJoints: If shape or values do not fit.
    """
    p = placed(layout.checked(joints, least_frames=2), layout)
    theta = heading_angles(p, layout)
    step = np.diff(p, axis=0)
    level = p.copy()
    level[..., ::2] -= p[:, :1, ::2]
    touching = (step[:, list(layout.feet)] ** 2).sum(axis=-1) < layout.contact_below
    parts = (
        half_turns(theta, turns)[:, None],
        turned(step[:, 0], theta[1:])[:, ::2],
        p[:-1, 0, 1:2],
        turned(level, theta)[:-1, 1:],
        chain_rotations(p, theta, layout)[:-1, 1:],
        turned(step, theta[:-1]),
        touching,
    )
    return np.concatenate([part.reshape(len(step), -1) for part in parts], axis=1, dtype=np.float32)


def features_to_joints(features: Array, layout: JointLayout) -> NDArray[np.float32]:
    """Return the placed joints of features, float32 [frames, joints, 3]: the last frame of the motion is lost.

    Only the root's columns and the positions are read (the public code's ``recover_from_ric``).

    Args:
        features: [frames, width], not normalised by mean and standard deviation.
        layout: The skeleton.

    Raises:
        BadJoints: If shape or values do not fit.
    """
    rows = layout.checked_features(features)
    at = layout.columns
    theta = np.zeros(len(rows))
    theta[1:] = 2 * np.cumsum(rows[:-1, 0])
    velocity = np.zeros((len(rows), 3))
    velocity[1:, ::2] = rows[:-1, at["root_velocity"]]
    root = np.cumsum(turned(velocity, -theta), axis=0)
    joints = np.empty((len(rows), layout.joint_count, 3), dtype=np.float64)
    joints[:, 0] = 0.0
    joints[:, 0, 1] = rows[:, 3]
    joints[:, 1:] = rows[:, at["positions"]].reshape(len(rows), -1, 3)
    joints = turned(joints, -theta)
    joints[..., ::2] += root[:, None, ::2]
    return joints.astype(np.float32)


def half_turns(theta: Array, turns: Turns = "shorter") -> Array:
    """Return half the turn from each frame to the next, radians, [frames - 1].

    Args:
        theta: Angles that turn each frame to face +z, between -pi and pi, [frames].
        turns: See ``Turns``.
    """
    half = np.diff(theta) / 2
    if turns == "published":
        return np.arcsin(np.sin(half))
    return (half + np.pi / 2) % np.pi - np.pi / 2


def chain_rotations(joints: Array, theta: Array, layout: JointLayout) -> Array:
    """Return the 6D rotations of the bones along the chains, [frames, joints, 6]: their first two columns.

    D_j is the shortest rotation from a bone's axis to its direction. Along a chain a bone has ``inverse(D_parent)
    D_j``; the first bone of **every** chain, those of the arms included, ``inverse(R(theta)) D_j``. These are what
    positions can tell: a bone's roll about itself is not in them, and they are no rotations of SMPL.

    Args:
        joints: Placed positions, float64 [frames, joints, 3].
        theta: Angles that turn each frame to face +z, [frames].
        layout: The skeleton.
    """
    bones = _shortest(layout.bone_directions, unit_bones(joints, layout))
    root = np.zeros((len(joints), 4))
    root[:, 0], root[:, 2] = np.cos(theta / 2), np.sin(theta / 2)
    local = np.zeros((len(joints), layout.joint_count, 4))
    local[:, 0] = root
    for chain in layout.chains:
        before = root
        for joint in chain[1:]:
            local[:, joint] = multiply(conjugate(before), bones[:, joint])
            before = bones[:, joint]
    return np.swapaxes(unit_to_matrices(local)[..., :2], -1, -2).reshape(*local.shape[:2], 6)


def _shortest(start: Array, end: Array) -> Array:
    """Quaternions of the shortest rotations between unit directions, [joints, 3] and [frames, joints, 3].

    Of opposite directions any half turn across them is one; the axis is that of the next coordinate. The root, which
    has no bone, is not turned.
    """
    found = np.concatenate([1 + (start * end).sum(axis=-1, keepdims=True), np.cross(start, end)], axis=-1)
    half_turn = np.concatenate([np.zeros((len(start), 1)), np.roll(start, 1, axis=-1)], axis=-1)
    found = np.where(np.linalg.norm(found, axis=-1, keepdims=True) < 1e-9, half_turn, found)
    found[:, 0] = [1.0, 0.0, 0.0, 0.0]
    return found / np.linalg.norm(found, axis=-1, keepdims=True)
