"""What a trained model is for: motions from words, in between and edited, for any body; recognition; distances."""

import json
import re

import numpy as np
import pytest
import torch
from PIL import Image

from retargetbench.benchmark.cli.main import main
from retargetbench.datasets.intents.bodies import load_body
from retargetbench.datasets.readers.bvh_writer import write_bvh
from retargetbench.datasets.readers.clip_npz import read_clip
from retargetbench.datasets.readers.glb import read_glb
from retargetbench.datasets.readers.video import Video
from retargetbench.metrics.recognition.accuracy import labels_of, recognition_scores
from retargetbench.metrics.semantics.errors import WrongEmbeddings
from retargetbench.reference_model.baselines.recognition.classifiers import by_linear_probe, by_neighbours
from retargetbench.reference_model.baselines.recognition.errors import TooFewSamples
from retargetbench.reference_model.motionclip.distance import motion_fid, motion_kid, motion_reference
from retargetbench.reference_model.motionclip.editing import edited, interpolated
from retargetbench.reference_model.motionclip.embedder import MotionClipEmbedder
from retargetbench.reference_model.motionclip.errors import WrongRequest
from retargetbench.reference_model.motionclip.generate import Generate
from retargetbench.reference_model.motionclip.generation import Request, find_character, generated, onto, unknown_words
from retargetbench.reference_model.motionclip.model import load_model
from retargetbench.reference_model.motionclip.recognition import by_class_texts
from retargetbench.reference_model.motionclip.weights import find_weights
from retargetbench.reference_model.trained_weights import NoWeights

from .conftest import counting, swaying

WAVES, CLAPS = "a person waves left hand", "person claps"


@pytest.fixture(scope="module")
def model(options, trained, clip_folder):
    return load_model(options.weights_folder, clip_folder)


@pytest.fixture
def flags(options, trained, clip_folder):
    return ["--weights", str(options.weights_folder), "--judge-folder", str(clip_folder)]


def run(words, capsys):
    code = main(["generate", *words])
    said = capsys.readouterr()
    return code, said.out, said.err


def test_a_sentence_becomes_an_animated_character(tmp_path, capsys, flags):
    out = tmp_path / "wave.glb"
    code, said, _ = run([WAVES, "--character", "toddler", "--out", str(out), "--json", *flags], capsys)
    assert code == 0
    assert json.loads(said)["motions"] == [WAVES]
    scene = read_glb(out)
    (motion,) = scene.motions.values()
    toddler = load_body("toddler")
    assert (motion.frame_count, motion.fps) == (20, 30.0)
    assert scene.character.vertex_count == toddler.vertex_count
    np.testing.assert_allclose(motion.root_translation_m[0, [0, 2]], 0.0, atol=0.3)


def test_the_stops_of_an_interpolation_are_animations_of_one_file(tmp_path, capsys, flags, model):
    out = tmp_path / "between.glb"
    code, said, _ = run([WAVES, "--to", CLAPS, "--stops", "3", "--out", str(out), *flags], capsys)
    assert (code, "3 of 20 frames" in said) == (0, True)
    assert re.search(r"no caption of training has the words [a-z, ]*claps: ", said)
    assert unknown_words(model, Request("A ZOMBIE claps, to the left;", plus="zombie")) == ("zombie", "claps")
    assert len(read_glb(out).motions) == 3
    made = list(generated(model, Request(WAVES, to=CLAPS, stops=3)).values())
    ends = [generated(model, Request(text))[text] for text in (WAVES, CLAPS)]
    torch.testing.assert_close(made[0], ends[0])
    torch.testing.assert_close(made[2], ends[1])
    code, _, error = run([WAVES, "--to", CLAPS, "--out", "between.bvh", *flags], capsys)
    assert (code, "write a .glb" in error) == (2, True)


