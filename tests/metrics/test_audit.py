"""The published audit, read without anything that computes."""

import json
import subprocess
import sys
from importlib.resources import files

import pytest

from retargetbench.benchmark.audit.damages.names import BY_NAME
from retargetbench.datasets.intents.clips import load_intents
from retargetbench.metrics import audit
from retargetbench.metrics.declarations import METRICS
from retargetbench.metrics.semantics.declarations import SEMANTICS

from ..published_audit import HEADS, JUDGES

ROWS = (
    "jerk@1,noise_white,yes,0.41,0.3,0.5,1,yes,1,9,80,failed,full,ab\n"
    "jerk@1,noise_smooth,yes,0.9,0.8,1,5,no,0.5,9,80,failed,full,ab\n"
    "pen_arm@1,penetration,yes,1,1,1,1,yes,1,9,80,passed,full,ab\n"
    "pen_arm@1,skating,no,0,0,0,,no,0,0,80,,full,ab\n"
)


def judge_rows(name, *values, lines=(0.75, 0.8, 0.9, 0.8)):
    rows = zip(audit.FIGURES, values, lines, strict=True)
    return "".join(f"{name},scl@1[{name}],{figure},{value},,,90,{line},full,ab\n" for figure, value, line in rows)


def test_a_metric_that_fails_warns_with_its_reasons_and_others_do_not(published):
    published(HEADS + ROWS)
    assert audit.warning_of("jerk@1") == (
        "failed its audit on noise_white (rank correlation 0.41), "
        "noise_smooth (rank correlation 0.90; largest degree not told from none)"
    )
    assert audit.warning_of("pen_arm@1") is None
    assert audit.warning_of("acceleration@1") is None


def test_a_judge_is_admissible_when_all_four_figures_reach_their_lines(published):
    published(HEADS, JUDGES + judge_rows("good", 0.75, 0.8, 0.9, 0.8) + judge_rows("bad", 1, 1, 0.89, 1))
    assert audit.judge_admissible("good") is True
    assert audit.judge_admissible("bad") is False
    assert audit.judge_admissible("other") is None
    assert audit.warning_of("scl@1[good]") is None
    assert audit.warning_of("scl@1[bad,queries]") == "bad is not an admissible judge"
    assert audit.warning_of("itm@1[other]") == "other has not been audited here"


def test_a_figure_that_could_not_be_asked_is_not_reached(published):
    published(HEADS, JUDGES + judge_rows("head", 1, 1, 1, ""))
    assert audit.judge_admissible("head") is False


def test_without_a_published_audit_nothing_warns(published):
    published()
    assert audit.audit_table() == ()
    assert audit.warning_of("jerk@1") is None


def test_every_claim_names_a_metric_and_a_damage_and_is_made_once():
    names = {metric.name for metric in (*METRICS, *SEMANTICS)}
    made = [(claim.metric, claim.damage) for claim in audit.claims()]
    assert {metric for metric, _ in made} <= names
    assert {damage for _, damage in made} <= BY_NAME.keys()
    assert len(set(made)) == len(made)
    assert all(claim.why for claim in audit.claims())


def test_every_metric_of_a_clip_claims_something_that_falls_or_rises_with_its_direction():
    for metric in (*METRICS, *(m for m in SEMANTICS if m.per == "clip")):
        own = [claim for claim in audit.claims() if claim.metric == metric.name]
        assert own, metric.name
        if metric.direction != "none":
            assert {claim.rises for claim in own} == {metric.direction == "lower"}, metric.name


def test_reading_it_imports_nothing_that_computes():
    code = "import sys, retargetbench.metrics.audit as a; a.warning_of('jerk@1'); print({'torch'} & {*sys.modules})"
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert shown.strip() == "set()"


def test_the_published_audit_names_metrics_that_exist_and_the_data_that_is_shipped():
    rows = audit.audit_table()
    if not rows:
        pytest.skip("metrics/audit.csv is missing; this runs once `retargetbench audit --publish .` has written it")
    geometry = {row.metric for row in rows if not row.metric.startswith(("scl@", "itm@"))}
    assert geometry == {metric.key for metric in METRICS if metric.needs != "source-proxy"}
    assert {row.damage for row in rows} == BY_NAME.keys()
    assert {row.data for row in rows} == {load_intents("full").data_sha256}


def test_the_published_verdicts_on_built_in_judges_are_of_the_weights_that_are_shipped():
    rows = audit._rows(audit.ADMISSIBILITY_FILE)
    if not rows:
        pytest.skip(
            "metrics/admissibility.csv is missing; this runs once `retargetbench audit --publish .` has written it"
        )
    weights = files("retargetbench.reference_model") / "weights"
    for row in rows:
        card = json.loads((weights / row["judge"] / "card.json").read_text())
        assert row["fingerprint"] == card["scores"]["fingerprint"]
