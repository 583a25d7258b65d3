"""Real named animations as a track: a method that is run is given sentences, motions and videos, and is scored."""

import json

import numpy as np
import pytest

from retargetbench.benchmark.cli.main import main
from retargetbench.benchmark.running.item_handover import read_items, write_items
from retargetbench.benchmark.tracks import NeedsDataRoot, find_track, open_retrieval
from retargetbench.datasets.collections.open_clips.clips import VARIANTS
from retargetbench.datasets.readers.video import Video
from retargetbench.metrics.declarations import find_metric

from ...datasets.collections.made_clips import make_clips

TRACK = "retrieval/open-clips"
METHOD = """
import numpy as np

card = {"name": "mine", "version": "1"}


def embed_motion(motions, *, seed):
    return np.array([[1.0, m.duration_s] for m in motions])


def embed_video(videos, *, seed):
    return np.array([[float(v.frames.mean() < 0), v.duration_s + len(v.frames)] for v in videos])


def embed_text(captions, *, seed):
    return np.array([[1.0, len(c)] for c in captions])
"""
LOOKS = """
import numpy as np

card = {"name": "looks", "version": "1"}


def embed_motion(motions, *, seed):
    return np.array([[1.0, 0.0] if m.duration_s < 0.5 else [0.0, 1.0] for m in motions])


def embed_video(videos, *, seed):
    return np.array([[1.0, 0.0] if v.frames.mean() < 108 else [0.0, 1.0] for v in videos])
"""
"""The short animation is the one whose preview is dark."""


@pytest.fixture
def made(tmp_path, monkeypatch):
    return make_clips(tmp_path / "data", monkeypatch)


def test_the_declared_keys_are_those_of_the_default_variant():
    track = find_track(TRACK)
    assert track.variants == VARIANTS
    columns = {find_metric(key).column for key in track.metric_keys}
    assert {column.gallery for column in columns} == {243}
    assert {column.protocol for column in columns} == {"all-strict", "all-samecaption", "same-meaning", "batches-32"}


def test_without_the_files_the_command_that_gets_them_is_named():
    with pytest.raises(NeedsDataRoot, match="or fetch them with: retargetbench data fetch open-clips"):
        open_retrieval(TRACK)


def test_sentences_and_meanings_come_from_names_and_intervals_are_one_way(made, tmp_path, capsys):
    (tmp_path / "method.py").write_text(METHOD)
    words = ("--track", TRACK, "--data-root", str(made))
    assert main(["run", "mine", "--plugin", str(tmp_path / "method.py"), "--out", str(tmp_path / "run"), *words]) == 0
    assert main(["score", str(tmp_path / "run"), "--out", str(tmp_path / "results"), *words]) == 0
    assert "one-way interval: over motions alone" in capsys.readouterr().out
    [path] = (tmp_path / "results").glob("**/result.json")
    scores = json.loads(path.read_text())["scores"]["all"]
    strict, meaning = (scores[f"t2m/R@10@1[{protocol},12]"] for protocol in ("all-strict", "same-meaning"))
    assert strict["value"] <= meaning["value"]
    assert strict["lo"] is not None
    assert strict["clusters"] == {"motions": 10, "bodies": 0}
    assert scores["t2m/MedR@1[same-meaning,12]"]["note"].startswith("one-way interval")


def test_previews_are_given_to_a_method_that_looks_and_searched_in_their_own_gallery(made, tmp_path, capsys):
    (tmp_path / "method.py").write_text(LOOKS)
    words = ("--track", TRACK, "--variant", "previews", "--data-root", str(made))
    assert main(["run", "mine", "--plugin", str(tmp_path / "method.py"), "--out", str(tmp_path / "run"), *words]) == 0
    assert "embeddings of 2 motion, 4 video items" in capsys.readouterr().out
    assert main(["check", str(tmp_path / "run"), *words]) == 0
    assert main(["score", str(tmp_path / "run"), "--out", str(tmp_path / "results"), *words]) == 0
    [path] = (tmp_path / "results").glob("**/result.json")
    scores = json.loads(path.read_text())["scores"]["all"]
    found = scores["v2m/R@1@1[all-strict,2,subset=previews]"]
    assert (found["value"], found["n"], found["lo"]) == (100, 4, None)


def test_videos_arrive_as_they_were_sent_and_nothing_else_does(tmp_path):
    generator = np.random.default_rng(0)
    sent = [
        Video(generator.integers(0, 255, (frames, 6, 4, 3), dtype=np.uint8), np.arange(frames) / 7)
        for frames in (3, 12, 1)
    ]
    write_items(tmp_path, "video", sent)
    with np.load(tmp_path / "items.npz") as stored:
        assert {name.partition("/")[2] for name in stored.files} == {"frames", "times_s"}
    arrived = read_items(tmp_path, "video")
    for mine, theirs in zip(sent, arrived, strict=True):
        np.testing.assert_array_equal(mine.frames, theirs.frames)
        np.testing.assert_array_equal(mine.times_s, theirs.times_s)
