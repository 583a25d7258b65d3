import igl
import numpy as np
import pytest
import torch

from retargetbench.datasets.body.kinematics import motion_vertices_m
from retargetbench.datasets.body.limbs import limb_bodies
from retargetbench.metrics.clip_geometry import measure_clip
from retargetbench.metrics.geometry import geometry_scores
from retargetbench.metrics.penetration import behind_nearest_normal, depth_loss, hull_depth, pen_hull

from .cases import bend, capsule_person, load_body, mirrored, moved, pair_of, still, wiggle

PENETRATION = ["pen_arm@1", "pen_limb@1", "pen_arm@1[0.3%H]", "pen_limb@1[0.3%H]", "pen_limb_star@1", "pen_hull@1",
               "pen_depth_mean@1", "pen_depth_worst@1"]  # fmt: skip


def scores_of(character, motion):
    return geometry_scores(pair_of(character, motion), motion, PENETRATION)


@pytest.fixture(scope="module")
def arm_in_belly():
    """A heavy body whose left arm hangs into its side and whose right one stays out."""
    character = load_body("belly")
    return character, bend(still(character, frames=2), LeftArm=("z", -88))


def exact(character, motion, limbs):
    """Percent inside, percent deep, mean and worst depth over H, by libigl, in float64."""
    vertices = motion_vertices_m(character, motion).numpy().astype(np.float64)
    inside, depth = [], []
    for body in limb_bodies(character):
        if body.name in limbs:
            for pose in vertices:
                points = pose[body.counted]
                mesh = np.concatenate([pose, *(pose[loop].mean(axis=0, keepdims=True) for loop in body.caps)])
                within = igl.winding_number(mesh, body.faces, points) > 0.5
                inside.append(within)
                distance = np.sqrt(igl.point_mesh_squared_distance(points, mesh, body.faces)[0])
                depth.append(np.where(within, distance, 0) / character.height_m)
    inside, depth = np.concatenate(inside), np.concatenate(depth)
    return 100 * inside.mean(), 100 * (depth > 0.003).mean(), 100 * depth.mean(), 100 * depth.max()


@pytest.mark.parametrize("name", ["belly", "average_man"])
def test_rates_and_depths_are_those_of_libigl(name):
    character = load_body(name)
    motion = wiggle(character, frames=4, scale=0.8, seed=3)
    scores = scores_of(character, motion)
    every = exact(character, motion, {"left_arm", "right_arm", "left_leg", "right_leg"})
    arms = exact(character, motion, {"left_arm", "right_arm"})
    assert every[0] > 0.2
    assert scores["pen_limb@1"] == pytest.approx(every[0], abs=1e-9)
    assert scores["pen_limb@1[0.3%H]"] == pytest.approx(every[1], abs=1e-9)
    assert scores["pen_depth_mean@1"] == pytest.approx(every[2], rel=1e-4)
    assert scores["pen_depth_worst@1"] == pytest.approx(every[3], rel=1e-4)
    assert scores["pen_arm@1"] == pytest.approx(arms[0], abs=1e-9)
    assert scores["pen_arm@1[0.3%H]"] == pytest.approx(arms[1], abs=1e-9)


@pytest.mark.parametrize("name", ["average_man", "belly", "toddler", "heavy"])
def test_the_rest_pose_penetrates_nothing(name):
    character = load_body(name)
    scores = scores_of(character, still(character, frames=2))
    assert scores["pen_limb@1"] == scores["pen_arm@1"] == scores["pen_depth_worst@1"] == 0


def test_an_arm_that_hangs_into_the_belly_is_found_by_every_rule(arm_in_belly):
    character, motion = arm_in_belly
    scores = scores_of(character, motion)
    assert all(scores[key] > 0 for key in PENETRATION)
    assert scores["pen_arm@1"] > scores["pen_arm@1[0.3%H]"] > 1
    assert scores["pen_depth_worst@1"] > scores["pen_depth_mean@1"]


def test_the_arm_rates_are_blind_to_legs():
    character = load_body("average_man")
    crossed = bend(still(character, frames=1), LeftUpLeg=("z", -25))
    scores = scores_of(character, crossed)
    assert scores["pen_limb@1"] > 1
    assert scores["pen_arm@1"] == 0


def test_turning_shifting_and_mirroring_change_nothing(arm_in_belly):
    character, motion = arm_in_belly
    here = scores_of(character, motion)
    there = scores_of(character, moved(motion, turn_deg=130, shift_m=(3, 0.5, -2)))
    image = scores_of(character, mirrored(motion))
    for key in PENETRATION:
        assert there[key] == pytest.approx(here[key], rel=1e-3, abs=0.3 if "pen_" in key else 0), key
    # Bodies and their meshes are only nearly symmetric.
    assert image["pen_arm@1"] == pytest.approx(here["pen_arm@1"], rel=0.25)
    assert image["pen_depth_worst@1"] == pytest.approx(here["pen_depth_worst@1"], rel=0.25)


