import subprocess
import sys

import numpy as np
import pytest
import torch

from retargetbench.datasets.rendering.batch import Batch, Subject, lay_out
from retargetbench.datasets.rendering.camera import orbit
from retargetbench.datasets.rendering.rasterizer import fragments, visible_faces

from ...house import sources
from .rays import cast_rays
from .scenes import random_scene

SIZE = (32, 44)


def soup(count, seed):
    """Random triangles around the origin."""
    generator = np.random.default_rng(seed)
    centres = generator.uniform(-0.6, 0.6, (count, 1, 3))
    corners = centres + generator.normal(0, 0.2, (count, 3, 3))
    return corners.reshape(-1, 3).astype(np.float32), np.arange(3 * count, dtype=np.int32).reshape(-1, 3)


def batch_of(vertices, faces, camera, size=SIZE):
    """The tables of one mesh, or of several frames of it, in one view."""
    vertices = torch.as_tensor(vertices)
    vertices = vertices[None] if vertices.ndim == 2 else vertices
    return lay_out([Subject(vertices, torch.as_tensor(faces), (camera,))], size)


def screen_batch(points_px, faces, size):
    """The tables of one mesh that is given on the screen already."""
    table = torch.tensor([[0, 0, len(faces), 0, 0]], dtype=torch.int32)
    nothing = torch.zeros((0, 6), dtype=torch.int32)
    zero, eye, axes = torch.zeros(1, dtype=torch.int64), torch.zeros(1, 3), torch.eye(3)[None]
    return Batch(
        points_px[0], points_px[0], faces.to(torch.int32), nothing, table, zero, eye, axes, size, len(faces), 0
    )


@pytest.mark.parametrize("seed", range(6))
def test_visibility_is_what_a_ray_cast_sees(seed):
    vertices, faces = soup(60, seed)
    camera = orbit(torch.zeros(3), 3.0, azimuth_deg=40.0 * seed, elevation_deg=-30.0 + 10 * seed)
    expected, depth = cast_rays(vertices, faces, camera, SIZE)
    batch = batch_of(vertices, faces, camera)
    seen = visible_faces(batch)
    assert (expected >= 0).mean() > 0.3
    assert (seen[0].numpy() == expected).mean() > 0.999
    covered = fragments(batch, seen)
    same = seen[0].numpy()[covered.row, covered.column] == expected[covered.row, covered.column]
    measured = covered.footing.depth_m[same]
    np.testing.assert_allclose(measured, depth[covered.row, covered.column][same], rtol=1e-4)


@pytest.mark.parametrize(("resolution", "side", "scenes"), [("small", 56, 2), ("full", 32, 1)])
def test_of_real_bodies_a_ray_cast_sees_the_same_triangles(resolution, side, scenes):
    same = []
    for seed in range(scenes):
        scene = random_scene(100 + seed, resolution)
        vertices, faces = scene.vertices()[0].numpy(), scene.faces.numpy()
        expected, depth = cast_rays(vertices, faces, scene.camera, (side, side))
        batch = batch_of(vertices, faces, scene.camera, (side, side))
        seen = visible_faces(batch)
        same.append(seen[0].numpy() == expected)
        covered = fragments(batch, seen)
        np.testing.assert_allclose(covered.footing.depth_m, depth[covered.row, covered.column], rtol=1e-4)
        assert (expected >= 0).mean() > 0.05
    assert np.mean(same) >= 0.999


@pytest.mark.slow
@pytest.mark.parametrize("resolution", ["small", "full"])
def test_a_ray_cast_sees_the_same_triangles_in_larger_pictures(resolution):
    same, covered = [], []
    for seed in range(3):
        scene = random_scene(200 + seed, resolution)
        vertices, faces = scene.vertices()[0].numpy(), scene.faces.numpy()
        expected, _ = cast_rays(vertices, faces, scene.camera, (112, 112))
        seen = visible_faces(batch_of(vertices, faces, scene.camera, (112, 112)))[0].numpy()
        same.append(seen == expected)
        covered.append((expected >= 0) | (seen >= 0))
    of_body = np.mean(np.stack(same)[np.stack(covered)])
    print(f"\n{resolution}: the same in {np.mean(same):.3%} of all pixels, in {of_body:.3%} of the body's")
    assert of_body >= 0.999


