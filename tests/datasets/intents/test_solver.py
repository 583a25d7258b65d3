"""The solver meets its goals on bodies of different shape, the same way every time, and the checker is not fooled."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from retargetbench.datasets.body import Motion
from retargetbench.datasets.body.kinematics import motion_pose
from retargetbench.datasets.intents.bodies import key_vertices, load_body
from retargetbench.datasets.intents.checker import measure, misses
from retargetbench.datasets.intents.clips import load_intents
from retargetbench.datasets.intents.mini_pairs import MINI_PAIRS
from retargetbench.datasets.intents.programs import make_program
from retargetbench.datasets.intents.solver import SolverSettings, solve
from retargetbench.datasets.intents.solver.rig import PARAMETERS, RigBatch, StyleTensors, pose_batch
from retargetbench.datasets.intents.solver.splines import basis_matrix, knot_count

QUICK = SolverSettings(iterations=60, learning_rate=0.05, query_every=20)


def _short_touch():
    """A hand goes to the hip and back in two thirds of a second; twenty frames are enough to solve for."""
    return make_program("hand_on_hip", side="left", tempo=3.5, seed=1)


@pytest.fixture(scope="module")
def solved():
    bodies = (load_body("average_man"), load_body("schoolchild"))
    return bodies, solve(_short_touch(), bodies, keys=key_vertices(), seed=5, settings=QUICK)


def test_a_goal_is_met_on_bodies_of_different_size(solved):
    bodies, solution = solved
    for body, motion in zip(bodies, solution.motions, strict=True):
        measured = measure(solution.program, body, motion, key_vertices())
        assert measured.contact_h < 0.012
        assert measured.facing_deg < 60
        assert measured.skate_cm_s < 1


def test_the_same_seed_gives_the_same_motion_bit_by_bit(solved):
    bodies, solution = solved
    again = solve(_short_touch(), bodies, keys=key_vertices(), seed=5, settings=QUICK)
    for one, two in zip(solution.motions, again.motions, strict=True):
        np.testing.assert_array_equal(one.local_rotations_wxyz, two.local_rotations_wxyz)
        np.testing.assert_array_equal(one.root_translation_m, two.root_translation_m)


def test_another_seed_gives_another_right_answer(solved):
    bodies, solution = solved
    other = solve(_short_touch(), bodies[:1], keys=key_vertices(), seed=6, settings=QUICK)
    gap = np.abs(other.motions[0].local_rotations_wxyz - solution.motions[0].local_rotations_wxyz)
    assert gap.max() > 1e-3


def test_the_report_names_every_body_and_every_group_of_terms(solved):
    bodies, solution = solved
    assert [r.body for r in solution.reports] == [b.name for b in bodies]
    assert set(solution.reports[0].terms) == {"goals", "penetration", "body", "speed", "style"}
    assert solution.reports[0].loss == pytest.approx(sum(solution.reports[0].terms.values()))


def test_a_style_without_departures_puts_planted_feet_where_its_track_says():
    program, body = make_program("sidestep", side="left", width=0.35, tempo=1.0, seed=1), load_body("average_woman")
    rig, style = RigBatch.of([body.skeleton]), StyleTensors.of(program.track())
    posed = pose_batch(rig, style, torch.zeros(1, program.frame_count, PARAMETERS))
    ball = body.skeleton.index("LeftToeBase")
    track = torch.tensor(program.track().feet[:, 0, :3], dtype=torch.float32)
    aim = rig.rest_positions_m[0, ball] + rig.leg_length_m[0] * track
    reachable = posed.stretch[0, :, 0] < 0.999
    assert reachable.float().mean() > 0.8
    torch.testing.assert_close(posed.pose.positions_m[0, reachable, ball], aim[reachable], rtol=0, atol=2e-4)


def test_the_rig_agrees_with_plain_forward_kinematics(solved):
    _, solution = solved
    motion = solution.motions[0]
    rig = RigBatch.of([motion.skeleton])
    quaternions = torch.tensor(motion.local_rotations_wxyz)
    from retargetbench.datasets.body.kinematics import quaternions_to_matrices

    local, root = quaternions_to_matrices(quaternions)[None], torch.tensor(motion.root_translation_m)[None]
    expected = motion_pose(motion).positions_m
    torch.testing.assert_close(rig.pose(local, root).positions_m[0], expected, rtol=0, atol=1e-5)


@pytest.mark.parametrize("frame_count", [2, 20, 61, 90])
def test_equal_knots_give_a_constant_curve(frame_count):
    matrix = basis_matrix(frame_count, 30.0)
    assert matrix.shape == (frame_count, knot_count(frame_count, 30.0))
    np.testing.assert_allclose(matrix.sum(axis=1), 1.0, atol=1e-6)


@pytest.fixture(scope="module")
def shipped():
    pair = next(p for p in MINI_PAIRS if p.intent == "hand_on_hip")
    clips = load_intents("mini")
    data = clips.load(next(s.clip_id for s in clips.pairs if s.motion == pair.program().name))
    return pair.program(), data.target, data.ground_truths[0]


def _turned(motion, joint, degrees, axis):
    half = np.radians(degrees) / 2
    turn = np.array([np.cos(half), *(np.sin(half) * np.asarray(axis))])
    rotations = motion.local_rotations_wxyz.astype(np.float64).copy()
    column = motion.skeleton.index(joint)
    w, x, y, z = turn
    matrix = np.array([[w, -x, -y, -z], [x, w, z, -y], [y, -z, w, x], [z, y, -x, w]])
    rotations[:, column] = rotations[:, column] @ matrix.T
    return Motion(motion.skeleton, rotations, motion.root_translation_m, motion.fps)


def test_the_checker_accepts_a_shipped_truth(shipped):
    program, body, truth = shipped
    assert misses(measure(program, body, truth, key_vertices())) == ()


def test_the_checker_notices_an_opened_contact(shipped):
    program, body, truth = shipped
    opened = _turned(truth, "LeftArm", 12, (0, 0, 1))
    assert "held_share" in misses(measure(program, body, opened, key_vertices()))


def test_the_checker_notices_an_arm_pushed_through_the_body(shipped):
    program, body, truth = shipped
    pushed = _turned(truth, "RightArm", 25, (0, 0, 1))
    assert "penetration_share" in misses(measure(program, body, pushed, key_vertices()))


def test_the_checker_notices_sliding_feet(shipped):
    program, body, truth = shipped
    root = truth.root_translation_m.copy()
    root[:, 0] += np.linspace(0, 0.1, len(root))
    assert "skate_cm_s" in misses(measure(program, body, replace(truth, root_translation_m=root), key_vertices()))


def test_the_checker_notices_a_body_that_sinks_into_the_floor(shipped):
    program, body, truth = shipped
    sunk = replace(truth, root_translation_m=truth.root_translation_m - np.float32([0, 0.05, 0]))
    assert "floor_h" in misses(measure(program, body, sunk, key_vertices()))


def test_the_checker_notices_an_elbow_that_bends_backwards(shipped):
    program, body, truth = shipped
    broken = _turned(truth, "RightForeArm", -120, (0, 1, 0))
    assert "range_share" in misses(measure(program, body, broken, key_vertices()))
