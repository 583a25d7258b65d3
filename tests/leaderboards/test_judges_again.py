"""A row with semantic scores: judged again by the same judge, and by nobody else."""

import json

import pytest

from retargetbench.benchmark.cli.main import main
from retargetbench.benchmark.clip_scoring import ClipScorer
from retargetbench.benchmark.comparison import load_run
from retargetbench.benchmark.judging.seats import open_seats
from retargetbench.benchmark.scoring import ScoredTrack, score_submission
from retargetbench.leaderboards.rows import row_path, write_row
from retargetbench.leaderboards.submit import make_row, rescoring_problems, result_problems

from ..metrics.semantics import tiny_judges
from .toy_track import CLIPS, KEYS, TRACK

pytestmark = pytest.mark.usefixtures("toy_track")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """The judge's weights."""
    return tiny_judges.save_clip(tmp_path_factory.mktemp("judges") / "small-clip")


@pytest.fixture(scope="module")
def judged(predictions, folder, tmp_path_factory):
    """The result of `copy` with semantic scores."""
    track = ScoredTrack(TRACK.id, "mini", CLIPS, KEYS, open_seats(["clip"], [str(folder)]))
    with ClipScorer(CLIPS, 1) as scorer:
        return load_run(score_submission(predictions, track, tmp_path_factory.mktemp("r"), scorer=scorer).folder)


@pytest.fixture
def row(judged, tmp_path):
    path = row_path(tmp_path / "rows", judged.result)
    write_row(path, make_row(judged, "numerical"), (judged.folder / "samples.csv").read_bytes())
    return path


def reproduce(*words):
    return main(["reproduce", *map(str, words), "--workers", "1"])


def test_a_judged_row_holds_when_its_judge_is_given(row, judged, folder, predictions, capsys):
    (name,) = judged.result.judges
    assert reproduce(row, "--predictions", predictions.parent, "--judge-folder", f"{name}={folder}") == 0
    assert "every number within 1e-4" in capsys.readouterr().out


def test_without_its_judge_s_weights_it_is_said_how_to_name_them(row, judged, capsys):
    (name,) = judged.result.judges
    assert reproduce(row) == 1
    assert f"[L004] the judge {name} read its weights from a folder" in (said := capsys.readouterr().err)
    assert f"--judge-folder {name}=FOLDER" in said


def test_another_judge_confirms_nothing(row, judged, predictions, tmp_path, capsys):
    (name,) = judged.result.judges
    other = tiny_judges.save_clip(tmp_path / "small-clip", seed=1)
    assert reproduce(row, "--predictions", predictions.parent, "--judge-folder", f"{name}={other}") == 1
    assert f"the judge {name} is now small-clip~" in capsys.readouterr().err


def test_a_semantic_number_altered_by_hand_is_named(row, judged, capsys):
    values = json.loads(row.read_text())
    key = next(key for key in values["result"]["scores"]["all"] if key.startswith("kid@1["))
    values["result"]["scores"]["all"][key]["value"] += 0.01
    row.write_text(json.dumps(values))
    assert reproduce(row, "--numbers-only") == 1
    assert f"value of {key} of all is" in capsys.readouterr().err


def test_a_judged_result_can_be_submitted_and_its_clips_hold_every_number(judged, predictions, folder):
    (name,) = judged.result.judges
    assert result_problems(judged, CLIPS) == []
    assert rescoring_problems(judged, predictions, CLIPS, (f"{name}={folder}",)) == []
