"""Semantic keys in compare, gate, ranks, tables and the report: like any other, with what must be said beside them."""

import json
import re

import pytest

from retargetbench.benchmark.cli.main import main
from retargetbench.benchmark.cli.method_table import print_methods
from retargetbench.benchmark.comparison import NotComparable, compare_runs, load_run
from retargetbench.benchmark.gating import gate_runs, read_tolerance
from retargetbench.benchmark.judging import cautions
from retargetbench.benchmark.judging.cautions import judge_cautions, judge_warning
from retargetbench.benchmark.ranking import metric_order, rank_groups
from retargetbench.benchmark.records import JudgeRecord, result_text
from retargetbench.benchmark.report.page import report_html
from retargetbench.benchmark.report.sources import ReportSource
from retargetbench.benchmark.samples import samples_text

from ..synthetic import F1, JERK, make_run, noisy

SCL, ITM, KID = "scl@1[seer]", "itm@1[seer]", "kid@1[seer]"
OTHER = "scl@1[other~12345678]"


@pytest.fixture(autouse=True)
def _no_metric_failed(published):
    """What an audit found of the metrics of these tables is not what is asked here."""
    published()


@pytest.fixture
def audited(monkeypatch):
    """Set what the audit found of every judge: ``audited(True)``."""
    return lambda found: monkeypatch.setattr(cautions, "judge_admissible", lambda judge: found)


@pytest.fixture
def runs(tmp_path):
    """Two methods, the second worse by every judge."""
    return [
        make_run(
            tmp_path / name,
            {
                F1: noisy(9, seed=number),
                JERK: noisy(5, seed=10 + number),
                SCL: noisy(3 + level, seed=20 + number),
                ITM: noisy(0.5 - 0.3 * level, seed=30 + number),
                KID: noisy(1 + level, seed=40 + number),
                OTHER: noisy(2 + level, seed=50 + number),
            },
            name=name,
        )
        for number, (name, level) in enumerate({"good": 0.0, "bad": 1.0}.items())
    ]


def test_a_comparison_pairs_semantic_scores_by_clip(runs):
    rows = {row.key: row for row in compare_runs(runs[1], runs[0])}
    assert {SCL, ITM, KID, OTHER} <= rows.keys()
    assert rows[SCL].verdict == rows[KID].verdict == rows[ITM].verdict == rows[OTHER].verdict == "worse"
    assert rows[SCL].difference == pytest.approx(1, abs=0.1)


def test_ranks_are_given_by_admissible_judges_alone(runs, audited):
    audited(True)
    assert sorted(rank_groups(runs, SCL).values()) == [1, 2]
    for found in (False, None):
        audited(found)
        assert rank_groups(runs, SCL) == {}
        assert sorted(rank_groups(runs, F1).values()) == [1, 1]


def test_the_gate_leaves_out_judges_that_rank_nobody_unless_they_are_named(runs, audited):
    audited(False)
    assert {row.difference.key for row in gate_runs(runs[1], runs[0], [])} == {F1, JERK}
    tolerance = read_tolerance("kid=5%", runs[0].samples.keys)
    assert tolerance.key == KID
    assert [row.outcome for row in gate_runs(runs[1], runs[0], [tolerance])] == ["failed"]
    audited(True)
    assert {row.difference.key for row in gate_runs(runs[1], runs[0], [])} == {F1, JERK, SCL, ITM, KID, OTHER}


def test_metrics_of_a_judge_stand_together_behind_the_geometry():
    keys = ["kid@1[b]", "scl@1[b,queries]", JERK, "itm@1[b]", "scl@1[a]", "fid@1[b,n=128]", "scl@1[b]", F1]
    assert metric_order(keys) == [
        *(F1, JERK, "scl@1[a]"),
        *("scl@1[b]", "scl@1[b,queries]", "itm@1[b]", "kid@1[b]", "fid@1[b,n=128]"),
    ]


def test_what_the_audit_found_of_a_judge_is_said_with_not_validated(audited):
    audited(True)
    assert judge_warning("seer") is None
    assert judge_cautions([JERK, SCL, KID]) == ["Scores by seer: not validated against people."]
    audited(False)
    assert "seer is not an admissible judge" in judge_warning("seer")
    audited(None)
    (one,) = judge_cautions([SCL])
    assert one == (
        "Scores by seer: not validated against people; seer has not been audited here: its scores rank nobody."
    )
    assert judge_cautions([JERK]) == []