def test_a_file_of_texts_becomes_animations_and_a_contact_sheet(tmp_path, capsys, flags):
    (tmp_path / "prompts.txt").write_text(f"{WAVES}\n\n{CLAPS}\n")
    out, sheet = tmp_path / "both.glb", tmp_path / "both.png"
    words = ["--texts", str(tmp_path / "prompts.txt"), "--out", str(out), "--sheet", str(sheet), *flags]
    code, said, _ = run(words, capsys)
    assert (code, "2 of 20 frames" in said) == (0, True)
    assert list(read_glb(out).motions) == [f"1. {WAVES}", f"2. {CLAPS}"]
    with Image.open(sheet) as picture:
        assert picture.size == (8 * 136, 2 * 160)  # eight frames of two motions
    (tmp_path / "nothing.txt").write_text("\n")
    for more, message in (
        (["--texts", str(tmp_path / "none.txt")], "cannot be read"),
        (["--texts", str(tmp_path / "nothing.txt")], "says nothing"),
        ([CLAPS, "--texts", str(tmp_path / "prompts.txt")], "in place of a text"),
        ([CLAPS, "--sheet", "a.gif"], "no sheet is drawn"),
    ):
        code, _, error = run([*more, *flags], capsys)
        assert (code, message in error) == (2, True)


def test_arithmetic_is_that_of_latents(model):
    words = (WAVES, "left", "right")
    base, left, right = model.latents_of_texts(words)
    (made,) = generated(model, Request(WAVES, without="left", plus="right")).values()
    torch.testing.assert_close(made, model.decode((base - left + right)[None])[0])
    assert torch.equal(edited(base), base)
    line = interpolated(left, right, 5)
    torch.testing.assert_close(line[2], (left + right) / 2)
    torch.testing.assert_close((line[1:] - line[:-1]), ((right - left) / 4).expand(4, -1))
    with pytest.raises(WrongRequest, match="at least 2"):
        interpolated(left, right, 1)


def test_a_files_motion_can_be_edited_in_place_of_a_text(tmp_path, capsys, flags):
    write_bvh(tmp_path / "sway.bvh", swaying(load_body("average_woman"), 24))
    out = tmp_path / "edited.npz"
    words = ["--motion", str(tmp_path / "sway.bvh"), "--plus", CLAPS, "--out", str(out), "--character", "short"]
    assert run([*words, *flags], capsys)[0] == 0
    assert read_clip(out, load_body("short").skeleton).frame_count == 20


