"""Where the target's hips go: the source's path, scaled to the target's legs or copied in metres.

Skeletons whose root is not the hips (a control joint on the ground) are placed so that the *hips* take that path.
"""

import numpy as np
from numpy.typing import NDArray

from ...datasets.body import Character, Motion
from ...datasets.body.joint_names import require_joints
from ...datasets.body.joint_poses import motion_poses, world_poses


def leg_length_m(character: Character) -> float:
    """Return the height of the hips joint above the sole, the mesh's lowest point, in the rest pose."""
    hips = require_joints(character.skeleton)["Hips"]
    joints_y = character.skeleton.rest_positions_m[:, 1]
    sole = character.rest_vertices_m[:, 1].min() if character.vertex_count else joints_y.min()
    return max(float(joints_y[hips]) - float(sole), 1e-3)


def hips_path_m(motion: Motion) -> NDArray[np.float64]:
    """Return the world position of the hips in every frame, [frames, 3]."""
    hips = require_joints(motion.skeleton)["Hips"]
    return np.asarray(motion.root_translation_m, dtype=np.float64) if hips == 0 else motion_poses(motion)[1][:, hips]


def target_hips_path_m(source: Character, motion: Motion, target: Character, scale: float) -> NDArray[np.float64]:
    """Return the path of the target's hips, [frames, 3].

    Horizontally ``p'_t = p_0 + s (p_t - p_0)``: both start at the same place. Vertically
    ``y'_t = y_rest(target) + s (y_t - y_rest(source))``: standing upright stays standing upright.

    Args:
        source: The character that performs the motion.
        motion: The motion on the source.
        target: The character that receives it.
        scale: The factor s; the ratio of leg lengths, or 1.
    """
    path = hips_path_m(motion)
    rest_y = [
        float(character.skeleton.rest_positions_m[require_joints(character.skeleton)["Hips"], 1])
        for character in (source, target)
    ]
    # Written as s p + constant, so that the identity pair gives the source's numbers back without rounding.
    constant = (1.0 - scale) * path[0]
    constant[1] = rest_y[1] - scale * rest_y[0]
    return np.asarray(scale * path + constant)


def root_for_hips(
    target: Character, local_rotations_wxyz: NDArray[np.float32], hips_m: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the root translation that brings the hips to ``hips_m`` under the given rotations, [frames, 3]."""
    skeleton = target.skeleton
    hips = require_joints(skeleton)["Hips"]
    if hips == 0:
        return hips_m
    chain = slice(hips + 1)
    _, at_origin_m = world_poses(
        skeleton.parents[chain],
        skeleton.rest_offsets_m[chain],
        local_rotations_wxyz[:, chain],
        np.zeros_like(hips_m),
    )
    return np.asarray(hips_m - at_origin_m[:, hips])
