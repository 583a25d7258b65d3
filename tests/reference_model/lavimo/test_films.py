"""Videos of motions, and the library they are kept in."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from retargetbench.datasets.intents.bodies import load_body
from retargetbench.reference_model.lavimo.errors import NoVideos
from retargetbench.reference_model.lavimo.filmed_shards import film_shards
from retargetbench.reference_model.lavimo.filming import Take, film, film_camera
from retargetbench.reference_model.lavimo.library_files import open_library
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
    shown = film(*acted, Take("retrieval", 2, 64), [3])
    empty = shown.images[0, :, :2].astype(int)  # above the head there is nothing but sky
    for frame in range(2):
        x, y = (np.asarray(shown.points[frame, 0, :2], dtype=float) * 64).astype(int)
        assert np.abs(shown.images[frame, :, y, x].astype(int) - empty[:, 0, 0]).max() > 10
        assert 0 < x < 64
        assert 0 < y < 64


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


def test_a_changed_take_is_filmed_anew_and_evaluation_shows_another_body(motions_folder, tmp_path, library):
    evaluating = replace(SHOOTING, take=Take("test", 4, 32), per_motion=1, another_body=True)
    shards = find_shards(motions_folder, "val")
    assert len([line for line in film_shards(shards, tmp_path, evaluating) if line]) == 2
    again = open_library(tmp_path)
    assert len(again) == len(again.told) == 9
    assert again.sha256 != library.sha256
    first = int(library.clips_of[0][0])
    assert np.array_equal(again.features(0), library.features(first))  # the motion is still its own body's
    assert any(film_shards(shards, tmp_path, SHOOTING))


def test_without_videos_it_is_said_how_to_make_them(tmp_path):
    with pytest.raises(NoVideos, match="retargetbench train lavimo render"):
        open_library(tmp_path)
