"""The picture of leaks is drawn from reports, and its script says what it needs."""

import json
import runpy

import pytest

from .house import ROOT


@pytest.fixture(scope="module")
def script():
    return runpy.run_path(str(ROOT / "docs" / "pictures" / "leaks.py"))


def test_reports_of_several_groups_become_one_small_picture(script, tmp_path):
    report = {"test_motions": 5, "counts": [0, 0, 3, 2], "least_h": 0.011, "median_h": 0.0142}
    script["draw"]({script["TEST"]: report, script["SEEN"]: report}, tmp_path / "leaks.png")
    drawn = (tmp_path / "leaks.png").read_bytes()
    assert drawn.startswith(b"\x89PNG")
    assert len(drawn) < 60_000


def test_folders_without_training_are_refused(script, tmp_path):
    with pytest.raises(SystemExit, match="train"):
        script["reports"]([tmp_path])


def test_what_was_compared_is_named_by_its_version(script, tmp_path):
    shipped = {name: script["read_manifest"](script["PACKAGE"] / f"{name}.manifest.json") for name in ("test", "full")}
    assert script["versions"]([tmp_path]) == {name: manifest.sha256 for name, manifest in shipped.items()}


def test_shipped_pairs_are_compared_seen_ones_apart_from_unseen_ones(script, tmp_path):
    groups = script["groups"]([tmp_path])
    for name, motions in ((script["SEEN"], "SM"), (script["UNSEEN"], "UM")):
        first = next(groups[name]())
        assert first.motion.frame_count >= 60
        assert next(script["truths"](script["read_intents"](script["PACKAGE"], "full"), motions)).name == first.name


def test_what_is_published_is_of_the_shipped_data_and_shows_no_leak(script):
    said = json.loads((ROOT / "docs" / "pictures" / "leaks.json").read_text(encoding="utf-8"))
    shipped = {name: script["read_manifest"](script["PACKAGE"] / f"{name}.manifest.json") for name in ("test", "full")}
    assert {name: said["data"][name] for name in shipped} == {name: m.sha256 for name, m in shipped.items()}
    for name in (script["TEST"], script["UNSEEN"]):
        report = said["groups"][name]
        assert (report["shared_captions"], report["shared_detailed"]) == ([], [])
        assert report["training_motions"] > 10_000
        assert report["least_h"] > 0.005
