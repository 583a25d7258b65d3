"""The audit of Intents: what it calls free of contacts, and what it says of the committed rows of mini."""

import json

import numpy as np
import pytest

from retargetbench.benchmark.comparison import load_run
from retargetbench.benchmark.intents_audit import (
    free_angles_deg,
    free_programs_rows,
    main,
    separation_rows,
    strict_rows,
    validity_rows,
)
from retargetbench.benchmark.tracks import open_track
from retargetbench.leaderboards.rows import ROWS


@pytest.fixture(scope="module")
def clips():
    return open_track("retarget/intents", "mini")


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    """The committed rows as the result folders they were written from."""
    made = []
    for row in sorted((ROWS / "retarget" / "intents").glob("*/*.json")):
        folder = tmp_path_factory.mktemp(row.parent.name)
        (folder / "result.json").write_text(json.dumps(json.loads(row.read_text())["result"]))
        (folder / "samples.csv").write_bytes(row.with_suffix(".samples.csv").read_bytes())
        made.append(load_run(folder))
    return {run.result.method.name: run for run in made}


def test_only_frames_without_a_held_contact_are_compared(clips):
    pair = next(p for p in map(clips.load, (s.clip_id for s in clips.pairs)) if len(p.contact_goals) == 1)
    (goal,) = pair.contact_goals
    assert free_angles_deg(pair).shape == ((~goal.held).sum(), 22)


def test_a_motion_without_contacts_is_compared_in_every_frame(clips):
    pair = next(p for p in map(clips.load, (s.clip_id for s in clips.pairs)) if not p.contact_goals)
    angles = free_angles_deg(pair)
    assert len(angles) == pair.spec.frame_count
    assert np.all(angles >= 0)


def test_another_right_answer_is_nearer_than_copy_is(clips, runs):
    said = dict(validity_rows(clips, runs["oracle:ground-truth"], runs["copy"]))
    ratio = float(said["copy to the shipped one, mpjpe"].split()[-1])
    assert ratio < 1 / 3


def test_strict_are_the_clips_whose_source_and_target_are_both_unseen(clips, runs):
    targets = {spec.target for spec in clips.pairs if spec.split.startswith("UC")}
    wanted = [s for s in clips.pairs if s.split.startswith("UC") and s.source in targets]
    rows = list(strict_rows([runs["copy"], runs["oracle:ground-truth"]], clips))
    assert sum(int(row[2]) for row in rows[:2]) == len(wanted)
    held = [float(row[3].split()[0]) for row in rows]
    assert min(held[2:]) > 0.97 > max(held[:2])


def test_truth_holds_every_contact_and_copy_does_not(runs):
    rows = {row[0]: row for row in separation_rows(list(runs.values()))}
    truth, copy = (float(rows[name][1].split()[0]) for name in ("oracle:ground-truth", "copy"))
    assert truth > 0.97 > 0.5 > copy
    assert rows["oracle:ground-truth"][3].startswith("+0.00")


@pytest.mark.parametrize(("names", "missing"), [(["copy"], "oracle:ground-truth"), (["oracle:ground-truth"], "copy")])
def test_results_without_truth_or_copy_are_refused_in_a_sentence(runs, names, missing, monkeypatch, capsys):
    folders = [str(runs[name].folder) for name in names]
    monkeypatch.setattr("sys.argv", ["intents_audit", *folders, "--variant", "mini"])
    with pytest.raises(SystemExit, match="2"):
        main()
    assert f"no result of {missing} on mini" in capsys.readouterr().err


def test_results_on_other_data_are_passed_over(runs, monkeypatch, capsys):
    monkeypatch.setattr("sys.argv", ["intents_audit", *(str(run.folder) for run in runs.values()), "--variant", "val"])
    with pytest.raises(SystemExit):
        main()
    assert "on val, version" in capsys.readouterr().err


def test_motions_without_contact_are_a_quarter_of_mini(clips, runs):
    counts = {row[1] for row in free_programs_rows(list(runs.values()), clips)}
    assert counts == {"8"}
