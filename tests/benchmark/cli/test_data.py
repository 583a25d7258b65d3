"""The command ``data``: verify what is shipped, and say what is wrong in one sentence."""

import json

import pytest

from retargetbench.benchmark.cli.commands.data import BadNumber, Data, FolderNeeded, UnknownAction, UnknownData
from retargetbench.datasets.devices import NoDevice
from retargetbench.datasets.intents.clips import load_intents


def test_verify_names_the_version_that_the_clips_have(capsys):
    assert Data(action="verify", name="mini", json=True).run() == 0
    shown = json.loads(capsys.readouterr().out)
    assert shown["id"] == "mini"
    assert shown["data"] == load_intents("mini").data_sha256
    assert shown["pairs"] == 32
    assert set(shown["files"]) == {"mini.npz", "bodies.npz", "bodies_uncounted.npz"}


def test_the_labelled_test_motions_are_verified_as_well(capsys):
    assert Data(action="verify", name="test", json=True).run() == 0
    shown = json.loads(capsys.readouterr().out)
    assert (shown["id"], shown["clips"]) == ("intents-test", 1077)
    assert set(shown["files"]) == {"test.npz"}
    Data(action="verify", name="test").run()
    assert "Every file is as listed" in " ".join(capsys.readouterr().out.split())


@pytest.mark.parametrize("numbers", [{"count": 0}, {"count": -3}, {"processes": -1}])
def test_building_fewer_than_one_motion_is_refused_before_anything_is_written(numbers, tmp_path):
    with pytest.raises(BadNumber, match=f"--{next(iter(numbers))} is"):
        Data(action="build", name="intents", out=tmp_path / "built", **numbers).run()
    assert not (tmp_path / "built").exists()


@pytest.mark.parametrize("name", ["mini", "val", "full"])
def test_pairs_are_solved_on_the_cpu_and_a_gpu_is_refused_before_anything_is_written(name, tmp_path):
    with pytest.raises(NoDevice, match=f"data build {name} solves on the CPU, and --device is cuda"):
        Data(action="build", name=name, out=tmp_path / "built", device="cuda").run()
    assert not (tmp_path / "built").exists()


def test_a_mistyped_action_or_name_is_answered_with_the_nearest():
    with pytest.raises(UnknownAction, match="verify"):
        Data(action="verfy").run()
    with pytest.raises(UnknownData, match="mini"):
        Data(action="verify", name="minni").run()


@pytest.mark.parametrize(
    ("action", "name", "flag"), [("build", "mini", "--out"), ("fetch", "open-characters", "--data-root")]
)
def test_an_action_that_writes_files_asks_where_to(action, name, flag):
    with pytest.raises(FolderNeeded, match=flag):
        Data(action=action, name=name).run()
