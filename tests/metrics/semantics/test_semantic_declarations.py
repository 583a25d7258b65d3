import csv
from pathlib import Path

import pytest

from retargetbench.datasets.errors import UnknownName
from retargetbench.metrics.declarations import METRICS, find_metric
from retargetbench.metrics.semantics.declarations import SEMANTICS, semantic_metrics

from ..source_hash import ROOT, digest


def test_every_key_names_its_judge():
    keys = [metric.key for metric in semantic_metrics("tiny", {"embed", "answer", "match"}, fid_samples=512)]
    assert keys == ["scl@1[tiny]", "scl@1[tiny,queries]", "itm@1[tiny]", "fid@1[tiny,n=512]", "kid@1[tiny]"]


def test_a_judge_gets_only_the_metrics_it_can_give():
    clip = semantic_metrics("clip", {"embed", "images", "texts"}, query_tokens=False)
    assert [metric.key for metric in clip] == ["scl@1[clip]", "kid@1[clip]"]
    assert [metric.key for metric in semantic_metrics("head", {"match"})] == ["itm@1[head]"]


def test_a_key_is_found_again_whoever_its_judge_is():
    for judge in ("tiny-blip2", "my_weights~0a1b2c3d"):
        for renderer in ("builtin", "pytorch3d"):
            for metric in semantic_metrics(judge, {"embed", "match"}, fid_samples=256, renderer=renderer):
                assert find_metric(metric.key) == metric
                assert metric.judge == judge
    assert find_metric("scl@1[a,queries]").bare == "scl,queries"
    assert find_metric("scl@1[a,queries,pytorch3d]").bare == "scl,queries"


def test_pictures_of_another_renderer_are_another_column():
    keys = [metric.key for metric in semantic_metrics("a", {"embed"}, query_tokens=False, renderer="pytorch3d")]
    assert keys == ["scl@1[a,pytorch3d]", "kid@1[a,pytorch3d]"]


@pytest.mark.parametrize("key", ["scl", "scl@1", "scl@2[a]", "scl@1[]", "fid@1[a]", "kid@1[a,queries]", "kid@1[a]b"])
def test_a_key_without_judge_or_of_another_version_is_no_metric(key):
    with pytest.raises(UnknownName, match=r"scl@1\[JUDGE\]|fid@1\[JUDGE,n=128\]|kid@1\[JUDGE\]"):
        find_metric(key)


def test_declarations_hang_together():
    for metric in SEMANTICS:
        assert metric.family == "semantics"
        assert metric.lower < metric.upper
        assert metric.direction == ("higher" if metric.name == "itm" else "lower")
        assert metric.summary
        assert not metric.summary.endswith(".")
        assert metric.per == ("set" if metric.name in {"fid", "kid"} else "clip")
        assert metric.caption == (metric.name == "itm")
    assert not {metric.name for metric in SEMANTICS} & {metric.name for metric in METRICS}


def test_a_formula_that_changed_has_a_new_version():
    with Path(ROOT, "metrics", "semantics", "versions.csv").open(newline="", encoding="utf-8") as file:
        rows = {row["metric"]: row for row in csv.DictReader(file)}
    assert rows.keys() == {metric.name for metric in SEMANTICS}
    for metric in SEMANTICS:
        row = rows[metric.name]
        assert int(row["version"]) == metric.version
        found = digest(row["sources"].split())
        assert found == row["source_hash"], (
            f"the formula of {metric.name} reads differently. If it can give other numbers, raise its version in "
            f"metrics/semantics/declarations.py; in either case write {found} into its row of "
            "metrics/semantics/versions.csv."
        )


def test_every_semantic_metric_is_explained_in_the_documentation():
    text = Path(ROOT, "docs", "judges.md").read_text(encoding="utf-8")
    assert [metric.name for metric in SEMANTICS if f"`{metric.name}`" not in text] == []
    assert "not validated against people" in text
