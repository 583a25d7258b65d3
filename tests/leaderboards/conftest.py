import pytest

from retargetbench.benchmark.clip_scoring import ClipScorer
from retargetbench.benchmark.running.methods import find_method
from retargetbench.benchmark.running.runner import RunPlan, run_method
from retargetbench.benchmark.scoring import ScoredTrack, score_submission

from .toy_track import CLIPS, KEYS, TRACK, install


@pytest.fixture
def toy_track(monkeypatch):
    """The toy track is the only one there is."""
    install(monkeypatch)


@pytest.fixture(scope="session")
def predictions(tmp_path_factory):
    """Predictions of the installed method `copy` on the toy track, seed 3."""
    out = tmp_path_factory.mktemp("runs") / "copy"
    run_method(RunPlan(CLIPS, TRACK.id, "mini", find_method("copy"), out, seed=3, workers=1))
    return out


@pytest.fixture(scope="session")
def result_folder(predictions, tmp_path_factory):
    """Their result."""
    track = ScoredTrack(TRACK.id, "mini", CLIPS, KEYS)
    with ClipScorer(CLIPS, 1) as scorer:
        return score_submission(predictions, track, tmp_path_factory.mktemp("results"), scorer=scorer).folder


@pytest.fixture(scope="session")
def committed_row(result_folder, tmp_path_factory):
    """Their row, as `submit` writes it."""
    from retargetbench.benchmark.comparison import load_run
    from retargetbench.leaderboards.rows import row_path, write_row
    from retargetbench.leaderboards.submit import make_row

    run = load_run(result_folder)
    path = row_path(tmp_path_factory.mktemp("rows"), run.result)
    write_row(path, make_row(run, "numerical"), (result_folder / "samples.csv").read_bytes())
    return path
