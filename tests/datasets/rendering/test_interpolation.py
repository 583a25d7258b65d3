import torch

from retargetbench.datasets.rendering.interpolation import blend, vertex_normals

from .figures import CUBE_FACES, cube

FACES = torch.from_numpy(CUBE_FACES)


def test_values_between_vertices_are_weighted_means_and_pass_gradcheck():
    generator = torch.Generator().manual_seed(1)
    values = torch.rand(5, 4, dtype=torch.float64, generator=generator, requires_grad=True)
    rows = torch.tensor([[0, 1, 2], [2, 3, 0], [3, 3, 1]])
    weights = torch.rand(3, 3, dtype=torch.float64, generator=generator, requires_grad=True)
    torch.testing.assert_close(blend(values, rows, weights), (values[rows] * weights[..., None]).sum(dim=1))
    assert torch.autograd.gradcheck(lambda v, w: blend(v, rows, w), (values, weights))


def test_normals_of_a_cube_point_away_from_its_middle():
    vertices = torch.from_numpy(cube((1.0, 2.0, 3.0)))
    normals = vertex_normals(vertices, FACES)
    away = torch.nn.functional.normalize(vertices - vertices.mean(dim=0), dim=-1)
    assert float((normals * away).sum(dim=-1).min()) > 0.7
    torch.testing.assert_close(normals.norm(dim=-1), torch.ones(8))


def test_normals_pass_gradcheck_frame_by_frame():
    vertices = torch.rand(2, 9, 3, dtype=torch.float64, generator=torch.Generator().manual_seed(2), requires_grad=True)
    assert torch.autograd.gradcheck(lambda v: vertex_normals(v, FACES), vertices)
    alone = torch.stack([vertex_normals(frame, FACES) for frame in vertices])
    torch.testing.assert_close(vertex_normals(vertices, FACES), alone)


def test_a_vertex_without_a_triangle_has_no_normal():
    vertices = torch.cat([torch.from_numpy(cube((0.0, 0.0, 0.0))), torch.ones(3, 3)])
    assert vertex_normals(vertices, FACES)[8:].abs().max() == 0
    assert vertex_normals(vertices, FACES[:0]).abs().max() == 0
