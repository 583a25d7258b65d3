from dataclasses import replace

import igl
import numpy as np
import pytest
import torch

from retargetbench.datasets.body.cut_loops import net_edges
from retargetbench.datasets.body.kinematics import motion_vertices_m
from retargetbench.datasets.body.limbs import LIMBS, NEAR_CUT, limb_bodies, uncounted_vertices, weld
from retargetbench.datasets.intents.bodies import body_names, load_body

from .messy import capsule_person, wiggle, with_holes, with_seams


def open_edges(faces):
    return len(net_edges(np.asarray(faces, dtype=np.intp)))


def inside(body, points):
    rest = torch.from_numpy(body.rest_vertices_m.copy())[None]
    return body.surface.query(rest, torch.tensor(np.asarray(points, dtype=np.float32))[None]).inside[0].numpy()


@pytest.mark.parametrize("name", body_names("test"))
def test_the_body_without_a_limb_is_closed_again(name):
    character = load_body(name)
    assert open_edges(character.faces) == 0
    for body in limb_bodies(character):
        assert len(body.caps) >= 1
        assert open_edges(body.faces) == 0
        assert len(body.counted) > 0.5 * len(body.vertices)


def test_a_limb_is_gone_from_its_body_and_only_that_limb():
    character = load_body("average_man")
    for body in limb_bodies(character):
        own_faces = body.faces[body.source_faces >= 0]
        assert np.array_equal(own_faces, character.faces[body.source_faces[body.source_faces >= 0]])
        assert not np.isin(own_faces, body.vertices).any()
        others = [other.vertices for other in limb_bodies(character) if other.name != body.name]
        assert np.isin(np.concatenate(others), own_faces).mean() > 0.95


def test_the_capped_body_has_the_winding_number_of_a_closed_mesh():
    character = load_body("belly")
    generator = np.random.default_rng(0)
    points = generator.uniform(character.rest_vertices_m.min(0), character.rest_vertices_m.max(0), (2000, 3))
    for body in limb_bodies(character):
        winding = igl.winding_number(body.rest_vertices_m.astype(float), body.faces, points)
        assert np.abs(winding - np.round(winding)).max() < 1e-6


def test_without_its_cap_the_body_would_be_open():
    character = load_body("average_man")
    for body in limb_bodies(character):
        assert open_edges(body.faces[body.source_faces >= 0]) == sum(len(loop) for loop in body.caps)


def test_the_cap_follows_the_body_through_a_motion():
    character = load_body("average_man")
    vertices = motion_vertices_m(character, wiggle(character, frames=3))
    for body in limb_bodies(character):
        moved = body.vertices_m(vertices)
        assert moved.shape[1] == character.vertex_count + len(body.caps)
        for number, loop in enumerate(body.caps):
            centre = vertices[:, torch.from_numpy(loop)].mean(dim=1)
            torch.testing.assert_close(moved[:, character.vertex_count + number], centre)


def test_vertices_near_the_cut_are_not_counted_and_far_ones_are():
    character = load_body("average_man")
    for body in limb_bodies(character):
        cut = character.rest_vertices_m[np.concatenate(body.caps)].astype(np.float64)
        apart = np.linalg.norm(character.rest_vertices_m[body.counted][:, None] - cut, axis=-1).min(axis=1)
        assert apart.min() > 0.01 * character.height_m
        left_out = np.setdiff1d(body.vertices, body.counted)
        reach = np.linalg.norm(character.rest_vertices_m[left_out][:, None] - cut, axis=-1).min(axis=1)
        edge = 0.06 * character.height_m  # the ring between cut and limb is one edge wide
        assert reach.max() <= NEAR_CUT * character.height_m + edge


def test_what_is_inside_in_the_rest_pose_is_not_counted():
    character = load_body("belly")
    for body in limb_bodies(character):
        assert not inside(body, character.rest_vertices_m[body.counted]).any()


def test_a_list_that_comes_with_the_character_is_used_as_it_is():
    character = load_body("average_man")
    own = np.zeros(character.vertex_count, dtype=bool)
    left = character.part_vertices("left_hand")
    own[left] = True
    bodies = {body.name: body for body in limb_bodies(replace(character, uncounted=own))}
    assert np.array_equal(bodies["left_arm"].counted, np.setdiff1d(bodies["left_arm"].vertices, left))
    assert np.array_equal(bodies["right_leg"].counted, bodies["right_leg"].vertices)


def test_the_list_for_baking_is_what_limb_bodies_work_out_themselves():
    character = replace(load_body("toddler"), uncounted=None)
    left_out = uncounted_vertices(character)
    for body in limb_bodies(character):
        assert np.array_equal(body.counted, body.vertices[~left_out[body.vertices]])
    assert not left_out[character.part_vertices("torso", "head")].any()


def test_doubled_seam_vertices_change_nothing():
    plain = replace(load_body("average_man"), uncounted=None)
    doubled = with_seams(plain)
    assert doubled.vertex_count > 1.3 * plain.vertex_count
    original = weld(doubled.rest_vertices_m, 1e-6)
    for body, twin in zip(limb_bodies(plain), limb_bodies(doubled), strict=True):
        assert np.array_equal(np.unique(original[twin.counted]), body.counted)
        assert len(twin.caps) == len(body.caps)
        points = np.random.default_rng(0).uniform([-0.5, 0.2, -0.2], [0.5, 1.6, 0.2], (500, 3))
        assert np.array_equal(inside(body, points), inside(twin, points))


def test_a_limb_that_is_a_shell_of_its_own_has_no_cut_and_leaves_out_where_it_enters_the_body():
    person = capsule_person()
    for body in limb_bodies(person):
        assert body.caps == ()
        assert not inside(body, person.rest_vertices_m[body.counted]).any()
        if body.name.endswith("leg"):  # the thighs begin inside the trunk
            assert len(body.counted) < len(body.vertices)


def test_holes_of_the_mesh_stay_open_and_the_cut_is_closed():
    character = with_holes(load_body("average_man"), 0.05)
    holes = open_edges(character.faces)
    assert holes > 100
    for body in limb_bodies(character):
        # Where the cut runs into a hole the cap ends in a straight edge of its own.
        assert open_edges(body.faces) <= holes + 2 * len(body.caps)
        middle = character.skeleton.rest_positions_m[character.skeleton.index("Spine1")]
        assert inside(body, [middle]).all()


def test_limbs_without_vertices_are_empty_and_harmless():
    character = load_body("average_man")
    armless = replace(character, parts=np.where(np.isin(character.parts, [2, 3, 4, 5]), 0, character.parts))
    bodies = {body.name: body for body in limb_bodies(armless)}
    assert len(bodies) == len(LIMBS)
    assert len(bodies["left_arm"].vertices) == len(bodies["left_arm"].counted) == 0
    assert len(bodies["left_leg"].counted) > 0


def test_a_character_that_is_one_limb_has_no_body_to_be_tested_against():
    character = replace(load_body("average_man"), parts=np.full(1229, 2), uncounted=None)
    body = limb_bodies(character)[0]
    assert len(body.vertices) == 1229
    assert len(body.faces) == len(body.counted) == 0


def test_the_same_character_loaded_twice_is_recognised_by_its_content():
    assert limb_bodies(load_body("average_man")) is limb_bodies(load_body("average_man"))
