"""The oracle is libigl: an exact winding number and an independent closest-point search, in float64."""

import igl
import numpy as np
import pytest
import torch

from retargetbench.datasets.body.kinematics import motion_vertices_m
from retargetbench.datasets.body.limbs import limb_bodies
from retargetbench.datasets.body.surface import AnimatedSurface, closest_points, signed_distance
from retargetbench.datasets.intents.bodies import load_body

from .messy import capsule_person, wiggle, with_holes, with_seams

POSES = 4
PER_KIND = 240


@pytest.fixture(scope="module")
def meshes():
    """Posed meshes, name -> ([poses, vertices, 3], faces): watertight, holed, of shells, and each self-overlapping."""
    average, belly = load_body("average_man"), load_body("belly")
    characters = {
        "watertight": average,
        "a belly the limbs run into": belly,
        "holed": with_holes(average, 0.05),
        "seams": with_seams(belly),
        "shells": capsule_person(),
        "holed shells": with_holes(capsule_person(), 0.05),
    }
    posed = {}
    for seed, (name, character) in enumerate(characters.items()):
        vertices = motion_vertices_m(character, wiggle(character, frames=POSES, scale=0.7, seed=seed))
        bodies = [body for body in limb_bodies(character) if len(body.counted)]
        body = bodies[seed % len(bodies)]
        posed[name] = (body.vertices_m(vertices), body.faces, vertices[:, torch.from_numpy(body.counted)], body)
    return posed


def query_points(vertices, limb, generator):
    """A third limb vertices, a third within 2 cm of the surface, a third anywhere near."""
    low, high = vertices.min(axis=0) - 0.1, vertices.max(axis=0) + 0.1
    offset = generator.normal(size=(PER_KIND, 3))
    offset *= generator.uniform(0, 0.02, (PER_KIND, 1)) / np.linalg.norm(offset, axis=1, keepdims=True)
    return np.concatenate(
        [
            limb[generator.integers(0, len(limb), PER_KIND)],
            vertices[generator.integers(0, len(vertices), PER_KIND)] + offset,
            generator.uniform(low, high, (PER_KIND, 3)),
        ]
    ).astype(np.float32)


def test_inside_and_distance_agree_with_libigls_exact_ones_on_every_mesh(meshes):
    generator = np.random.default_rng(7)
    asked = excluded = 0
    for name, (vertices, faces, limb, body) in meshes.items():
        poses = vertices.numpy()
        points = np.stack([query_points(v, p, generator) for v, p in zip(poses, limb.numpy(), strict=True)])
        hits = body.surface.query(vertices, torch.from_numpy(points))
        depths = body.surface.query(vertices, torch.from_numpy(points), reach_m=0.0)
        assert torch.equal(depths.inside, hits.inside), name
        assert torch.equal(depths.depth_m, hits.depth_m), name
        for pose, asked_here, inside, distance in zip(poses, points, hits.inside, hits.distance_m, strict=True):
            exact = igl.winding_number(pose.astype(np.float64), faces, asked_here.astype(np.float64))
            clear = np.abs(exact - 0.5) > 0.001
            assert np.array_equal(inside.numpy()[clear], exact[clear] > 0.5), name
            squared = igl.point_mesh_squared_distance(asked_here.astype(np.float64), pose.astype(np.float64), faces)[0]
            np.testing.assert_allclose(distance.numpy(), np.sqrt(squared), atol=2e-5, err_msg=name)
            asked += len(clear)
            excluded += int((~clear).sum())
    print(f"{asked} points, {excluded} of them ({excluded / asked:.3%}) too near a winding number of 0.5 to count")
    assert asked >= 10_000
    assert excluded / asked < 0.002


def test_a_point_that_two_shells_cover_is_inside():
    person = capsule_person()
    surface = AnimatedSurface(person.faces, person.rest_vertices_m)
    in_both = torch.tensor([[[0.13, 0.92 + 0.005, 0.0]]])  # where thigh and trunk overlap
    vertices = torch.from_numpy(person.rest_vertices_m.copy())[None]
    exact = igl.winding_number(person.rest_vertices_m.astype(float), person.faces, in_both[0].numpy().astype(float))
    assert round(float(exact[0])) == 2
    assert bool(surface.query(vertices, in_both).inside)


def test_each_frame_is_asked_about_its_own_pose():
    person = capsule_person()
    surface = AnimatedSurface(person.faces, person.rest_vertices_m)
    rest = torch.from_numpy(person.rest_vertices_m.copy())
    moved = torch.stack([rest, rest + torch.tensor([5.0, 0, 0]), rest])
    points = torch.tensor([[[0.0, 1.2, 0.0]]]).expand(3, 1, 3)
    hits = surface.query(moved, points)
    assert hits.inside[:, 0].tolist() == [True, False, True]
    assert float(hits.depth_m[1]) == 0.0
    assert float(hits.distance_m[1]) > 3.5


