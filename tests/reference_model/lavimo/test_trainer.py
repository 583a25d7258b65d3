"""The trainer from motions to measured weights, and the search that asks them; the quick preset."""

import json
from dataclasses import replace

import numpy as np
import pytest
import torch

from retargetbench.datasets.intents.motion_jobs import body_of
from retargetbench.datasets.intents.motion_shards import SolvedMotion
from retargetbench.datasets.readers.video import Video
from retargetbench.reference_model.lavimo import search as search_module
from retargetbench.reference_model.lavimo.errors import NothingAsked, NoVideos
from retargetbench.reference_model.lavimo.retriever import load_lavimo
from retargetbench.reference_model.lavimo.search_command import Search
from retargetbench.reference_model.lavimo.weights import LAVIMO_WEIGHTS
from retargetbench.reference_model.trained_weights import NoWeights
from retargetbench.reference_model.training.errors import TrainedOnTest


@pytest.fixture(scope="module")
def retriever(options, trained):
    return load_lavimo(options.weights_folder)


def test_from_motions_to_measured_weights_with_a_card(options, trained, counting):
    rendered, done = trained
    assert (rendered["videos"], rendered["motions"]) == (18, 9)
    assert done["steps"] == 4
    assert "done" in done["lines"][0]
    sha = LAVIMO_WEIGHTS.sha256(options.weights_folder)
    assert options.carry_out(counting)["steps"] == 4
    assert LAVIMO_WEIGHTS.sha256(options.weights_folder) == sha  # nothing was trained again
    found = replace(options, action="evaluate", preset="tiny").carry_out(counting)  # the weights know what they are
    assert found["next"].startswith(
        f"LAVIMO={options.weights_folder} retargetbench run lavimo --track retrieval/intents"
    )
    card = json.loads((options.weights_folder / "card.json").read_text())
    assert "rotations copied" in card["video_queries"]
    assert "not the videos of the track retrieval/intents" in found["lines"][-1]
    assert (card["name"], card["trained_on"]) == ("lavimo", ["Intents motions, part val"])
    assert card["scores"] == found["scores"]
    assert card["weights_sha256"] == sha
    assert "--preset quick" in card["trained"]["command"]
    for direction in ("t2m", "m2t", "v2m", "m2v", "t2v", "v2t"):
        assert 0 <= card["scores"][f"{direction}/R@1@1[all-strict,9]"] <= 100
        assert f"{direction}/R@10@1[same-meaning,9]" in card["scores"]
    assert "t2m/R@1@1[all-strict,9,captions=all]" in card["scores"]


def test_a_second_run_shares_videos_and_eyes_and_may_know_no_videos(options, trained, counting):
    two = replace(options, name="two", modalities="two", steps=2)
    assert "two" in two.carry_out(counting)["folder"]
    asked = load_lavimo(two.weights_folder)
    assert asked.embed_text(["a person bows"]).shape == (1, 32)
    with pytest.raises(NoWeights, match="text and motion alone"):
        asked.embed_frames(np.zeros((1, 4, 3, 32, 32), np.uint8), np.zeros((1, 4)))
    assert not (two.weights_folder / "sight.safetensors").exists()
    found = replace(two, action="evaluate", modalities="three").carry_out(counting)
    assert {key.partition("/")[0] for key in found["scores"]} == {"t2m", "m2t"}
    assert found["next"].startswith(f"LAVIMO_TWO={two.weights_folder} retargetbench run lavimo-two --track")
    assert "video" not in found["lines"][-1]


def test_time_that_is_over_stops_before_the_encoders(options, trained, counting):
    late = replace(options, out=options.out.parent / "late", minutes=0.0)
    replace(late, action="render").carry_out(counting)
    done = late.carry_out(counting)
    assert done["sight_steps"] == 0
    assert "goes on" in done["lines"][0]


