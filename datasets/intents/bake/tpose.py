"""Pose a body from Anny's A-pose into the T-pose that becomes its rest pose.

Every body gets the same bone directions: arms along the x axis, palms down, fingers straight, legs a few degrees
apart, soles flat. The spine and the neck keep the shape that Anny gives them. The mesh follows by linear blend
skinning with Anny's own weights (the same formula as Anny's), and the posed joints and vertices are the new rest.
"""

import numpy as np
from numpy.typing import NDArray

from ...body.joint_names import BODY_JOINTS, BODY_PARENTS, STANDARD_JOINTS
from .anny_model import RestBody

Array = NDArray[np.float64]

FINGER_YAW_DEG = {"Index": 5.0, "Middle": 0.0, "Ring": -4.0, "Pinky": -9.0}
"""Spread of the straight fingers in the horizontal plane, positive towards the front."""
THUMB_DIRECTION = (0.76, -0.28, 0.59)
"""Direction of the left thumb's three bones."""
CLAVICLE_RAISE_DEG = 8.0
"""A raised arm lifts the clavicle; without it the T-pose pinches the top of the shoulder."""
LEG_SPREAD_DEG = 3.0
FOOT_YAW_DEG = 7.0

_INDEX = {name: index for index, name in enumerate(STANDARD_JOINTS)}


def standard_parents() -> tuple[int, ...]:
    """Return the parent of each of ``STANDARD_JOINTS``; fingers hang from their hand."""
    parents = list(BODY_PARENTS)
    for name in STANDARD_JOINTS[len(BODY_JOINTS) :]:
        before = name[:-1] + str(int(name[-1]) - 1)
        parents.append(_INDEX.get(before, _INDEX[name.split("Hand")[0] + "Hand"]))
    return tuple(parents)


def to_t_pose(body: RestBody, dense_weights: Array) -> RestBody:
    """Return the body in the T-pose, root at x = z = 0 (not yet put on the ground)."""
    rotations = t_pose_rotations(body.joints_m)
    joints = body.joints_m.copy()
    for joint, parent in enumerate(standard_parents()):
        if parent >= 0:
            joints[joint] = joints[parent] + rotations[parent] @ (body.joints_m[joint] - body.joints_m[parent])
    shift = joints - np.einsum("jab,jb->ja", rotations, body.joints_m)
    blended = np.einsum("vj,jab->vab", dense_weights, rotations)
    vertices = np.einsum("vab,vb->va", blended, body.vertices_m) + dense_weights @ shift
    centre = np.array([joints[0, 0], 0.0, joints[0, 2]])
    return RestBody(vertices - centre, joints - centre)


def t_pose_rotations(joints_m: Array) -> Array:
    """Return the world rotation of each joint that takes Anny's rest pose to the T-pose, [52, 3, 3]."""
    rotations = np.tile(np.eye(3), (len(STANDARD_JOINTS), 1, 1))
    for side, sign in (("Left", 1.0), ("Right", -1.0)):
        _pose_arm(rotations, joints_m, side, sign)
        _pose_leg(rotations, joints_m, side, sign)
    return rotations


def _pose_arm(rotations: Array, joints: Array, side: str, sign: float) -> None:
    arm, forearm, hand = (_INDEX[side + name] for name in ("Arm", "ForeArm", "Hand"))
    middle, index, pinky = (_INDEX[f"{side}Hand{finger}1"] for finger in ("Middle", "Index", "Pinky"))
    along, front = np.array([sign, 0.0, 0.0]), np.array([0.0, 0.0, 1.0])
    rotations[_INDEX[side + "Shoulder"]] = _about([0.0, 0.0, 1.0], sign * CLAVICLE_RAISE_DEG)
    upper, lower = joints[forearm] - joints[arm], joints[hand] - joints[forearm]
    # Anny's elbow is slightly bent: its hinge becomes vertical, so that a bending forearm swings to the front.
    hinge, target_hinge = np.cross(upper, lower), np.cross(along, front)
    rotations[arm] = _frame(along, target_hinge) @ _frame(upper, hinge).T
    rotations[forearm] = _frame(along, target_hinge) @ _frame(lower, hinge).T
    rotations[hand] = _frame(along, front) @ _frame(joints[middle] - joints[hand], joints[index] - joints[pinky]).T
    for finger, yaw in FINGER_YAW_DEG.items():
        direction = np.array([sign * np.cos(np.radians(yaw)), 0.0, np.sin(np.radians(yaw))])
        _straighten(rotations, joints, f"{side}Hand{finger}", direction)
    _straighten(rotations, joints, f"{side}HandThumb", np.array(THUMB_DIRECTION) * [sign, 1.0, 1.0])


def _straighten(rotations: Array, joints: Array, finger: str, direction: Array) -> None:
    previous = rotations[_INDEX[finger.split("Hand")[0] + "Hand"]]
    for bone in ("1", "2"):
        joint, child = _INDEX[finger + bone], _INDEX[finger + str(int(bone) + 1)]
        previous = _smallest(previous @ (joints[child] - joints[joint]), direction) @ previous
        rotations[joint] = previous
    rotations[_INDEX[finger + "3"]] = previous


def _pose_leg(rotations: Array, joints: Array, side: str, sign: float) -> None:
    thigh, shin, foot, toe = (_INDEX[side + name] for name in ("UpLeg", "Leg", "Foot", "ToeBase"))
    spread = np.radians(LEG_SPREAD_DEG)
    direction = np.array([sign * np.sin(spread), -np.cos(spread), 0.0])
    rotations[thigh] = _smallest(joints[shin] - joints[thigh], direction)
    rotations[shin] = _smallest(joints[foot] - joints[shin], direction)
    pointing = joints[toe] - joints[foot]
    yaw = np.degrees(np.arctan2(pointing[0], pointing[2]))
    rotations[foot] = rotations[toe] = _about([0.0, 1.0, 0.0], sign * FOOT_YAW_DEG - yaw)  # soles stay flat


def _frame(primary: Array, secondary: Array) -> Array:
    """Return an orthonormal frame as columns: ``primary``, the part of ``secondary`` across it, their cross product."""
    first = primary / np.linalg.norm(primary)
    across = secondary - first * (first @ secondary)
    second = across / np.linalg.norm(across)
    return np.stack([first, second, np.cross(first, second)], axis=1)


def _about(axis: list[float], degrees: float) -> Array:
    vector = np.array(axis)
    cross = np.array([[0, -vector[2], vector[1]], [vector[2], 0, -vector[0]], [-vector[1], vector[0], 0]])
    angle = np.radians(degrees)
    return np.eye(3) + np.sin(angle) * cross + (1 - np.cos(angle)) * cross @ cross


def _smallest(start: Array, end: Array) -> Array:
    """Return the smallest rotation that takes the direction of ``start`` to that of ``end``."""
    first, second = start / np.linalg.norm(start), end / np.linalg.norm(end)
    axis = np.cross(first, second)
    cross = np.array([[0, -axis[2], axis[1]], [axis[2], 0, -axis[0]], [-axis[1], axis[0], 0]])
    return np.eye(3) + cross + cross @ cross / (1 + first @ second)
