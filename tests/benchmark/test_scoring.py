import shutil
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest

from retargetbench.benchmark import clip_scoring
from retargetbench.benchmark.clip_scoring import ClipScorer
from retargetbench.benchmark.records import read_result, read_run
from retargetbench.benchmark.samples import read_samples
from retargetbench.benchmark.scoring import ScoredTrack, score_submission
from retargetbench.benchmark.submission.folder import write_submission
from retargetbench.benchmark.submission.method_card import MethodCard
from retargetbench.benchmark.submission.problems import BadSubmission
from retargetbench.metrics.declarations import metric_keys, worst_case

from .toy import ToyClips

CLIPS = ToyClips()
TRACK = ScoredTrack("retarget/toy", "four", CLIPS, metric_keys())
NEAREST = "mpjpe_cm@1[global,nearest-of-k]"


def predict(solution, name="exact", **more):
    return MethodCard(name, "1", **more), {
        s.clip_id: CLIPS.load(s.clip_id).ground_truths[solution] for s in CLIPS.pairs
    }


@pytest.fixture(scope="module")
def exact(tmp_path_factory):
    """A submission of the shipped right answers."""
    folder = tmp_path_factory.mktemp("exact") / "predictions"
    write_submission(folder, *predict(0, parameters=7, trained_on=("toys",), commit="abc"))
    return folder


@pytest.fixture(scope="module")
def scored(exact, tmp_path_factory):
    """Those answers scored in this process."""
    return score(exact, tmp_path_factory.mktemp("results"))


def score(predictions, out, scorer_class=ClipScorer, track=TRACK):
    with scorer_class(track.clip_set, 1) as scorer:
        return score_submission(predictions, track, out, scorer=scorer)


def test_the_right_answers_have_no_error_and_hold_every_contact(scored):
    scores = scored.result.scores["all"]
    assert scores["mpjpe_cm@1[global]"].value == pytest.approx(0, abs=1e-4)
    assert scores["goal_f1@1"].value == 1
    assert (scores["goal_f1@1"].n, scores["pen_limb@1"].n) == (2, 4)
    assert scores["pen_limb@1"].unit == "%"
    assert scores["pen_limb@1"].lo is None
    assert "2 motions and 2 bodies" in scores["pen_limb@1"].note


def test_the_three_records_lie_where_the_design_says(scored, tmp_path):
    result = read_result(scored.folder / "result.json")
    assert result == scored.result
    assert scored.folder.parent.name == "exact"
    assert scored.folder.parent.parent.name == f"toy@{CLIPS.data_sha256[:12]}"
    assert sorted(p.name for p in scored.folder.iterdir()) == ["result.json", "run.json", "samples.csv"]
    assert read_samples(scored.folder / "samples.csv") == scored.samples
    assert read_run(scored.folder / "run.json").environment["python"].startswith("3.")
    assert (result.method.parameters, result.method.trained_on, result.method.commit) == (7, ("toys",), "abc")
    assert (result.data, result.trust, result.seed) == (CLIPS.data_sha256, "T1", 0)


def test_every_clip_has_a_row_with_its_clusters(scored):
    rows = scored.samples.samples
    assert [row.clip_id for row in rows] == [spec.clip_id for spec in CLIPS.pairs]
    assert [(row.split, row.motion_cluster, row.body_cluster) for row in rows] == [
        (spec.split, spec.motion_cluster, spec.target) for spec in CLIPS.pairs
    ]
    assert set(scored.result.scores) == {"all", *(spec.split for spec in CLIPS.pairs)}


def test_scoring_again_gives_the_same_place_and_the_same_bytes(scored, exact, tmp_path):
    again = score(exact, tmp_path)
    assert again.folder.relative_to(tmp_path) == scored.folder.relative_to(scored.folder.parents[3])
    for name in ("result.json", "samples.csv"):
        assert (again.folder / name).read_bytes() == (scored.folder / name).read_bytes()


def test_workers_that_are_started_early_load_the_metrics(monkeypatch):
    asked = []

    class Workers(ThreadPoolExecutor):
        def __init__(self, *_, **__):
            super().__init__(1)

        def submit(self, work):
            asked.append(work())

    monkeypatch.setattr(clip_scoring, "start_workers", Workers)
    for workers, processes in ((1, 0), (3, 3)):
        asked.clear()
        with ClipScorer(CLIPS, workers) as scorer:
            scorer.start()
        assert len(asked) == processes


