"""Video queries of the test: who is seen, which part, and the files; no picture is rendered here."""

from dataclasses import replace

import numpy as np
import pytest

from retargetbench.datasets.intents import video_queries
from retargetbench.datasets.intents.bodies import body_names
from retargetbench.datasets.intents.retrieval_items import load_retrieval_items
from retargetbench.datasets.intents.video_queries import (
    MANIFEST,
    PER_FILE,
    MadeVideo,
    NoVideoQueries,
    PlannedVideo,
    VideoQueries,
    file_of,
    finish_videos,
    holds,
    plan_sha256,
    plan_videos,
    write_videos,
)
from retargetbench.datasets.manifest import DamagedData
from retargetbench.datasets.spans import shown_span
from retargetbench.metrics.retrieval.collection import RetrievalSet
from retargetbench.metrics.retrieval.scoring import RetrievalSettings, all_scores, score_submission
from retargetbench.reference_model.baselines.retrieval.untrained import duration_embeddings

PLANNED = tuple(PlannedVideo(f"{number:08x}", f"motion {number}", ("thin", "old")) for number in range(PER_FILE + 2))


@pytest.fixture(scope="module")
def items():
    return load_retrieval_items()


@pytest.fixture
def folder(tmp_path):
    for number, start in enumerate(range(0, len(PLANNED), PER_FILE)):
        write_videos(file_of(tmp_path, number), [_made(video) for video in PLANNED[start : start + PER_FILE]])
    finish_videos(tmp_path, PLANNED)
    return tmp_path


def _made(video):
    grey = int(video.id, 16)
    times_s = np.arange(4, dtype=np.float32) / 10 + grey
    return MadeVideo(video, "old", video.span(12), 12, np.full((4, 3, 8, 8), grey, dtype=np.uint8), times_s)


def test_every_video_shows_another_body_of_the_test_and_a_part_of_the_motion(items):
    planned = plan_videos(items)
    assert len(planned) == len(items.items) == 1077
    for video, item in zip(planned, items.items, strict=True):
        assert video.id == item.id
        assert set(video.bodies) == set(body_names("test")) - {item.solved.body}
        count = item.solved.motion.frame_count
        span = video.span(count)
        assert 0 < span.start < span.stop < count
        assert 0.49 <= len(span) / count <= 0.91
    firsts = [video.bodies[0] for video in planned]
    assert min(firsts.count(name) for name in body_names("test")) > 40


def test_the_length_of_a_video_says_next_to_nothing_of_its_motion(items):
    """Whole videos: R@10 of 59 %. Here even a reader who knows how much is cut off on an average is near chance."""
    counts = [item.solved.motion.frame_count for item in items.items]
    shown = [len(v.span(count)) / 0.7 for v, count in zip(plan_videos(items), counts, strict=True)]
    whole = RetrievalSet([item.id for item in items.items], video_of=np.arange(len(counts)))
    told = duration_embeddings({"motion": [c / 30 for c in counts], "video": [c / 30 for c in shown]})
    scores = all_scores(score_submission(whole, told, RetrievalSettings(("all-strict",))))
    assert scores["v2m/R@10@1[all-strict,1077]"] < 4
    assert scores["m2v/R@10@1[all-strict,1077]"] < 4


def test_ids_bodies_and_both_ends_of_the_spans_decide_the_version(items, monkeypatch):
    planned = plan_videos(items)
    other_body = (replace(planned[0], bodies=planned[0].bodies[::-1]), *planned[1:])
    versions = {plan_sha256(planned), plan_sha256(planned[:-1]), plan_sha256(other_body)}
    assert plan_sha256(plan_videos(items)) == plan_sha256(planned)
    for first, last in ((1, 0), (0, 1)):

        def shifted(name, count, first=first, last=last):
            span = shown_span(name, count)
            return range(span.start + first, span.stop - last)

        monkeypatch.setattr(video_queries, "shown_span", shifted)
        versions.add(plan_sha256(planned))
    assert len(versions) == 5


def test_videos_are_read_in_the_order_of_the_gallery(folder):
    videos = VideoQueries(folder, PLANNED)
    assert len(videos) == len(PLANNED) == len(list(videos))
    assert [int(video.frames.max()) for video in videos[PER_FILE - 2 :]] == [10, 11, 12, 13]
    assert videos[-1].frames.shape == (4, 8, 8, 3)
    assert videos[3].duration_s == pytest.approx(0.3)


def test_one_other_picture_is_another_version(folder):
    before = VideoQueries(folder, PLANNED).data_sha256
    finish_videos(folder, PLANNED)
    assert VideoQueries(folder, PLANNED).data_sha256 == before
    last = [_made(video) for video in PLANNED[PER_FILE:]]
    last[0].images[0, 0, 0, 0] += 1
    write_videos(file_of(folder, 1), last)
    finish_videos(folder, PLANNED)
    assert VideoQueries(folder, PLANNED).data_sha256 != before


def test_a_file_of_other_videos_bodies_or_spans_is_made_anew(folder, monkeypatch):
    first, path = PLANNED[:PER_FILE], file_of(folder, 0)
    assert holds(path, first)
    assert holds(file_of(folder, 1), PLANNED[PER_FILE:])
    assert not holds(path, PLANNED[1 : PER_FILE + 1])
    assert not holds(path, PLANNED[: PER_FILE - 1])
    assert not holds(file_of(folder, 7), first)
    assert not holds(path, [replace(video, bodies=("thin",)) for video in first])
    monkeypatch.setattr(video_queries, "shown_span", lambda name, count: range(1, count))
    assert not holds(path, first)


def test_a_folder_without_videos_with_other_ones_or_damaged_is_refused(folder, tmp_path):
    with pytest.raises(NoVideoQueries, match=r"has no videos.manifest.json; make the videos with `retargetbench film"):
        VideoQueries(tmp_path / "nowhere", PLANNED)
    with pytest.raises(NoVideoQueries, match="of other data or another version"):
        VideoQueries(folder, PLANNED[1:])
    file_of(folder, 1).write_bytes(b"")
    with pytest.raises(DamagedData, match="videos-0001"):
        VideoQueries(folder, PLANNED)
    (folder / MANIFEST).unlink()
    with pytest.raises(NoVideoQueries):
        VideoQueries(folder, PLANNED)
