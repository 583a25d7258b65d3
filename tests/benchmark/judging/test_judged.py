import json
import pickle
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from retargetbench.benchmark.clip_scoring import ClipScorer
from retargetbench.benchmark.comparison import load_run
from retargetbench.benchmark.judging import judged, looking
from retargetbench.benchmark.judging.judged import SameName, SeesNothing
from retargetbench.benchmark.judging.seats import open_seats
from retargetbench.benchmark.scoring import ScoredTrack, score_submission
from retargetbench.datasets.readers.clip_npz import read_clip
from retargetbench.metrics.declarations import find_metric, metric_keys
from retargetbench.metrics.semantics.errors import NotAJudge
from retargetbench.metrics.semantics.kernel_distance import kid
from retargetbench.metrics.semantics.registry import find_judge
from retargetbench.metrics.semantics.scores import consistency, itm, look_at_source
from retargetbench.metrics.semantics.showing import empty_stage, show_motion, stage

from ..toy import TOLD, VARIANTS
from .conftest import CLIPS, submit

TOY_COMMAND = Path(__file__).parents[1] / "running" / "toy_command.py"
GEOMETRY = ("jerk@1", "mpjpe_cm@1[global]")
FAILED = TOLD.pairs[-1].clip_id


def score(predictions, out, seats, clips=TOLD):
    with ClipScorer(clips, 1) as scorer:
        return score_submission(
            predictions, ScoredTrack("retarget/toy", "told", clips, GEOMETRY, seats), out, scorer=scorer
        )


@pytest.fixture(scope="module")
def seats(judges):
    return open_seats(["blip2", "clip"], [f"blip2={judges['blip2']}", f"clip={judges['clip']}"])


@pytest.fixture(scope="module")
def scored(predictions, seats, tmp_path_factory):
    return score(predictions, tmp_path_factory.mktemp("results"), seats)


def keys_of(scored, name):
    """The key of each of a judge's metrics, its name cut off its fingerprint: ``scl`` -> ``scl@1[small-clip~...]``."""
    (judge,) = (j for j in scored.result.judges if j.startswith(name))
    return {metric.bare: key for key in scored.samples.keys if judge in key for metric in [find_metric(key)]}


def looked_at(judge, clip_id, predictions):
    """The pictures of a clip's source and result, made anew."""
    pair, renderer = TOLD.load(clip_id), stage(judge.looking)
    source = show_motion(pair.source, pair.source_motion, judge.looking, renderer)
    if clip_id == FAILED:
        return source, empty_stage(judge.looking, renderer)
    number = [spec.clip_id for spec in TOLD.pairs].index(clip_id)
    file = predictions / "predictions" / f"{number:05d}.npz"
    motion = read_clip(file, pair.target.skeleton, frame_count=pair.spec.frame_count, fps=pair.spec.fps)
    return source, show_motion(pair.target, motion, judge.looking, renderer)


def test_every_clip_has_the_score_that_its_pictures_give_one_by_one(scored, judges, predictions):
    for kind, metrics in (("blip2", {"scl", "scl,queries", "itm", "kid"}), ("clip", {"scl", "kid"})):
        judge, keys = find_judge(kind, judges[kind]).load(), keys_of(scored, f"small-{kind}")
        assert keys.keys() == metrics
        for sample in scored.samples.samples:
            source, result = looked_at(judge, sample.clip_id, predictions)
            expected = float(consistency(judge, result, look_at_source(judge, source)))
            assert sample.values[keys["scl"]] == pytest.approx(expected, rel=1e-6)
            if "itm" in keys:
                expected = float(itm(judge, result, TOLD.caption(sample.clip_id)))
                assert sample.values[keys["itm"]] == pytest.approx(expected, rel=1e-6)


