import sys
from importlib.metadata import EntryPoint

import pytest

from retargetbench.metrics.semantics import kinds
from retargetbench.metrics.semantics.kinds import SHIPPED_KINDS, judge_kinds, shipped_weights
from retargetbench.metrics.semantics.registry import ENTRY_POINT_GROUP, installed_judges


@pytest.fixture
def package(tmp_path, monkeypatch):
    """A package that announces a judge and has a place for its weights."""
    module = tmp_path / "somebodys_package" / "room" / "judges.py"
    module.parent.mkdir(parents=True)
    for folder in (module.parent, module.parent.parent):
        (folder / "__init__.py").touch()
    module.write_text("raise RuntimeError('nobody may import this')\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    yield tmp_path / "somebodys_package"
    for name in [name for name in sys.modules if name.partition(".")[0] == "somebodys_package"]:
        del sys.modules[name]  # packages around a module are loaded to find it


ENTRY = EntryPoint("tiny-blip2", "somebodys_package.room.judges:load", ENTRY_POINT_GROUP)


def test_weights_are_found_beside_the_room_that_announces_the_judge_and_nothing_is_imported(package):
    assert shipped_weights(ENTRY) is None
    folder = package / "weights" / "tiny-blip2"
    folder.mkdir(parents=True)
    assert shipped_weights(ENTRY) is None
    (folder / "config.json").write_text("{}")
    assert shipped_weights(ENTRY) == folder


def test_a_built_in_kind_is_usable_when_its_weights_are_there(package, monkeypatch):
    monkeypatch.setattr(kinds, "installed_judges", lambda: {"tiny-blip2": ENTRY})
    (kind,) = judge_kinds()
    assert kind.missing == "its weights are not in this package"
    folder = package / "weights" / "tiny-blip2"
    folder.mkdir(parents=True)
    (folder / "config.json").write_text("{}")
    (kind,) = judge_kinds()
    assert (kind.missing, kind.fid_samples, kind.named) == (None, None, "tiny-blip2")


def test_another_package_s_kind_is_listed_and_what_is_not_there_is_said(package, monkeypatch):
    entries = {
        "somebodys": EntryPoint("somebodys", "somebodys_package.room.judges:load", ENTRY_POINT_GROUP),
        "gone": EntryPoint("gone", "no_such_package.judges:load", ENTRY_POINT_GROUP),
    }
    monkeypatch.setattr(kinds, "installed_judges", lambda: entries)
    here, gone = judge_kinds()
    assert (here.abilities, here.missing, here.named) == (None, None, None)
    assert gone.missing == "not importable"


def test_the_built_in_judges_are_announced():
    assert SHIPPED_KINDS.keys() <= installed_judges().keys()
