"""``fid``: a reference beside the weights gives it; it stands in result.json alone, without interval."""

import shutil

import pytest
import torch

from retargetbench.benchmark.clip_scoring import ClipScorer
from retargetbench.benchmark.comparison import compare_runs, load_run
from retargetbench.benchmark.judging import fit_reference as fitting
from retargetbench.benchmark.judging.fit_reference import chosen_motions, source_features
from retargetbench.benchmark.judging.seats import open_seats
from retargetbench.benchmark.scoring import ScoredTrack, score_submission
from retargetbench.datasets.intents.clips import load_intents
from retargetbench.datasets.intents.mini_pairs import MINI_PAIRS
from retargetbench.datasets.intents.motion_jobs import MotionJob
from retargetbench.datasets.intents.motion_shards import set_content, write_shard
from retargetbench.datasets.manifest import write_manifest
from retargetbench.leaderboards.consistency import altered_numbers
from retargetbench.metrics.semantics.declarations import REFERENCE_FILE
from retargetbench.metrics.semantics.errors import WrongReference
from retargetbench.metrics.semantics.frechet import evenly, fid, fit_reference, load_reference, save_reference
from retargetbench.metrics.semantics.kinds import reference_samples
from retargetbench.metrics.semantics.registry import find_judge

from ...metrics.semantics import tiny_judges
from ..toy import TOLD
from .conftest import CLIPS, submit
from .test_judged import looked_at

SAMPLES = 8


@pytest.fixture(scope="module")
def judge_folder(judges, tmp_path_factory):
    """A judge with a reference of four dimensions beside its weights."""
    folder = tmp_path_factory.mktemp("with-reference") / "small-clip"
    shutil.copytree(judges["clip"], folder)
    judge = find_judge("clip", folder).load()
    pairs = [CLIPS.load(spec.clip_id) for spec in CLIPS.pairs]
    features = source_features(judge, [(pair.source, pair.source_motion) for pair in pairs])
    save_reference(fit_reference(features, judge.fingerprint, SAMPLES, 4), folder / REFERENCE_FILE)
    return folder


@pytest.fixture(scope="module")
def scored(judge_folder, predictions, tmp_path_factory):
    seats = open_seats(["clip"], [str(judge_folder)])
    with ClipScorer(TOLD, 1) as scorer:
        track = ScoredTrack("retarget/toy", "told", TOLD, ("jerk@1",), seats)
        return score_submission(predictions, track, tmp_path_factory.mktemp("results"), scorer=scorer)


def test_it_is_the_distance_of_a_fixed_number_of_pictures_and_has_no_interval(scored, judge_folder, predictions):
    (name,) = scored.result.judges
    key = f"fid@1[{name},n={SAMPLES}]"
    judge = find_judge("clip", judge_folder).load()
    sides = zip(*(looked_at(judge, spec.clip_id, predictions) for spec in TOLD.pairs), strict=True)
    sources, results = (torch.cat([judge.embed(frames, [""] * 8).means() for frames in side]) for side in sides)
    reference = load_reference(judge.fid_reference, judge.fingerprint)
    expected = float(fid(evenly(results, SAMPLES), evenly(sources, SAMPLES), reference))
    score = scored.result.scores["all"][key]
    assert score.value == pytest.approx(expected, rel=1e-6)
    assert (score.lo, score.hi, score.n) == (None, None, len(TOLD.pairs))
    assert "not validated against people; no interval: fid is biased" in score.note
    assert key not in scored.samples.keys
    assert key in scored.result.scores["SC+SM"]


def test_its_record_loads_compares_and_follows_from_its_clips_but_for_fid(scored):
    run = load_run(scored.folder)
    assert altered_numbers(run.result, run.samples) == []
    assert not any(row.key.startswith("fid") for row in compare_runs(run, run))


def test_how_many_pictures_a_reference_is_for_is_read_without_torch(judge_folder, tmp_path):
    assert reference_samples(judge_folder) == SAMPLES
    assert reference_samples(tmp_path) is None
    (tmp_path / REFERENCE_FILE).write_bytes(b"nonsense")
    assert reference_samples(tmp_path) is None


def test_a_reference_of_another_judge_is_refused(judge_folder, tmp_path):
    folder = tmp_path / "small-clip"
    shutil.copytree(judge_folder, folder)
    tiny_judges.save_clip(folder, seed=1)
    predictions = submit(tmp_path / "predictions", CLIPS, 1, "alternative")
    track = ScoredTrack("retarget/toy", "four", CLIPS, ("jerk@1",), open_seats(["clip"], [str(folder)]))
    with pytest.raises(WrongReference, match="was fitted on the judge"), ClipScorer(CLIPS, 1) as scorer:
        score_submission(predictions, track, tmp_path, scorer=scorer)


@pytest.fixture
def solved(tmp_path):
    """A set of three motions, written as the build writes one."""
    clips = three_motions()
    pair_jobs = [MotionJob(pair.program(), (body,)) for pair, (body, _) in zip(MINI_PAIRS[:3], clips, strict=True)]
    entries = [
        {"job": n, "motion": job.program.name, "intent": job.program.intent, "body": body, "slot": 0, "kept": True,
         "missed": [], "attempts": 1, "measured": {}}
        for n, (job, (body, _)) in enumerate(zip(pair_jobs, clips, strict=True))
    ]  # fmt: skip
    path = tmp_path / "train-0000.npz"
    write_shard(path, pair_jobs, entries, [motion for _, motion in clips])
    manifest = tmp_path / "train.manifest.json"
    write_manifest(manifest, set_content("train", [path]), (path.name,))
    return manifest, clips


def three_motions():
    """Sources of mini: (name of the body, motion)."""
    clips = load_intents("mini")
    pairs = [clips.load(spec.clip_id) for spec in clips.pairs[:3]]
    return [(pair.spec.source, pair.source_motion) for pair in pairs]


def test_it_is_fitted_on_motions_taken_evenly_from_a_solved_set(solved, judges, monkeypatch):
    manifest, clips = solved
    assert [body.name for body, _ in chosen_motions(manifest, 9)] == [name for name, _ in clips]
    (only,) = chosen_motions(manifest, 1)
    assert only[0].name == clips[0][0]
    narrow = fitting.fit_reference
    monkeypatch.setattr(fitting, "fit_reference", lambda f, judge, samples: narrow(f, judge, samples, 4))
    out = manifest.parent / "out"
    fitting.FitReference(manifest, out, "clip", (str(judges["clip"]),), clips=3, samples=8).run()
    found = load_reference(out / REFERENCE_FILE, find_judge("clip", judges["clip"]).load().fingerprint)
    assert (found.samples, found.components.shape) == (8, (4, 8))
