"""Joints of HumanML3D as a motion of ours, for methods that read rotations.

Places say nothing of a bone's roll about itself. Each joint takes the smallest rotation that points its bone where it
was seen; hips and chest, which have three bones, the rotation that fits all three best (Kabsch 1976), and what is left
there is the body's shape: the skeleton gets it.
"""

import numpy as np

from ..body.joint_names import require_joints
from ..body.motion import Motion
from ..body.skeleton import Skeleton
from ..rotations import Array, from_matrices, nearest_rotations, unit_to_matrices
from .feature_motions import FeatureMotion
from .layouts import HUMANML3D, BadJoints
from .placing import bone_lengths, unit_bones


def motion_of(given: FeatureMotion, rest: Skeleton) -> Motion:
    """Return a motion of HumanML3D on a skeleton with its own bone lengths.

    Args:
        given: Features of HumanML3D.
        rest: A humanoid with all 22 body joints: where its limbs point at rest, those of the result do.

    Raises:
        BadJoints: If the features are KIT-ML's, whose joints are others, or hold no numbers.
        UnmappedJoints: If ``rest`` lacks a joint.
    """
    if given.layout != HUMANML3D.name:
        raise BadJoints(
            f"features of {given.layout} cannot be read as a motion on a skeleton; expected those of {HUMANML3D.name}."
        )
    joints = HUMANML3D.checked(given.joints())
    pointing, directions = _rest_directions(rest), unit_bones(joints, HUMANML3D)
    local = np.zeros((len(joints), HUMANML3D.joint_count, 4))
    world = np.empty((len(joints), HUMANML3D.joint_count, 3, 3))
    for joint, parent in enumerate(HUMANML3D.parents):
        above = world[:, parent] if parent >= 0 else np.eye(3)
        children = [child for child, own in enumerate(HUMANML3D.parents) if own == joint]
        seen = directions[:, children] @ above  # in the parent's frame
        local[:, joint] = _turn(pointing[children], seen)
        world[:, joint] = above @ unit_to_matrices(local[:, joint])
        if len(children) > 1:
            pointing[children] = _units((directions[:, children] @ world[:, joint]).mean(axis=0))
    skeleton = _skeleton(pointing * bone_lengths(joints, HUMANML3D)[:, None])
    return Motion(skeleton, local.astype(np.float32), joints[:, 0].astype(np.float32), given.fps)


def _rest_directions(rest: Skeleton) -> Array:
    """Unit direction of the bone that ends at each joint in the rest pose, [22, 3]; zero for the root."""
    found = require_joints(rest, HUMANML3D.joint_names)
    places = rest.rest_positions_m[[found[name] for name in HUMANML3D.joint_names]].astype(np.float64)
    bones = places - places[list(HUMANML3D.parents)]
    bones[0] = 0.0
    return _units(bones)


def _units(vectors: Array) -> Array:
    return np.asarray(vectors / np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), 1e-9))


def _skeleton(offsets: Array) -> Skeleton:
    """A skeleton whose lowest joint rests on the ground, from bones [22, 3] in metres."""
    places = np.zeros_like(offsets)
    for joint, parent in enumerate(HUMANML3D.parents[1:], start=1):
        places[joint] = places[parent] + offsets[joint]
    rest = offsets.copy()
    rest[0, 1] = -places[:, 1].min()
    return Skeleton(HUMANML3D.joint_names, HUMANML3D.parents, rest.astype(np.float32))


def _turn(resting: Array, seen: Array) -> Array:
    """Quaternions that turn resting bones [bones, 3] to where they are seen [frames, bones, 3]: [frames, 4]."""
    if len(resting) > 1:
        return from_matrices(nearest_rotations(np.einsum("fbi,bj->fij", seen, resting)))
    if len(resting) == 0:  # the end of a limb goes with it
        return np.broadcast_to([1.0, 0.0, 0.0, 0.0], (len(seen), 4))
    start, end = resting[0], seen[:, 0]
    found = np.concatenate([1 + (end @ start)[:, None], np.cross(start, end)], axis=-1)
    across = np.cross(start, np.eye(3)[np.abs(start).argmin()])  # of opposite directions any half turn is one
    found[np.linalg.norm(found, axis=-1) < 1e-6] = [0.0, *across]
    return np.asarray(found / np.linalg.norm(found, axis=-1, keepdims=True))
