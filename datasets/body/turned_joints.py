"""A motion whose body joints are turned by rotation vectors. NumPy alone."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from ..rotations import from_rotation_vectors, multiply
from .joint_names import BODY_JOINTS, standard_joints
from .motion import Motion


def turn_body_joints(motion: Motion, vectors: NDArray[np.float64]) -> Motion:
    """Turn body joints in their own axes; fingers and joints between the body's are left alone.

    Args:
        motion: Any humanoid's motion; a body joint that the skeleton lacks is passed over.
        vectors: Rotation vectors in radians in the order of ``BODY_JOINTS``, [frames, 22, 3].

    Raises:
        UnmappedJoints: If no rig is recognised.
    """
    found = standard_joints(motion.skeleton)
    columns = [number for number, name in enumerate(BODY_JOINTS) if name in found]
    joints = [found[BODY_JOINTS[number]] for number in columns]
    rotations = motion.local_rotations_wxyz.astype(np.float64)
    rotations[:, joints] = multiply(rotations[:, joints], from_rotation_vectors(vectors[:, columns]))
    return replace(motion, local_rotations_wxyz=rotations.astype(np.float32))
