"""The features by the words of docs/text-motion-data.md, one frame and one joint at a time, with matrices only."""

import math
from itertools import pairwise

import numpy as np

UP, AHEAD = np.array([0.0, 1.0, 0.0]), np.array([0.0, 0.0, 1.0])


def rotation_between(start, end):
    """The shortest rotation as a matrix, by axis and angle (Rodrigues)."""
    axis = np.cross(start, end)
    sine, cosine = np.linalg.norm(axis), float(start @ end)
    if sine < 1e-12:
        assert cosine > 0, "opposite directions are not for this twin"
        return np.eye(3)
    x, y, z = axis / sine
    k = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]])
    angle = math.atan2(sine, cosine)
    return np.eye(3) + math.sin(angle) * k + (1 - math.cos(angle)) * k @ k


def unit(vector):
    return vector / np.linalg.norm(vector)


def place(joints, layout):
    joints = joints - np.array([joints[0, 0, 0], joints[:, :, 1].min(), joints[0, 0, 2]])
    (hip_r, hip_l), (arm_r, arm_l) = layout.hips, layout.shoulders
    across = joints[0, hip_r] - joints[0, hip_l] + joints[0, arm_r] - joints[0, arm_l]
    ahead = unit(np.cross(UP, across))
    matrix = rotation_between(ahead, AHEAD)
    return np.array([[matrix @ point for point in frame] for frame in joints])


def facing_matrices(joints, layout):
    """Per frame the rotation that turns it to face +z, the first one none."""
    (hip_r, hip_l), (arm_r, arm_l) = layout.hips, layout.shoulders
    aheads = [np.cross(UP, unit(f[hip_l] - f[hip_r] + f[arm_r] - f[arm_l])) for f in joints]
    weights = [math.exp(-0.5 * (k / 20) ** 2) for k in range(-80, 81)]
    matrices = []
    for t in range(len(aheads)):
        near = [aheads[min(max(t + k, 0), len(aheads) - 1)] for k in range(-80, 81)]
        smooth = sum(w * a for w, a in zip(weights, near, strict=True)) / sum(weights)
        matrices.append(rotation_between(unit(smooth), AHEAD))
    matrices[0] = np.eye(3)
    return matrices


def six(matrix):
    return [*matrix[:, 0], *matrix[:, 1]]


def slow_features(joints, layout):
    p = place(joints, layout)
    face = facing_matrices(p, layout)
    rows = []
    for t in range(len(p) - 1):
        turned = face[t + 1] @ face[t].T
        row = [math.atan2(turned[0, 2], turned[0, 0]) / 2]
        velocity = face[t + 1] @ (p[t + 1, 0] - p[t, 0])
        row += [velocity[0], velocity[2], p[t, 0, 1]]
        for joint in range(1, layout.joint_count):
            row += [*(face[t] @ (p[t, joint] - [p[t, 0, 0], 0, p[t, 0, 2]]))]
        rotations = {}
        for chain in layout.chains:
            before = face[t]
            for parent, joint in pairwise(chain):
                world = rotation_between(layout.bone_directions[joint], unit(p[t, joint] - p[t, parent]))
                rotations[joint] = before.T @ world
                before = world
        for joint in range(1, layout.joint_count):
            row += six(rotations[joint])
        for joint in range(layout.joint_count):
            row += [*(face[t] @ (p[t + 1, joint] - p[t, joint]))]
        row += [float(np.sum((p[t + 1, foot] - p[t, foot]) ** 2) < layout.contact_below) for foot in layout.feet]
        rows.append(row)
    return np.array(rows)


def joints_of_rotations(features, layout, lengths):
    """Joints from the root's columns and the 6D rotations alone, with the bones' lengths."""
    at, theta, root, frames = layout.columns, 0.0, np.zeros(3), []
    for t, row in enumerate(features):
        if t:
            theta += 2 * features[t - 1][0]
            x, z = features[t - 1][at["root_velocity"]]
            root = root + y_turn(-theta) @ [x, 0, z]
        joints = np.zeros((layout.joint_count, 3))
        joints[0] = [root[0], row[3], root[2]]
        sixes = np.asarray(row[at["rotations"]]).reshape(-1, 2, 3)
        for chain in layout.chains:
            world = y_turn(theta)
            for parent, joint in pairwise(chain):
                first, second = sixes[joint - 1]
                world = world @ np.stack([first, second, np.cross(first, second)], axis=1)
                joints[joint] = joints[parent] + lengths[joint] * world @ layout.bone_directions[joint]
        frames.append(joints)
    return np.array(frames)


def y_turn(angle):
    c, s = math.cos(angle), math.sin(angle)
    return np.array([[c, 0, s], [0, 1, 0], [-s, 0, c]])
