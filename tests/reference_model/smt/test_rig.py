"""What a network sees of a character: the same for every rest pose and rig; stretched bodies stay bodies."""

from dataclasses import replace

import numpy as np
import pytest

from retargetbench.datasets.body import Character, Skeleton
from retargetbench.datasets.body.joint_names import BODY_JOINTS
from retargetbench.datasets.body.joint_poses import motion_poses, world_poses
from retargetbench.datasets.body.kinematics import motion_vertices_m
from retargetbench.datasets.intents.bodies import load_body
from retargetbench.metrics.sensors import ZONES
from retargetbench.reference_model.baselines.rotation_copy import retarget as rotation_copy
from retargetbench.reference_model.smt.rig import CANONICAL, build_rig, canonical_motion, rig_of
from retargetbench.reference_model.smt.skin_relation import PLACE_ZONES
from retargetbench.reference_model.smt.stretching import _scaled, part_of, stretched

from .conftest import swaying


@pytest.fixture(scope="module")
def man():
    return load_body("average_man")


def resting_with_lowered_arms(body, degrees=50.0):
    """The same body with an A-pose for its rest pose."""
    from retargetbench.datasets.body import Motion

    skeleton = body.skeleton
    half = np.radians(degrees) / 2
    rotations = np.zeros((1, skeleton.joint_count, 4))
    rotations[..., 0] = 1.0
    for side, sign in (("Left", -1.0), ("Right", 1.0)):
        rotations[0, skeleton.index(f"{side}Arm")] = [np.cos(half), 0, 0, sign * np.sin(half)]
    pose = Motion(skeleton, rotations, skeleton.rest_offsets_m[:1], 30.0)
    places = motion_poses(pose)[1][0]
    offsets = places - np.where(np.array(skeleton.parents)[:, None] >= 0, places[list(skeleton.parents)], 0.0)
    lowered = Skeleton(skeleton.joint_names, skeleton.parents, offsets)
    vertices = motion_vertices_m(body, pose)[0].numpy()
    return Character("lowered", lowered, vertices, body.faces, body.joint_indices, body.weights, body.parts)


def test_a_built_in_body_is_its_own_canonical_pose(man):
    rig = build_rig(man)
    rest = man.skeleton.rest_positions_m[:22]
    assert np.abs(rig.rest_m - rest).max() < 1e-4
    assert rig.weights.sum(axis=1) == pytest.approx(1.0, abs=2e-3)
    assert rig.height_m < man.height_m


def test_a_character_is_known_by_its_content(man):
    """A method is given a fresh copy with every clip."""
    one, other = (replace(man, skeleton=replace(man.skeleton)) for _ in range(2))
    assert rig_of(one) is rig_of(other)
    assert rig_of(replace(man, rest_vertices_m=1.1 * man.rest_vertices_m)) is not rig_of(one)


def test_a_character_that_rests_in_another_pose_is_seen_as_the_same(man):
    one, other = build_rig(man), build_rig(resting_with_lowered_arms(man))
    assert np.abs(one.rest_m - other.rest_m).max() < 1e-3
    # where upper arm and trunk share skin, skinning twice is not skinning once
    assert np.quantile(np.abs(one.points_m - other.points_m), 0.9) < 5e-3
    assert np.quantile(np.abs(one.shape - other.shape), 0.9) < 5e-3


def test_a_motion_is_the_same_movement_on_the_canonical_rig_whatever_the_rest_pose(man):
    lowered = resting_with_lowered_arms(man)
    motion = swaying(lowered, frames=4)
    rotations, hips = canonical_motion(motion)
    _, places = world_poses(CANONICAL.parents, build_rig(lowered).offsets_m, rotations, hips)
    assert np.abs(places - motion_poses(motion)[1][:, :22]).max() < 1e-3
    taken_over = rotation_copy(lowered, motion, man, seed=0)
    assert np.abs(rotations - taken_over.local_rotations_wxyz[:, :22]).max() < 1e-3


def test_joints_that_a_character_lacks_lie_on_their_parents(stick_figure):
    figure = stick_figure(control_root=True)
    rig = build_rig(figure)
    assert np.abs(rig.rest_m[0] - figure.skeleton.rest_positions_m[figure.skeleton.index("Hips")]).max() < 1e-5
    kept = [name for name in figure.skeleton.joint_names if "ToeBase" not in name]
    rows = [figure.skeleton.index(name) for name in kept]
    parents = [-1 if p < 0 else rows.index(p) for p in np.array(figure.skeleton.parents)[rows]]
    toeless = Skeleton(tuple(kept), tuple(parents), figure.skeleton.rest_offsets_m[rows])
    moved = np.array([rows.index(j) if j in rows else rows.index(figure.skeleton.parents[j])
                      for j in range(figure.skeleton.joint_count)])[figure.joint_indices]  # fmt: skip
    short = Character("toeless", toeless, figure.rest_vertices_m, figure.faces, moved, figure.weights)
    seen = build_rig(short)
    foot, toe = BODY_JOINTS.index("LeftFoot"), BODY_JOINTS.index("LeftToeBase")
    assert (seen.rest_m[toe] == seen.rest_m[foot]).all()
    assert np.isfinite(seen.shape).all()


def test_a_stretched_body_stands_where_it_stood_and_its_skin_follows_its_bones(man):
    rig = build_rig(man)
    lengths = dict.fromkeys(("arm", "leg", "head", "trunk", "width"), 1.0)
    girths = dict.fromkeys(("arm", "leg", "head", "trunk"), 1.0)
    same = _scaled(rig, lengths, girths)
    for name in ("offsets_m", "rest_m", "points_m", "shape"):
        assert np.abs(getattr(same, name) - getattr(rig, name)).max() < 1e-3
    assert same.height_m == pytest.approx(rig.height_m, rel=1e-5)
    long = _scaled(rig, lengths | {"leg": 1.3, "arm": 1.3}, girths | {"trunk": 1.2})
    left = [BODY_JOINTS.index(name) for name in ("LeftArm", "LeftForeArm", "LeftUpLeg", "LeftLeg")]
    for joint, child in ((left[0], left[1]), (left[2], left[3])):
        reach = [np.linalg.norm(r.rest_m[child] - r.rest_m[joint]) for r in (long, rig)]
        assert reach[0] == pytest.approx(1.3 * reach[1], rel=1e-4)
    assert long.rest_m[:, 1].min() == pytest.approx(rig.rest_m[:, 1].min(), abs=1e-5)
    assert long.leg_m > 1.2 * rig.leg_m
    belly = np.flatnonzero((ZONES.index("trunk") == PLACE_ZONES) & rig.found)
    assert np.ptp(long.points_m[belly, 2]) > 1.1 * np.ptp(rig.points_m[belly, 2])


def test_stretching_follows_from_its_generator_and_keeps_the_sides_alike(man):
    rig = build_rig(man)
    one, again = (stretched(rig, np.random.default_rng(3)) for _ in range(2))
    assert (one.points_m == again.points_m).all()
    left, right = BODY_JOINTS.index("LeftHand"), BODY_JOINTS.index("RightHand")
    assert one.rest_m[left] == pytest.approx(one.rest_m[right] * [-1, 1, 1], abs=1e-3)
    assert {part_of(name) for name in BODY_JOINTS} == {"arm", "leg", "head", "trunk"}
