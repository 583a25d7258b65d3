"""Our motions as joints of HumanML3D, for whoever trains or tests on both."""

import numpy as np

from ..body.joint_names import require_joints
from ..body.joint_poses import motion_poses
from ..body.motion import Motion
from ..body.resampling import resample
from ..rotations import Array
from .layouts import HUMANML3D


def humanml3d_joints(motion: Motion) -> Array:
    """Return the 22 joints of a motion at 20 frames per second, [frames, 22, 3], metres, where the motion has them.

    ``placing.on_skeleton`` moves them onto the data set's skeleton.

    Args:
        motion: A motion of a humanoid with all 22 standard joints.

    Raises:
        UnmappedJoints: If a joint is missing.
    """
    found = require_joints(motion.skeleton, HUMANML3D.joint_names)
    _, positions = motion_poses(resample(motion, HUMANML3D.fps))
    return np.asarray(positions[:, [found[name] for name in HUMANML3D.joint_names]])