def test_kid_is_the_distance_between_the_sets_of_all_pictures(scored, judges, predictions):
    judge, key = find_judge("clip", judges["clip"]).load(), keys_of(scored, "small-clip")["kid"]
    for split in ("all", "SC+SM"):
        specs = [spec for spec in TOLD.pairs if split in ("all", spec.split)]
        if len({spec.motion for spec in specs}) < 2:
            assert key not in scored.result.scores[split]
            continue
        sides = zip(*(looked_at(judge, spec.clip_id, predictions) for spec in specs), strict=True)
        sources, results = (torch.cat([judge.embed(frames, [""] * 8).means() for frames in side]) for side in sides)
        motions = sorted({spec.motion for spec in specs})
        groups = torch.tensor([motions.index(spec.motion) for spec in specs]).repeat_interleave(8)
        expected = float(kid(results, sources, groups, groups))
        assert scored.result.scores[split][key].value == pytest.approx(expected, rel=1e-6, abs=1e-9)


def test_every_semantic_score_says_that_it_is_not_validated(scored):
    for scores in scored.result.scores.values():
        for key, one in scores.items():
            assert ("not validated against people" in (one.note or "")) == (key not in GEOMETRY)


def test_a_result_names_its_judges_and_how_they_were_shown_the_clips(scored, judges):
    names = set(scored.result.judges)
    assert {name.partition("~")[0] for name in names} == {"small-blip2", "small-clip"}
    for name, record in scored.result.judges.items():
        assert name.endswith(record.fingerprint[:8])
        assert (record.views, record.frames, record.crop, record.size_px) == (("front",), 8, "full-body", 16)
        assert (record.renderer, record.precision) == ("builtin", "float32")
        assert bool(record.questions) == bool(record.captions_sha256) == name.startswith("small-blip2")
    written = json.loads((scored.folder / "result.json").read_text())
    assert list(written)[-1] == "judges"
    assert load_run(scored.folder).result == scored.result
    assert load_run(scored.folder).samples == scored.samples


def test_without_a_judge_the_records_are_what_they_always_were(predictions, tmp_path):
    plain = score(predictions, tmp_path, ())
    assert plain.samples.keys == GEOMETRY
    assert "judge" not in (plain.folder / "result.json").read_text()


def test_geometry_is_the_same_with_judges_and_without(scored, predictions, tmp_path):
    plain = score(predictions, tmp_path, ())
    for with_judges, without in zip(scored.samples.samples, plain.samples.samples, strict=True):
        assert {key: with_judges.values[key] for key in without.values} == without.values
    assert all(scored.result.scores["all"][key] == plain.result.scores["all"][key] for key in GEOMETRY)


def test_worker_processes_change_no_byte(predictions, judges, seats, tmp_path):
    """Of every metric, geometry and semantic; the command line starts the processes."""
    words = ["score", predictions, "--track", "retarget/toy", "--variant", "told", "--workers", "2", "--json"]
    words += [w for kind in ("blip2", "clip") for w in ("--judge", kind, "--judge-folder", f"{kind}={judges[kind]}")]
    command = [sys.executable, TOY_COMMAND, *words, "--out", tmp_path / "spread"]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    (folder,) = (path.parent for path in (tmp_path / "spread").rglob("result.json"))
    assert json.loads(done.stdout) == json.loads((folder / "result.json").read_text())
    track = ScoredTrack("retarget/toy", "told", TOLD, metric_keys(), seats)
    with ClipScorer(TOLD, 1) as scorer:
        alone = score_submission(predictions, track, tmp_path / "alone", scorer=scorer)
    for name in ("samples.csv", "result.json"):
        assert (folder / name).read_bytes() == (alone.folder / name).read_bytes()


def test_a_source_is_looked_at_once_for_all_methods(predictions, seats, tmp_path, monkeypatch):
    looking._sources.clear()
    looks = []
    monkeypatch.setattr(looking, "look_at_source", lambda *a: looks.append(a) or look_at_source(*a))
    score(predictions, tmp_path / "one", seats[1:])
    once = len(looks)
    other = submit(tmp_path / "other", TOLD, 0, "exact")
    score(other, tmp_path / "two", seats[1:])
    assert len(looks) == once <= len(TOLD.pairs)