def test_the_answers_do_not_depend_on_what_was_asked_before():
    body = load_body("average_man")
    vertices = motion_vertices_m(body, wiggle(body, frames=5))
    points = vertices[:, :200] + 0.01
    fresh = AnimatedSurface(body.faces, body.rest_vertices_m)
    used = AnimatedSurface(body.faces, body.rest_vertices_m)
    used.query(vertices.flip(0), points)
    one, other = fresh.query(vertices, points), used.query(vertices, points)
    assert torch.equal(one.distance_m, other.distance_m)
    assert torch.equal(one.inside, other.inside)
    alone = fresh.query(vertices[3:4], points[3:4])
    assert torch.equal(alone.distance_m[0], one.distance_m[3])


def test_no_frames_and_no_points_give_empty_answers():
    person = capsule_person()
    surface = AnimatedSurface(person.faces, person.rest_vertices_m)
    rest = torch.from_numpy(person.rest_vertices_m.copy())[None]
    assert surface.query(rest, torch.zeros(1, 0, 3)).inside.shape == (1, 0)
    assert surface.query(rest[:0], torch.zeros(0, 4, 3)).distance_m.shape == (0, 4)


def test_the_gradient_of_the_signed_distance_is_that_of_finite_differences():
    body = load_body("average_man")
    surface = AnimatedSurface(body.faces, body.rest_vertices_m)
    vertices = torch.from_numpy(body.rest_vertices_m.copy())[None]
    points = torch.tensor([[[0.06, 1.1, 0.1], [0.3, 1.0, 0.2], [0.05, 0.4, 0.3]]], requires_grad=True)
    distance = signed_distance(surface, vertices, points)
    assert (distance < 0).tolist() == [[True, False, False]]
    (gradient,) = torch.autograd.grad(distance.sum(), points)
    step = 1e-3
    for axis in range(3):
        shift = torch.zeros(3)
        shift[axis] = step
        plus, minus = (signed_distance(surface, vertices, points.detach() + s * shift) for s in (1, -1))
        slope = (plus - minus) / (2 * step)
        torch.testing.assert_close(gradient[..., axis], slope, atol=2e-2, rtol=0)
    torch.testing.assert_close(gradient.norm(dim=-1), torch.ones(1, 3), atol=1e-5, rtol=0)


def test_pushing_the_mesh_by_its_gradient_moves_the_surface_off_a_point():
    body = load_body("average_man")
    surface = AnimatedSurface(body.faces, body.rest_vertices_m)
    vertices = torch.from_numpy(body.rest_vertices_m.copy())[None].requires_grad_()
    point = torch.tensor([[[0.3, 1.0, 0.2]]])
    before = signed_distance(surface, vertices, point).sum()
    (gradient,) = torch.autograd.grad(before, vertices)
    after = signed_distance(surface, vertices.detach() + 0.01 * gradient, point).sum()
    assert after.item() > before.item()
    assert (gradient.abs().sum(-1) > 0).sum() <= 3


def test_a_point_on_the_surface_has_a_finite_gradient():
    body = load_body("average_man")
    surface = AnimatedSurface(body.faces, body.rest_vertices_m)
    vertices = torch.from_numpy(body.rest_vertices_m.copy())[None].requires_grad_()
    corner = vertices.detach()[:, 100:101].clone().requires_grad_()
    signed_distance(surface, vertices, corner).sum().backward()
    assert torch.isfinite(corner.grad).all()
    assert torch.isfinite(vertices.grad).all()


def test_the_closest_point_lies_at_the_distance_that_was_found():
    body = load_body("belly")
    vertices = motion_vertices_m(body, wiggle(body, frames=3))
    surface = AnimatedSurface(body.faces, body.rest_vertices_m)
    points = vertices[:, ::7] + torch.tensor([0.03, -0.02, 0.05])
    hits = surface.query(vertices, points)
    gap = (points - closest_points(surface, vertices, hits)).norm(dim=-1)
    torch.testing.assert_close(gap, hits.distance_m, atol=1e-5, rtol=0)


@pytest.mark.gpu
def test_cuda_gives_the_answers_of_the_cpu(cuda):
    body = load_body("average_man")
    vertices = motion_vertices_m(body, wiggle(body, frames=6, scale=0.7))
    points = vertices[:, ::3] + 0.01
    here = AnimatedSurface(body.faces, body.rest_vertices_m).query(vertices, points)
    there = AnimatedSurface(body.faces, body.rest_vertices_m, "cuda").query(vertices.cuda(), points.cuda())
    assert (here.inside == there.inside.cpu()).float().mean() > 0.9999
    torch.testing.assert_close(here.distance_m, there.distance_m.cpu(), atol=1e-5, rtol=0)


def test_a_frame_in_which_nothing_moves_answers_as_if_it_were_asked_alone(meshes):
    vertices, _, limb, body = meshes["a belly the limbs run into"]
    still = torch.tensor([0, 0, 1, 1, 1, 0])
    hits = body.surface.query(vertices[still], limb[still])
    for frame, pose in enumerate(still.tolist()):
        alone = body.surface.query(vertices[pose : pose + 1], limb[pose : pose + 1])
        assert torch.equal(hits.inside[frame], alone.inside[0])
        assert torch.equal(hits.distance_m[frame], alone.distance_m[0])
        assert torch.equal(hits.barycentrics[frame], alone.barycentrics[0])