def test_the_weights_of_a_fragment_give_the_point_that_its_ray_hits():
    vertices, faces = soup(30, 7)
    camera = orbit(torch.zeros(3), 2.5, azimuth_deg=15.0)
    batch = batch_of(vertices, faces, camera)
    covered = fragments(batch, visible_faces(batch))
    on = covered.footing
    met = (on.weights.T[..., None] * torch.from_numpy(vertices)[covered.corners]).sum(dim=1)
    along = camera.position_m + on.depth_m[:, None] * camera.rays(*SIZE)[covered.row, covered.column]
    torch.testing.assert_close(met, along, atol=2e-4, rtol=0)
    torch.testing.assert_close(on.weights.sum(dim=0), torch.ones(len(met)), atol=1e-5, rtol=0)


FACES = torch.tensor([[0, 1, 2], [0, 2, 3]])


def square(depth, size=10.0):
    corners = [[0, 0, depth], [size, 0, depth], [size, size, depth], [0, size, depth]]
    return torch.tensor([corners], dtype=torch.float32)


def test_of_two_squares_the_nearer_one_is_seen_from_either_side():
    points = torch.cat([square(2.0), square(1.0)], dim=1)
    turned = torch.cat([FACES, (FACES + 4).flip(1)])
    assert set(visible_faces(screen_batch(points, turned, (10, 10))).unique().tolist()) == {2, 3}


def test_of_triangles_at_the_same_place_the_first_is_seen():
    twice = torch.cat([FACES, FACES])
    assert set(visible_faces(screen_batch(square(1.0), twice, (10, 10))).unique().tolist()) == {0, 1}


def test_a_square_covers_exactly_its_pixels():
    seen = visible_faces(screen_batch(square(1.0, size=4.0), FACES, (10, 12)))[0]
    assert int((seen >= 0).sum()) == 16
    assert (seen[:4, :4] >= 0).all()


def test_what_is_behind_the_camera_or_has_no_area_is_not_drawn():
    assert (visible_faces(screen_batch(square(-1.0), FACES, (10, 10))) == -1).all()
    assert (visible_faces(screen_batch(square(1.0), torch.tensor([[0, 0, 1]]), (10, 10))) == -1).all()


def test_a_mesh_without_faces_leaves_the_picture_empty():
    assert (visible_faces(screen_batch(square(1.0), FACES[:0], (4, 4))) == -1).all()


def test_frames_views_and_characters_in_one_batch_see_what_single_pictures_see():
    cameras = [orbit(torch.zeros(3), 3.0, azimuth_deg=azimuth) for azimuth in (0.0, 50.0)]
    meshes = [(torch.stack([torch.from_numpy(soup(n, seed)[0]) for seed in range(3)]), soup(n, 0)[1]) for n in (20, 31)]
    subjects = [Subject(vertices, torch.from_numpy(faces), cameras) for vertices, faces in meshes]
    together = visible_faces(lay_out(subjects, SIZE))
    assert len(together) == 12
    for number, (mesh, frame, view) in enumerate((m, f, v) for m in range(2) for f in range(3) for v in range(2)):
        alone = visible_faces(batch_of(meshes[mesh][0][frame], meshes[mesh][1], cameras[view]))[0]
        first = 20 * mesh
        assert torch.equal(together[number], torch.where(alone >= 0, alone + first, alone))


def test_the_first_picture_of_a_process_is_drawn_without_a_word():
    code = (
        "import torch\n"
        "from retargetbench.datasets.rendering import make_renderer, orbit\n"
        "points = torch.tensor([[[-1.0, 0.0, 0.0], [1.0, 0.0, 0.0], [0.0, 1.0, 0.0]]])\n"
        "faces, camera = torch.tensor([[0, 1, 2]]), orbit(torch.zeros(3), 5.0)\n"
        "assert make_renderer().render(points.requires_grad_(), faces, [camera]).mask.sum() > 0\n"
    )
    done = subprocess.run([sys.executable, "-P", "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_warp_is_started_in_one_place():
    starting = [s.name for s in sources() if "wp.init(" in s.path.read_text() or "wp.config" in s.path.read_text()]
    assert starting == ["retargetbench.datasets.body.warp_start"]
