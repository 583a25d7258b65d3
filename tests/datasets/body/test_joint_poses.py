"""Oracle: forward kinematics in torch, which has its own oracles."""

import numpy as np
import pytest
import torch

from retargetbench.datasets.body.joint_poses import motion_poses, world_poses
from retargetbench.datasets.body.kinematics import motion_pose
from retargetbench.datasets.intents.bodies import load_body

from .messy import wiggle


@pytest.mark.parametrize("name", ["average_man", "toddler"])
def test_poses_in_numpy_agree_with_torch(name):
    motion = wiggle(load_body(name), frames=5, scale=0.8)
    rotations, positions_m = motion_poses(motion)
    expected = motion_pose(motion, dtype=torch.float64)
    np.testing.assert_allclose(rotations, expected.rotations.numpy(), rtol=0, atol=1e-14)
    np.testing.assert_allclose(positions_m, expected.positions_m.numpy(), rtol=0, atol=1e-14)


def test_the_beginning_of_a_chain_can_be_posed_alone():
    motion = wiggle(load_body("average_man"), frames=2)
    skeleton, chain = motion.skeleton, slice(5)
    _, whole_m = motion_poses(motion)
    rotations = motion.local_rotations_wxyz[:, chain]
    _, part_m = world_poses(
        skeleton.parents[chain], skeleton.rest_offsets_m[chain], rotations, motion.root_translation_m
    )
    np.testing.assert_array_equal(part_m, whole_m[:, chain])