def test_the_terminal_s_table_and_the_report_say_so_beside_every_semantic_score(runs, audited, capsys):
    audited(False)
    print_methods(runs)
    lines = capsys.readouterr().out.splitlines()
    for key in (SCL, ITM, KID, OTHER):
        at = next(number for number, line in enumerate(lines) if line.startswith(key))
        assert lines[at + 1].strip().startswith("not validated against people")
    assert lines[-2].startswith("Scores by other~12345678: not validated against people; ")
    page = report_html([ReportSource(run) for run in runs])
    heads = re.findall(r'<th scope="col"><a href="#s1-([^"]+)".*?</th>', page, flags=re.DOTALL)
    assert {SCL, ITM, KID, OTHER} <= set(heads)
    for key in (SCL, ITM, KID, OTHER):
        (head,) = re.findall(rf'<th scope="col"><a href="#s1-{re.escape(key)}".*?</th>', page, flags=re.DOTALL)[:1]
        assert "not validated against people" in head
    (geometry,) = re.findall(rf'<th scope="col"><a href="#s1-{re.escape(JERK)}".*?</th>', page, flags=re.DOTALL)[:1]
    assert "not validated" not in geometry
    assert "seer is not an admissible judge" in page
    assert "Semantics" in page


def test_compare_and_gate_say_of_whom_semantic_scores_are(runs, audited, capsys):
    audited(False)
    a, b = (str(run.folder) for run in runs)
    caution = "Scores by seer: not validated against people; seer is not an admissible judge"
    assert main(["compare", a, b]) == 0
    assert caution in capsys.readouterr().out
    assert main(["compare", a, b, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["cautions"][0].startswith(caution)
    assert main(["compare", a, b, "--metric", JERK, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["cautions"] == []
    assert main(["gate", b, "--base", a, "--tol", f"{SCL}=1%"]) == 1
    said = capsys.readouterr()
    assert caution in said.err
    assert said.out.splitlines()[-1] == f"FAILED: {SCL}"


RECORD = JudgeRecord(
    kind="clip", fingerprint="ab" * 32, precision="float32", views=("front",), frames=8, crop="full-body", size_px=16,
    renderer="builtin", questions=("Who <is> it?",),
)  # fmt: skip


def judged(run, **changes):
    """A run whose result names the judge ``seer``, written and read again."""
    result = run.result.model_copy(update={"judges": {"seer": RECORD.model_copy(update=changes)}})
    (run.folder / "result.json").write_text(result_text(result))
    return load_run(run.folder)


@pytest.mark.parametrize(
    "changes", [{"fingerprint": "cd" * 32}, {"frames": 4}, {"size_px": 224}, {"captions_sha256": "1"}]
)
def test_judges_of_one_name_that_differ_in_anything_share_no_column(runs, changes):
    a, b = judged(runs[0], captions_sha256="0"), judged(runs[1], **{"captions_sha256": "0", **changes})
    with pytest.raises(NotComparable, match=rf"the judge 'seer' is not the same .* {next(iter(changes))} is"):
        compare_runs(a, b)
    with pytest.raises(NotComparable, match="score both sets of predictions again"):
        report_html([ReportSource(a), ReportSource(b)])
    assert compare_runs(a, judged(runs[1], captions_sha256="0"))


def test_the_report_names_the_judge_and_escapes_what_it_was_asked(runs):
    page = report_html([ReportSource(judged(run)) for run in runs])
    assert "abababababababab" in page
    assert "Who &lt;is&gt; it?" in page
    assert "8 frames a clip, full-body, 16 px, renderer builtin" in page


def test_what_clips_add_to_a_split_stands_in_a_column_of_its_own(tmp_path):
    from retargetbench.benchmark.records import Failures, MethodIdentity, Result
    from retargetbench.benchmark.samples import Sample, SampleTable, read_samples
    from retargetbench.benchmark.summary import summarise

    rows = tuple(
        Sample(f"c{n}", "SC+SM" if n < 2 else "UC+UM", f"m{n}", f"b{n}", failed=False,
               values={KID: 1.0 + n, JERK: 2.0}, split_values={KID: 10.0 + n} if n < 2 else {})
        for n in range(4)
    )  # fmt: skip
    table = SampleTable((JERK, KID), rows)
    scores = summarise(table, data="d" * 64)
    assert scores["all"][KID].value == 2.5
    assert scores["SC+SM"][KID].value == 10.5
    assert KID not in scores["UC+UM"]
    assert scores["UC+UM"][JERK].value == 2.0
    (tmp_path / "samples.csv").write_text(samples_text(table))
    assert read_samples(tmp_path / "samples.csv") == table
    assert samples_text(table).splitlines()[0].endswith(f"{KID},{KID}/split")
    result = Result(
        track="t", variant="v", data="d" * 64, method=MethodIdentity(name="m"), scores=scores, seed=0, command="",
        failures=Failures(count=0, ids=()), predictions_sha256="p",
    )  # fmt: skip
    (tmp_path / "result.json").write_text(result_text(result))
    run = load_run(tmp_path)
    assert [row.a for row in compare_runs(run, run, split="SC+SM", keys=[KID])] == [10.5]
    assert compare_runs(run, run, split="UC+UM", keys=[KID]) == []
    assert json.loads(result_text(result)).keys() == set(Result.model_fields) - {"judges", "schema_version"} | {
        "schema"
    }