def test_size_does_not_matter():
    small, large = capsule_person(), capsule_person(scale=3.0)
    motion = bend(still(small, frames=2), LeftArm=("z", -70), LeftForeArm=("z", -70))
    grown = bend(still(large, frames=2), LeftArm=("z", -70), LeftForeArm=("z", -70))
    one, three = scores_of(small, motion), scores_of(large, grown)
    assert one["pen_limb@1"] > 1
    for key in PENETRATION:
        assert three[key] == pytest.approx(one[key], rel=2e-3, abs=1e-6), key


def test_repeating_every_frame_changes_nothing(arm_in_belly):
    from retargetbench.datasets.body import Motion

    character, _ = arm_in_belly
    motion = wiggle(character, frames=3, scale=0.8)
    twice = Motion(
        motion.skeleton, motion.local_rotations_wxyz.repeat(2, 0), motion.root_translation_m.repeat(2, 0), 60
    )
    once, again = scores_of(character, motion), scores_of(character, twice)
    for key in PENETRATION:
        assert again[key] == pytest.approx(once[key], rel=1e-5), key


def test_a_clip_longer_than_a_chunk_is_the_mean_of_its_frames():
    person = capsule_person()
    motion = wiggle(person, frames=70, scale=0.8)
    whole = scores_of(person, motion)["pen_limb@1"]
    spans = [(0, 30), (30, 65), (65, 70)]  # none of them cut where the chunks are
    parts = [(stop - start) * scores_of(person, motion.window(start, stop))["pen_limb@1"] for start, stop in spans]
    assert whole > 0.1
    assert whole == pytest.approx(sum(parts) / 70, abs=1e-9)


def test_a_character_without_limbs_has_no_penetration_rate():
    from dataclasses import replace

    character = load_body("average_man")
    torso = replace(character, parts=np.zeros(character.vertex_count), uncounted=None)
    scores = scores_of(torso, still(torso, frames=1))
    assert "pen_limb@1" not in scores
    assert "pen_arm@1" not in scores


def test_stars_rule_looks_at_the_nearest_vertex_and_its_normal():
    wall = torch.tensor([[[0.0, 0, 0], [1.0, 0, 0]]])
    normals = torch.tensor([[[0.0, 0, 1], [0.0, 0, 1]]])
    points = torch.tensor([[[0.1, 0, -0.2], [0.9, 0, 0.3]]])
    assert behind_nearest_normal(points, wall, normals).tolist() == [[True, False]]


def test_both_searches_of_stars_rule_find_the_same():
    from retargetbench.metrics import penetration

    character = load_body("average_man")
    motion = wiggle(character, frames=3, scale=0.8)
    brute = measure_clip(character, motion, features=("star",)).star_inside
    kept = penetration._BRUTE_FORCE_PAIRS
    penetration._BRUTE_FORCE_PAIRS = 0
    try:
        tree = measure_clip(character, motion, features=("star",)).star_inside
    finally:
        penetration._BRUTE_FORCE_PAIRS = kept
    assert (brute == tree).float().mean() > 0.999


def cube_corners():
    return torch.tensor([[[x, y, z] for x in (-1.0, 1) for y in (-1.0, 1) for z in (-1.0, 1)]], dtype=torch.float64)


def test_the_depth_in_a_cube_is_the_way_to_its_nearest_side():
    points = torch.tensor([[[0.0, 0, 0], [0.7, 0.1, 0], [0.0, -0.9, 0.2], [1.5, 0, 0], [0.99, 1.01, 0]]])
    depth = hull_depth(points.double(), cube_corners())
    torch.testing.assert_close(depth, torch.tensor([[1.0, 0.3, 0.1, 0, 0]], dtype=torch.float64))
    doubled = hull_depth(2 * points.double(), 2 * cube_corners())
    torch.testing.assert_close(doubled, depth)


def test_smts_loss_is_differentiable_in_limb_and_hull():
    generator = np.random.default_rng(0)
    torso = torch.tensor(generator.normal(size=(1, 30, 3)), requires_grad=True)
    limbs = torch.tensor(generator.normal(scale=0.5, size=(1, 12, 3)), requires_grad=True)
    head = torch.tensor(generator.normal(size=(1, 20, 3)) + 1.0, requires_grad=True)
    assert pen_hull(limbs, torso, head).item() > 0
    assert torch.autograd.gradcheck(pen_hull, (limbs, torso, head))
    pen_hull(limbs, torso, head).sum().backward()
    assert limbs.grad.abs().sum() > 0
    assert torso.grad.abs().sum() > 0


def test_flat_and_empty_hulls_have_no_inside():
    flat = torch.cat([torch.rand(1, 8, 2), torch.zeros(1, 8, 1)], dim=-1)
    points = torch.rand(1, 4, 3)
    assert hull_depth(points, flat).sum() == 0
    assert hull_depth(points, torch.zeros(1, 0, 3)).sum() == 0
    assert pen_hull(points[:, :0], flat, flat).tolist() == [0]


def test_the_depth_loss_counts_only_what_is_inside():
    assert depth_loss(torch.tensor([-0.02, 0.5, 0.0, -0.04])).item() == pytest.approx(0.015)
