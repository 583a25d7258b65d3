import importlib
import json

import pytest

from retargetbench.metrics.semantics import openclip
from retargetbench.metrics.semantics.errors import MissingExtra, NotAJudge
from retargetbench.metrics.semantics.preprocessing import CLIP_MEAN, CLIP_STD, Preprocessing
from retargetbench.metrics.semantics.registry import find_judge

from . import tiny_judges
from .tiny_judges import frames


def without(monkeypatch, error):
    """Importing open_clip fails with this error, whatever is installed."""
    real = importlib.import_module

    def import_module(name, *rest):
        if name == "open_clip":
            raise error
        return real(name, *rest)

    monkeypatch.setattr(importlib, "import_module", import_module)


def test_without_open_clip_the_message_says_what_to_install(monkeypatch):
    without(monkeypatch, ModuleNotFoundError("No module named 'open_clip'", name="open_clip"))
    with pytest.raises(MissingExtra, match=r"\[J006\].*torchvision of one build.*retargetbench\[openclip\]"):
        find_judge("openclip:owner/name").load()


def test_a_torchvision_of_another_build_is_named_as_the_cause(monkeypatch):
    without(monkeypatch, RuntimeError("operator torchvision::nms does not exist"))
    with pytest.raises(MissingExtra, match=r"nms does not exist.*uninstall torchvision"):
        find_judge("openclip:owner/name").load()


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({}, Preprocessing(32, 32, "crop")),
        ({"size": [16, 24], "resize_mode": "squash"}, Preprocessing(16, 24)),
        ({"interpolation": "bilinear", "mean": [0.5] * 3, "std": [0.25] * 3},
         Preprocessing(32, 32, "crop", 0, "bilinear", (0.5,) * 3, (0.25,) * 3)),
    ],
)  # fmt: skip
def test_open_clips_settings_are_read(settings, expected, tmp_path):
    assert openclip._preprocessing(settings, 32, tmp_path) == expected


def test_settings_that_are_not_offered_are_refused(tmp_path):
    for settings in ({"resize_mode": "longest"}, {"interpolation": "random"}):
        with pytest.raises(NotAJudge, match="offered are"):
            openclip._preprocessing(settings, 32, tmp_path)


@pytest.fixture
def real_open_clip():
    try:
        return openclip.import_open_clip()
    except MissingExtra as error:
        pytest.skip(f"open_clip is missing; this runs after `pip install -e .[openclip]`: {error}")


def test_a_saved_open_clip_model_is_a_judge(real_open_clip, tmp_path):
    from safetensors.torch import save_file

    config = {
        "embed_dim": 8,
        "vision_cfg": {"image_size": 16, "layers": 1, "width": 16, "head_width": 8, "patch_size": 8},
        "text_cfg": {"context_length": 24, "vocab_size": 49408, "width": 16, "heads": 2, "layers": 1},
    }
    settings = {"size": 16, "mean": CLIP_MEAN, "std": CLIP_STD}
    (tmp_path / "open_clip_config.json").write_text(json.dumps({"model_cfg": config, "preprocess_cfg": settings}))
    model = tiny_judges.seeded(lambda: real_open_clip.model.CLIP(**config_objects(real_open_clip, config)))
    save_file(model.state_dict(), tmp_path / "open_clip_model.safetensors")
    judge = find_judge("openclip", tmp_path).load()
    pictures = frames(2).requires_grad_()
    embedding = judge.image_embedding(pictures)
    assert embedding.shape == judge.text_embedding(["a", "b"]).shape == (2, 8)
    embedding[0, 0].backward()
    assert float(pictures.grad.abs().max()) > 0


def config_objects(library, config):
    return {
        "embed_dim": config["embed_dim"],
        "vision_cfg": library.model.CLIPVisionCfg(**config["vision_cfg"]),
        "text_cfg": library.model.CLIPTextCfg(**config["text_cfg"]),
    }
