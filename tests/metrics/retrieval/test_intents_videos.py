"""The variant of the built-in test that has videos: what the user has made joins the motions and captions."""

import numpy as np
import pytest

from retargetbench.benchmark.tracks import NeedsDataRoot, open_retrieval
from retargetbench.datasets.intents.video_queries import NoVideoQueries
from retargetbench.datasets.readers.video import Video
from retargetbench.metrics.retrieval import intents
from retargetbench.metrics.retrieval.intents import load_intents_retrieval

GREY = Video(np.zeros((2, 4, 4, 3), dtype=np.uint8), np.arange(2) / 10)


class Made(list):
    """Videos of a folder, with the version of their files."""

    data_sha256 = "ab" * 32


@pytest.fixture
def joined(monkeypatch, tmp_path):
    monkeypatch.setattr(intents, "VideoQueries", lambda folder, planned: Made([GREY] * len(planned)))
    return load_intents_retrieval.__wrapped__("videos", tmp_path)


def test_other_files_of_videos_are_another_version_of_the_data(joined, monkeypatch, tmp_path):
    assert load_intents_retrieval.__wrapped__("videos", tmp_path).data_sha256 == joined.data_sha256
    monkeypatch.setattr(Made, "data_sha256", "cd" * 32)
    assert load_intents_retrieval.__wrapped__("videos", tmp_path).data_sha256 != joined.data_sha256


def test_every_motion_has_a_video_and_is_another_version_of_the_data(joined):
    captions = load_intents_retrieval()
    assert joined.items.captions == captions.items.captions
    assert joined.item_ids["video"] == tuple(f"{motion}.0" for motion in captions.items.motions)
    assert (len(joined.videos), len(captions.videos), "video" in captions.item_ids) == (1077, 0, False)
    assert len({joined.data_sha256, captions.data_sha256, load_intents_retrieval("detailed").data_sha256}) == 3


def test_without_the_videos_the_command_that_makes_them_is_named(tmp_path):
    said = "variant videos of retrieval/intents do not come .* or make them with: retargetbench film --out FOLDER"
    with pytest.raises(NeedsDataRoot, match=said):
        open_retrieval("retrieval/intents", "videos")
    with pytest.raises(NoVideoQueries, match="retargetbench film"):
        open_retrieval("retrieval/intents", "videos", tmp_path)
