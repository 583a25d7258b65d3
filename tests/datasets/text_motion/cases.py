"""Motions made by formula: smooth, turning, every bone of one length, so that what must come out is known."""

from itertools import pairwise

import numpy as np


def made_motion(layout, frames=60, seed=0, turns=1.0, speed=0.05):
    """A body that swings its bones and turns ``turns`` times about y while it walks; [frames, joints, 3], float64."""
    generator = np.random.default_rng(seed)
    time = np.arange(frames)[:, None] / layout.fps
    swing = generator.uniform(-0.5, 0.5, (layout.joint_count, 3))
    pace, lag = generator.uniform(1, 4, layout.joint_count), generator.uniform(0, 6, layout.joint_count)
    lengths = generator.uniform(0.1, 0.4, layout.joint_count)
    joints = np.zeros((frames, layout.joint_count, 3))
    joints[:, 0] = [0.3, 1.0, -0.2]
    for chain in layout.chains:
        for parent, joint in pairwise(chain):
            bone = layout.bone_directions[joint] + np.sin(pace[joint] * time + lag[joint]) * swing[joint]
            bone /= np.linalg.norm(bone, axis=-1, keepdims=True)
            joints[:, joint] = joints[:, parent] + lengths[joint] * bone
    angle = 2 * np.pi * turns * np.arange(frames) / frames
    path = np.cumsum(np.stack([np.sin(angle), 0 * angle, np.cos(angle)], axis=-1) * speed, axis=0)
    return turn(joints, angle) + path[:, None]


def turn(points, angle):
    """Turn points about y, one angle per frame or one for all."""
    angle = np.broadcast_to(angle, len(points))
    matrices = np.zeros((len(points), 3, 3))
    matrices[:, 0, 0] = matrices[:, 2, 2] = np.cos(angle)
    matrices[:, 0, 2], matrices[:, 2, 0], matrices[:, 1, 1] = np.sin(angle), -np.sin(angle), 1
    return np.einsum("fij,f...j->f...i", matrices, points)
