"""Rotation copy: the baseline of every paper, with the root scaled to the target's legs or left in metres."""

import numpy as np
from numpy.typing import NDArray

from ...datasets.body import Character, Motion, Skeleton
from ...datasets.body.alignment import align_rotations
from .cards import with_card
from .root_path import leg_length_m, root_for_hips, target_hips_path_m


@with_card("copy", "1")
def retarget(source: Character, motion: Motion, target: Character, *, seed: int) -> Motion:
    """Point the target's bones where the source's point, and scale the root path to its legs.

    Rotations are copied after rest-pose alignment, fingers included where both characters have them. The hips move
    horizontally from the source's starting point by the source's displacement times the ratio of leg lengths (hips
    height above the sole in the rest pose), vertically around the target's own rest height by the same factor. The
    pair A -> A gives the source motion back, bit for bit.

    Args:
        source: The character that performs the motion.
        motion: The motion on the source.
        target: The character that receives it.
        seed: Not used: nothing here is random.
    """
    return _copy(source, motion, target, leg_length_m(target) / leg_length_m(source))


@with_card("copy-unscaled", "1")
def retarget_unscaled(source: Character, motion: Motion, target: Character, *, seed: int) -> Motion:
    """Copy the rotations and the root path in metres, raised by the difference of the two rest hips heights.

    The target so stands on the ground while the source stands, but takes the source's strides: legs of another length
    slide, and a crouch that lowers the source by 40 cm lowers a toddler by 40 cm. Kept because public code does this.

    Args:
        source: The character that performs the motion.
        motion: The motion on the source.
        target: The character that receives it.
        seed: Not used: nothing here is random.
    """
    return _copy(source, motion, target, 1.0)


def copied_rotations(motion: Motion, target: Skeleton) -> NDArray[np.float32]:
    """Return the motion's rotations on the target's skeleton, [frames, target joints, 4] wxyz.

    On equal skeletons they are the motion's own numbers, joints without a standard meaning included.
    """
    skeleton = motion.skeleton
    if skeleton.same_joints(target) and np.array_equal(skeleton.rest_offsets_m, target.rest_offsets_m):
        return motion.local_rotations_wxyz
    return align_rotations(motion, target)


def _copy(source: Character, motion: Motion, target: Character, scale: float) -> Motion:
    rotations = copied_rotations(motion, target.skeleton)
    hips = target_hips_path_m(source, motion, target, scale)
    root = root_for_hips(target, rotations, hips).astype(np.float32)
    return Motion(target.skeleton, rotations, root, motion.fps)