def test_how_a_prediction_file_is_packed_changes_no_row(scored, exact, tmp_path):
    folder = tmp_path / "by-hand"
    shutil.copytree(exact, folder)
    for file in (folder / "predictions").iterdir():
        arrays = dict(np.load(file))
        order = np.random.default_rng(0).permutation(len(arrays["joint_names"]))
        arrays["joint_names"] = arrays["joint_names"][order]
        arrays["local_rotations_wxyz"] = arrays["local_rotations_wxyz"][:, order]
        np.savez_compressed(file, **arrays)
    packed = tmp_path / "by-hand.zip"
    shutil.make_archive(str(packed.with_suffix("")), "zip", folder)
    by_archive = score(packed, tmp_path / "results")
    assert (by_archive.folder / "samples.csv").read_bytes() == (scored.folder / "samples.csv").read_bytes()
    assert by_archive.result.predictions_sha256 != scored.result.predictions_sha256


def test_a_failed_clip_counts_the_worst_case_of_every_metric_that_applies(exact, scored, tmp_path):
    card, motions = predict(0)
    failed = CLIPS.pairs[-1].clip_id
    del motions[failed]
    write_submission(tmp_path / "some", card, motions, {failed: "ran out of ideas"})
    result = score(tmp_path / "some", tmp_path / "results")
    row, whole = result.samples.samples[-1], scored.samples.samples[-1]
    assert row.failed
    assert row.values.keys() == whole.values.keys()
    assert all(value == pytest.approx(worst_case(key)) for key, value in row.values.items())
    assert result.samples.samples[:-1] == scored.samples.samples[:-1]
    assert result.result.failures.ids == (failed,)
    assert result.result.scores["all"]["pen_limb@1"].n == len(CLIPS.pairs)


def test_the_ceiling_is_never_compared_with_itself(tmp_path):
    write_submission(tmp_path / "oracle", *predict(-1, "oracle:ground-truth"))
    write_submission(tmp_path / "method", *predict(-1, "a-method"))
    oracle = score(tmp_path / "oracle", tmp_path / "results").result
    method = score(tmp_path / "method", tmp_path / "results").result
    assert [path.name for path in (tmp_path / "results").glob("retarget/*/oracle*")] == ["oracle-ground-truth"]
    assert oracle.scores["all"][NEAREST].value > 0.01
    assert oracle.scores["all"]["mpjpe_cm@1[global]"] == method.scores["all"]["mpjpe_cm@1[global]"]
    assert method.scores["all"][NEAREST].value == pytest.approx(0, abs=1e-4)


def test_a_bad_submission_names_everything_and_leaves_earlier_results_alone(scored, exact, tmp_path):
    folder = tmp_path / "bad"
    shutil.copytree(exact, folder)
    (folder / "predictions" / "00001.npz").unlink()
    (folder / "predictions" / "00002.npz").write_bytes(b"nothing")
    before = {p: p.read_bytes() for p in scored.folder.iterdir()}
    with pytest.raises(BadSubmission) as caught:
        score(folder, scored.folder.parents[3])
    assert {problem.rule for problem in caught.value.problems} >= {"S018"}
    assert len(caught.value.problems) == 2
    assert {p: p.read_bytes() for p in scored.folder.iterdir()} == before


class Stopping(ClipScorer):
    """A scorer that dies in the middle of the third clip."""

    def scores(self, jobs):
        for number, scored_job in enumerate(super().scores(jobs)):
            if number == 2:
                raise KeyboardInterrupt
            yield scored_job


class Counting(ClipScorer):
    """A scorer that remembers what it was asked for."""

    asked: list

    def scores(self, jobs):
        Counting.asked = [job.clip_id for job in jobs]
        return super().scores(jobs)


def test_a_stopped_scoring_is_continued_and_nothing_is_scored_twice(scored, exact, tmp_path):
    with pytest.raises(KeyboardInterrupt):
        score(exact, tmp_path, Stopping)
    assert not list(tmp_path.rglob("result.json"))
    continued = score(exact, tmp_path, Counting)
    assert Counting.asked == [spec.clip_id for spec in CLIPS.pairs[2:]]
    for name in ("result.json", "samples.csv"):
        assert (continued.folder / name).read_bytes() == (scored.folder / name).read_bytes()
    assert sorted(p.name for p in continued.folder.iterdir()) == ["result.json", "run.json", "samples.csv"]


def test_what_was_kept_is_not_used_when_the_data_or_the_metrics_are_others(exact, tmp_path):
    with pytest.raises(KeyboardInterrupt):
        score(exact, tmp_path, Stopping)
    score(exact, tmp_path, Counting, replace(TRACK, metric_keys=("jerk@1", "pen_limb@1")))
    assert len(Counting.asked) == len(CLIPS.pairs)
