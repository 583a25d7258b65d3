import numpy as np
import torch

from retargetbench.datasets.rendering import PictureStyle, draw, orbit
from retargetbench.datasets.rendering.camera import Camera

from .figures import CUBE_FACES, cube

CAMERA = orbit(torch.tensor([0.0, 0.5, 0.0]), 5.0, elevation_deg=15.0)
PLAIN = PictureStyle(floor=False, background=(1.0, 1.0, 1.0))


def picture(vertices, **more):
    return draw(np.asarray(vertices)[None], CUBE_FACES, CAMERA, size=64, **more)[0].astype(int)


def test_a_picture_has_the_size_that_was_asked_for_one_per_frame():
    frames = np.stack([cube((0, y, 0)) for y in (0.5, 0.6, 0.7)])
    assert draw(frames, CUBE_FACES, CAMERA, size=(20, 30)).shape == (3, 20, 30, 3)


def test_many_frames_in_several_chunks_are_the_same_as_one_by_one(monkeypatch):
    monkeypatch.setattr("retargetbench.datasets.rendering.pictures._PIXELS_AT_ONCE", 2 * 32 * 32)
    frames = np.stack([cube((0, y, 0)) for y in np.linspace(0.5, 1.0, 5)])
    cameras = orbit(torch.tensor([[0.0, 0.5, float(x)] for x in range(5)]), 6.0)
    together = draw(frames, CUBE_FACES, cameras, size=32)
    for k in range(5):
        one = Camera(cameras.position_m[k], cameras.axes[k], cameras.fov_y_deg)
        np.testing.assert_array_equal(together[k], draw(frames[k : k + 1], CUBE_FACES, one, size=32)[0])


def test_where_nothing_is_there_is_the_background():
    empty = picture(cube((50.0, 0.5, 0.0)), style=PictureStyle(floor=False, background=(0.2, 0.4, 0.6)))
    assert (empty == np.round(255 * np.array([0.2, 0.4, 0.6]))).all()


def test_the_colour_of_the_mesh_is_the_colour_in_the_picture():
    image = picture(cube((0, 0.5, 0)), colour=(1.0, 0.0, 0.0), style=PLAIN)
    middle = image[32, 32]
    assert middle[0] > 60
    assert middle[1] == middle[2] == 0


def test_colours_can_be_given_per_vertex():
    vertices = cube((0, 0.5, 0))
    colours = np.where(vertices[:, :1] > 0, [[1.0, 0, 0]], [[0, 0, 1.0]]).astype(np.float32)
    image = picture(vertices, colour=colours, style=PLAIN)
    assert image[32, 40, 0] > image[32, 40, 2]
    assert image[32, 24, 2] > image[32, 24, 0]


def test_a_face_that_looks_up_is_brighter_than_one_that_looks_away_from_the_light():
    image = picture(cube((0, 0.5, 0)), style=PLAIN)
    rows = np.flatnonzero((image[:, 32] < 255).any(axis=-1))
    assert image[rows[1], 32].sum() > image[rows[-2], 32].sum()


def redness(image):
    return ((image[..., 0] - image[..., 2]) > 60).sum()


def test_what_is_below_the_floor_is_red_and_what_stands_on_it_is_not():
    grey = {"colour": (0.7, 0.7, 0.7)}
    assert redness(picture(cube((0, 0.5, 0)), **grey)) == 0
    assert redness(picture(cube((0, 0.3, 0)), **grey)) > 30


def test_a_box_that_floats_leaves_its_shadow():
    floor = picture(cube((50, 0.5, 0)))
    standing, floating = (picture(cube((0, 0.5 + rise, 0))) for rise in (0.0, 0.9))

    def bright_rows_between_box_and_shadow(image):
        changed = np.abs(image - floor).sum(axis=-1)[:, 29] > 30
        rows = np.flatnonzero(changed)
        return (~changed[rows[0] : rows[-1]]).sum()

    assert bright_rows_between_box_and_shadow(standing) == 0
    assert bright_rows_between_box_and_shadow(floating) > 2


def test_more_samples_smooth_the_edge_and_keep_the_mean():
    sharp, smooth = (
        picture(
            cube((0, 0.5, 0)), colour=(0.0, 0.0, 0.0), style=PictureStyle(floor=False, background=(1, 1, 1), samples=n)
        )
        for n in (1, 3)
    )
    assert set(np.unique(sharp)) == {0, 255}
    assert len(np.unique(smooth)) > 4
    assert abs(sharp.mean() - smooth.mean()) < 2


def test_the_callers_arrays_stay_as_they_are():
    vertices = cube((0, 0.5, 0))
    before = vertices.copy()
    draw(vertices[None], CUBE_FACES, CAMERA, size=16)
    np.testing.assert_array_equal(vertices, before)


def test_every_side_of_a_body_is_seen_lit():
    vertices = cube((0, 0.5, 0))
    brightness = []
    for azimuth in (0.0, 90.0, 180.0, -90.0):
        camera = orbit(torch.tensor([0.0, 0.5, 0.0]), 5.0, azimuth_deg=azimuth)
        image = draw(vertices[None], CUBE_FACES, camera, size=64, style=PictureStyle(floor=False, background=(0, 0, 0)))
        brightness.append(image[0][image[0].any(axis=-1)].mean())
    assert min(brightness) > 90
    assert max(brightness) < 1.15 * min(brightness)


def test_below_the_floor_nothing_of_the_floor_is_seen():
    camera = orbit(torch.tensor([0.0, -2.0, 0.0]), 3.0, elevation_deg=20.0)
    image = draw(cube((50, 0.5, 0))[None], CUBE_FACES, camera, size=32)
    assert len(np.unique(image.reshape(-1, 3), axis=0)) == 1
