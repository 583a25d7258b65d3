import subprocess
import sys

import pytest

from retargetbench.datasets.devices import NoDevice
from retargetbench.metrics.semantics.errors import NoKind, UnknownJudge
from retargetbench.metrics.semantics.registry import find_judge, installed_judges

KINDS = {"blip2", "blip2-itm", "instructblip", "clip", "openclip"}


def test_all_kinds_of_judges_are_announced_and_can_be_imported():
    installed = installed_judges()
    assert installed.keys() >= KINDS
    assert all(callable(installed[kind].load()) for kind in KINDS)


def test_listing_and_choosing_a_judge_load_nothing_that_computes():
    heavy = ("torch", "warp", "scipy", "numpy", "transformers", "huggingface_hub")
    code = (
        "import sys; from retargetbench.metrics.semantics import declarations, questions, registry;"
        "registry.find_judge('clip:a/b'); assert registry.installed_judges();"
        f"print([m for m in {heavy} if m in sys.modules])"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert shown.strip() == "[]"


def test_a_name_says_kind_weights_and_revision():
    choice = find_judge("blip2:owner/name@abc", device="cpu", precision="bfloat16")
    assert (choice.kind, choice.source.weights) == ("blip2", "owner/name@abc")
    assert (choice.source.device, choice.source.precision) == ("cpu", "bfloat16")


def test_a_device_that_is_not_here_is_said_before_anything_is_loaded():
    with pytest.raises(NoDevice, match="there is no device 'tpu'"):
        find_judge("blip2:owner/name", device="tpu")


def test_a_mistyped_judge_is_answered_with_the_nearest_kinds():
    with pytest.raises(UnknownJudge, match=r"\[J001\] there is no judge 'blipp2'.*'blip2'"):
        find_judge("blipp2:owner/name")


def test_weights_without_a_kind_are_sent_back_with_the_kinds():
    with pytest.raises(NoKind, match=r"\[J007\].*KIND:owner/name, KIND one of blip2, "):
        find_judge("owner/name")


@pytest.mark.parametrize("kind", ["blip2", "instructblip", "clip", "blip2-itm"])
def test_a_saved_model_becomes_a_judge_by_its_folder(saved, kind):
    judge = find_judge(kind, saved[kind]).load()
    assert judge.name.startswith(f"{saved[kind].name}~{judge.fingerprint[:8]}")
    assert judge.looking.size_px == 16
    assert not any(parameter.requires_grad for parameter in judge.model.parameters())
    assert not judge.model.training
