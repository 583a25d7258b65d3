"""Rest pose: the floor that does nothing, and therefore neither penetrates nor skates nor shakes."""

import numpy as np

from ...datasets.body import Character, Motion
from ...datasets.body.joint_names import require_joints
from .cards import with_card
from .root_path import hips_path_m


@with_card("rest-pose", "1")
def retarget(source: Character, motion: Motion, target: Character, *, seed: int) -> Motion:
    """Let the target stand still in its rest pose, on the ground, where the source's hips are in the first frame.

    Args:
        source: The character that performs the motion.
        motion: The motion on the source.
        target: The character that receives it.
        seed: Not used: nothing here is random.
    """
    skeleton = target.skeleton
    rest = skeleton.rest_positions_m.astype(np.float64)
    root = rest[0].copy()
    root[[0, 2]] += hips_path_m(motion)[0, [0, 2]] - rest[require_joints(skeleton)["Hips"]][[0, 2]]
    rotations = np.zeros((motion.frame_count, skeleton.joint_count, 4), dtype=np.float32)
    rotations[..., 0] = 1.0
    return Motion(skeleton, rotations, np.tile(root, (motion.frame_count, 1)), motion.fps)