def test_the_path_is_scaled_to_the_legs(model):
    features = generated(model, Request(WAVES))[WAVES]
    features[:, -3] = torch.linspace(0, 1, 20)  # a leg length to the left
    walked = {name: np.ptp(onto(features, load_body(name)).root_translation_m[:, 0]) for name in ("toddler", "tall")}
    legs = {name: float(load_body(name).skeleton.rest_positions_m[0, 1]) for name in walked}
    for name in walked:
        assert walked[name] == pytest.approx(legs[name], rel=0.01)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["a", "--out", "a.gbl"], "Did you mean '.glb'"),
        (["a", "--character", "todler"], "'toddler'"),
        ([" "], "a text is empty"),
        ([], "either a text or --motion"),
        (["a", "--motion", "walk.bvh"], "either a text or --motion"),
        (["a", "--frames", "1"], "expected 2 to 600"),
        (["a", "--to", "b", "--stops", "1"], "at least 2"),
    ],
)
def test_mistakes_are_answered_in_one_sentence(words, said, capsys, flags, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    code, _, error = run([*words, *flags], capsys)
    assert code == 2
    assert said in error
    assert not list(tmp_path.iterdir())


def test_without_weights_one_sentence_says_how_to_make_them(tmp_path, monkeypatch):
    from retargetbench.reference_model.motionclip import weights

    monkeypatch.setattr(weights, "NAME", "no-such-weights")
    with pytest.raises(NoWeights, match="`retargetbench train motionclip`"):
        Generate("a person waves").carry_out(counting)
    with pytest.raises(NoWeights, match="holds no weights"):
        find_weights(tmp_path)
    assert find_character("toddler").name == "toddler"


def test_class_texts_probe_and_neighbours_rank_what_is_like_it_first(model):
    names = ["waves", "claps", "walks"]
    texts = model.embed_text(names)
    scores = by_class_texts(model, 7.0 * texts, names)
    np.testing.assert_allclose(np.diag(scores), 1.0, atol=1e-5)
    assert recognition_scores(scores, np.arange(3))["top1"] == 100.0
    generator = np.random.default_rng(0)
    labels = [names[k] for k in np.arange(60) % 2]  # nobody walks
    known = np.eye(3)[labels_of(labels, names)] + 0.1 * generator.normal(size=(60, 3))
    asked = np.eye(3)[:2] + 0.1 * generator.normal(size=(2, 3))
    for recognise in (by_linear_probe, by_neighbours):
        found = recognise(known, labels, asked, names)
        assert found.argmax(axis=1).tolist() == [0, 1]
        assert found[:, 2].tolist() == [0.0, 0.0]
        np.testing.assert_allclose(found.sum(axis=1), 1.0)
    with pytest.raises(TooFewSamples, match="at least two"):
        by_linear_probe(known, ["waves"] * 60, asked, names)


def test_distances_grow_with_the_distance_and_belong_to_the_weights(model):
    generator = torch.Generator().manual_seed(0)
    real = torch.randn(64, 8, generator=generator)
    alike, apart = torch.randn(64, 8, generator=generator), real + torch.tensor([3.0] + [0.0] * 7)
    reference = motion_reference(model, real, samples=40, dimensions=4)
    assert reference.judge == model.fingerprint
    assert motion_fid(real, real, reference) == pytest.approx(0.0, abs=1e-6)
    assert motion_fid(alike, real, reference) < motion_fid(apart, real, reference)
    assert abs(motion_kid(alike, real)) < motion_kid(apart, real)
    assert motion_kid(apart, 5.0 * real, paired=True) == pytest.approx(motion_kid(apart, real, paired=True))
    with pytest.raises(WrongEmbeddings):
        motion_fid(real[:10], real, reference)


def test_texts_motions_and_videos_are_unit_vectors_of_one_space(model):
    embedder = MotionClipEmbedder(model)
    motion = swaying(load_body("short"), 50)
    long, begin = embedder.embed_motion([motion, motion.window(0, 20)])
    parts = embedder.embed_motion([motion.window(at, at + 20) for at in (0, 10, 20, 30)])
    torch.testing.assert_close(long, torch.nn.functional.normalize(parts.mean(dim=0), dim=-1), atol=1e-5, rtol=1e-4)
    torch.testing.assert_close(begin, parts[0], atol=1e-5, rtol=1e-4)
    black, white = np.zeros((3, 20, 20, 3), np.uint8), np.full((40, 20, 20, 3), 255, np.uint8)
    shown = [black, white, np.concatenate([black, white[:3]])]
    videos = embedder.embed_video([Video(frames, np.arange(len(frames)) / 15) for frames in shown])
    torch.testing.assert_close(videos[2], torch.nn.functional.normalize(videos[0] + videos[1], dim=-1))
    texts = embedder.embed_text([WAVES, CLAPS])
    for vectors in (parts, videos, texts):
        torch.testing.assert_close(vectors.norm(dim=-1), torch.ones(len(vectors)))
        assert vectors.shape[1] == embedder.width == 8
    best = (parts @ texts.mT).amax(dim=0)  # the motion shows what one of its windows does
    np.testing.assert_allclose(embedder.classify([motion], [WAVES, CLAPS])[0], best.numpy(), atol=1e-5)
    assert embedder.embed_motion([]).shape == embedder.embed_text([]).shape == embedder.embed_video([]).shape == (0, 8)
