"""The items of a test: variants, parts of motions, the data version, TMR's list of dissimilar motions."""

import hashlib

import numpy as np
import pytest

from retargetbench.datasets.errors import UnknownName
from retargetbench.datasets.text_motion import items as item_module
from retargetbench.datasets.text_motion.errors import BadTextMotionFolder
from retargetbench.datasets.text_motion.feature_motions import FeatureMotions
from retargetbench.datasets.text_motion.folder import read_folder
from retargetbench.datasets.text_motion.items import load_test_items
from retargetbench.datasets.text_motion.layouts import HUMANML3D, KIT_ML


def opened(path, layout=HUMANML3D):
    return read_folder(path, layout, captioned=("test",))


@pytest.fixture(scope="module")
def folder(humanml3d):
    return opened(humanml3d)


def ids(items):
    return [item.motion for item in items.items]


def test_the_variants_leave_out_mirror_images_and_what_overlaps_training(folder):
    assert ids(load_test_items(folder)) == sorted(folder.splits["test"])
    assert ids(load_test_items(folder, "no-mirror")) == ["000006", "000007", "000008", "000009", "000010", "000011"]
    assert ids(load_test_items(folder, "clean")) == ["000008", "000010", "000011", "M000008", "M000010", "M000011"]
    assert ids(load_test_items(folder, "clean-no-mirror")) == ["000008", "000010", "000011"]
    assert len({load_test_items(folder, variant).sha256 for variant in item_module.VARIANTS}) == 5


def test_humanact12_can_be_left_out_with_its_mirror_images(own_folder):
    index = own_folder.parent / "index.csv"
    index.write_text(index.read_text().replace("./pose_data/KIT/9/", "./pose_data/humanact12/humanact12/"))
    folder = opened(own_folder)
    left_out = set(ids(load_test_items(folder))) - set(ids(load_test_items(folder, "no-humanact12")))
    assert left_out == {"000010", "M000010"}


def test_kit_ml_does_not_say_what_was_cut_from_where_and_has_no_clean_variant(kit_ml):
    folder = opened(kit_ml, KIT_ML)
    assert load_test_items(folder, "no-mirror").items[0].campaign == ""
    with pytest.raises(UnknownName, match="no variant of retrieval/kit-ml 'clean'"):
        load_test_items(folder, "clean")


def test_a_motion_is_the_part_of_its_first_caption_with_all_captions_of_that_part(folder):
    items = {item.motion: item for item in load_test_items(folder).items}
    assert items["000006"].captions == ("a person walks.", "someone strolls")
    assert items["000007"].captions == ("raises the left arm", "lifts an arm")
    assert load_test_items(folder).other_parts == 1
    assert (items["M000007"].recording, items["M000007"].campaign) == ("./pose_data/CMU/1/walk.npy", "CMU")


def test_the_data_version_hangs_on_ids_parts_captions_and_recordings_alone(own_folder):
    before = load_test_items(opened(own_folder)).sha256
    (own_folder / "test.txt").write_text("\n".join(reversed((own_folder / "test.txt").read_text().split())))
    (own_folder / "new_joint_vecs" / "000006.npy").unlink()
    assert load_test_items(opened(own_folder)).sha256 == before
    changed = own_folder / "texts" / "000007.txt"
    words = changed.read_text()
    for other in (
        words.replace("left", "Left"),
        words.replace("#2.0#1.0", "#2.5#1.0"),
        words.replace("#1.0#2.0", "#1#3"),
    ):
        changed.write_text(other)
        assert load_test_items(opened(own_folder)).sha256 != before
    changed.write_text(words)
    assert load_test_items(opened(own_folder)).sha256 == before
    index = own_folder.parent / "index.csv"
    index.write_text(index.read_text().replace("other.npy", "another.npy"))
    assert load_test_items(opened(own_folder)).sha256 != before


def test_the_dissimilar_list_is_tmrs_or_refused(own_folder, monkeypatch):
    listed = own_folder / "nsim_test.txt"
    listed.write_text("000010\nM000006\n000777\n")
    with pytest.raises(
        BadTextMotionFolder, match=r"nsim_test.txt is not TMR's list of dissimilar motions; take that one"
    ):
        load_test_items(opened(own_folder))
    digest = hashlib.sha256(b"000010\n000777\nM000006").hexdigest()
    monkeypatch.setitem(item_module.DISSIMILAR_SHA256, "humanml3d", digest)
    assert load_test_items(opened(own_folder)).dissimilar == ("000010", "M000006")
    assert load_test_items(opened(own_folder), "clean").dissimilar == ("000010",)


def test_a_folder_without_the_list_has_no_dissimilar_motions(folder):
    assert load_test_items(folder).dissimilar is None


def test_nothing_left_is_said(own_folder):
    (own_folder / "test.txt").write_text("000009\nM000009\n")
    with pytest.raises(BadTextMotionFolder, match="nothing of its test is left in the variant clean"):
        load_test_items(opened(own_folder), "clean")


def test_motions_are_read_when_asked_for_and_cut_to_their_part(folder):
    items = load_test_items(folder).items
    motions = FeatureMotions(folder, items)
    place = {item.motion: number for number, item in enumerate(items)}
    whole, part = motions[place["000006"]], motions[place["000007"]]
    assert len(motions) == 12
    assert (whole.frame_count, whole.fps, whole.duration_s) == (50, 20.0, 49 / 20)
    assert part.features.shape == (20, 263)
    np.testing.assert_array_equal(part.features, folder.features("000007")[20:40])
    assert whole.joints().shape == (50, 22, 3)
    assert [motion.frame_count for motion in motions[place["000006"] : place["000007"] + 1]] == [50, 20]


def test_a_part_behind_the_end_of_its_motion_is_named(own_folder):
    (own_folder / "texts" / "000006.txt").write_text("late#late/ADV#90.0#95.0\n")
    folder = opened(own_folder)
    with pytest.raises(
        BadTextMotionFolder, match="the first caption of 000006 is about a part behind the motion's end"
    ):
        FeatureMotions(folder, load_test_items(folder).items)[0]
