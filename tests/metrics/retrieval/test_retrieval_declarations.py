import csv
import subprocess
import sys
from pathlib import Path

import pytest

from retargetbench.datasets.errors import UnknownName
from retargetbench.metrics.declarations import METRICS, find_metric
from retargetbench.metrics.retrieval.declarations import (
    DIRECTIONS,
    FORMULAS,
    PROTOCOLS,
    TIE_RULES,
    Column,
    retrieval_metrics,
)
from retargetbench.metrics.retrieval.errors import WrongColumn

from ..source_hash import ROOT, digest

NEEDED = {"threshold": ("cos>0.9", "all-mpnet-base-v2"), "batches-32": ("seed=0", "dropped=18")}


def test_a_key_says_who_searches_what_in_which_protocol_and_how_large_the_gallery_is():
    keys = [metric.key for metric in retrieval_metrics(Column("t2m", "all-strict", 4384))]
    assert keys[0] == "t2m/R@1@1[all-strict,4384]"
    assert keys[-2:] == ["t2m/MedR@1[all-strict,4384]", "t2m/MeanR@1[all-strict,4384]"]


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_every_key_is_found_again(protocol):
    for direction in DIRECTIONS:
        for more in ((), ("captions=all", "subset=no-mirror", "ties=tmr-averaging"), ("subset=clean",)):
            for metric in retrieval_metrics(Column(direction, protocol, 786, (*NEEDED.get(protocol, ()), *more))):
                assert find_metric(metric.key) == metric


def test_declarations_hang_together():
    for protocol in PROTOCOLS:
        for metric in retrieval_metrics(Column("v2m", protocol, 98, NEEDED.get(protocol, ()))):
            assert metric.family == "retrieval"
            assert metric.lower < metric.upper
            assert metric.worst == (metric.lower if metric.direction == "higher" else metric.upper)
            assert metric.worst == (0 if "/R@" in metric.key else 32 if protocol == "batches-32" else 98)
            assert metric.summary
            assert not metric.summary.endswith(".")
            assert metric.per == ("set" if metric.name == "v2m/MedR" else "clip")
    assert not {metric.name for metric in METRICS} & {f"{d}/{name}" for d in DIRECTIONS for name in FORMULAS}


@pytest.mark.parametrize(
    ("key", "error", "said"),
    [
        ("t2m/R@1", UnknownName, r"t2m/R@1@1\[all-strict,4384\]"),
        ("t2m/R@4@1[all-strict,9]", UnknownName, r"t2m/R@\d+@1\[all-strict,9\]"),
        ("t2m/R@1@2[all-strict,9]", UnknownName, r"t2m/R@1@1\[all-strict,9\]"),
        ("t2m/R@1@1[all_strict,9]", UnknownName, "all-strict"),
        ("t2m/R@1@1[all-strict]", WrongColumn, "0 items"),
        ("t2m/R@1@1[threshold,9]", WrongColumn, "cos>.*MODEL"),
        ("t2m/R@1@1[threshold,9,cos>high,m]", WrongColumn, "cos>"),
        ("t2m/R@1@1[threshold,9,cos>0.9,ties=argsort]", WrongColumn, "MODEL"),
        ("t2m/R@1@1[batches-32,9,seed=0]", WrongColumn, "dropped="),
        ("t2m/R@1@1[all-strict,9,seed=0]", WrongColumn, "expected"),
        ("t2m/R@1@1[all-strict,9,ties=expected]", WrongColumn, "ties="),
        ("t2m/R@1@1[all-strict,9,subset=a,captions=all]", WrongColumn, "captions=all"),
        ("t2m/R@1@1[all-strict,9,subset=a b]", WrongColumn, "blanks"),
    ],
)
def test_a_mistyped_key_is_told_what_it_lacks(key, error, said):
    with pytest.raises(error, match=said):
        find_metric(key)


def test_a_column_without_a_direction_is_refused():
    with pytest.raises(UnknownName, match="t2m"):
        Column("text2motion", "all-strict", 9)


def test_declarations_and_their_errors_import_nothing_that_computes():
    code = (
        "import sys, retargetbench.metrics.retrieval.declarations; "
        "print([m for m in ('torch', 'numpy', 'scipy') if m in sys.modules])"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert shown.strip() == "[]"


def test_a_formula_that_changed_has_a_new_version():
    with Path(ROOT, "metrics", "retrieval", "versions.csv").open(newline="", encoding="utf-8") as file:
        rows = {row["metric"]: row for row in csv.DictReader(file)}
    assert set(rows) == {name.partition("@")[0] for name in FORMULAS} | set(PROTOCOLS)
    for name, row in rows.items():
        assert {m.version for m in retrieval_metrics(Column("t2m", "all-strict", 9))} == {int(row["version"])}
        found = digest(row["sources"].split())
        assert found == row["source_hash"], (
            f"{name} reads differently. If it can give other numbers, raise the version in "
            f"metrics/retrieval/declarations.py; in either case write {found} into its row of "
            "metrics/retrieval/versions.csv."
        )


def test_every_figure_protocol_direction_and_rule_is_explained_in_the_documentation():
    text = Path(ROOT, "docs", "retrieval.md").read_text(encoding="utf-8")
    names = {"R@k", "MedR", "MeanR", *PROTOCOLS, *TIE_RULES, *DIRECTIONS}
    assert [name for name in sorted(names) if f"`{name}`" not in text] == []
