"""What the recognition metrics are called, and that a formula does not change under its name."""

import csv
import subprocess
import sys
from pathlib import Path

import pytest

from retargetbench.datasets.errors import UnknownName
from retargetbench.metrics.declarations import find_metric
from retargetbench.metrics.recognition.declarations import FORMULAS, recognition_metrics

from ..source_hash import ROOT, digest


def test_the_number_of_classes_is_part_of_every_key():
    keys = [metric.key for metric in recognition_metrics(60)]
    assert keys == ["top1@1[60]", "top5@1[60]", "macro@1[60]", "r_precision@1[60]"]
    for key in keys:
        assert find_metric(key).key == key
        assert find_metric(key).family == "recognition"


@pytest.mark.parametrize("key", ["top1@2[60]", "top1@1", "macro@1[1]", "top5@1[many]"])
def test_a_mistyped_key_is_answered_with_the_nearest(key):
    with pytest.raises(UnknownName, match="Did you mean"):
        find_metric(key)


def test_declarations_import_nothing_that_computes():
    code = (
        "import sys, retargetbench.metrics.recognition.declarations; "
        "print([m for m in ('torch', 'numpy', 'scipy') if m in sys.modules])"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert shown.strip() == "[]"


def test_a_formula_that_changed_has_a_new_version():
    with Path(ROOT, "metrics", "recognition", "versions.csv").open(newline="", encoding="utf-8") as file:
        rows = {row["metric"]: row for row in csv.DictReader(file)}
    assert set(rows) == set(FORMULAS)
    for metric in recognition_metrics(60):
        row = rows[metric.name]
        assert metric.version == int(row["version"])
        found = digest(row["sources"].split())
        assert found == row["source_hash"], (
            f"{metric.name} reads differently. If it can give other numbers, raise its version; in either case write "
            f"{found} into its row of metrics/recognition/versions.csv."
        )


def test_every_figure_is_explained_in_the_documentation():
    text = Path(ROOT, "docs", "recognition.md").read_text(encoding="utf-8")
    assert [name for name in FORMULAS if f"`{name}`" not in text] == []
