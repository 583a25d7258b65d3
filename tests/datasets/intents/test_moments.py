"""Single moments of a program: contacts are held, the same way every time, and styles are taken as they are."""

import numpy as np
import pytest

from retargetbench.datasets.body.kinematics import SkinTensors, motion_pose
from retargetbench.datasets.intents.bodies import key_vertices, load_body
from retargetbench.datasets.intents.programs import make_program
from retargetbench.datasets.intents.programs.style import PoseTrack
from retargetbench.datasets.intents.solver import SolverSettings, solve_moments
from retargetbench.datasets.intents.solver.moments import MOMENTS

FEW = SolverSettings(iterations=4, query_every=4)


@pytest.fixture(scope="module")
def touch():
    return make_program("hand_on_hip", side="left", tempo=3.5, seed=1)


@pytest.fixture(scope="module")
def held_frames(touch):
    held = np.flatnonzero(np.any([touch.held(*pair) for pair in touch.contact_pairs()], axis=0))
    return held[[len(held) // 3, 2 * len(held) // 3]]


def test_hands_come_to_where_contacts_want_them(touch, held_frames):
    bodies = (load_body("average_man"), load_body("stocky_man"), load_body("lanky_woman"))
    gaps = [_gaps(touch, bodies, held_frames, steps) for steps in (SolverSettings(iterations=0), MOMENTS)]
    assert gaps[0].shape == gaps[1].shape == (3, 2)
    assert gaps[1].max() < 0.03
    assert np.median(gaps[1]) < 0.5 * np.median(gaps[0])


def _gaps(program, bodies, frames, settings):
    """Distance of the contact per body and frame, in H."""
    ((vertex, place),) = program.contact_pairs()
    keys, found = key_vertices(), []
    for body, motion in zip(
        bodies, solve_moments(program, bodies, frames, keys=keys, seed=5, settings=settings), strict=True
    ):
        points = SkinTensors.of(body).vertices_m(motion_pose(motion)).numpy()
        found.append(np.linalg.norm(points[:, keys[vertex]] - points[:, keys[place]], axis=-1) / body.height_m)
    return np.array(found)


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
