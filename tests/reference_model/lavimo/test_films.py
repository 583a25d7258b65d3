"""Videos of motions, and the library they are kept in."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from retargetbench.datasets.intents.bodies import load_body
from retargetbench.datasets.rendering.camera import orbit
from retargetbench.reference_model.lavimo.errors import NoVideos
from retargetbench.reference_model.lavimo.filmed_shards import film_shards
from retargetbench.reference_model.lavimo.filming import Take, film, film_camera
from retargetbench.reference_model.lavimo.library_files import MappedFiles, open_library
from retargetbench.reference_model.lavimo.scenery import Scenery, behind
from retargetbench.reference_model.tiny_vlm.looks import draw_look
from retargetbench.reference_model.training.motions import find_shards

from .conftest import SHOOTING


@pytest.fixture(scope="module")
def acted(wander):
    body = load_body("average_man")
    return body, wander(body, 30)


def test_equal_seeds_give_equal_videos_and_others_others(acted):
    first, second, other = (film(*acted, Take("test", 3, 32), [seed]) for seed in (1, 1, 2))
    assert np.array_equal(first.images, second.images)
    assert not np.array_equal(first.images, other.images)
    assert first.images.shape == (3, 3, 32, 32)
    assert first.times_s.tolist() == pytest.approx([0.0, 14 / 30, 29 / 30], abs=1 / 30)


def test_the_hips_are_where_the_body_is_drawn(acted):
    first, second = (film(*acted, Take("retrieval", 2, 64), [seed]) for seed in (3, 4))
    for shown in (first, second):
        for frame in range(2):
            x, y = (np.asarray(shown.points[frame, 0, :2], dtype=float) * 64).astype(int)
            around = shown.images[frame, :, max(y - 20, 0) : y + 20, max(x - 20, 0) : x + 20].astype(int)
            assert 0 < x < 64
            assert 0 < y < 64
            assert np.abs(around - shown.images[frame, :, y, x].astype(int)[:, None, None]).sum(axis=0).max() > 20


def test_a_floor_lies_still_in_the_world_and_its_shadow_below_the_body():
    look = replace(draw_look("test", np.random.default_rng(0)), azimuth_deg=0.0, sky=(0.0, 0, 0), ground=(1.0, 1, 1))
    target = torch.tensor([[0.0, 0.9, 0.0], [0.35, 0.9, 0.0]])
    camera = orbit(target, 4.0, elevation_deg=15.0, fov_y_deg=look.fov_y_deg)
    scenery = Scenery("tiles", cell_m=0.7, turned_deg=0.0, contrast=0.5, shadow=0.0)
    pictures = behind(scenery, look, camera, target, 64)
    assert pictures.shape == (2, 1, 3, 64, 64)
    assert float(pictures[0, 0, :, 0].max()) < 0.2  # the sky
    shifted = behind(scenery, look, orbit(target[:1] + torch.tensor([[1.4, 0.0, 0.0]]), 4.0, elevation_deg=15.0,
                                          fov_y_deg=look.fov_y_deg), target[:1], 64)  # fmt: skip
    assert torch.allclose(pictures[0], shifted[0], atol=1e-3)  # two tiles on it looks the same
    assert not torch.allclose(pictures[0], pictures[1], atol=0.1)
    dark = behind(replace(scenery, shadow=0.6), look, camera, target, 64) - pictures
    row, column = divmod(int(dark[0, 0, 0].argmin()), 64)
    x, y = camera.part(slice(0, 1)).project(torch.zeros(1, 1, 3), 64, 64)[0, 0, :2].tolist()
    assert abs(column - x) < 6
    assert abs(row - y) < 6


@pytest.mark.parametrize("stands", [True, False])
def test_the_whole_path_is_seen_standing_and_a_jump_goes_up_following(stands):
    body = load_body("average_man")
    vertices = torch.tensor(body.rest_vertices_m)[None] + torch.tensor([[[0.0, 0, 0]], [[1.5, 0.2, 0]]])
    look = replace(draw_look("test", np.random.default_rng(0), 0.0), azimuth_deg=20.0, nearness=1.0, shift=(0.0, 0.0))
    camera = film_camera(look, vertices, body.height_m, stands=stands)
    seen = camera.project(vertices, 100, 100)
    assert (camera.position_m[0] == camera.position_m[1]).all() == stands
    assert float(seen[..., :2].min()) >= 0
    assert float(seen[..., :2].max()) <= 100
    assert float(seen[1, :, 1].mean()) < float(seen[0, :, 1].mean())


def test_the_library_holds_what_was_filmed_and_films_nothing_twice(motions_folder, library_folder, library):
    assert len(library) == 18
    assert len(library.told) == 9
    assert (library.size_px, library.frames) == (32, 4)
    assert [library.bodies[clip] for clip in library.clips_of[6]] == ["average_man", "sampled:5"]
    assert isinstance(library.video_files[0], np.memmap)
    assert library.features(17).shape == (library.row_starts[17, 1], 263)
    assert len(library.told[0].captions) == 5
    assert not any(film_shards(find_shards(motions_folder, "val"), library_folder, SHOOTING))


def test_hundreds_of_shards_do_not_hold_hundreds_of_files_open(tmp_path):
    paths = [tmp_path / f"{number}.npy" for number in range(90)]
    for number, path in enumerate(paths):
        np.save(path, np.full(3, number))
    handles = Path("/proc/self/fd")
    before = len([*handles.iterdir()]) if handles.is_dir() else 0
    files = MappedFiles(paths)
    assert [int(files[number][0]) for number in range(90)] == list(range(90))
    if before:
        assert len([*handles.iterdir()]) - before <= 64


def test_a_changed_take_is_filmed_anew_and_evaluation_shows_another_body(motions_folder, tmp_path, library):
    evaluating = replace(SHOOTING, take=Take("test", 4, 32), per_motion=1, another_body=True)
    shards = find_shards(motions_folder, "val")
    assert len([line for line in film_shards(shards, tmp_path, evaluating) if line]) == 2
    again = open_library(tmp_path)
    assert len(again) == len(again.told) == 9
    assert again.sha256 != library.sha256
    first = int(library.clips_of[0][0])
    assert np.array_equal(again.features(0), library.features(first))  # the motion is still its own body's
    assert 0 < again.times_s[0, -1] < library.times_s[first, -1]  # and its video shows a part of it
    assert any(film_shards(shards, tmp_path, SHOOTING))


def test_without_videos_it_is_said_how_to_make_them(tmp_path):
    with pytest.raises(NoVideos, match="retargetbench train lavimo render"):
        open_library(tmp_path)
