"""Single moments of a program: contacts are held, the same way every time, and styles are taken as they are."""

import numpy as np
import pytest

from retargetbench.datasets.body.kinematics import SkinTensors, motion_pose
from retargetbench.datasets.intents.bodies import key_vertices, load_body
from retargetbench.datasets.intents.programs import make_program
from retargetbench.datasets.intents.programs.style import PoseTrack
from retargetbench.datasets.intents.solver import SolverSettings, solve_moments

FEW = SolverSettings(iterations=4, query_every=4)


@pytest.fixture(scope="module")
def touch():
    return make_program("hand_on_hip", side="left", tempo=3.5, seed=1)


@pytest.fixture(scope="module")
def held_frames(touch):
    held = np.flatnonzero(np.any([touch.held(*pair) for pair in touch.contact_pairs()], axis=0))
    return held[[len(held) // 3, 2 * len(held) // 3]]


def test_contacts_are_held_at_the_moments_that_are_asked_for(touch, held_frames):
    bodies = (load_body("average_man"), load_body("schoolchild"))
    ((vertex, place),) = touch.contact_pairs()
    keys = key_vertices()
    posed = solve_moments(touch, bodies, held_frames, keys=keys, seed=5)
    for body, motion in zip(bodies, posed, strict=True):
        assert motion.frame_count == len(held_frames)
        skin = SkinTensors.of(body)
        points = skin.vertices_m(motion_pose(motion)).numpy()
        gap = np.linalg.norm(points[:, keys[vertex]] - points[:, keys[place]], axis=-1)
        assert gap.max() < 0.012 * body.height_m


def test_equal_seeds_give_equal_poses(touch, held_frames):
    bodies = (load_body("average_man"), load_body("schoolchild"))
    one, two = (solve_moments(touch, bodies, held_frames, keys=key_vertices(), seed=5, settings=FEW) for _ in range(2))
    for first, second in zip(one, two, strict=True):
        np.testing.assert_array_equal(first.local_rotations_wxyz, second.local_rotations_wxyz)


def test_a_single_moment_of_a_program_with_a_speed_can_be_asked_for():
    walk = make_program("walk", speed=1.3, step_s=0.52, seed=17)
    body = load_body("average_man")
    (motion,) = solve_moments(walk, [body], np.array([7]), keys=key_vertices(), seed=1)
    track: PoseTrack = walk.track()
    hips = body.skeleton.index("Hips")
    style = track.free_wxyz[7, 0]
    turned = motion.local_rotations_wxyz[0, hips]
    assert abs(float(np.dot(style, turned))) == pytest.approx(1.0, abs=1e-5)
