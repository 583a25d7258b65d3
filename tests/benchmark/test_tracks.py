import pytest

from retargetbench.benchmark.tracks import TRACKS, NeedsDataRoot, UnknownTrack, UnknownVariant, find_track, open_track
from retargetbench.datasets.clip_set import SPLITS
from retargetbench.metrics.declarations import find_metric, metric_keys


def test_the_two_tracks_are_declared_under_their_ids():
    assert set(TRACKS) == {"retarget/intents", "retarget/open-characters"}
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
        (("nothing like it",), UnknownTrack, "Known: retarget/intents, retarget/open-characters"),
        (("retarget/intents", "minni"), UnknownVariant, "no variant of retarget/intents 'minni'. Did you mean 'mini'"),
        (("retarget/open-characters",), NeedsDataRoot, "with --data-root, or fetch them with: retargetbench data"),
    ],
)
def test_a_wrong_name_is_answered_before_any_data_is_touched(arguments, error, complaint):
    with pytest.raises(error, match=complaint):
        open_track(*arguments)


def test_a_data_root_that_is_no_folder_is_named(tmp_path):
    with pytest.raises(NeedsDataRoot, match=f"--data-root {tmp_path / 'nowhere'} is not a folder"):
        open_track("retarget/open-characters", data_root=tmp_path / "nowhere")
