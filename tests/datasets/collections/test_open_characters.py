"""The open-characters collection: committed pairs and checksums, and real files where they are at hand."""

import csv
import pickle
from importlib.resources import files

import numpy as np
import pytest

from retargetbench.datasets.body.joint_names import require_joints
from retargetbench.datasets.collections.data_root import MissingFiles, read_file_list
from retargetbench.datasets.collections.open_characters import load_open_characters
from retargetbench.datasets.errors import UnknownName

HERE = files("retargetbench.datasets.collections.open_characters")


@pytest.fixture(scope="module")
def clips(shared_data):
    return load_open_characters("full", shared_data)


def test_every_file_is_pinned_to_a_commit_with_licence_and_checksum():
    listed = read_file_list(HERE / "files.csv")
    assert len(listed) == len({f.path for f in listed})
    for file in listed:
        repository, _, rest = file.source.partition("@")
        assert repository.count("/") == 1
        assert len(rest.partition(":")[0]) == 40
        assert len(file.sha256) == 64
        assert file.licence.startswith(("CC0", "CMU"))


def test_there_are_at_least_forty_animations_over_six_character_pairs():
    rows = list(csv.DictReader((HERE / "pairs.csv").read_text().splitlines()))
    assert len({(r["source"], r["animation"], r["start"]) for r in rows}) >= 40
    assert len({(r["source"], r["target"]) for r in rows}) >= 6
    assert all(r["source"] != r["target"] for r in rows)


def test_a_folder_without_the_files_says_what_is_missing(tmp_path):
    with pytest.raises(MissingFiles, match="data fetch"):
        load_open_characters("full", tmp_path)


def test_there_is_one_variant(tmp_path):
    with pytest.raises(UnknownName, match="full"):
        load_open_characters("mini", tmp_path)


@pytest.mark.shared
def test_every_kind_of_pair_loads_as_a_standing_humanoid_of_human_size(clips):
    chosen = {(p.source.split("-")[0], p.target.split(":")[0].split("-")[0]): p for p in clips.pairs}
    for spec in chosen.values():
        pair = clips.load(spec.clip_id)
        for character in (pair.source, pair.target):
            joints = require_joints(character.skeleton)
            rest = character.skeleton.rest_positions_m
            assert 0.5 < character.height_m < 3.5
            assert rest[joints["Head"], 1] > rest[joints["Hips"], 1] > rest[joints["LeftFoot"], 1]
            assert rest[joints["LeftArm"], 0] > rest[joints["RightArm"], 0]
        assert pair.source_motion.frame_count == spec.frame_count
        assert pair.source_motion.fps == spec.fps
        assert pair.source_is_proxy == spec.source.startswith("cmu-")


@pytest.mark.shared
def test_captured_feet_touch_the_ground_and_never_go_below_it(clips):
    from retargetbench.datasets.body.kinematics import motion_vertices_m

    spec = next(p for p in clips.pairs if p.source.startswith("cmu-94"))
    pair = clips.load(spec.clip_id)
    lowest = motion_vertices_m(pair.source, pair.source_motion)[..., 1].min().item()
    assert lowest == pytest.approx(0.0, abs=1e-4)


@pytest.mark.shared
def test_a_proxy_skin_follows_the_captured_skeleton(clips):
    pair = clips.load(next(p.clip_id for p in clips.pairs if p.source.startswith("cmu-60")))
    joints = require_joints(pair.source.skeleton)
    wrist = pair.source.skeleton.rest_positions_m[joints["LeftHand"]]
    hand = pair.source.rest_vertices_m[pair.source.part_vertices("left_hand")]
    assert np.linalg.norm(hand - wrist, axis=1).min() < 0.05
    assert pair.source.height_m == pytest.approx(1.7, abs=0.15)


@pytest.mark.shared
def test_the_collection_travels_to_another_process(clips):
    clips.load(clips.pairs[0].clip_id)
    arrived = pickle.loads(pickle.dumps(clips))
    assert arrived.data_sha256 == clips.data_sha256
    assert arrived.pairs == clips.pairs


@pytest.mark.shared
def test_an_unknown_clip_is_named_with_its_neighbours(clips):
    with pytest.raises(UnknownName, match="Did you mean"):
        clips.load(clips.pairs[0].clip_id + "x")
