"""A body that is 5 % taller moves nearly as before: truth follows shape without jumping.

``pytest tests/datasets/intents/test_height_change.py -m slow -s`` prints the figure for drawn test motions.
"""

from dataclasses import replace

import numpy as np
import pytest

from retargetbench.datasets.body.joint_names import BODY_JOINTS
from retargetbench.datasets.intents.bodies import key_vertices
from retargetbench.datasets.intents.motion_jobs import body_of, motion_jobs
from retargetbench.datasets.intents.solver import solve

SEED, COUNT = 7, 24
GROWN = {"uniformly": (1.05, 1.05, 1.05), "upwards only": (1.0, 1.05, 1.0)}
"""Upwards only, legs, trunk and head grow, and the arms, which hang along x in the rest pose, do not."""


@pytest.mark.slow
def test_a_height_change_of_five_percent_turns_joints_by_at_most_three_degrees_on_average():
    jobs = motion_jobs("test")
    drawn = np.random.default_rng(SEED).choice(len(jobs), COUNT, replace=False)
    turned = np.array([_turned_deg(jobs[number]) for number in drawn])
    for name, means, worst in zip(GROWN, turned.mean(axis=0), turned.max(axis=0), strict=True):
        print(f"{name}: mean {means:.2f} deg, worst motion {worst:.2f} deg, {COUNT} motions")
    assert (turned.mean(axis=0) <= 3).all()


def _turned_deg(job):
    """Mean angle between the body's own motion and that of the grown bodies, one per way of growing."""
    body = body_of(job.bodies[0])
    bodies = [body, *(_grown(body, np.array(factors)) for factors in GROWN.values())]
    solution = solve(job.program, bodies, keys=key_vertices(), seed=SEED)
    columns = [body.skeleton.index(name) for name in BODY_JOINTS]
    own, *others = (motion.local_rotations_wxyz[:, columns].astype(np.float64) for motion in solution.motions)
    cosines = [np.abs((own * other).sum(axis=-1)) for other in others]
    return [np.degrees(2 * np.arccos(np.clip(cosine, 0, 1))).mean() for cosine in cosines]


def _grown(body, factors):
    skeleton = replace(body.skeleton, rest_offsets_m=body.skeleton.rest_offsets_m * factors.astype("f4"))
    return replace(body, skeleton=skeleton, rest_vertices_m=body.rest_vertices_m * factors.astype("f4"))
