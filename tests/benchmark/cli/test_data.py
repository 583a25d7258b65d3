"""The command ``data``: verify what is shipped, and say what is wrong in one sentence."""

import json

import pytest

from retargetbench.benchmark.cli.commands.data import Data, FolderNeeded, UnknownAction, UnknownData
from retargetbench.datasets.intents.clips import load_intents


def test_verify_names_the_version_that_the_clips_have(capsys):
    assert Data(action="verify", name="mini", json=True).run() == 0
    shown = json.loads(capsys.readouterr().out)
    assert shown["id"] == "mini"
    assert shown["data"] == load_intents("mini").data_sha256
    assert shown["pairs"] == 32
    assert set(shown["files"]) == {"mini.npz", "bodies.npz", "bodies_uncounted.npz"}


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