def test_what_is_missing_is_said(options, trained, counting, tmp_path):
    with pytest.raises(TrainedOnTest, match="--part train"):
        replace(options, part="test").carry_out(counting)
    with pytest.raises(NoVideos, match="render"):
        replace(options, out=tmp_path).carry_out(counting)
    with pytest.raises(NoVideos, match="--preset paper wants 16 of 224"):
        replace(options, preset="paper").carry_out(counting)
    with pytest.raises(NoWeights, match="retargetbench train lavimo"):
        replace(options, out=tmp_path, action="evaluate").carry_out(counting)


def test_vectors_have_length_one_and_the_same_question_the_same_answer(retriever, wander):
    motion = wander(body_of("average_man"), 30)
    texts = retriever.embed_text(["a person claps", "ein völlig neues Wort"])
    motions = retriever.embed_motion([motion, motion.window(0, 20)])
    frames = np.random.default_rng(0).integers(0, 256, (9, 40, 30, 3)).astype(np.uint8)
    videos = retriever.embed_video([Video(frames, np.arange(9) / 10), Video(frames[:2], np.arange(2) / 10)])
    for vectors in (texts, motions, videos):
        assert vectors.shape == (2, 32)
        assert torch.allclose(vectors.norm(dim=1), torch.ones(2), atol=1e-5)
        assert not torch.allclose(vectors[0], vectors[1])
    assert torch.allclose(retriever.embed_motion([motion])[0], motions[0], atol=1e-5)
    assert retriever.embed_text([]).shape == (0, 32)


def test_a_search_shows_the_nearest_motions(options, trained, retriever, counting, wander, monkeypatch, tmp_path):
    body = body_of("average_man")
    words = {"captions": [{"text": "Short."}, {"text": "A longer caption."}], "detailed": "All of it.", "meaning": {}}
    gallery = tuple(SolvedMotion(f"m{n}", "wave", "average_man", wander(body, 20 + n, seed=n), words) for n in range(5))
    monkeypatch.setattr(search_module, "load_motions", lambda: gallery)
    asked = Search("a person claps", top=2, weights=options.weights_folder, sheet=tmp_path / "found.png")
    found = asked.carry_out(counting)
    query, motions = retriever.embed_text(["a person claps"]), retriever.embed_motion([one.motion for one in gallery])
    best = (motions @ query[0]).argsort(descending=True, stable=True)[:2].tolist()
    assert [entry["motion"] for entry in found["found"]] == [f"m{index}" for index in best]
    assert found["lines"][-1] == str(tmp_path / "found.png")
    assert (tmp_path / "found.png").stat().st_size > 1000
    monkeypatch.setattr(type(retriever), "embed_motion", None)  # the second search reads what the first one kept
    assert asked.carry_out(counting)["found"] == found["found"]


def test_a_search_for_a_video_reads_the_file(options, trained, counting, wander, monkeypatch, tmp_path):
    av = pytest.importorskip("av")
    path = tmp_path / "clip.mp4"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("mpeg4", rate=10)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        for number in range(6):
            picture = np.full((48, 64, 3), 40 * number, np.uint8)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        container.mux(stream.encode())
    words = {"captions": [{"text": "Short."}, {"text": "A longer caption."}]}
    gallery = (SolvedMotion("only", "wave", "average_man", wander(body_of("average_man"), 20), words),)
    monkeypatch.setattr(search_module, "load_motions", lambda: gallery)
    asked = Search(video=path, weights=options.weights_folder, sheet=tmp_path / "found.png")
    assert [entry["motion"] for entry in asked.carry_out(counting)["found"]] == ["only"]


def test_a_search_needs_one_question_and_weights(counting, tmp_path):
    with pytest.raises(NothingAsked, match="nothing to look for"):
        Search().carry_out(counting)
    with pytest.raises(NothingAsked, match="a text and --video"):
        Search("claps", tmp_path / "clip.mp4").carry_out(counting)
    with pytest.raises(NothingAsked, match="--top is 0"):
        Search("claps", top=0).carry_out(counting)
    with pytest.raises(NoWeights, match="holds no weights of LAVIMO"):
        Search("claps", weights=tmp_path).carry_out(counting)
