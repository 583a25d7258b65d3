"""Learning in seconds: losses fall, a stop changes nothing, and what is drawn fits together."""

import math

import numpy as np
import pytest
import torch

from retargetbench.reference_model.lavimo.batches import Drawing, draw_batch
from retargetbench.reference_model.lavimo.build import build_network
from retargetbench.reference_model.lavimo.frame_features import frame_features
from retargetbench.reference_model.lavimo.learner import LavimoLearner, Sources, Training
from retargetbench.reference_model.lavimo.model import SmallText
from retargetbench.reference_model.lavimo.presets import PRESETS, Plan, Switches
from retargetbench.reference_model.lavimo.sentences import Tfidf, motion_similarities
from retargetbench.reference_model.lavimo.sight_learner import SightLearner, load_sight, save_sight
from retargetbench.reference_model.lavimo.tokens import Pieces, learn_pieces
from retargetbench.reference_model.tiny_vlm.sides import mirrored
from retargetbench.reference_model.training.errors import OtherRun
from retargetbench.reference_model.training.loop import Run, run_learner
from retargetbench.reference_model.training.optimising import Rate

QUICK = PRESETS["quick"]


class Stopped(Exception):
    pass


@pytest.fixture(scope="module")
def captions(library):
    return [caption for told in library.told for caption in told.captions]


@pytest.fixture(scope="module")
def sources(library, captions, tmp_path_factory):
    sight = SightLearner(QUICK, library, 1).network
    frames = frame_features(library, sight, tmp_path_factory.mktemp("frames"), "untrained", lambda: None)
    return Sources(library, Tfidf(captions), frames, "untrained")


@pytest.fixture(scope="module")
def pieces(captions):
    return Pieces(learn_pieces(captions, 300), QUICK.longest_text)


def make(sources, pieces, seed=1, **switches):
    plan = Plan(QUICK, Switches(**switches))
    network = build_network(plan, pieces.vocabulary, sources.frames.width, seed)
    return LavimoLearner(Training(plan, STEPS, seed), network, sources)


STEPS = 16


def learn(learner, folder, stop_at=None):
    told = []

    def tell(step, parts):
        told.append(parts)
        if step == stop_at:
            raise Stopped

    run_learner(learner, Run(folder, STEPS, learner.identity, save_every=4), tell=tell)
    return told


def test_losses_fall_and_a_stopped_run_goes_on_to_identical_numbers(sources, pieces, tmp_path):
    whole, stopped = make(sources, pieces), make(sources, pieces)
    told = learn(whole, tmp_path / "whole")
    assert {*told[0]} == {
        "total", "motion-text", "motion-video", "text-video", "reconstruction", "temperature"
    }  # fmt: skip
    assert np.mean([t["total"] for t in told[-4:]]) < 0.8 * told[0]["total"]
    with pytest.raises(Stopped):
        learn(stopped, tmp_path / "stopped", stop_at=6)
    again = make(sources, pieces)
    assert len(learn(again, tmp_path / "stopped")) == STEPS - 4
    for name, value in whole.network.state_dict().items():
        assert torch.equal(value, again.network.state_dict()[name]), name
    with pytest.raises(OtherRun):
        learn(make(sources, pieces, negatives="mask"), tmp_path / "stopped")


@pytest.mark.parametrize(
    ("switches", "lacks"),
    [
        ({"modalities": "two"}, "motion-video"),
        ({"reconstruction": 0.0}, "reconstruction"),
        ({"fusion": "off"}, None),
        ({"fusion": "vectors", "negatives": "mask"}, None),
    ],
)
def test_every_switch_can_be_trained(sources, pieces, switches, lacks):
    learner = make(sources, pieces, **switches)
    before = {name: p.clone() for name, p in learner.network.named_parameters()}
    parts = learner.learn(0, learner.draw(0))
    assert all(math.isfinite(value) for value in parts.values())
    assert lacks not in parts
    still = {name for name, p in learner.network.named_parameters() if torch.equal(p, before[name])}
    # of one key every query hears the same: the decoder's always, the fusion's of vectors
    assert all(".norm2." in name or "fusion.query" in name for name in still)


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device")
def test_a_cuda_device_learns_the_same(sources, pieces):
    told = []
    for device in ("cpu", "cuda"):
        plan = Plan(QUICK)
        network = build_network(plan, pieces.vocabulary, sources.frames.width, 1)
        learner = LavimoLearner(Training(plan, STEPS, 1, device), network, sources)
        learner.network.eval()  # dropout draws other numbers there
        drawn = learner.draw(0)
        told.append(
            {k: float(v.detach()) for k, v in learner.losses(drawn.given.to(device), drawn.similar.to(device)).items()}
        )
    assert told[0] == pytest.approx(told[1], rel=1e-3)


