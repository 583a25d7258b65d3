import shutil
from urllib.error import HTTPError
from urllib.request import urlopen

import huggingface_hub.constants as hub
import pytest
from safetensors.torch import load_file, save_file
from transformers import OPTConfig

from retargetbench.datasets.errors import BenchError
from retargetbench.metrics.semantics.errors import NoJudgeFolder, NotAJudge, NotAtHand
from retargetbench.metrics.semantics.registry import find_judge

from . import tiny_judges

REVISION = "0123456789abcdef0123456789abcdef01234567"


@pytest.fixture
def offline(monkeypatch, tmp_path):
    """An empty cache and no network; returns the cache."""
    monkeypatch.setattr(hub, "HF_HUB_OFFLINE", True)
    monkeypatch.setattr(hub, "HF_HUB_CACHE", str(tmp_path / "hub"))
    return tmp_path / "hub"


def refused(judge, folder=None):
    with pytest.raises(BenchError) as caught:
        find_judge(judge, folder).load()
    message = str(caught.value)
    assert "\n" not in message
    return type(caught.value), message


def test_a_hub_id_offline_is_answered_with_both_ways(offline):
    kind, message = refused("blip2:Salesforce/blip2-flan-t5-xl@v2")
    assert kind is NotAtHand
    assert "hf download Salesforce/blip2-flan-t5-xl --revision v2 --local-dir FOLDER" in message
    assert "--judge blip2 --judge-folder FOLDER" in message


def test_without_weights_the_default_of_the_kind_is_meant(offline):
    assert "openai/clip-vit-large-patch14" in refused("clip")[1]


def test_a_folder_given_as_a_hub_id_is_told_apart(offline):
    kind, message = refused("clip:some/folder/deep")
    assert kind is NotAtHand
    assert "--judge clip --judge-folder some/folder/deep" in message


def test_a_hub_id_in_the_cache_goes_the_same_way_as_a_folder(saved, offline):
    held = offline / "models--someone--small-clip"
    shutil.copytree(saved["clip"], held / "snapshots" / REVISION)
    (held / "refs").mkdir()
    (held / "refs" / "main").write_text(REVISION)
    by_id, by_folder = find_judge("clip:someone/small-clip").load(), find_judge("clip", saved["clip"]).load()
    assert by_id.name == by_folder.name
    assert by_id.fingerprint == by_folder.fingerprint


def test_a_missing_folder_is_answered_with_its_neighbours(saved):
    kind, message = refused("clip", saved["clip"].parent / "small-clop")
    assert kind is NoJudgeFolder
    assert "there is no folder" in message
    assert "Did you mean 'small-clip'" in message


def test_a_file_is_no_folder(saved):
    kind, message = refused("clip", saved["clip"] / "config.json")
    assert kind is NoJudgeFolder
    assert "is a file" in message


def test_a_folder_without_a_model_is_refused(saved, tmp_path):
    kind, message = refused("clip", tmp_path)
    assert kind is NotAJudge
    assert "holds no config.json" in message
    assert "in it do: small-blip2, small-clip, " in refused("clip", saved["clip"].parent)[1]


def test_a_damaged_configuration_is_refused(tmp_path):
    (tmp_path / "config.json").write_text("{")
    assert "is no JSON" in refused("clip", tmp_path)[1]
    (tmp_path / "config.json").write_text("[]")
    assert "holds a list" in refused("clip", tmp_path)[1]


def test_pickled_weights_are_never_opened(saved, tmp_path):
    shutil.copy(saved["clip"] / "config.json", tmp_path)
    assert "no weights" in refused("clip", tmp_path)[1]
    (tmp_path / "pytorch_model.bin").write_bytes(b"cos\nsystem\n")
    assert "only pickled weights (.bin)" in refused("clip", tmp_path)[1]


def test_another_kind_of_model_is_named_with_the_judge_that_reads_it(saved):
    kind, message = refused("blip2", saved["clip"])
    assert kind is NotAJudge
    assert "type 'clip'; expected 'blip-2'. The judge 'clip' reads it." in message
    message = refused("blip2", saved["blip2-itm"])[1]
    assert "Blip2ForImageTextRetrieval; expected a Blip2ForConditionalGeneration. The judge 'blip2-itm'" in message


def test_a_language_model_without_an_encoder_is_refused(saved, tmp_path):
    folder = shutil.copytree(saved["blip2"], tmp_path / "opt")
    tiny_judges.edit_config(folder, text_config=OPTConfig().to_dict())
    assert "is 'opt'; expected 't5'" in refused("blip2", folder)[1]


def test_weights_that_lack_a_tensor_are_refused_not_drawn_at_random(saved, tmp_path):
    folder = shutil.copytree(saved["clip"], tmp_path / "holes")
    tensors = load_file(folder / "model.safetensors")
    lost = sorted(tensors)[-1]
    del tensors[lost]
    save_file(tensors, folder / "model.safetensors", {"format": "pt"})
    assert f"lack or contradict 1 tensors of a CLIPModel (the first is '{lost}')" in refused("clip", folder)[1]


def test_weights_of_other_shapes_and_damaged_files_are_refused(saved, tmp_path):
    folder = shutil.copytree(saved["clip"], tmp_path / "shapes")
    tiny_judges.edit_config(folder, projection_dim=12)
    assert refused("clip", folder)[0] is NotAJudge
    (folder / "model.safetensors").write_bytes(b"12345678")
    assert "cannot be loaded as a CLIPModel" in refused("clip", folder)[1]


def test_a_model_without_its_tokenizer_is_refused(saved, tmp_path):
    folder = shutil.copytree(saved["clip"], tmp_path / "mute")
    for path in folder.glob("*token*"):
        path.unlink()
    assert "holds no tokenizer" in refused("clip", folder)[1]


@pytest.fixture
def reachable():
    """The hub id of a small model; skips where the hub does not answer within two seconds, and for nothing else."""
    name = "hf-internal-testing/tiny-random-CLIPModel"
    try:
        with urlopen(f"{hub.ENDPOINT}/{name}/resolve/main/config.json", timeout=2):
            pass
    except HTTPError:
        pass  # it answered: what is wrong with its answer is for the test to find
    except OSError as error:
        pytest.skip(f"{hub.ENDPOINT} cannot be reached ({error}); `make test-all` runs this where there is internet")
    return name


@pytest.mark.network
def test_a_real_hub_id_loads_by_the_same_path(reachable):
    judge = find_judge(f"clip:{reachable}").load()
    assert judge.image_embedding(tiny_judges.frames(1)).shape[0] == 1
