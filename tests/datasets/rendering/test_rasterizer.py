import subprocess
import sys

import numpy as np
import pytest
import torch

from retargetbench.datasets.rendering.camera import orbit
from retargetbench.datasets.rendering.rasterizer import fragments, visible_faces

from ...house import sources

SIZE = (32, 44)


def soup(count, seed):
    """Random triangles around the origin."""
    generator = np.random.default_rng(seed)
    centres = generator.uniform(-0.6, 0.6, (count, 1, 3))
    corners = centres + generator.normal(0, 0.2, (count, 3, 3))
    return corners.reshape(-1, 3).astype(np.float32), np.arange(3 * count, dtype=np.int32).reshape(-1, 3)


def cast_rays(vertices, faces, camera):
    """The nearest triangle along each pixel's ray by Moeller and Trumbore, float64; -1 where there is none."""
    rays = camera.rays(*SIZE).numpy().astype(np.float64).reshape(-1, 1, 3)
    a, b, c = (vertices.astype(np.float64)[faces[:, k]] for k in range(3))
    across = np.cross(rays, c - a)
    determinant = (across * (b - a)).sum(-1)
    start = camera.position_m.numpy().astype(np.float64) - a
    u = (across * start).sum(-1) / determinant
    q = np.cross(start, b - a)
    v = (rays * q).sum(-1) / determinant
    depth = (q * (c - a)).sum(-1) / determinant
    depth[~((u >= 0) & (v >= 0) & (u + v <= 1) & (depth > 0))] = np.inf
    nearest = np.where(np.isfinite(depth.min(axis=1)), depth.argmin(axis=1), -1)
    return nearest.reshape(SIZE), depth.min(axis=1).reshape(SIZE)


@pytest.mark.parametrize("seed", range(6))
def test_visibility_is_what_a_ray_cast_sees(seed):
    vertices, faces = soup(60, seed)
    camera = orbit(torch.zeros(3), 3.0, azimuth_deg=40.0 * seed, elevation_deg=-30.0 + 10 * seed)
    expected, depth = cast_rays(vertices, faces, camera)
    points = camera.project(torch.from_numpy(vertices)[None], *SIZE)
    seen = visible_faces(points, torch.from_numpy(faces), *SIZE)
    assert (expected >= 0).mean() > 0.3
    assert (seen[0].numpy() == expected).mean() > 0.999
    covered = fragments(points, torch.from_numpy(faces), seen)
    same = seen[0].numpy()[covered.row, covered.column] == expected[covered.row, covered.column]
    np.testing.assert_allclose(covered.depth_m[same], depth[covered.row, covered.column][same], rtol=1e-4)


def test_the_weights_of_a_fragment_give_the_point_that_its_ray_hits():
    vertices, faces = soup(30, 7)
    camera = orbit(torch.zeros(3), 2.5, azimuth_deg=15.0)
    points = camera.project(torch.from_numpy(vertices)[None], *SIZE)
    covered = fragments(points, torch.from_numpy(faces), visible_faces(points, torch.from_numpy(faces), *SIZE))
    corners = torch.from_numpy(vertices)[torch.from_numpy(faces).long()[covered.face]]
    met = (covered.weights[..., None] * corners).sum(dim=1)
    along = camera.position_m + covered.depth_m[:, None] * camera.rays(*SIZE)[covered.row, covered.column]
    torch.testing.assert_close(met, along, atol=2e-4, rtol=0)
    torch.testing.assert_close(covered.weights.sum(dim=1), torch.ones(len(covered.face)), atol=1e-5, rtol=0)


def test_fragments_are_differentiable_in_the_points():
    vertices, faces = soup(3, 3)
    camera = orbit(torch.zeros(3), 3.0)
    triangles = torch.from_numpy(faces)
    points = camera.project(torch.from_numpy(vertices)[None], 9, 9).double()
    seen = visible_faces(points, triangles, 9, 9)
    assert int((seen >= 0).sum()) > 3

    def weights_and_depth(p):
        covered = fragments(p, triangles, seen)
        return covered.weights, covered.depth_m

    assert torch.autograd.gradcheck(weights_and_depth, points.requires_grad_())


def square(depth, size=10.0):
    corners = [[0, 0, depth], [size, 0, depth], [size, size, depth], [0, size, depth]]
    return torch.tensor([corners], dtype=torch.float32)


def test_of_two_squares_the_nearer_one_is_seen_from_either_side():
    faces = torch.tensor([[0, 1, 2], [0, 2, 3]])
    points = torch.cat([square(2.0), square(1.0)], dim=1)
    turned = torch.cat([faces, (faces + 4).flip(1)])
    assert set(visible_faces(points, turned, 10, 10).unique().tolist()) == {2, 3}


def test_of_triangles_at_the_same_place_the_first_is_seen():
    faces = torch.tensor([[0, 1, 2], [0, 2, 3], [0, 1, 2], [0, 2, 3]])
    assert set(visible_faces(square(1.0), faces, 10, 10).unique().tolist()) == {0, 1}


def test_a_square_covers_exactly_its_pixels():
    seen = visible_faces(square(1.0, size=4.0), torch.tensor([[0, 1, 2], [0, 2, 3]]), 10, 12)[0]
    assert int((seen >= 0).sum()) == 16
    assert (seen[:4, :4] >= 0).all()


def test_what_is_behind_the_camera_or_has_no_area_is_not_drawn():
    faces = torch.tensor([[0, 1, 2], [0, 2, 3]])
    assert (visible_faces(square(-1.0), faces, 10, 10) == -1).all()
    assert (visible_faces(square(1.0), torch.tensor([[0, 0, 1]]), 10, 10) == -1).all()


def test_a_mesh_without_faces_leaves_the_picture_empty():
    assert (visible_faces(square(1.0), torch.zeros((0, 3), dtype=torch.int64), 4, 4) == -1).all()


def test_a_batch_sees_what_single_pictures_see():
    camera = orbit(torch.zeros(3), 3.0)
    meshes = torch.stack([torch.from_numpy(soup(20, seed)[0]) for seed in range(3)])
    faces = torch.from_numpy(soup(20, 0)[1])
    points = camera.project(meshes, *SIZE)
    together = visible_faces(points, faces, *SIZE)
    for frame in range(3):
        assert torch.equal(together[frame], visible_faces(points[frame : frame + 1], faces, *SIZE)[0])


def test_the_first_picture_of_a_process_is_drawn_without_a_word():
    code = (
        "import torch\n"
        "from retargetbench.datasets.rendering.rasterizer import visible_faces\n"
        "points = torch.tensor([[1.0, 1.0, 1.0], [6.0, 1.0, 1.0], [1.0, 6.0, 1.0]])\n"
        "assert visible_faces(points[None], torch.tensor([[0, 1, 2]]), 8, 8).max() == 0\n"
    )
    done = subprocess.run([sys.executable, "-P", "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_warp_is_started_in_one_place():
    starting = [s.name for s in sources() if "wp.init(" in s.path.read_text() or "wp.config" in s.path.read_text()]
    assert starting == ["retargetbench.datasets.body.warp_start"]