def test_a_clip_that_failed_is_judged_as_an_empty_stage(scored):
    (row,) = (s for s in scored.samples.samples if s.failed)
    assert row.clip_id == FAILED
    for name in ("small-blip2", "small-clip"):
        key = keys_of(scored, name)["scl"]
        assert row.values[key] > 0
        assert np.isfinite(row.values[key])


class Stopping(ClipScorer):
    """A scorer that dies in the middle of the third clip that a judge looks at."""

    def spread(self, jobs, work):
        for number, made in enumerate(super().spread(jobs, work)):
            if number == 2 and work is judged.look:
                raise KeyboardInterrupt
            yield made


class Counting(ClipScorer):
    """A scorer that remembers what it was asked for."""

    asked: list

    def spread(self, jobs, work):
        Counting.asked += [(work.__name__, job.clip_id) for job in jobs]
        return super().spread(jobs, work)


def test_a_stopped_scoring_goes_on_and_no_judge_looks_twice(scored, predictions, seats, tmp_path):
    track = ScoredTrack("retarget/toy", "told", TOLD, GEOMETRY, seats)
    with pytest.raises(KeyboardInterrupt), Stopping(TOLD, 1) as scorer:
        score_submission(predictions, track, tmp_path, scorer=scorer)
    Counting.asked = []
    with Counting(TOLD, 1) as scorer:
        again = score_submission(predictions, track, tmp_path, scorer=scorer)
    asked = [clip_id for work, clip_id in Counting.asked if work == "look"]
    ids = [spec.clip_id for spec in TOLD.pairs]
    assert asked == [*ids[2:], *ids]
    assert not [clip_id for work, clip_id in Counting.asked if work == "score_clip"]
    for name in ("result.json", "samples.csv"):
        assert (again.folder / name).read_bytes() == (scored.folder / name).read_bytes()
    assert sorted(p.name for p in again.folder.iterdir()) == ["result.json", "run.json", "samples.csv"]


def test_without_sentences_there_is_no_itm_and_a_judge_that_only_matches_has_nothing_to_say(judges, tmp_path):
    predictions = submit(tmp_path / "predictions", CLIPS, 1, "alternative")
    seats = open_seats(["blip2"], [str(judges["blip2"])])
    assert keys_of(score(predictions, tmp_path, seats, CLIPS), "small-blip2").keys() == {"scl", "scl,queries", "kid"}
    with pytest.raises(SeesNothing, match=r"\[C083\] the judge 'blip2-itm' can only match pictures with sentences"):
        score(predictions, tmp_path, open_seats(["blip2-itm"], [str(judges["blip2-itm"])]), CLIPS)


def test_two_judges_never_share_a_column(predictions, seats, tmp_path):
    twin = replace(seats[1], source=replace(seats[1].source, weights="the/same"))
    with pytest.raises(SameName, match=r"\[C084\] .* both called small-clip~"):
        score(predictions, tmp_path, (seats[1], twin))


def test_sets_with_one_motion_have_no_kid(judges, tmp_path):
    clips = VARIANTS["two"]
    predictions = submit(tmp_path / "predictions", clips, 1, "alternative")
    scored = score(predictions, tmp_path, open_seats(["clip"], [str(judges["clip"])]), clips)
    assert "kid" in keys_of(scored, "small-clip")
    assert not any(key.startswith("kid") for key in scored.result.scores["all"])


def test_a_wrong_judge_is_told_by_its_own_sentence_before_any_clip_is_scored(predictions, judges, tmp_path):
    with pytest.raises(NotAJudge, match=r"\[J003\] .* expected 'clip'\. The judge 'blip2' reads it\."):
        score(predictions, tmp_path, open_seats(["clip"], [str(judges["blip2"])]))
    assert not list(tmp_path.rglob("*.jsonl"))


def test_a_judge_s_mistake_survives_the_way_out_of_a_process(judges):
    (seat,) = open_seats(["clip"], [str(judges["blip2"])])
    with pytest.raises(NotAJudge) as caught:
        looking.introduce(seat)
    again = pickle.loads(pickle.dumps(caught.value))
    assert (type(again), str(again)) == (NotAJudge, str(caught.value))
