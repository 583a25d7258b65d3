"""Metrics that failed their audit say so once below every table that shows them."""

import json

import pytest

from retargetbench.benchmark.cautions import table_cautions
from retargetbench.benchmark.cli.commands.score import print_result
from retargetbench.benchmark.cli.main import main
from retargetbench.benchmark.cli.method_table import print_methods

from ..published_audit import HEADS, verdict_rows
from .synthetic import F1, JERK, LIMB, MPJPE, make_run, noisy

NEAREST, SCL = "mpjpe_cm@1[global,nearest-of-k]", "scl@1[seer]"
CAUTION = "Failed the audit on noise_white, skating (docs/auditing.md): jerk@1."


@pytest.fixture
def audited(published):
    """An audit in which jerk failed on two damages, and a metric that no table here shows on a third."""
    published(
        HEADS
        + verdict_rows(JERK, "failed", "noise_white", "skating")
        + verdict_rows(JERK, "passed", "noise_smooth")
        + verdict_rows(LIMB, "failed", "penetration")
        + verdict_rows(F1, "not decided", "contact_opened")
    )


@pytest.fixture
def runs(tmp_path):
    """Two methods, the second the worse one."""
    return [
        make_run(
            tmp_path / name,
            {F1: noisy(9 - level, seed=number), JERK: noisy(5 + level, seed=10 + number)},
            name=name,
        )
        for number, (name, level) in enumerate({"good": 0.0, "bad": 1.0}.items())
    ]


def test_metrics_that_failed_on_the_same_damages_share_a_sentence(published):
    published(
        HEADS
        + verdict_rows(MPJPE, "failed", "mirrored")
        + verdict_rows(NEAREST, "failed", "mirrored")
        + verdict_rows(JERK, "failed", "noise_white", "skating")
        + verdict_rows("acceleration@1", "failed", "noise_white", "skating")
        + verdict_rows(SCL, "failed", "contact_opened")
        + verdict_rows(LIMB, "failed", "penetration")
    )
    assert table_cautions(key for key in [JERK, F1, MPJPE, "acceleration@1", NEAREST, SCL]) == [
        "Failed the audit on noise_white, skating (docs/auditing.md): jerk@1, acceleration@1.",
        "Failed the audit on mirrored (docs/auditing.md): mpjpe_cm@1[global], mpjpe_cm@1[global,nearest-of-k].",
        "Failed the audit on contact_opened (docs/auditing.md): scl@1[seer].",
        "Scores by seer: not validated against people; seer has not been audited here: its scores rank nobody.",
    ]


def test_where_no_audit_was_published_nothing_is_said(published):
    published()
    assert table_cautions([JERK, F1]) == []


@pytest.mark.usefixtures("audited")
def test_the_tables_of_score_and_demo_say_it_once(runs, capsys):
    print_result(runs[0].result, as_json=False)
    assert capsys.readouterr().out.splitlines().count(CAUTION) == 1
    print_methods(runs)
    assert capsys.readouterr().out.splitlines()[-1] == CAUTION


@pytest.mark.usefixtures("audited")
def test_compare_and_gate_say_it_once_of_the_metrics_that_they_show(runs, capsys):
    good, bad = (str(run.folder) for run in runs)
    assert main(["compare", good, bad]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == CAUTION
    assert main(["compare", good, bad, "--metric", F1]) == 0
    assert "audit" not in capsys.readouterr().out
    assert main(["compare", good, bad, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["cautions"] == [CAUTION]
    assert main(["gate", bad, "--base", good]) == 1
    said = capsys.readouterr()
    assert said.err.splitlines().count(f"warning: {CAUTION}") == 1
    assert said.out.splitlines()[-1].startswith("FAILED: ")
    assert main(["gate", bad, "--base", good, "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["cautions"] == [CAUTION]
