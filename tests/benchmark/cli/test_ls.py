import json
import subprocess
import sys

import pytest

from retargetbench.metrics.audit import warning_of
from retargetbench.metrics.declarations import METRICS
from retargetbench.metrics.recognition.declarations import is_recognition_key
from retargetbench.metrics.semantics.blip2 import BLIP2_DEFAULT, INSTRUCTBLIP_DEFAULT
from retargetbench.metrics.semantics.clip import DEFAULT as CLIP_DEFAULT
from retargetbench.metrics.semantics.kinds import judge_kinds
from retargetbench.metrics.semantics.matching_head import DEFAULT as HEAD_DEFAULT
from retargetbench.metrics.semantics.openclip import DEFAULT as OPENCLIP_DEFAULT
from retargetbench.metrics.semantics.registry import find_judge, installed_judges

from ...metrics.semantics import tiny_judges


@pytest.mark.parametrize("what", ["tracks", "methods", "metrics", "judges", "data"])
def test_every_list_is_an_array_of_objects_with_unique_ids(what, command):
    code, out, error = command("ls", what, "--json")
    rows = json.loads(out)
    assert code == 0
    assert rows
    ids = [row["id"] for row in rows]
    assert len(set(ids)) == len(ids)
    assert all(isinstance(name, str) and name for name in ids)
    assert error.startswith("Next: retargetbench ")
    code, table, _ = command("ls", what)
    assert code == 0
    assert all(any(line.startswith(name) for line in table.splitlines()) for name in ids)


def test_metrics_are_listed_with_unit_direction_range_and_need(command):
    rows = {row["id"]: row for row in json.loads(command("ls", "metrics", "--json")[1])}
    assert {key for key in rows if not is_recognition_key(key)} == {metric.key for metric in METRICS}
    assert rows["pen_limb@1"] | {"summary": ""} == {
        "id": "pen_limb@1",
        "unit": "%",
        "direction": "lower",
        "lower": 0,
        "upper": 100,
        "needs": "nothing",
        "worst_case": 100,
        "summary": "",
        "caution": warning_of("pen_limb@1"),
    }
    assert rows["jerk@1"]["upper"] is None


def test_what_a_track_is_scored_by_is_listed_and_recognition_stands_behind_geometry(command):
    rows = json.loads(command("ls", "metrics", "--track", "recognition/babel-60", "--json")[1])
    assert [row["id"] for row in rows] == ["top1@1[60]", "top5@1[60]", "macro@1[60]", "r_precision@1[60]"]
    assert "as many best scored" in rows[-1]["summary"]
    found = {row["id"] for row in json.loads(command("ls", "metrics", "--json")[1])}
    assert found >= {*(row["id"] for row in rows), "macro@1[79]"}
    searched = json.loads(command("ls", "metrics", "--track", "retrieval/intents", "--json")[1])
    assert "t2m/R@1@1[all-strict,1077]" in {row["id"] for row in searched}
    assert "[C085] --track belongs to `ls metrics`" in command("ls", "tracks", "--track", "retrieval/intents")[2]
    assert "[T001]" in command("ls", "metrics", "--track", "recognition/intent")[2]


def test_a_judge_s_metrics_are_listed_with_what_must_be_said_beside_them(command):
    code, out, _ = command("ls", "metrics", "--judge", "tiny-blip2", "--judge", "clip:owner/some-clip", "--json")
    rows = {row["id"]: row for row in json.loads(out)}
    known = {metric.key for metric in METRICS}
    semantic = [key for key in rows if key not in known and not is_recognition_key(key)]
    assert code == 0
    assert semantic == [
        *("scl@1[tiny-blip2]", "scl@1[tiny-blip2,queries]", "itm@1[tiny-blip2]", "fid@1[tiny-blip2,n=256]"),
        "kid@1[tiny-blip2]",
        *("scl@1[some-clip~HASH]", "kid@1[some-clip~HASH]"),
    ]
    assert all(rows[key]["caution"].startswith("not validated against people") for key in semantic)
    assert all("some-clip~HASH has not been audited here" in rows[key]["caution"] for key in semantic[-2:])
    table = command("ls", "metrics", "--judge", "tiny-blip2")[1]
    assert table.count("not validated against people") == 5


def test_judges_are_listed_without_loading_any_of_them(command):
    rows = {row["id"]: row for row in json.loads(command("ls", "judges", "--json")[1])}
    assert rows.keys() == installed_judges().keys()
    for name, default in (
        ("blip2", BLIP2_DEFAULT),
        ("instructblip", INSTRUCTBLIP_DEFAULT),
        ("clip", CLIP_DEFAULT),
        ("blip2-itm", HEAD_DEFAULT),
        ("openclip", OPENCLIP_DEFAULT),
    ):
        assert default in rows[name]["weights"]
    assert rows["blip2-itm"]["abilities"] == ["match"]
    assert rows["clip"]["usable"]
    assert rows["tiny-blip2"]["abilities"] == ["embed", "answer", "match"]
    for row in rows.values():
        assert row["usable"] == (row["missing"] is None)
    code = (
        "import sys\n"
        "from retargetbench.benchmark.cli.main import main\n"
        "main(['ls', 'judges'])\n"
        "main(['ls', 'metrics', '--judge', 'tiny-blip2'])\n"
        "print([m for m in ('torch', 'warp', 'transformers', 'scipy') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-P", "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_what_is_said_of_a_kind_is_what_its_judges_can_do(tmp_path):
    saved = {"blip2": tiny_judges.save_blip2, "clip": tiny_judges.save_clip, "blip2-itm": tiny_judges.save_head}
    kinds = {kind.name: kind for kind in judge_kinds()}
    for name, save in saved.items():
        judge = find_judge(name, save(tmp_path / name)).load()
        assert judge.abilities == {ability for ability in kinds[name].abilities if " " not in ability}
        assert kinds[name].query_tokens == ("answer" in judge.abilities)


def test_a_judge_belongs_to_the_list_of_metrics(command):
    code, _, said = command("ls", "tracks", "--judge", "clip")
    assert code == 2
    assert "[C085] --judge belongs to `ls metrics`" in said
    code, _, said = command("ls", "metrics", "--judge", "klip")
    assert code == 2
    assert "[J001] there is no judge 'klip'. Did you mean 'clip'" in said


def test_methods_are_the_installed_ones_and_the_reserved_ground_truth(command):
    rows = {row["id"]: row["kind"] for row in json.loads(command("ls", "methods", "--json")[1])}
    assert {"rest-pose", "random", "copy", "copy-unscaled", "classical"} <= rows.keys()
    assert rows["oracle:ground-truth"] == "predictions source"


def test_tracks_are_what_is_listed_by_default(command):
    assert command("ls", "--json")[1] == command("ls", "tracks", "--json")[1]
    rows = {row["id"]: row for row in json.loads(command("ls", "--json")[1])}
    assert rows["retarget/intents"]["variants"][0] == "mini"
