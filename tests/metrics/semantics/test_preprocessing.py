import json

import numpy as np
import pytest
import torch
from PIL import Image
from transformers.models.blip.image_processing_pil_blip import BlipImageProcessorPil
from transformers.models.clip.image_processing_pil_clip import CLIPImageProcessorPil

from retargetbench.metrics.semantics.errors import NotAJudge
from retargetbench.metrics.semantics.preprocessing import CLIP_STD, Preprocessing, read_preprocessing

GREY_LEVEL = 1 / 255 / min(CLIP_STD)
DEFAULT = Preprocessing(24, 24)


def picture(height, width, darkest=64, brightest=192):
    """Coarse blobs with hard edges, as rendered characters have; with room for bicubic overshoot by default."""
    shape = (height // 4 + 1, width // 4 + 1, 3)
    blobs = np.random.default_rng(0).integers(darkest, brightest, shape, dtype=np.uint8)
    return blobs.repeat(4, axis=0).repeat(4, axis=1)[:height, :width]


def as_frames(image):
    return torch.tensor(image).permute(2, 0, 1)[None].double() / 255


@pytest.mark.parametrize("shape", [(24, 24), (61, 61), (50, 90), (90, 50), (11, 17)])
@pytest.mark.parametrize("kind", ["blip", "clip"])
def test_the_result_is_that_of_the_image_processors_of_transformers(kind, shape, tmp_path):
    if kind == "blip":
        processor = BlipImageProcessorPil(size={"height": 24, "width": 20})
    else:
        processor = CLIPImageProcessorPil(size={"shortest_edge": 24}, crop_size={"height": 24, "width": 20})
    processor.save_pretrained(tmp_path)
    image = picture(*shape)
    theirs = processor(Image.fromarray(image), return_tensors="pt")["pixel_values"].double()
    ours = read_preprocessing(tmp_path, DEFAULT)(as_frames(image))
    assert ours.shape == theirs.shape == (1, 3, 24, 20)
    assert float((ours - theirs).abs().max()) <= 2 * GREY_LEVEL
    assert float((ours - theirs).abs().mean()) <= 0.5 * GREY_LEVEL


def test_overshoot_is_cut_off_after_each_pass_as_bytes_do_it():
    image = picture(61, 61, 0, 256)
    theirs = np.asarray(Image.fromarray(image).resize((20, 24), Image.Resampling.BICUBIC))
    ours = Preprocessing(24, 20, mean=(0.0, 0.0, 0.0), std=(1.0, 1.0, 1.0))(as_frames(image))
    assert float((ours - as_frames(theirs)).abs().max()) <= 2 / 255


def test_gradients_pass_and_are_right():
    frames = as_frames(picture(13, 13)).mul(0.5).add(0.25).requires_grad_()
    for steps in (Preprocessing(5, 5), Preprocessing(4, 4, "crop", 6, "bilinear")):
        assert torch.autograd.gradcheck(steps, (frames,))


def test_a_picture_of_the_right_size_is_only_normalised():
    frames = as_frames(picture(8, 8))
    steps = Preprocessing(8, 8, mean=(0.5, 0.5, 0.5), std=(0.5, 0.5, 0.5))
    assert torch.equal(steps(frames), (frames - 0.5) / 0.5)


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({}, DEFAULT),
        ({"size": 32}, Preprocessing(32, 32)),
        ({"size": {"height": 8, "width": 16}, "resample": 2}, Preprocessing(8, 16, mode="bilinear")),
        ({"size": {"shortest_edge": 32}}, Preprocessing(32, 32, "crop", 32)),
        ({"size": {"shortest_edge": 32}, "crop_size": 16, "do_center_crop": True}, Preprocessing(16, 16, "crop", 32)),
        ({"do_normalize": False}, Preprocessing(24, 24, mean=(0.0, 0.0, 0.0), std=(1.0, 1.0, 1.0))),
    ],
)
def test_saved_settings_are_read(settings, expected, tmp_path):
    (tmp_path / "processor_config.json").write_text(json.dumps({"image_processor": settings}))
    assert read_preprocessing(tmp_path, DEFAULT) == expected


def test_without_settings_the_default_holds(tmp_path):
    assert read_preprocessing(tmp_path, DEFAULT) is DEFAULT


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        ({"resample": 0}, "resizes by rule 0"),
        ({"do_rescale": False}, "do not run from 0 to 1"),
        ({"size": {"shortest_edge": 8}, "crop_size": 16, "do_center_crop": True}, "8 pixels small"),
        ({"size": {"longest_edge": 8}}, "height"),
        ({"crop_size": 16, "do_center_crop": True}, "one or the other"),
    ],
)
def test_settings_that_are_not_offered_are_refused(settings, reason, tmp_path):
    (tmp_path / "preprocessor_config.json").write_text(json.dumps(settings))
    with pytest.raises(NotAJudge, match=reason):
        read_preprocessing(tmp_path, DEFAULT)
