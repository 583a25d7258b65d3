"""The solver meets its goals on bodies of different shape, the same way every time."""

import math
from dataclasses import replace

import numpy as np
import pytest
import torch

from retargetbench.datasets.body.kinematics import motion_pose
from retargetbench.datasets.intents.bodies import key_vertices, load_body
from retargetbench.datasets.intents.checker import measure
from retargetbench.datasets.intents.programs import make_program
from retargetbench.datasets.intents.programs.postures import FREE_JOINTS
from retargetbench.datasets.intents.programs.splits import VAL_MOTIONS, motions
from retargetbench.datasets.intents.solver import SolverSettings, solve
from retargetbench.datasets.intents.solver.departures import STEP
from retargetbench.datasets.intents.solver.lbfgs import Descent
from retargetbench.datasets.intents.solver.rig import PARAMETERS, RigBatch, StyleTensors, pose_batch
from retargetbench.datasets.intents.solver.splines import basis_matrix, knot_count
from retargetbench.datasets.intents.solver.terms import bends, style_loss
from retargetbench.datasets.intents.solver.turns import small_turns, turns_about

QUICK = SolverSettings(iterations=40, polish=10, query_every=20)
FEW = SolverSettings(iterations=6, polish=4, query_every=5)


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


@pytest.mark.parametrize("frame_count", [20, 21, 61, 64])
def test_a_departure_arrives_and_leaves_without_speed_where_nothing_bends_at_the_ends(frame_count):
    fine = 100  # steps per frame, to see the speed at the very ends
    matrix = torch.tensor(basis_matrix((frame_count - 1) * fine + 1, 30.0 * fine), dtype=torch.float64)
    knots = torch.randn(
        1, matrix.shape[1], 3, dtype=torch.float64, generator=torch.Generator().manual_seed(frame_count)
    )
    knots[:, 0], knots[:, -1] = knots[:, 2], knots[:, -3]
    assert bends(knots)[:, [0, -1]].abs().max() == 0
    speed = (matrix @ knots[0]).diff(dim=0).abs() * fine
    still = speed[[0, -1]] if (frame_count - 1) % 3 == 0 else speed[:1]
    assert still.max() < 0.01 * speed.max()


def test_bends_are_second_differences_of_knots_that_are_mirrored_at_both_ends():
    knots = torch.randn(2, 9, 4, generator=torch.Generator().manual_seed(3))
    mirrored = torch.cat([knots[:, 2:3], knots, knots[:, -3:-2]], dim=1)
    doubled = mirrored.diff(n=2, dim=1)
    torch.testing.assert_close(bends(knots)[:, 1:-1], doubled[:, 1:-1])
    # Around an end knot the mirrored row is level: what is left to weigh there is the speed.
    torch.testing.assert_close(bends(knots)[:, 0], knots[:, 0] - knots[:, 2])
    torch.testing.assert_close(bends(knots)[:, -1], knots[:, -1] - knots[:, -3])
    assert bends(torch.ones(1, 9, 4)).abs().max() == 0


def test_a_steady_drift_costs_at_the_ends_of_a_clip_and_standing_still_does_not():
    drift = torch.linspace(0, 1, 9)[None, :, None].expand(1, 9, PARAMETERS)
    settings, weights = SolverSettings(style=0.0), torch.ones(1, PARAMETERS)
    assert style_loss(drift, drift, weights, settings) > 0
    assert style_loss(torch.ones_like(drift), drift, weights, settings) == 0
    torch.testing.assert_close(bends(drift)[:, 1:-1], torch.zeros(1, 7, PARAMETERS), rtol=0, atol=1e-6)


def _same(one, two):
    np.testing.assert_array_equal(one.local_rotations_wxyz, two.local_rotations_wxyz)
    np.testing.assert_array_equal(one.root_translation_m, two.root_translation_m)


def test_a_clip_does_not_depend_on_what_it_is_solved_along_with(solved):
    bodies, _ = solved
    together = solve(_short_touch(), bodies, keys=key_vertices(), seed=[3, 9], settings=FEW)
    alone = solve(_short_touch(), bodies[1:], keys=key_vertices(), seed=9, settings=FEW)
    turned_round = solve(_short_touch(), bodies[::-1], keys=key_vertices(), seed=[9, 3], settings=FEW)
    _same(together.motions[1], alone.motions[0])
    _same(together.motions[1], turned_round.motions[0])


def test_a_body_given_twice_gets_two_different_answers_of_one_seed(solved):
    bodies, _ = solved
    twice = solve(_short_touch(), [bodies[0], bodies[0]], keys=key_vertices(), seed=5, settings=FEW)
    assert twice.drawn == ((5, 0), (5, 1))
    assert np.abs(twice.motions[0].local_rotations_wxyz - twice.motions[1].local_rotations_wxyz).max() > 1e-4


