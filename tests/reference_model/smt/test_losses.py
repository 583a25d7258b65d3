"""Each term against a slow twin in float64 NumPy, what makes it zero, and gradients."""

import numpy as np
import pytest
import torch

from retargetbench.datasets.body.joint_names import BODY_JOINTS, BODY_PARENTS
from retargetbench.datasets.body.kinematics import skin
from retargetbench.datasets.body.rotation_6d import from_six, to_six
from retargetbench.datasets.intents.motion_jobs import body_of
from retargetbench.metrics.sensors import ZONES, skin_map
from retargetbench.reference_model.smt import losses
from retargetbench.reference_model.smt.batch import Moves, Rigs
from retargetbench.reference_model.smt.rig import rig_of
from retargetbench.reference_model.smt.skin_relation import (
    ARM_PLACES,
    EFFECTORS,
    PLACE_ZONES,
    SCALES,
    arm_features,
    misses,
    skin_relation,
    surroundings,
)

from .small import moves, rigs


@pytest.fixture(scope="module")
def positions():
    generator = torch.Generator().manual_seed(0)
    return [torch.rand(1, 2, 22, 3, generator=generator) for _ in range(2)]


def test_the_papers_relation_is_its_formula(positions):
    total = 0.0
    source, target = (p[0].double().numpy() for p in positions)
    for frame in range(2):
        rows = []
        for joints in (source[frame], target[frame]):
            matrix = np.array([[np.linalg.norm(a - b) for b in joints] for a in joints])
            rows.append(matrix / matrix.sum(axis=1, keepdims=True))
        total += np.square(rows[0] - rows[1]).sum() / 2
    assert float(losses.relation_paper(*positions)) == pytest.approx(total, rel=1e-4)


def test_the_codes_relation_is_its_formula(positions):
    kept = [BODY_JOINTS.index(name) for name in ("LeftArm", "LeftForeArm", "RightArm", "RightForeArm")]
    total = []
    for frame in range(2):
        rows = []
        for p in positions:
            joints = 100 * p[0, frame].double().numpy()
            matrix = np.exp(-np.array([[np.linalg.norm(a - b) for b in joints] for a in joints]) / 10)
            for child, parent in enumerate(BODY_PARENTS):
                if parent >= 0:
                    matrix[child, parent] = matrix[parent, child] = 0
            rows.append((matrix / np.linalg.norm(matrix, axis=1, keepdims=True))[kept])
        total.append(np.square(rows[0] - rows[1]).mean())
    assert float(losses.relation_code(*positions)) == pytest.approx(np.mean(total), rel=1e-4)


def test_joints_that_lie_on_each_other_leave_the_relations_gradient_finite(positions):
    source, target = (p.clone() for p in positions)
    target[:, :, 5] = target[:, :, 4]
    target.requires_grad_()
    for relation in (losses.relation_paper, losses.relation_code):
        (gradient,) = torch.autograd.grad(relation(source, target), target)
        assert bool(gradient.isfinite().all())


def test_relations_do_not_see_size_where_they_should_not_and_place_never(positions):
    source, _ = positions
    assert float(losses.relation_paper(source, 0.6 * source + 1)) == pytest.approx(0, abs=1e-8)
    assert float(losses.relation_code(source, source + 1)) == pytest.approx(0, abs=1e-8)
    assert float(losses.relation_code(source, 0.6 * source)) > 1e-4  # in centimetres, as released


def test_a_rotation_of_constant_speed_per_entry_is_smooth_and_a_jerk_is_not():
    six = torch.tensor([1.0, 0, 0, 0, 1, 0]).repeat(1, 5, 22, 1)
    assert float(losses.smoothness(from_six(six), 30.0)) == 0
    six[0, 2, 3, 1] = 0.2
    matrices = from_six(six)
    entries = to_six(matrices)[0].double().numpy()
    wanted = np.mean(np.square(entries[2:] - 2 * entries[1:-1] + entries[:-2]))
    assert float(losses.smoothness(matrices, 30.0)) == pytest.approx(wanted, rel=1e-4)
    assert float(losses.smoothness(matrices, 15.0)) == pytest.approx(wanted / 16, rel=1e-4)
    assert float(losses.smoothness(matrices[:, :2], 30.0)) == 0


def test_reconstruction_errors_are_zero_for_the_same_motion_and_count_the_root_over_height():
    given = moves(1)
    moved = Moves(given.local, given.root_m + torch.tensor([0.3, 0.0, 0.0]))
    assert float(losses.rotation_error(given, given)) == 0
    assert float(losses.root_error(moved, given, torch.tensor([1.5]))) == pytest.approx(0.3 / 1.5 / 3, rel=1e-4)
    arms, rest = losses.keep_close(moved, given, torch.tensor([1.0]))
    assert float(arms) == 0
    assert float(rest) == pytest.approx(0.09 / 3, rel=1e-4)


