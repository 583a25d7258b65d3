"""Pictures: what is true at a frame, drawn from seeds, written so that a stop loses nothing."""

from dataclasses import replace

import numpy as np
import pytest

from retargetbench.datasets.intents.motion_build import SHARD_MOTIONS
from retargetbench.datasets.intents.motion_jobs import motion_count, motion_jobs
from retargetbench.datasets.intents.motion_shards import read_entries
from retargetbench.datasets.intents.words import words_of
from retargetbench.reference_model.tiny_vlm.batches import Shown, draw_batch
from retargetbench.reference_model.tiny_vlm.errors import NoPictures
from retargetbench.reference_model.tiny_vlm.picture_files import open_pictures
from retargetbench.reference_model.tiny_vlm.render import render_shards
from retargetbench.reference_model.tiny_vlm.scenes import frames_of, hands_hold, scene_from, scene_record, scenes_of
from retargetbench.reference_model.tiny_vlm.sides import mirrored
from retargetbench.reference_model.training.errors import NoMotions
from retargetbench.reference_model.training.motions import find_shards

from .small import DRAWINGS, PROGRAMS


@pytest.fixture(scope="module")
def programs():
    return [job.program for job in motion_jobs("val", PROGRAMS)]


def test_one_act_after_another_makes_two_scenes_everything_else_one(programs):
    for program in programs:
        scenes = scenes_of(program, words_of(program, "val"), "val")
        assert len(scenes) == (2 if "+" in program.intent else 1)
        for scene in scenes:
            assert 0 <= scene.active[0] <= scene.active[1] < program.frame_count
            assert scene_from(scene_record(scene)) == scene
            assert len(scene.captions) == len(scene.says) == 5
            assert len(scene.seen_words) == 4


def test_hands_that_touch_are_shown_while_the_program_has_them_touch(programs):
    checked = 0
    for program in programs:
        (scene, *others) = scenes_of(program, words_of(program, "val"), "val")
        if others or " is on " not in scene.hands:
            continue
        held = np.any([program.held(*pair) for pair in program.contact_pairs()], axis=0)
        assert held[scene.hands_at[0] : scene.hands_at[1] + 1].all()
        checked += 1
    assert checked


def test_frames_are_drawn_while_the_act_is_under_way(programs):
    (scene, *_) = scenes_of(programs[0], words_of(programs[0], "val"), "val")
    frames = frames_of(scene, 200, np.random.default_rng(0))
    spans = (scene.active, scene.hands_at)
    assert all(any(a <= frame <= b for a, b in spans) for frame in frames)
    assert {hands_hold(scene, frame) for frame in frames} >= {True}


def test_pictures_come_from_seeds_and_a_second_run_draws_only_what_is_missing(
    motions_folder, pictures_folder, tmp_path
):
    shards = find_shards(motions_folder, "val")
    path = pictures_folder / "blip2" / "val-0000.npy"
    before, at = path.read_bytes(), path.stat().st_mtime_ns
    assert list(render_shards(shards, pictures_folder, DRAWINGS)) == [""]
    assert path.stat().st_mtime_ns == at
    (line,) = render_shards(shards, tmp_path, DRAWINGS[:1])
    assert f"{6 * PROGRAMS} for blip2" in line
    assert (tmp_path / "blip2" / "val-0000.npy").read_bytes() == before
    path.with_suffix(".npz").rename(tmp_path / "labels.npz")  # killed before the labels were written
    assert list(render_shards(shards, pictures_folder, DRAWINGS)) != [""]
    assert path.read_bytes() == before


def test_models_and_test_share_no_picture(pictures_folder):
    seen = [set(map(bytes, open_pictures(pictures_folder, d.purpose, ["val-0000"]).files[0])) for d in DRAWINGS]
    assert all(len(images) == 6 * PROGRAMS for images in seen)
    assert not seen[0] & seen[1]
    assert not (seen[0] | seen[1]) & seen[2]


def test_points_lie_where_the_body_is_drawn(pictures):
    index = int(np.flatnonzero(~pictures.upper)[0])
    image = pictures.images([index])[0].astype(int)
    hips, size = pictures.points[index, 0], pictures.size_px
    x, y = (int(np.clip(round(float(v) * size), 0, size - 1)) for v in hips[:2])
    assert np.abs(image[:, y, x] - image[:, y, 0]).sum() > 0


def test_a_mirrored_picture_comes_with_mirrored_words_points_and_slots(pictures):
    shown = Shown.of(pictures)
    batch = draw_batch(shown, 8, [0, 0])
    again = draw_batch(shown, 8, [0, 0])
    assert np.array_equal(batch.images, again.images)
    assert batch.words.prompts == again.words.prompts
    assert batch.words.fitting[np.arange(8), np.arange(8)].all()
    assert not (batch.words.fitting & batch.words.undecided).any()
    captions = {text for scene in pictures.scenes for text in scene.captions}
    assert all(text in captions or mirrored(text) in captions for text in batch.words.captions)
    several = draw_batch(shown, 4, [0, 1], group=3)
    assert len(several.images) == 12
    assert len(several.words.captions) == 4


def test_folders_without_motions_or_pictures_are_answered_with_the_command(tmp_path):
    with pytest.raises(NoMotions, match="data build intents"):
        find_shards(tmp_path, "train")
    with pytest.raises(NoPictures, match="train tiny-vlm render"):
        open_pictures(tmp_path, "clip", ["val-0000"])


def test_the_tests_motions_need_no_folder(tmp_path):
    (shard,) = find_shards(tmp_path / "nothing", "test")
    assert len({clip["motion"] for clip in read_entries(shard.path)["clips"]}) > 1_000
    assert (1 + shard.number) * SHARD_MOTIONS >= motion_count("test")


def test_motions_of_another_version_are_refused(motions_folder, tmp_path):
    (shard,) = find_shards(motions_folder, "val")
    with pytest.raises(NoMotions, match="build the motions anew"):
        list(render_shards((replace(shard, split="train"),), tmp_path, DRAWINGS[:1]))