def test_the_frame_encoder_learns_where_joints_are(library, tmp_path):
    learner = SightLearner(QUICK, library, 1)
    batch = learner.draw(0)
    losses = [learner.learn(step, batch)["total"] for step in range(6)]
    assert losses[-1] < losses[0]
    save_sight(learner.network, tmp_path)
    loaded, digest = load_sight(QUICK, tmp_path / "sight.safetensors")
    assert len(digest) == 64
    images = torch.rand(3, 3, 32, 32, generator=torch.Generator().manual_seed(0))
    seen = loaded(images)
    assert seen.shape == (3, loaded.width)
    assert torch.allclose(seen[:1], loaded(images[:1]), atol=1e-5)  # no frame depends on its neighbours
    assert (seen[:, : 3 * 24].unflatten(1, (24, 3))[..., :2] >= 0).all()
    assert (seen[:, 72:96] <= 1).all()


def test_a_mirrored_frame_shows_mirrored_joints(library):
    learner = SightLearner(QUICK, library, 1)
    drawn = [learner.draw(step) for step in range(4)]
    for one in drawn:
        assert one.images.shape == (QUICK.sight_batch, 3, 32, 32)
        assert one.points.shape == (QUICK.sight_batch, 24, 3)
    left, right = 6, 10  # the legs' first joints: in a mirrored picture the left one is still the character's left
    assert any((one.points[:, left, 0] > one.points[:, right, 0]).any() for one in drawn)


def test_features_of_frames_are_made_once(library, tmp_path):
    sight = SightLearner(QUICK, library, 1).network
    first = frame_features(library, sight, tmp_path, "a", lambda: None)
    files = {path: path.stat().st_mtime_ns for path in tmp_path.iterdir()}
    again = frame_features(library, sight, tmp_path, "a", lambda: None)
    assert np.array_equal(first.values, again.values)
    assert files == {path: path.stat().st_mtime_ns for path in tmp_path.iterdir()}
    frame_features(library, sight, tmp_path, "b", lambda: None)
    assert len([*tmp_path.iterdir()]) == 2 * len(files)
    images = torch.from_numpy(np.ascontiguousarray(library.video(3)[..., ::-1])).float() / 255
    with torch.no_grad():
        assert np.allclose(first.of(3, True), sight(images).numpy(), atol=2e-3)


def test_a_batch_holds_different_motions_and_videos_of_another_body(sources, pieces):
    library = sources.library
    text = SmallText(QUICK.sizes, pieces)
    drawing = Drawing(library, sources.sentences, text, sources.frames, 6, (1, 0))
    batch, same = draw_batch(drawing, 0), draw_batch(drawing, 0)
    for name, value in vars(batch.given).items():
        assert torch.equal(value, getattr(same.given, name))
    assert batch.given.motion.shape[0] == batch.similar.shape[0] == 6
    assert torch.allclose(batch.similar.diagonal(), torch.ones(6), atol=1e-5)
    assert torch.allclose(batch.similar, batch.similar.T, atol=1e-6)
    assert not torch.equal(batch.given.motion, draw_batch(drawing, 1).given.motion)
    assert (batch.given.times_s.diff(dim=1) >= 0).all()


def test_paraphrases_are_near_and_sides_tell_apart():
    texts = ["A person waves with the left hand.", "The left hand waves.", "A person waves with the right hand.",
             "Someone sits down."]  # fmt: skip
    texts = [*texts, *map(mirrored, texts)]
    model = Tfidf(texts)
    similar = motion_similarities(model.vectors(texts[:4]).reshape(4, 1, -1))
    assert similar[0, 1] > similar[0, 3]
    assert similar[0, 2] < 1
    assert np.allclose(np.linalg.norm(model.vectors(texts), axis=1), 1.0, atol=1e-5)


def test_rates_rise_and_fall():
    cosine, late = Rate(1.0, 100), Rate(1.0, 100, "late-linear")
    assert cosine.at(0) < cosine.at(3) <= 1.0
    assert cosine.at(99) < 0.02
    assert late.at(0) == late.at(50) == 1.0
    assert late.at(100) == pytest.approx(0.1)
