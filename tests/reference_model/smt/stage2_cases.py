"""Poses, profiles and learners of stage 2 in sizes that a test can afford."""

from dataclasses import replace

import roma
import torch

from retargetbench.datasets.body.joint_names import BODY_JOINTS, BODY_PARENTS
from retargetbench.datasets.body.kinematics import forward_kinematics
from retargetbench.reference_model.smt.build import build_network
from retargetbench.reference_model.smt.fine_tuning import FINE_TUNINGS
from retargetbench.reference_model.smt.pairs import OneBody, PoolSize, WindowPool
from retargetbench.reference_model.smt.stage1 import Training
from retargetbench.reference_model.smt.stage2 import Given, Stage2

from .small import disturbed, small

FRAMES = 4
ARM = ("LeftArm", "LeftForeArm")
HAND_IN_BELLY = torch.tensor([[0.0, -0.3, -1.1], [0.0, -0.8, -1.2]])
"""Rotation vectors of the left upper arm and forearm, rad."""


def pose_of(figure, joints, vectors):
    """One frame per row: the named joints turned by rotation vectors [frames, joints, 3], the others at rest."""
    at = torch.tensor([BODY_JOINTS.index(name) for name in joints])
    turned = torch.zeros(len(vectors), len(BODY_JOINTS), 3).index_copy(1, at, vectors)
    offsets, root = torch.from_numpy(figure.offsets_m), torch.from_numpy(figure.rest_m[0]).expand(len(vectors), 3)
    return forward_kinematics(BODY_PARENTS, offsets, roma.rotvec_to_rotmat(turned), root)


def tuned(name, **changes):
    tuning = FINE_TUNINGS[name]
    base = replace(tuning.base, sizes=small(name).sizes, batch=1, frames=FRAMES, rate=3e-3)
    return replace(tuning, **{"base": base, "pictures": 1, "views": ("front",), "geometry_every": 2} | changes)


def learner_of(tuning, clips, critic, body, steps=6):
    network = disturbed(build_network(tuning.base, 0)).requires_grad_(True)
    given = Given(WindowPool(clips, PoolSize(1, FRAMES, 1)), OneBody(body), critic)
    return Stage2(Training(tuning.base, steps, seed=1), tuning, network, given)
