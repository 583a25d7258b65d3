import json

import pytest

from retargetbench.benchmark.cli.commands import demo
from retargetbench.benchmark.cli.main import main
from retargetbench.benchmark.judging.seats import open_seats, shipped_seats
from retargetbench.metrics.semantics.kinds import judge_kinds

from ..toy import TOLD


@pytest.fixture
def small_demo(monkeypatch, judges, tmp_path, capsys):
    """The demo of one method on four clips, with a random judge in the place of the built-in one."""
    seats = open_seats(["blip2"], [str(judges["blip2"])])
    monkeypatch.setattr(demo, "METHODS", ("oracle:ground-truth",))
    monkeypatch.setattr(demo, "open_track", lambda track, variant: TOLD)
    monkeypatch.setattr(demo, "shipped_seats", lambda names: seats if names == ("tiny-blip2",) else ())

    def run(*words):
        assert main(["demo", "--out", str(tmp_path / "demo"), "--workers", "1", *words]) == 0
        return capsys.readouterr().out, tmp_path / "demo"

    return run


def test_the_demo_shows_the_judge_s_scores_beside_the_geometry_and_says_what_they_are(small_demo):
    out, folder = small_demo()
    rows = {line.split("@")[0]: number for number, line in enumerate(out.splitlines()) if "@1[small-blip2~" in line}
    assert rows.keys() == {"scl", "itm", "kid"}
    assert all("not validated against people" in out.splitlines()[number + 1] for number in rows.values())
    assert "goal_f1@1" in out
    assert "Scores by small-blip2~" in out
    assert "not validated against people" in (folder / "report.html").read_text()


def test_the_demo_goes_without_a_judge_when_asked_to(small_demo):
    out, _ = small_demo("--no-judge", "--json")
    (row,) = json.loads(out)["rows"]
    assert "judges" not in row
    assert not any("small-blip2" in key for key in row["scores"]["all"])


def test_only_judges_whose_weights_are_in_the_package_are_seated():
    usable = {kind.name for kind in judge_kinds() if kind.missing is None and kind.named}
    assert {seat.kind for seat in shipped_seats(("tiny-blip2", "tiny-clip", "clip"))} == usable
