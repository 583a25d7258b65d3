"""Mirrors, overlaps and equal captions: counted on a small folder by hand, and on HumanML3D's real lists."""

import lzma

import numpy as np
import pytest

from retargetbench.datasets.text_motion.captions import Caption
from retargetbench.datasets.text_motion.folder import original_of, read_folder, read_ids
from retargetbench.datasets.text_motion.layouts import HUMANML3D
from retargetbench.datasets.text_motion.reports import (
    DuplicateReport,
    MirrorReport,
    OverlapReport,
    duplicate_report,
    mirror_report,
    overlap_report,
)
from retargetbench.datasets.text_motion.windows import Overlap, Window, overlaps, read_windows


def test_the_small_folder_has_the_counts_that_were_put_into_it(humanml3d):
    folder = read_folder(humanml3d, HUMANML3D)
    train, test = folder.splits["train"], folder.splits["test"]
    assert mirror_report(test) == MirrorReport(12, 6, ())
    assert overlap_report(test, train, folder.windows) == OverlapReport(
        motions=6, same_recording=4, overlapping=3, half_inside=2, identical=1, median_iou=1 / 3
    )
    assert duplicate_report({motion: folder.captions[motion] for motion in test}) == DuplicateReport(
        motions=12, distinct=11, sharing=2, most=("a person walks", 3), mirrored=6, mirrored_equal=1
    )


def test_a_mirrored_motion_whose_original_is_elsewhere_is_named():
    assert mirror_report(["000001", "M000001", "M000002"]) == MirrorReport(3, 2, ("M000002",))


def test_overlaps_agree_with_counting_frames_one_by_one():
    generator = np.random.default_rng(0)
    windows = {}
    for number in range(120):
        start = int(generator.integers(0, 60))
        windows[f"{number}"] = Window(f"file {generator.integers(0, 6)}", start, start + int(generator.integers(1, 40)))
    names = [*windows]
    test, train = names[:60], names[60:]
    frames = {name: {(w.recording, frame) for frame in range(w.start, w.stop)} for name, w in windows.items()}
    expected = {}
    for motion in test:
        shares = [len(frames[motion] & frames[other]) / len(frames[motion]) for other in train]
        ious = [len(frames[motion] & frames[other]) / len(frames[motion] | frames[other]) for other in train]
        if max(shares) > 0:
            expected[motion] = Overlap(max(shares), max(ious))
    found = overlaps(test, train, windows)
    assert 20 < len(expected) < 60
    assert found.keys() == expected.keys()
    for motion, overlap in found.items():
        assert (overlap.share, overlap.iou) == pytest.approx((expected[motion].share, expected[motion].iou))


def test_a_whole_recording_overlaps_every_window_of_it_as_far_as_can_be():
    windows = {"a": Window("x", 0, -1), "b": Window("x", 900, 950), "c": Window("y", 0, -1)}
    assert overlaps(["b"], ["a", "c"], windows) == {"b": Overlap(1.0, 1.0)}
    assert overlaps(["c"], ["a", "b"], windows) == {}


def test_captions_are_equal_as_strings_and_the_most_frequent_one_folds_case_and_full_stop():
    captions = {
        str(n): [Caption(text), Caption("other")] for n, text in enumerate(["Walks.", "walks", "walks ", "runs"])
    }
    report = duplicate_report(captions)
    assert (report.distinct, report.sharing, report.most) == (4, 0, ("walks", 3))


@pytest.fixture(scope="module")
def real(shared_data, tmp_path_factory):
    """Ids of the real splits, and the windows of the real index."""
    folder = shared_data / "humanml3d"
    index = tmp_path_factory.mktemp("index") / "index.csv"
    index.write_bytes(lzma.decompress((folder / "index.csv.xz").read_bytes()))
    windows, problems = read_windows(index)
    assert problems == []
    return {name: read_ids(folder / f"{name}.txt")[0] for name in ("train", "val", "test")}, windows


@pytest.mark.shared
def test_splits_mirrors_and_overlaps_of_the_real_humanml3d_are_those_of_the_facts(real):
    splits, windows = real
    counted = {name: mirror_report(ids) for name, ids in splits.items()}
    assert {name: (report.motions, report.mirrored) for name, report in counted.items()} == {
        "train": (23384, 11692),
        "val": (1460, 730),
        "test": (4384, 2192),
    }
    assert all(report.alone == () for report in counted.values())
    assert len(windows) == 14616
    assert len({window.recording for window in windows.values()}) == 11715
    report = overlap_report(splits["test"], splits["train"], windows)
    assert (report.motions, report.same_recording, report.overlapping, report.half_inside) == (2192, 668, 414, 137)
    assert (report.identical, round(report.median_iou, 2)) == (0, 0.26)
    campaigns = [windows[motion].campaign for motion in splits["test"] if motion in windows]
    assert campaigns.count("humanact12") == 171
    assert sum(windows[original_of(motion)].campaign != "humanact12" for motion in splits["test"]) == 4042
    assert len(set(campaigns)) == 18
    people = {windows[motion].recording.rpartition("/")[0] for motion in splits["test"] if motion in windows}
    assert len(people) == 351  # by the recordings' folders; docs/text-motion-data.md says why they are no clusters
