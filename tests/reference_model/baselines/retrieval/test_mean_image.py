"""The mean image embedding, with a CLIP of a few thousand random parameters."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from retargetbench.datasets.intents.bodies import load_body
from retargetbench.datasets.readers.video import Video
from retargetbench.metrics.semantics.registry import find_judge
from retargetbench.reference_model.baselines.retrieval.mean_image import FOLDER, FRAMES, JUDGE, MeanImage, NoClip

from ....metrics.semantics import tiny_judges


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tiny_judges.save_clip(tmp_path_factory.mktemp("judge") / "small-clip")


@pytest.fixture
def method(folder, monkeypatch):
    monkeypatch.setenv(JUDGE, "clip")
    monkeypatch.setenv(FOLDER, str(folder))
    return MeanImage()


def _video(frames, seed=0):
    generator = np.random.default_rng(seed)
    return Video(generator.integers(0, 255, (frames, 16, 16, 3), dtype=np.uint8), np.arange(frames) / 10)


def test_a_video_is_the_mean_of_its_pictures_whatever_their_order(method, folder):
    video = _video(FRAMES)
    backwards = replace(video, frames=video.frames[::-1])
    first, second = method.embed_video([video, backwards], seed=0)
    assert torch.allclose(first, second, atol=1e-5)
    assert float(first.norm()) == pytest.approx(1.0, abs=1e-5)
    clip = find_judge("clip", folder).load()
    side = clip.looking.size_px
    large = np.stack([np.asarray(_resized(frame, side)) for frame in video.frames]).transpose(0, 3, 1, 2)
    mean = clip.image_embedding(torch.from_numpy(large).float() / 255).mean(dim=0)
    assert torch.allclose(first, mean / mean.norm(), atol=1e-4)


def _resized(frame, side):
    from PIL import Image

    return Image.fromarray(frame).resize((side, side), Image.Resampling.BICUBIC)


def test_texts_motions_and_videos_lie_in_one_space_and_other_motions_elsewhere(method, wander):
    body = load_body("old")
    motions = [wander(body, 12, seed=seed) for seed in (0, 0, 1)]
    found = method.embed_motion(motions, seed=0)
    assert torch.equal(found[0], found[1])
    assert not torch.allclose(found[0], found[2], atol=1e-6)
    texts, videos = (
        method.embed_text(["a person waves", "a person claps"], seed=0),
        method.embed_video([_video(3)], seed=0),
    )
    assert found.shape[1] == texts.shape[1] == videos.shape[1]
    assert not found.requires_grad


def test_without_a_clip_it_is_said_how_to_name_one(monkeypatch):
    monkeypatch.delenv(JUDGE, raising=False)
    with pytest.raises(NoClip, match="RETRIEVAL_JUDGE is not set; name one as --judge does"):
        MeanImage().embed_text(["a person waves"], seed=0)
    assert MeanImage().card["version"] == "1, no judge named"


def test_two_judges_are_two_versions_of_the_method(method, monkeypatch):
    assert method.card["version"] == "1, clip in small-clip"
    monkeypatch.delenv(FOLDER)
    monkeypatch.setenv(JUDGE, "clip:some/clip")
    assert method.card["version"] == "1, clip:some/clip"


def test_a_judge_that_knows_no_texts_is_refused(tmp_path, monkeypatch):
    monkeypatch.setenv(JUDGE, "blip2")
    monkeypatch.setenv(FOLDER, str(tiny_judges.save_blip2(tmp_path / "small-blip2")))
    with pytest.raises(NoClip, match="needs one of images and texts: a CLIP"):
        MeanImage().embed_text(["a person waves"], seed=0)
