"""The command line on a retrieval track: check, score, compare, gate, report; and which commands it is not for."""

import json

import pytest

from retargetbench.benchmark.retrieval.folder import write_embeddings
from retargetbench.benchmark.submission.method_card import MethodCard

from .toy_search import TRACK, embeddings, load

DATA, DETAILED = load("detailed"), ("--variant", "detailed")


@pytest.fixture
def folders(tmp_path):
    for name, noise in (("one", 0.8), ("two", 2.0)):
        write_embeddings(tmp_path / name, MethodCard(name, "1"), DATA, embeddings(noise=noise, data=DATA))
    return tmp_path / "one", tmp_path / "two"


def test_from_check_to_report(command, folders, tmp_path):
    code, out, err = command("check", folders[0], "--track", TRACK, *DETAILED)
    assert (code, "embeddings of 40 text, 40 motion items" in out) == (0, True)
    assert f"Next: retargetbench score {folders[0]} --track {TRACK} --variant detailed" in err
    results = []
    for folder in folders:
        code, out, err = command("score", folder, "--track", TRACK, *DETAILED, "--out", tmp_path / "results", "--json")
        assert code == 0
        results.append(err.partition("Written to ")[2].splitlines()[0])
    assert json.loads(out)["scores"]["all"]["m2t/MedR@1[same-meaning,40]"]["unit"] == "rank"
    key = "t2m/R@1@1[all-strict,40]"
    code, out, _ = command("compare", *results, "--metric", key, "--json")
    assert (code, [row["key"] for row in json.loads(out)["differences"]]) == (0, [key])
    code, out, _ = command("gate", results[1], "--base", results[0], "--tol", f"{key}=1%", "--json")
    assert (code, json.loads(out)["passed"]) == (1, False)
    code, _, _ = command("report", tmp_path / "results", "--out", tmp_path / "page.html")
    page = (tmp_path / "page.html").read_text()
    assert code == 0
    assert "Retrieval" in page
    assert "retrieval-caption-length" in page  # the reminder that a floor is missing
    assert "oracle:ground-truth" not in page


def test_problems_are_listed_and_nothing_is_scored(command, folders, tmp_path):
    (folders[0] / "embeddings.npz").write_bytes(b"")
    code, out, err = command("check", folders[0], "--track", TRACK, *DETAILED, "--json")
    assert (code, [problem["rule"] for problem in json.loads(out)["problems"]]) == (1, ["R103"])
    code, out, err = command("score", folders[0], "--track", TRACK, *DETAILED, "--out", tmp_path / "results")
    assert (code, "[R103]" in err, (tmp_path / "results").exists()) == (2, True, False)


def test_what_a_retrieval_track_is_not_for_says_so(command, folders):
    for words in (
        ("score", folders[0], "--track", TRACK, *DETAILED, "--judge", "clip"),
        ("audit", "--track", TRACK, *DETAILED),
    ):
        code, _, err = command(*words)
        assert (code, "[T004]" in err, "retrieval track" in err) == (2, True, True)


def test_ls_shows_the_track_with_its_task_and_metrics(command):
    _, out, _ = command("ls", "tracks", "--json")
    rows = {row["id"]: row for row in json.loads(out)}
    row = rows["retrieval/intents"]
    assert (row["task"], row["variants"]) == ("retrieval", ["captions", "detailed", "videos"])
    assert "t2m/R@1@1[same-meaning,1077]" in row["metrics"]
    assert rows["retarget/intents"]["task"] == "retargeting"