def test_planted_feet_may_not_slide_and_lifted_ones_may():
    body = rigs("average_man")
    rest = body.rest_m
    standing = rest[:, None].repeat(1, 5, 1, 1)
    sliding = standing.clone()
    sliding[:, :, :, 0] += 0.02 * torch.arange(5)[None, :, None]
    leg = body.leg_m
    rests = (rest, rest)
    assert float(losses.planted_feet((standing, leg), (standing, leg), rests, 30.0)) == 0
    speed = 0.02 * 30 / float(leg)
    slid = losses.planted_feet((standing, leg), (sliding, leg), rests, 30.0)
    assert float(slid) == pytest.approx(speed**2, rel=1e-3)
    lifted = standing.clone()
    lifted[..., 1] += 0.5
    assert float(losses.planted_feet((lifted, leg), (sliding, leg), rests, 30.0)) < 1e-6
    raised = standing + torch.tensor([0.0, 0.1, 0.0])
    assert float(losses.planted_feet((standing, leg), (raised, leg), rests, 30.0)) == pytest.approx(
        (10 * 0.1 / float(leg)) ** 2, rel=1e-3
    )


def test_cross_entropies_are_smallest_when_the_judge_is_right():
    sure = torch.full((1, 4), 9.0)
    assert float(losses.discriminator_loss(sure, -sure)) < 1e-3 < float(losses.discriminator_loss(-sure, sure))
    assert float(losses.generator_loss(sure)) < 1e-3
    assert float(losses.generator_loss(torch.zeros(1, 4))) == pytest.approx(np.log(2), rel=1e-5)


def test_the_places_are_those_of_the_sensors():
    for name in ("average_man", "toddler"):
        sensors, _ = skin_map(body_of(name))
        assert (sensors.zones == PLACE_ZONES).all()
    body = rig_of(body_of("average_man"))
    middles = [body.points_m[places].mean(axis=0) for places in EFFECTORS]
    assert [np.sign(m[0]) for m in middles] == [1, 1, -1, -1]
    assert abs(middles[1][0]) > abs(middles[0][0]) > 0.2


def places_of(names, given):
    who = rigs(*names)
    return who, who.skin_points(who.pose(given))


def test_the_skin_relation_is_its_formula():
    given = moves(1, frames=2)
    (source, mine), (target, theirs) = places_of(["average_man"], given), places_of(["stocky_man"], given)
    found = source.found & target.found
    told = skin_relation((mine, source.height_m), (theirs, target.height_m), found)
    total = []
    s = (mine[0] / source.height_m).double().numpy()
    t = (theirs[0] / target.height_m).double().numpy()
    there = found[0].numpy()
    for frame in range(2):
        for arm in ARM_PLACES:
            others = np.flatnonzero((PLACE_ZONES[arm] != PLACE_ZONES) & there & there[arm])
            weight = np.exp(-np.square(np.linalg.norm(s[frame, arm] - s[frame, others], axis=1) / 0.05))
            changed = (t[frame, arm] - t[frame, others]) - (s[frame, arm] - s[frame, others])
            total.append((weight * np.square(changed).sum(axis=1)).sum() / (1 + weight.sum()))
    assert float(told) == pytest.approx(np.mean(total), rel=1e-3)


def test_what_an_arm_misses_is_the_weighted_mean_of_how_vectors_changed():
    given = moves(1, frames=2)
    (source, mine), (target, theirs) = places_of(["average_man"], given), places_of(["stocky_man"], given)
    found = source.found & target.found
    told = misses(surroundings((mine, source.height_m), found), (theirs, target.height_m))
    u = [(p[0] / r.height_m).double().numpy() for p, r in ((mine, source), (theirs, target))]
    for frame in range(2):
        for number, own in enumerate(EFFECTORS):
            others = np.flatnonzero((PLACE_ZONES[own[0]] != PLACE_ZONES) & found[0].numpy())
            before, after = (p[frame, own].mean(axis=0) - p[frame, others] for p in u)
            for scale, radius in enumerate(SCALES):
                weight = np.exp(-np.square(np.linalg.norm(before, axis=1) / radius))
                wanted = (weight[:, None] * (before - after)).sum(axis=0) / (0.5 + weight.sum())
                assert np.allclose(told.ways[0, frame, number, scale], wanted, atol=1e-6)
                strength = weight.sum() / (0.5 + weight.sum())
                assert float(told.strength[0, frame, number, scale]) == pytest.approx(strength, abs=1e-5)
            assert np.allclose(told.centres[0, frame, number], u[1][frame, own].mean(axis=0), atol=1e-6)