def test_an_answer_can_be_asked_for_by_its_number(solved):
    bodies, _ = solved
    three = solve(_short_touch(), [bodies[0], bodies[1], bodies[0]], keys=key_vertices(), seed=5, settings=FEW)
    assert three.drawn == ((5, 0), (5, 0), (5, 1))
    second = solve(_short_touch(), bodies[:1], keys=key_vertices(), seed=[(5, 1)], settings=FEW)
    assert second.drawn == ((5, 1),)
    _same(second.motions[0], three.motions[2])


def test_answers_of_one_seed_share_their_way_and_part_at_its_end(solved):
    bodies, _ = solved
    settings = replace(QUICK, polish=0, start_noise=0.0)
    way = solve(_short_touch(), [bodies[0]] * 2, keys=key_vertices(), seed=5, settings=settings)
    _same(*way.motions)
    # From there on each weighs the style in its own way, even if nothing pushes them apart.
    parted = solve(_short_touch(), [bodies[0]] * 2, keys=key_vertices(), seed=5, settings=replace(settings, polish=32))
    assert np.abs(parted.motions[0].local_rotations_wxyz - parted.motions[1].local_rotations_wxyz).max() > 1e-4


def test_an_arm_that_the_fast_search_flings_away_hangs_where_it_should_at_both_ends():
    program = next(
        m
        for _, m in motions("val", VAL_MOTIONS)
        if m.name.startswith("touch_opposite_elbow-left-0.993-0.703-69869@march")
    )
    body = load_body("stocky_man")
    once = SolverSettings(flung_deg=math.inf)
    flung, calm = (
        _arm_off_the_style_deg(program, solve(program, [body], keys=key_vertices(), seed=5, settings=s).motions[0])
        for s in (once, SolverSettings())
    )
    assert calm.max() < 8 < 12 < flung.max()


def _arm_off_the_style_deg(program, motion):
    """Turns of the upper arms away from the style in the first and the last frame, [2, 2]."""
    track = program.track()
    turns = []
    for side in ("Left", "Right"):
        style = track.free_wxyz[[0, -1], FREE_JOINTS.index(f"{side}Arm")]
        solved = motion.local_rotations_wxyz[[0, -1], motion.skeleton.index(f"{side}Arm")]
        turns.append(2 * np.degrees(np.arccos(np.clip(np.abs((style * solved).sum(-1)), 0, 1))))
    return np.stack(turns)


def test_a_program_whose_style_fits_the_body_is_taken_as_it_is():
    program, body = make_program("walk", speed=1.3, step_s=0.52, seed=17), load_body("average_man")
    solution = solve(program, [body], keys=key_vertices(), seed=1, settings=replace(FEW, rounded=True))
    assert np.degrees(np.abs(solution.departures).max() * STEP) < 1


@pytest.mark.gpu
def test_cuda_meets_the_same_goals(cuda):
    body = load_body("average_man")
    solution = solve(_short_touch(), [body], keys=key_vertices(), seed=5, settings=QUICK, device="cuda")
    measured = measure(solution.program, body, solution.motions[0], key_vertices())
    assert measured.contact_h < 0.012
    assert measured.facing_deg < 60


def test_turns_are_those_of_rotation_vectors():
    generator = torch.Generator().manual_seed(1)
    vectors = torch.randn(20, 3, generator=generator)
    expected = torch.linalg.matrix_exp(
        torch.stack([torch.linalg.cross(vectors, e.expand(20, 3)) for e in torch.eye(3)], -1)
    )
    torch.testing.assert_close(small_turns(vectors), expected, rtol=0, atol=1e-5)
    torch.testing.assert_close(turns_about(vectors, torch.ones(20)), expected, rtol=0, atol=1e-5)


def test_lbfgs_finds_the_bottom_of_each_of_two_unlike_valleys():
    def cost(points):
        x, y = points.unbind(1)
        steep = torch.tensor([1.0, 30.0])
        return (1 - x).square() + steep * (y - x.square()).square()

    descent = Descent(torch.tensor([[-1.2, 1.0], [-1.0, 2.0]]))
    for _ in range(120):
        trial = descent.trial.detach().requires_grad_(True)
        value = cost(trial)
        (gradient,) = torch.autograd.grad(value.sum(), trial)
        descent.tell(value.detach(), gradient)
    torch.testing.assert_close(descent.best, torch.ones(2, 2), rtol=0, atol=1e-2)


def test_lbfgs_steps_no_further_than_an_arm_may_be_flung():
    def tell(descent):
        trial = descent.trial.detach().requires_grad_(True)
        cost = 0.01 * (trial - 40).square().sum(1)  # so flat that an unbounded step would go all the way
        (gradient,) = torch.autograd.grad(cost.sum(), trial)
        descent.tell(cost.detach(), gradient)

    descent = Descent(torch.zeros(1, 3))
    steps = []
    for _ in range(30):
        tell(descent)
        steps.append(float((descent.trial - descent.best).norm()))
    assert max(steps[1:]) <= 0.25 + 1e-6
    assert max(steps[1:]) == pytest.approx(0.25)  # as far as it may, on so long a way
    assert float(descent.best.norm()) > 5
