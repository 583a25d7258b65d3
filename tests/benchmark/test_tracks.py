import pytest

from retargetbench.benchmark.tracks import (
    TRACKS,
    NeedsDataRoot,
    UnknownTrack,
    UnknownVariant,
    WrongTask,
    find_track,
    open_recognition,
    open_retrieval,
    open_track,
)
from retargetbench.datasets.clip_set import SPLITS
from retargetbench.metrics.declarations import find_metric, metric_keys


def test_the_tracks_are_declared_under_their_ids():
    assert set(TRACKS) == {
        "retarget/intents",
        "retarget/open-characters",
        "retrieval/intents",
        "retrieval/humanml3d",
        "retrieval/kit-ml",
        "retrieval/open-clips",
        "recognition/intents",
        "recognition/babel-60",
    }
    assert all(track.id == key and track.variants and track.version >= 1 for key, track in TRACKS.items())
    assert find_track("retarget/intents").splits == SPLITS


def test_a_track_scores_every_metric_that_its_data_allows():
    every = {find_metric(key).needs for key in metric_keys()}
    for track_id, lacks in (
        ("retarget/intents", {"source-proxy"}),
        ("retarget/open-characters", {"reference", "goals"}),
    ):
        keys = find_track(track_id).metric_keys
        assert {find_metric(key).needs for key in keys} == every - lacks
        assert keys == metric_keys(every - lacks)


@pytest.mark.parametrize(
    ("arguments", "error", "complaint"),
    [
        (("retarget/intent",), UnknownTrack, r"there is no track 'retarget/intent'. Did you mean 'retarget/intents'"),
        (("nothing like it",), UnknownTrack, "Known: recognition/babel-60, recognition/intents, ret"),
        (("retarget/intents", "minni"), UnknownVariant, "no variant of retarget/intents 'minni'. Did you mean 'mini'"),
        (
            ("retarget/open-characters",),
            NeedsDataRoot,
            "with --data-root, or fetch them with: retargetbench data fetch open-characters",
        ),
    ],
)
def test_a_wrong_name_is_answered_before_any_data_is_touched(arguments, error, complaint):
    with pytest.raises(error, match=complaint):
        open_track(*arguments)


@pytest.mark.parametrize(
    ("opened", "track", "complaint"),
    [
        (
            open_track,
            "retrieval/intents",
            "is a retrieval track; this is for retargeting tracks: retarget/intents, ret",
        ),
        (open_recognition, "retrieval/intents", "this is for recognition tracks: recognition/babel-60, rec"),
        (open_retrieval, "retarget/intents", "is a retargeting track; this is for retrieval tracks: retrieval/humanm"),
    ],
)
def test_a_track_of_another_task_is_answered_with_the_ones_that_fit(opened, track, complaint):
    with pytest.raises(WrongTask, match=complaint):
        opened(track)


def test_a_retrieval_track_declares_the_columns_of_its_data():
    track, items = find_track("retrieval/intents"), open_retrieval("retrieval/intents").items
    keys = [find_metric(key) for key in track.metric_keys]
    galleries = {(metric.column.direction, len(metric.column.words) % 2): metric.column.gallery for metric in keys}
    assert galleries == {
        ("t2m", 0): len(items.motions),
        ("t2m", 1): len(items.motions),
        ("m2t", 0): len(items.motions),
        ("m2t", 1): len(items.captions),
    }
    assert {f"dropped={len(items.motions) % 32}"} == {w for m in keys for w in m.column.words if w.startswith("drop")}


def test_a_recognition_track_declares_the_classes_of_its_data():
    track, data = find_track("recognition/intents"), open_recognition("recognition/intents")
    assert track.classes == len(data.classes)
    assert track.metric_keys == ("top1@1[79]", "top5@1[79]", "macro@1[79]", "r_precision@1[79]")


def test_a_data_root_that_is_no_folder_is_named(tmp_path):
    with pytest.raises(NeedsDataRoot, match=f"--data-root {tmp_path / 'nowhere'} is not a folder"):
        open_track("retarget/open-characters", data_root=tmp_path / "nowhere")
