import pytest

from retargetbench.benchmark.tracks import TRACKS, NeedsDataRoot, UnknownTrack, UnknownVariant, find_track, open_track
from retargetbench.datasets.clip_set import SPLITS
from retargetbench.metrics.declarations import find_metric, metric_keys


def test_the_two_tracks_are_declared_under_their_ids():
    assert set(TRACKS) == {"retarget/intents", "retarget/open-characters"}
    assert all(track.id == key and track.variants and track.version >= 1 for key, track in TRACKS.items())
    assert find_track("retarget/intents").splits == SPLITS


def test_a_track_scores_every_metric_that_its_data_allows():
    assert find_track("retarget/intents").metric_keys == metric_keys()
    open_keys = find_track("retarget/open-characters").metric_keys
    assert "pen_limb@1" in open_keys
    assert not {find_metric(key).needs for key in open_keys} & {"reference", "goals"}


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
