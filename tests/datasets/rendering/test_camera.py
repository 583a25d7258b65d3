import pytest
import torch

from retargetbench.datasets.rendering.camera import VIEWS, BadCamera, Camera, look_at, orbit

SIZE = (40, 60)


@pytest.mark.parametrize("view", VIEWS)
def test_the_target_is_in_the_middle_of_the_picture(view):
    target = torch.tensor([0.3, 0.9, -0.2])
    camera = orbit(target, 3.0, azimuth_deg=VIEWS[view])
    torch.testing.assert_close(camera.project(target[None], *SIZE), torch.tensor([[30.0, 20.0, 3.0]]))


def test_from_the_front_the_left_side_of_the_character_is_on_the_right_and_up_is_up():
    camera = orbit(torch.tensor([0.0, 1.0, 0.0]), 3.0)
    left_side, crown = camera.project(torch.tensor([[0.5, 1.0, 0.0], [0.0, 1.5, 0.0]]), *SIZE)
    assert left_side[0] > 30
    assert crown[1] < 20


def test_the_left_view_looks_at_the_left_side():
    camera = orbit(torch.zeros(3), 3.0, azimuth_deg=VIEWS["left"], elevation_deg=0.0)
    near, far = camera.project(torch.tensor([[0.5, 0.0, 0.0], [-0.5, 0.0, 0.0]]), *SIZE)[:, 2]
    assert near < far


def test_twice_the_distance_halves_the_picture_of_a_thing():
    points = torch.tensor([[0.0, -0.5, 0.0], [0.0, 0.5, 0.0]])
    heights = []
    for distance in (5.0, 10.0):
        low, high = orbit(torch.zeros(3), distance, elevation_deg=0.0).project(points, *SIZE)[:, 1]
        heights.append(float(low - high))
    assert heights[0] == pytest.approx(2 * heights[1], rel=1e-5)


def test_the_opening_angle_is_the_height_of_the_picture():
    camera = orbit(torch.zeros(3), 1.0, elevation_deg=0.0, fov_y_deg=90.0)
    top = camera.project(torch.tensor([[0.0, 1.0, 0.0]]), *SIZE)
    assert float(top[0, 1]) == pytest.approx(0.0, abs=1e-5)


def test_a_ray_leads_back_to_its_pixel():
    camera = orbit(torch.tensor([[0.0, 1.0, 0.0], [2.0, 0.5, 1.0]]), 3.0, azimuth_deg=25.0, elevation_deg=20.0)
    points = camera.position_m[:, None, None] + 2.5 * camera.rays(*SIZE)
    pixels = camera.project(points.flatten(1, 2), *SIZE).unflatten(1, SIZE)
    rows, columns = torch.meshgrid(torch.arange(SIZE[0]) + 0.5, torch.arange(SIZE[1]) + 0.5, indexing="ij")
    torch.testing.assert_close(pixels[1, ..., 0], columns, atol=1e-3, rtol=0)
    torch.testing.assert_close(pixels[0, ..., 1], rows, atol=1e-3, rtol=0)
    torch.testing.assert_close(pixels[..., 2], torch.full((2, *SIZE), 2.5), atol=1e-5, rtol=0)


def test_a_camera_per_frame_is_the_same_as_one_camera_after_another():
    targets, points = torch.tensor([[0.0, 1.0, 0.0], [1.0, 1.0, 2.0]]), torch.rand(7, 3)
    both = orbit(targets, 3.0).project(points.expand(2, 7, 3), *SIZE)
    for frame in range(2):
        torch.testing.assert_close(both[frame], orbit(targets[frame], 3.0).project(points, *SIZE))


def test_projection_is_differentiable():
    camera = orbit(torch.zeros(3, dtype=torch.float64), 3.0)
    points = torch.randn(4, 3, dtype=torch.float64, generator=torch.Generator().manual_seed(1), requires_grad=True)
    assert torch.autograd.gradcheck(lambda p: camera.project(p, *SIZE), points)


def test_a_camera_on_its_target_says_so():
    with pytest.raises(BadCamera, match="M020"):
        look_at(torch.zeros(3), torch.zeros(3))


def test_an_impossible_opening_angle_says_so():
    with pytest.raises(BadCamera, match="180"):
        Camera(torch.zeros(3), torch.eye(3), 180.0)
