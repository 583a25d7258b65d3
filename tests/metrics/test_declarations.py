import csv
import subprocess
import sys
from pathlib import Path

import pytest

from retargetbench.datasets.errors import UnknownName
from retargetbench.metrics.declarations import METRICS, find_metric, metric_keys, worst_case

from .source_hash import ROOT, digest, without_layout

FLOORS = ("rest-pose", "random", "copy", "copy-unscaled")


def table(name):
    with Path(ROOT, "metrics", name).open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_keys_are_unique_and_say_name_version_and_qualifier():
    keys = metric_keys()
    assert len(set(keys)) == len(keys) == len(METRICS)
    assert {"pen_limb@1", "pen_limb@1[0.3%H]", "mse_nkn@1[local,nearest-of-k]"} <= set(keys)
    for metric in METRICS:
        assert find_metric(metric.key) is metric


def test_declarations_hang_together():
    for metric in METRICS:
        assert metric.lower < metric.upper
        assert metric.lower <= metric.worst <= metric.upper
        assert metric.unit
        assert metric.summary
        assert not metric.summary.endswith(".")
        if metric.direction == "higher":
            assert metric.worst == metric.lower
        if metric.direction == "lower":
            assert metric.worst > metric.lower


def test_all_forms_of_a_metric_share_version_and_direction():
    seen = {}
    for metric in METRICS:
        assert seen.setdefault(metric.name, (metric.version, metric.direction)) == (metric.version, metric.direction)


def test_keys_can_be_picked_by_what_they_need():
    goals = metric_keys(needs={"goals"})
    assert goals
    assert {find_metric(key).needs for key in goals} == {"goals"}


def test_a_mistyped_key_is_answered_with_the_nearest_ones():
    with pytest.raises(UnknownName, match=r"\[E001\].*pen_limb@1"):
        find_metric("pen_lim@1")
    with pytest.raises(UnknownName, match="goal_contact@1"):
        worst_case("goal_contacts@1")


def test_declarations_import_nothing_that_computes():
    heavy = ("torch", "warp", "scipy", "numpy")
    code = f"import sys, retargetbench.metrics.declarations; print([m for m in {heavy} if m in sys.modules])"
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert shown.strip() == "[]"


def test_the_floors_table_says_for_every_metric_which_floors_must_lose():
    rows = {row["metric"]: row for row in table("floors.csv")}
    ranked = {metric.key for metric in METRICS if metric.direction != "none"}
    assert rows.keys() == ranked
    for row in rows.values():
        assert {row[floor] for floor in FLOORS} <= {"must lose", "may win"}
    for key in ranked:
        name = key.split("@")[0]
        if find_metric(key).needs == "reference" or name in {"goal_f1", "goal_contact"}:
            assert {rows[key][floor] for floor in FLOORS} == {"must lose"}, key
    for name in ("pen_limb@1", "skate_mean@1", "jerk@1"):
        assert rows[name]["rest-pose"] == "may win"


def test_a_formula_that_changed_has_a_new_version():
    rows = {row["metric"]: row for row in table("versions.csv")}
    assert rows.keys() == {metric.name for metric in METRICS}
    for metric in METRICS:
        row = rows[metric.name]
        assert int(row["version"]) == metric.version, f"metrics/versions.csv: {metric.name} is now {metric.version}"
        found = digest(row["sources"].split())
        assert found == row["source_hash"], (
            f"the formula of {metric.name} reads differently. If it can give other numbers, raise its version in "
            f"metrics/declarations.py; in either case write {found} into its row of metrics/versions.csv."
        )


def test_the_hash_is_blind_to_layout_and_sees_a_changed_number():
    one = "def f(x):\n    # why\n    return x * 2 + \\\n        1\n"
    other = "def f( x ) :\n    return (x*2+1)\n".replace("(x*2+1)", "x*2+\\\n1")
    assert without_layout(one) == without_layout(other)
    assert without_layout(one) != without_layout(one.replace("2", "3"))


def test_every_metric_is_explained_in_the_documentation():
    text = Path(ROOT, "docs", "metrics.md").read_text(encoding="utf-8")
    assert [metric.name for metric in METRICS if f"`{metric.name}`" not in text] == []