def test_places_on_the_skin_are_skinned_as_a_mesh_is():
    who, points = places_of(["average_man", "child"], moves(1, 2))
    wanted = skin(who.points_m[:, None], who.weights[:, None], who.rest_m[:, None], who.pose(moves(1, 2)))
    assert torch.allclose(points, wanted, atol=1e-6)


def test_a_scaled_character_keeps_every_relation_and_misses_nothing():
    given = moves(1, frames=2)
    source, mine = places_of(["average_man"], given)
    same = (0.5 * mine + 3.0, 0.5 * source.height_m)
    assert float(skin_relation((mine, source.height_m), same, source.found)) == pytest.approx(0, abs=1e-7)
    assert float(misses(surroundings((mine, source.height_m), source.found), same).ways.abs().max()) < 1e-5


def test_a_hand_that_has_left_its_place_is_told_the_way_back_in_each_joints_axes():
    given = moves(1, frames=1)
    source, mine = places_of(["average_man"], given)
    hand = EFFECTORS[1]
    belly = [int(k) for k in np.flatnonzero(ZONES.index("trunk") == PLACE_ZONES)][:64]
    mine[:, :, hand] += mine[:, :, belly].mean(dim=2, keepdim=True) - mine[:, :, hand].mean(dim=2, keepdim=True)
    moved = mine.clone()
    moved[:, :, hand] += 0.1 * source.height_m * torch.tensor([0.0, 0.0, 1.0])
    near = surroundings((mine, source.height_m), source.found)
    found = misses(near, (moved, source.height_m))
    way, strength = found.ways[0, 0, 1, -1], float(found.strength[0, 0, 1, -1])
    assert strength > 0.8
    assert torch.allclose(way, torch.tensor([0.0, 0.0, -0.1]) * strength, atol=1e-4)
    assert float(found.ways[0, 0, 0].abs().max()) < 0.02  # the forearm only sees the hand's side of the other arm
    turn = torch.tensor([[0.0, -1.0, 0.0], [1.0, 0.0, 0.0], [0.0, 0.0, 1.0]])
    pose = source.pose(given)
    told = arm_features(found, turn.expand(1, 1, 22, 3, 3), pose.positions_m / source.height_m[:, None, None, None])
    joint = BODY_JOINTS.index("LeftArm")
    own = told[0, 0, joint].view(2, 2, 7)[1, len(SCALES) - 1]
    assert torch.allclose(own[:3], 10 * turn.T @ way, atol=1e-4)
    lever = found.centres[0, 0, 1] - pose.positions_m[0, 0, joint] / source.height_m
    assert torch.allclose(own[3:6], 30 * turn.T @ torch.linalg.cross(lever, way), atol=1e-3)
    assert float(told[:, :, BODY_JOINTS.index("Spine")].abs().max()) == 0


def test_the_skin_relation_is_told_of_missing_places_nothing():
    given = moves(1, frames=1)
    source, mine = places_of(["average_man"], given)
    found = source.found.clone()
    found[:, :64] = False
    wild = mine.clone()
    wild[:, :, :64] += 7.0
    quiet = skin_relation((mine, source.height_m), (wild, source.height_m), found)
    assert float(quiet) == pytest.approx(0, abs=1e-6)


def test_gradients_reach_the_rotations_and_are_finite():
    given = moves(1)
    source, target = rigs("average_man"), rigs("stocky_man")
    six = to_six(given.local).clone().requires_grad_()
    made = Moves(from_six(six), given.root_m.clone().requires_grad_())
    here, there = source.pose(given), target.pose(made)
    places = [(r.skin_points(p), r.height_m) for r, p in ((source, here), (target, there))]
    feet = [(p.positions_m, r.leg_m) for r, p in ((source, here), (target, there))]
    terms = [
        losses.relation_paper(here.positions_m, there.positions_m),
        losses.relation_code(here.positions_m, there.positions_m),
        losses.smoothness(made.local, 30.0),
        skin_relation(*places, source.found & target.found),
        losses.planted_feet(*feet, (source.rest_m, target.rest_m), 30.0),
    ]
    for term in terms:
        (gradient,) = torch.autograd.grad(term, six, retain_graph=True)
        assert bool(gradient.isfinite().all())
        assert float(gradient.abs().max()) > 0


def test_a_batch_of_rigs_is_its_rigs():
    both = rigs("average_man", "child")
    assert isinstance(both, Rigs)
    assert float(both.height_m[1]) < 0.9 * float(both.height_m[0])
    assert torch.equal(both[1:].offsets_m[0], rigs("child").offsets_m[0])
