"""What bounds rule out is ruled out by libigl's exact winding number too, and what is not closed has no bounds."""

from dataclasses import replace

import igl
import numpy as np
import pytest
import torch

from retargetbench.datasets.body.bounds import piece_bounds
from retargetbench.datasets.body.kinematics import motion_vertices_m
from retargetbench.datasets.body.limbs import limb_bodies
from retargetbench.datasets.body.surface import AnimatedSurface
from retargetbench.datasets.intents.bodies import load_body

from .messy import capsule_person, wiggle, with_holes, with_seams

FRAMES = 6


def posed(character, seed):
    return motion_vertices_m(character, wiggle(character, frames=FRAMES, scale=1.2, seed=seed))


@pytest.mark.parametrize("character", [load_body("belly"), load_body("toddler"), with_seams(load_body("average_man"))])
def test_a_point_that_is_ruled_out_has_no_winding_number(character):
    vertices, generator = posed(character, seed=3), np.random.default_rng(5)
    ruled_out = 0
    for limb in limb_bodies(character):
        body = limb.vertices_m(vertices)
        low, high = body.amin(dim=(0, 1)), body.amax(dim=(0, 1))
        anywhere = low + (high - low) * torch.from_numpy(generator.random((FRAMES, 300, 3)).astype(np.float32))
        points = torch.cat([vertices[:, torch.from_numpy(limb.counted)], anywhere], dim=1)
        distance = AnimatedSurface(limb.faces, limb.rest_vertices_m).query(body, points).distance_m
        slabs = limb.bounds.slabs(body)
        outside_by = slabs.outside_by_m(points)
        assert (outside_by <= distance).all()
        by_slabs = outside_by <= 0
        possible = slabs.balls_may_be_inside(points, distance, by_slabs)
        assert possible.sum() < 0.8 * by_slabs.sum()
        for frame in range(FRAMES):
            out = points[frame][~possible[frame]].double().numpy()
            exact = igl.winding_number(body[frame].double().numpy(), limb.faces, out)
            assert np.abs(exact).max() < 1e-6
            ruled_out += len(out)
    assert ruled_out > 2000


def test_bounds_change_no_answer():
    character = load_body("belly")
    vertices, found = posed(character, seed=8), 0
    for limb in limb_bodies(character):
        body, points = limb.vertices_m(vertices), vertices[:, torch.from_numpy(limb.counted)]
        plain = AnimatedSurface(limb.faces, limb.rest_vertices_m).query(body, points)
        bounded = AnimatedSurface(limb.faces, limb.rest_vertices_m, bounds=limb.bounds).query(body, points)
        assert torch.equal(plain.inside, bounded.inside)
        assert torch.equal(plain.distance_m, bounded.distance_m)
        found += int(plain.inside.sum())
    assert found > 50


@pytest.mark.parametrize("reach_m", [0.0, 0.03])
@pytest.mark.parametrize("character", [load_body("belly"), with_holes(load_body("belly"), 0.05)])
def test_a_shorter_reach_leaves_out_far_points_and_changes_no_answer(character, reach_m):
    vertices, left_out = posed(character, seed=8), 0
    for limb in limb_bodies(character):
        body, points = limb.vertices_m(vertices), vertices[:, torch.from_numpy(limb.counted)]
        all_of_them = AnimatedSurface(limb.faces, limb.rest_vertices_m).query(body, points)
        near = AnimatedSurface(limb.faces, limb.rest_vertices_m, bounds=limb.bounds).query(
            body, points, reach_m=reach_m
        )
        wanted = all_of_them.inside | (all_of_them.distance_m <= reach_m)
        assert torch.equal(near.inside, all_of_them.inside)
        assert torch.equal(near.depth_m, all_of_them.depth_m)
        for field in ("distance_m", "face", "barycentrics"):
            assert torch.equal(getattr(near, field)[wanted], getattr(all_of_them, field)[wanted])
        assert torch.isinf(near.distance_m[~wanted]).all()
        left_out += int((~wanted).sum())
    assert left_out > 2000


def test_a_mesh_with_holes_has_no_bounds():
    assert all(limb.bounds is None for limb in limb_bodies(with_holes(load_body("average_man"), 0.05)))


def test_closed_shells_have_bounds():
    assert all(limb.bounds is not None for limb in limb_bodies(capsule_person()) if len(limb.counted))


def test_a_seam_that_opens_when_the_character_moves_has_no_bounds():
    character = with_seams(load_body("average_man"))
    weights = character.weights.copy()
    weights[-1] = np.roll(weights[-1], 1)
    assert all(limb.bounds is None for limb in limb_bodies(replace(character, weights=weights)))


def test_groups_that_share_faces_make_one_piece():
    tetrahedron = np.array([[0, 2, 1], [0, 1, 3], [1, 2, 3], [0, 3, 2]], dtype=np.int32)
    bounds = piece_bounds(tetrahedron, np.arange(4), [np.array([0]), np.array([1, 2, 3])])
    assert [piece.tolist() for piece in bounds.pieces] == [[0, 1, 2, 3]]
