import json

import pytest

from retargetbench.metrics.declarations import METRICS


@pytest.mark.parametrize("what", ["tracks", "methods", "metrics", "data"])
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
    assert set(rows) == {metric.key for metric in METRICS}
    assert rows["pen_limb@1"] | {"summary": ""} == {
        "id": "pen_limb@1",
        "unit": "%",
        "direction": "lower",
        "lower": 0,
        "upper": 100,
        "needs": "nothing",
        "worst_case": 100,
        "summary": "",
    }
    assert rows["jerk@1"]["upper"] is None


def test_methods_are_the_installed_ones_and_the_reserved_ground_truth(command):
    rows = {row["id"]: row["kind"] for row in json.loads(command("ls", "methods", "--json")[1])}
    assert {"rest-pose", "random", "copy", "copy-unscaled", "classical"} <= rows.keys()
    assert rows["oracle:ground-truth"] == "predictions source"


def test_tracks_are_what_is_listed_by_default(command):
    assert command("ls", "--json")[1] == command("ls", "tracks", "--json")[1]
    rows = {row["id"]: row for row in json.loads(command("ls", "--json")[1])}
    assert rows["retarget/intents"]["variants"][0] == "mini"
