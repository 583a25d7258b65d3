"""``retargetbench audit`` on the toy track: what it writes, says and refuses."""

import csv
import json
import re
from dataclasses import replace

import pytest

from retargetbench.benchmark.audit.damages.names import BY_NAME
from retargetbench.benchmark.audit.judging import JudgeName, Shown
from retargetbench.benchmark.audit.measuring import AuditRequest
from retargetbench.benchmark.audit.running import KEPT_FILE, AuditedJudge, AuditRun, run_audit, sampled
from retargetbench.benchmark.cli.main import main
from retargetbench.benchmark.tracks import registry
from retargetbench.datasets.intents.clips import load_intents
from retargetbench.metrics.semantics.judge import Looking

from ...metrics.semantics import tiny_judges
from ..toy import TOY, load_toy, with_toy_track

DAMAGES = ("contact_opened", "skating")
TOY_AUDIT = ("audit", "--track", TOY, "--variant", "four", "--damages", *DAMAGES, "--workers", "1", "--no-pictures")


@pytest.fixture(scope="module")
def command():
    """Run a command line with the toy track beside the real ones: (exit code, stdout, stderr)."""
    import contextlib
    import io

    patch = pytest.MonkeyPatch()
    patch.setattr(registry, "TRACKS", with_toy_track(registry.TRACKS))

    def run(*words):
        out, error = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(error):
            code = main([str(word) for word in words])
        return code, out.getvalue(), error.getvalue()

    yield run
    patch.undo()


@pytest.fixture(scope="module")
def judged(command, tmp_path_factory):
    """An audit of the toy clips with a judge of random weights: (folder, exit code, stdout, stderr)."""
    place = tmp_path_factory.mktemp("audit")
    folder = tiny_judges.save_blip2(place / "small-blip2")
    words = (*TOY_AUDIT, "--judge", "blip2", "--judge-folder", folder, "--out", place / "out", "--json")
    return place / "out", *command(*words)


def test_the_audit_writes_a_page_tables_and_json_and_names_the_next_command(judged):
    folder, code, out, error = judged
    assert code == 0
    assert {path.name for path in folder.iterdir()} == {
        "audit.md", "audit.csv", "admissibility.csv", "audit.json", KEPT_FILE,
    }  # fmt: skip
    assert json.loads(out) == json.loads((folder / "audit.json").read_text())
    assert "Next: retargetbench " in error
    assert f"Page: {folder / 'audit.md'}" in error
    assert "audit, geometry: 4/4" in error


def test_the_table_has_a_row_for_every_metric_that_the_clips_have_and_every_damage(judged):
    with (judged[0] / "audit.csv").open() as file:
        rows = list(csv.DictReader(file))
    found = {(row["metric"], row["damage"]): row for row in rows}
    assert {row["damage"] for row in rows} == set(DAMAGES)
    assert {row["data"] for row in rows} == {load_toy("four").data_sha256}
    for row in (found["skate_mean@1", "skating"], found["root_speed@1", "skating"]):
        assert (row["claimed"], float(row["spearman"]), row["right_share"]) == ("yes", 1.0, "1")
        # four clips of four motions on two bodies: nothing is decided, and nothing pretends to be
        assert (row["verdict"], row["lo"], row["largest_told"]) == ("not decided", "", "")
    assert found["jerk@1", "skating"]["claimed"] == "no"


def test_only_clips_with_a_contact_have_it_opened(judged):
    audit = json.loads((judged[0] / "audit.json").read_text())
    assert audit["made_on_clips"]["skating|2"] == 4
    assert 0 < audit["made_on_clips"]["contact_opened|1"] <= 2
    (opened,) = (f for f in audit["findings"] if (f["metric"], f["damage"]) == ("goal_contact@1", "contact_opened"))
    assert [d["right_share"] for d in opened["degrees"]] == [0, 1, 1, 1]  # 1 % H is within what counts as touching


def test_a_judge_of_random_weights_is_not_admissible(judged):
    audit = json.loads((judged[0] / "audit.json").read_text())
    (judge,) = audit["judges"]
    assert re.fullmatch(r"small-blip2~[0-9a-f]{8}", judge["judge"])
    assert judge["admissible"] is False
    assert {one["figure"] for one in judge["figures"]} == {
        "over_copy", "over_opened", "over_other", "nearer_than_other",
    }  # fmt: skip
    metrics = {one["metric"] for one in audit["findings"]}
    assert {f"scl@1[{judge['judge']}]", f"scl@1[{judge['judge']},queries]"} <= metrics
    assert "not admissible" in (judged[0] / "audit.md").read_text()


def test_admissibility_can_be_asked_on_clips_that_the_sample_leaves_out(command, judged, tmp_path):
    judge = ("--judge", "blip2", "--judge-folder", judged[0].parent / "small-blip2")
    code, out, _ = command(*TOY_AUDIT, *judge, "--pairs", "2", "--admit-on-all", "--out", tmp_path, "--json")
    found, whole = json.loads(out), json.loads((judged[0] / "audit.json").read_text())
    assert code == 0
    assert (len(found["clips"]), len(whole["clips"])) == (2, 4)
    assert found["judges"] == whole["judges"]  # by the same clips, whether or not they were damaged
    assert "--pairs 2" in found["command"]
    assert "--admit-on-all" in found["command"]
    assert "was asked on 3 clips: the audited ones, and all others" in (tmp_path / "audit.md").read_text()
    assert "was asked on" not in (judged[0] / "audit.md").read_text()


