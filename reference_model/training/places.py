"""Where the joints of a moving body are, in numbers that compare between bodies, and where it faces. NumPy alone."""

import numpy as np

from ...datasets.body import Motion
from ...datasets.body.joint_names import BODY_JOINTS, BODY_PARENTS, require_joints
from ...datasets.body.joint_poses import motion_poses
from ...datasets.rotations import Array

MIRRORED = [
    BODY_JOINTS.index(n.replace("Left", "#").replace("Right", "Left").replace("#", "Right")) for n in BODY_JOINTS
]
"""Of each body joint the index of the one that it is in a mirror."""


def body_places(motion: Motion) -> Array:
    """Return places of the 22 body joints over the height of the resting head, feet on the ground at rest.

    Returns:
        [frames, 22, 3].

    Raises:
        UnmappedJoints: If the skeleton is no humanoid.
    """
    found = require_joints(motion.skeleton)
    at = _with_parents(found)
    _, positions = motion_poses(motion)
    return positions[:, at] / max(float(motion.skeleton.rest_positions_m[found["Head"], 1]), 1e-3)


def yaw_of(places: Array) -> Array:
    """Return where hips and shoulders face, 0 towards +z, without jumps, [frames].

    Args:
        places: Of the 22 body joints, [frames, 22, 3].
    """
    left, right = (
        places[:, BODY_JOINTS.index(f"{side}UpLeg")] + places[:, BODY_JOINTS.index(f"{side}Arm")]
        for side in ("Left", "Right")
    )
    across = left - right  # +x at rest
    return np.unwrap(np.arctan2(-across[:, 2], across[:, 0]))


def about_y(angle: Array) -> Array:
    """Return matrices that turn about the vertical, [n] in radians -> [n, 3, 3]."""
    cosine, sine, none, one = np.cos(angle), np.sin(angle), np.zeros_like(angle), np.ones_like(angle)
    rows = [[cosine, none, sine], [none, one, none], [-sine, none, cosine]]
    return np.stack([np.stack(row, axis=-1) for row in rows], axis=-2)


def _with_parents(found: dict[str, int]) -> list[int]:
    """Index of each body joint; of one that the skeleton lacks, that of the next joint above."""
    at: list[int] = []
    for name, parent in zip(BODY_JOINTS, BODY_PARENTS, strict=True):
        at.append(found[name] if name in found else at[parent])
    return at
