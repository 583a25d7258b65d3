"""BABEL-60 on small files of the same layout, made here: segments are cut and counted as its own code does."""

import json

import numpy as np
import pytest

from retargetbench.benchmark.tracks import NeedsDataRoot, find_track, open_recognition
from retargetbench.datasets.babel.errors import BadBabelFolder
from retargetbench.datasets.errors import UnknownName
from retargetbench.datasets.readers.errors import BadAmass
from retargetbench.metrics.recognition.babel import load_babel

from ...datasets.readers.test_amass import save_capture

CLASSES = [f"act {k}" for k in range(60)]
FIRST, SECOND, THIRD = (
    "KIT/KIT/3/kick_poses.npz",
    "BMLrub/BioMotionLab_NTroje/rub001/0001_poses.npz",
    "A/A/s1/x_poses.npz",
)


def label(seg_id, categories, start=None, end=None):
    times = {} if start is None else {"start_t": start, "end_t": end}
    return {"raw_label": "x", "proc_label": "x", "seg_id": seg_id, "act_cat": categories, **times}


def sequence(sid, feat_p, dur, frames=None, whole=()):
    of_frames = None if frames is None else {"babel_lid": "f", "anntr_id": "a", "labels": list(frames)}
    of_sequence = {"babel_lid": "s", "anntr_id": "a", "labels": list(whole)}
    return {"babel_sid": sid, "url": "", "feat_p": feat_p, "dur": dur, "frame_ann": of_frames, "seq_ann": of_sequence}


ENTRIES = {
    "10": sequence(10, SECOND, 2.0, whole=[label("w", ["act 5"])]),
    "9": sequence(
        9,
        FIRST,
        12.0,
        frames=[
            label("a", ["act 1", "act 2"], 0.0, 11.0),
            label("b", ["unknown"], 1.0, 2.0),
            label("c", None, 2.0, 3.0),
            label("d", ["unknown", "act 3"], 11.5, 13.0),
            label("e", ["act 4"], 5.0, 5.01),
        ],
        whole=[label("z", ["act 7"])],
    ),
}


@pytest.fixture
def root(tmp_path):
    """A folder as a user has it."""
    (tmp_path / "val.json").write_text(json.dumps(ENTRIES))
    ranks = {name: rank for rank, name in enumerate([*CLASSES, "unknown"])}
    (tmp_path / "action_label_2_idx.json").write_text(json.dumps(dict(reversed(ranks.items()))))
    save_capture(tmp_path / "amass/KIT/3/kick_poses.npz", frames=1200, fps=100.0)
    save_capture(tmp_path / "amass/BMLrub/rub001/0001_stageii.npz", frames=240, rate="mocap_frame_rate")
    return tmp_path


def test_segments_are_cut_into_chunks_of_five_seconds_with_the_categories_that_are_classes(root):
    data = load_babel("any", root)
    assert data.ids == ("9/a/0", "9/a/1", "9/a/2", "9/d/0", "10/w/0")
    shown = [[data.classes[k] for k in np.flatnonzero(row)] for row in data.truth]
    assert shown == [["act 1", "act 2"]] * 3 + [["act 3"], ["act 5"]]
    assert data.classes == tuple(CLASSES)
    assert list(data.structures) == ["9", "9", "9", "9", "10"]
    assert (data.bodies[0], data.bodies[4]) == ("KIT/KIT/3", "BMLrub/BioMotionLab_NTroje/rub001")


def test_motions_are_read_from_either_release_of_amass_when_they_are_asked_for(root):
    motions = load_babel("any", root).motions
    assert [motion.frame_count for motion in motions] == [150, 150, 30, 15, 60]
    np.testing.assert_allclose(motions[1].root_translation_m[0, 2], 5.0, atol=1e-6)  # where the second chunk begins
    assert [motion.frame_count for motion in motions[3:]] == [15, 60]


def test_each_counts_a_chunk_once_for_each_of_its_categories(root):
    data = load_babel("each", root)
    assert data.ids[:3] == ("9/a/0/0", "9/a/0/1", "9/a/1/0")
    assert (data.truth.sum(axis=1) == 1).all()
    assert [data.classes[k] for k in data.truth.argmax(axis=1)[:2]] == ["act 1", "act 2"]
    assert data.data_sha256 != load_babel("any", root).data_sha256
    with pytest.raises(UnknownName, match="any"):
        load_babel("all", root)


def test_missing_captures_are_named_before_one_is_read(root):
    entries = {**ENTRIES, "11": sequence(11, THIRD, 1.0, whole=[label("t", ["act 0"])])}
    (root / "val.json").write_text(json.dumps(entries))
    data = load_babel("any", root)  # labels are enough to check and score
    with pytest.raises(BadBabelFolder, match=r"lacks 1 of 3 captures, for example A/A/s1/x_poses.npz"):
        data.motions[0]


@pytest.mark.parametrize("feat_p", ["/etc/x_poses.npz", "KIT/../../secret_poses.npz"])
def test_a_name_that_leads_out_of_the_folder_is_no_capture(root, feat_p):
    (root / "val.json").write_text(json.dumps({"1": sequence(1, feat_p, 1.0, whole=[label("t", ["act 0"])])}))
    with pytest.raises(BadBabelFolder, match="lacks 1 of 1 captures"):
        load_babel("any", root).motions[0]


def test_a_capture_that_is_shorter_than_its_segment_or_broken_is_told(root):
    save_capture(root / "amass/KIT/3/kick_poses.npz", frames=100, fps=100.0)
    with pytest.raises(BadBabelFolder, match=r"has 30 frames .* 9/a/1 begins at frame 150"):
        load_babel("any", root).motions[1]
    (root / "amass/BMLrub/rub001/0001_stageii.npz").write_text("no")
    with pytest.raises(BadAmass, match="cannot be read"):
        load_babel("any", root).motions[4]


WRONG = {
    "no labels": ("val.json", None, "lacks val.json; expected"),
    "no classes": ("action_label_2_idx.json", None, "lacks action_label_2_idx.json"),
    "no JSON": ("val.json", "{", "is no JSON"),
    "a list": ("val.json", [], "no JSON object"),
    "no path": ("val.json", {"1": {"dur": 1}}, "1 of 1 sequences lack feat_p"),
    "no times": ("val.json", {"1": sequence(1, FIRST, 1.0, [label("a", ["act 1"])])}, "lack feat_p, dur or labels"),
    "no length": ("val.json", {"1": sequence(1, FIRST, float("nan"), [], [label("a", ["act 1"])])}, "lack feat_p, dur"),
    "no class shown": ("val.json", {"1": sequence(1, FIRST, 1.0, whole=[label("a", [])])}, "no segment in"),
    "59 classes": ("action_label_2_idx.json", {c: k for k, c in enumerate(CLASSES[:59])}, "names 59 of the categories"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_bad_folder_is_told_in_one_sentence(root, name):
    file, content, said = WRONG[name]
    if content is None:
        (root / file).unlink()
    else:
        (root / file).write_text(content if isinstance(content, str) else json.dumps(content))
    with pytest.raises(BadBabelFolder, match=said):
        load_babel("any", root)


def test_the_track_opens_the_folder_and_says_where_to_get_the_files(root):
    track = find_track("recognition/babel-60")
    assert track.metric_keys[0] == "top1@1[60]"
    assert len(open_recognition(track.id, "each", root).ids) == 8
    with pytest.raises(NeedsDataRoot, match=r"--data-root, or get BABEL and AMASS .* docs/recognition.md"):
        open_recognition(track.id)
