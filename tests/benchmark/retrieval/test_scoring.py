"""Scores of embeddings: known answers, failures that never help, intervals, and one row per item that asked."""

import numpy as np
import pytest

from retargetbench.benchmark.comparison import compare_runs, load_run
from retargetbench.benchmark.gating import gate_runs, read_tolerance
from retargetbench.benchmark.one_file.scoring import score_file
from retargetbench.benchmark.retrieval.folder import write_embeddings
from retargetbench.benchmark.retrieval.scoring import RetrievalTask
from retargetbench.benchmark.submission.method_card import MethodCard
from retargetbench.benchmark.submission.problems import BadSubmission

from .toy_search import COUNT, TRACK, embeddings, load

STRICT = "t2m/R@1@1[all-strict,40]"


def score(tmp_path, name, arrays, variant="captions"):
    data = load(variant)
    write_embeddings(tmp_path / "runs" / name, MethodCard(name, "1.0"), data, arrays)
    return score_file(tmp_path / "runs" / name, RetrievalTask(TRACK, variant, data), tmp_path / "results")


@pytest.fixture(scope="module")
def scored(tmp_path_factory):
    """Three methods: a sharp one, a blunt one, and one that gives everything the same embedding."""
    place = tmp_path_factory.mktemp("scored")
    given = {"sharp": embeddings(noise=0.8), "blunt": embeddings(noise=2.0, seed=1)}
    given["constant"] = {"text": np.ones((2 * COUNT, 1), "f2"), "motion": np.ones((COUNT, 1), "f2")}
    return {name: score(place, name, arrays) for name, arrays in given.items()}


def test_the_protocols_of_the_set_are_scored_with_first_captions_and_with_all(scored):
    keys = list(scored["sharp"].result.scores["all"])
    assert len(keys) == 2 * 2 * 4 * 7
    assert keys[:2] == ["t2m/R@1@1[all-strict,40]", "t2m/R@2@1[all-strict,40]"]
    assert "m2t/MedR@1[same-meaning,80,captions=all]" in keys
    assert "t2m/R@10@1[batches-32,40,seed=0,dropped=8,captions=all]" in keys


def test_a_constant_gets_exactly_chance(scored):
    scores = scored["constant"].result.scores["all"]
    for k in (1, 2, 3, 5, 10):
        assert scores[f"t2m/R@{k}@1[all-strict,40]"].value == pytest.approx(100 * k / COUNT, abs=1e-6)
        assert scores[f"t2m/R@{k}@1[batches-32,40,seed=0,dropped=8]"].value == pytest.approx(100 * k / 32, abs=1e-6)
    assert scores["m2t/MedR@1[all-strict,40]"].value == 20.5


def test_every_score_has_an_interval_around_it_but_the_mean_of_medians(scored):
    for key, one in scored["blunt"].result.scores["all"].items():
        assert (one.clusters.motions, one.clusters.bodies) == (10, 8)
        if "MedR" in key and "batches" in key:
            assert (one.lo, "mean of medians" in one.note) == (None, True)
        else:
            assert one.lo <= one.value <= one.hi
    assert one.lo < one.hi


def test_a_row_belongs_to_the_item_that_asked(scored):
    table = scored["blunt"].samples
    assert len(table.samples) == 3 * COUNT
    row = next(sample for sample in table.samples if sample.clip_id == "text/0007.0")
    assert (row.motion_cluster, row.body_cluster, row.failed) == ("structure 7", "body 7", False)
    assert {key[:4] for key in row.values} == {"t2m/"}
    second = next(sample for sample in table.samples if sample.clip_id == "text/0007.1")
    assert all(key.endswith("captions=all]") for key in second.values)
    assert len([sample for sample in table.samples if STRICT in sample.values]) == COUNT
    assert not [key for key in table.keys if "MedR" in key]


def test_a_failure_counts_the_worst_and_never_helps(tmp_path, scored):
    arrays = embeddings(noise=0.8)
    arrays["text"][0] = np.nan
    arrays["motion"][5] = np.inf
    lost = score(tmp_path, "lost", arrays)
    assert (lost.result.failures.count, lost.result.failures.ids) == (2, ("motion/0005", "text/0000.0"))
    rows = {sample.clip_id: sample for sample in lost.samples.samples}
    assert (rows["text/0000.0"].failed, rows["text/0000.0"].values["t2m/MeanR@1[all-strict,40]"]) == (True, COUNT)
    whole = scored["sharp"].result.scores["all"]
    for key, one in lost.result.scores["all"].items():
        sign = 1 if one.direction == "higher" else -1
        assert sign * one.value <= sign * whole[key].value + 1e-9


def test_the_records_belong_together(scored):
    run = load_run(scored["sharp"].folder)
    assert run.result == scored["sharp"].result
    assert (run.result.track, run.result.data) == (TRACK, load().data_sha256)


def test_other_texts_are_other_data(tmp_path):
    data = load("detailed")
    found = score(tmp_path, "sharp", embeddings(data=data), "detailed").result
    assert found.data == data.data_sha256 != load().data_sha256
    assert not [key for key in found.scores["all"] if "captions=all" in key]


def test_nothing_is_scored_when_something_is_wrong(tmp_path):
    write_embeddings(tmp_path / "mine", MethodCard("mine", "1"), load(), embeddings())
    (tmp_path / "mine" / "index.csv").unlink()
    with pytest.raises(BadSubmission, match="S005"):
        score_file(tmp_path / "mine", RetrievalTask(TRACK, "captions", load()), tmp_path / "results")
    assert not (tmp_path / "results").exists()


def test_two_searches_are_compared_query_by_query(scored):
    sharp, blunt = (load_run(scored[name].folder) for name in ("sharp", "blunt"))
    assert {row.key for row in compare_runs(sharp, blunt)} == set(sharp.samples.keys)
    [strict] = compare_runs(sharp, blunt, keys=[STRICT])
    assert (strict.n, strict.verdict) == (COUNT, "better")


def test_the_gate_takes_whole_keys_and_keeps_r_at_1_and_r_at_10_apart(scored):
    sharp, blunt = (load_run(scored[name].folder) for name in ("sharp", "blunt"))
    keys = sharp.samples.keys
    tolerances = [
        read_tolerance(f"{name}=2%", keys)
        for name in (STRICT, "t2m/R@10[all-strict,40]", "m2t/R@1@1[batches-32,40,seed=0,dropped=8]")
    ]
    assert [t.key for t in tolerances] == [
        STRICT,
        "t2m/R@10@1[all-strict,40]",
        "m2t/R@1@1[batches-32,40,seed=0,dropped=8]",
    ]
    gated = gate_runs(blunt, sharp, tolerances)
    assert gated[0].outcome == "failed"
    assert gated[0].worst_clips[0].clip_id.startswith("text/")
    assert {row.outcome for row in gate_runs(sharp, sharp, tolerances)} == {"passed"}