def test_the_page_shows_the_command_every_metric_and_what_was_not_decided(judged):
    page = (judged[0] / "audit.md").read_text()
    assert "retargetbench audit --track retarget/toy --variant four --judge blip2 --judge-folder FOLDER" in page
    for row in csv.DictReader((judged[0] / "audit.csv").read_text().splitlines()):
        assert f"`{row['metric']}`" in page
    assert "Nothing is decided" in page
    for name in DAMAGES:
        assert f"### {name}" in page
        assert BY_NAME[name].summary[1:] in page


def test_a_killed_audit_continues_and_gives_the_same_bytes(command, judged, tmp_path):
    first = judged[0]
    lines = [line for line in (first / KEPT_FILE).read_bytes().split(b"\n") if line]
    (tmp_path / KEPT_FILE).write_bytes(b"\n".join(lines[:2]) + b"\n" + lines[2][:50])
    folder = first.parent / "small-blip2"
    code, _, error = command(*TOY_AUDIT, "--judge", "blip2", "--judge-folder", folder, "--out", tmp_path)
    assert code == 0
    assert "2 of 4 were done before" in error
    for name in ("audit.csv", "admissibility.csv", "audit.md", "audit.json"):
        assert (tmp_path / name).read_bytes() == (first / name).read_bytes()


def test_the_terminal_shows_the_weakest_claim_of_every_metric(command, judged, tmp_path):
    words = list(TOY_AUDIT)
    words[words.index("contact_opened")] = "sunk"
    code, out, _ = command(*words, "--out", tmp_path, "--pairs", "1")
    assert code == 0
    assert "1 of 4 pairs of retarget/toy" in out
    assert any(line.startswith("floor_penetration@1") and "sunk" in line for line in out.splitlines())


def test_publishing_writes_the_page_and_the_tables_into_a_checkout(command, tmp_path):
    checkout = tmp_path / "checkout"
    (checkout / "metrics").mkdir(parents=True)
    (checkout / "metrics" / "audit.py").touch()
    words = ("audit", "--track", TOY, "--variant", "two", "--damages", "skating", "--workers", "1", "--pairs", "1")
    code, _, _ = command(*words, "--out", tmp_path / "out", "--publish", checkout)
    assert code == 0
    assert (checkout / "metrics" / "audit.csv").read_bytes() == (tmp_path / "out" / "audit.csv").read_bytes()
    page = (checkout / "docs" / "audit.md").read_text()
    assert "(pictures/audit/skating.jpg)" in page
    assert (checkout / "docs" / "pictures" / "audit" / "skating.jpg").read_bytes()[:2] == b"\xff\xd8"
    assert str(tmp_path) not in page


@pytest.mark.slow
def test_the_number_of_workers_changes_no_number(tmp_path):
    clips = load_intents("mini")  # a fresh process cannot import the toy
    run = AuditRun(clips, AuditRequest(("skating",), ("skate_mean@1", "mpjpe_cm@1[global]")))
    names = sampled(clips.pairs, 2, seed=0)
    one, two = (run_audit(run, names, tmp_path / str(workers), workers=workers) for workers in (1, 2))
    assert one == two
    assert len(one) == 2


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--damages", "skatin"), r"\[C032\] there is no damage 'skatin'. Did you mean 'skating'"),
        (("--pairs", "0"), r"\[C031\] --pairs is 0"),
        (("--workers", "0"), r"\[C031\] --workers is 0"),
        (("--publish", "."), r"\[C033\] --publish \. holds no metrics/audit.py"),
        (("--publish", ".", "--frames", "4"), r"\[C034\] --publish with .*--frames"),
        (("--no-geometry",), r"\[C037\] --no-geometry without --judge"),
        (("--admit-on-all",), r"\[C037\] --admit-on-all asks judges"),
        (("--frames", "0"), r"\[C031\] --frames is 0"),
        (("--views", "fornt"), r"there is no view 'fornt'. Did you mean 'front'"),
        (("--judge", "blip3"), r"\[J001\] there is no judge 'blip3'. Did you mean 'blip2'"),
        (("--variant", "no-truth", "--track", TOY), r"\[C030\] .* has 0 right answers"),
        (("--seeed", "1"), r"\[C002\] .*--seed"),
    ],
)
def test_mistakes_are_answered_with_a_rule_and_the_fix(command, words, said, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    code, out, error = command("audit", "--workers", "1", "--no-pictures", *words)
    assert (code, out) == (2, "")
    assert re.search(said, error)


def test_judges_can_be_shown_more_of_a_clip_than_they_ask_for():
    asked = Looking(("front",), 8, "upper-body", 112)
    assert Shown().in_place_of(asked) == asked
    assert Shown(frames=16).in_place_of(asked) == Looking(("front",), 16, "upper-body", 112)
    assert Shown(("left", "back"), crop="full-body").in_place_of(asked) == Looking(
        ("left", "back"), 8, "full-body", 112
    )
    clips = load_toy("four")
    lookings = (asked, Shown(frames=16).in_place_of(asked), replace(asked, frames=16))
    judges = [AuditedJudge(JudgeName("blip2"), "ab", looking) for looking in lookings]
    runs = [AuditRun(clips, AuditRequest(("skating",), ()), judge) for judge in judges]
    one, tried, other = (run.identity(clips.pairs[0].clip_id) for run in runs)
    assert one != tried == other  # what is shown counts, not who said so


def test_a_larger_sample_holds_a_smaller_one():
    pairs = load_toy("many").pairs
    few, more = sampled(pairs, 5, seed=0), sampled(pairs, 20, seed=0)
    assert set(few) < set(more)
    assert list(few) == sorted(few)
    assert sampled(pairs, None, seed=0) == tuple(sorted(pair.clip_id for pair in pairs))
    assert sampled(pairs, 5, seed=1) != few
