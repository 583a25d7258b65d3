"""Scores of classes: known answers, failures that never help, intervals, and the confusion matrix beside them."""

import numpy as np
import pytest

from retargetbench.benchmark.comparison import compare_runs, load_run
from retargetbench.benchmark.one_file.scoring import score_file
from retargetbench.benchmark.one_file.set_scores import SET_DRAWS
from retargetbench.benchmark.recognition.confusions import CONFUSION, read_confusion
from retargetbench.benchmark.recognition.folder import write_scores
from retargetbench.benchmark.recognition.scoring import RecognitionTask
from retargetbench.benchmark.records import BadRecord
from retargetbench.benchmark.statistics import cluster_counts, seed_from
from retargetbench.benchmark.submission.method_card import MethodCard
from retargetbench.benchmark.submission.problems import BadSubmission
from retargetbench.metrics.recognition.accuracy import confusion, recognition_scores

from .toy_classes import CLASSES, COUNT, TRACK, load, scores

TOP1, MACRO = "top1@1[6]", "macro@1[6]"


def score(tmp_path, name, given):
    write_scores(tmp_path / "runs" / name, MethodCard(name, "1.0"), load(), given)
    return score_file(tmp_path / "runs" / name, RecognitionTask(TRACK, "full", load()), tmp_path / "results")


@pytest.fixture(scope="module")
def scored(tmp_path_factory):
    """Three methods: a sharp one, a blunt one, and one that scores all classes alike."""
    place = tmp_path_factory.mktemp("scored")
    given = {"sharp": scores(noise=0.4), "blunt": scores(noise=2.0, seed=1), "same": np.ones((COUNT, 6), "f4")}
    return {name: score(place, name, one) for name, one in given.items()}


def test_the_scores_are_those_of_the_metrics(scored):
    found = {key.partition("@")[0]: one.value for key, one in scored["blunt"].result.scores["all"].items()}
    assert found == pytest.approx(recognition_scores(scores(noise=2.0, seed=1), load().truth))
    assert list(found) == ["top1", "top5", "macro", "r_precision"]


def test_who_scores_all_alike_gets_exactly_chance(scored):
    found = scored["same"].result.scores["all"]
    chance = float(100 * load().truth.mean())
    assert (found[TOP1].value, found["r_precision@1[6]"].value) == pytest.approx((chance, chance))


def test_every_score_has_an_interval_around_it(scored):
    for one in scored["blunt"].result.scores["all"].values():
        assert (one.clusters.motions, one.clusters.bodies, one.n) == (10, 8, COUNT)
        assert one.lo <= one.value <= one.hi
    assert one.lo < one.hi


def test_the_interval_of_macro_is_a_slow_bootstraps(scored):
    data, hits = load(), {s.clip_id: s.values[TOP1] for s in scored["blunt"].samples.samples}
    seed = seed_from(data.data_sha256)
    names, kinds = sorted(set(data.structures)), sorted(set(data.bodies))
    drawn = []
    for of_motions, of_bodies in zip(
        cluster_counts(10, seed=seed, side=0)[:SET_DRAWS], cluster_counts(8, seed=seed, side=1)[:SET_DRAWS], strict=True
    ):
        by_class = {}
        for row, name in enumerate(data.ids):
            times = of_motions[names.index(data.structures[row])] * of_bodies[kinds.index(data.bodies[row])]
            for k in np.flatnonzero(data.truth[row]).tolist():
                by_class.setdefault(k, []).extend([hits[name]] * int(times))
        means = [sum(one) / len(one) for one in by_class.values() if one]
        if means:
            drawn.append(sum(means) / len(means))
    found = scored["blunt"].result.scores["all"][MACRO]
    assert (found.lo, found.hi) == pytest.approx(tuple(np.quantile(drawn, [0.025, 0.975])))


def test_a_perfect_classifier_has_no_width_of_macro(tmp_path):
    one = score(tmp_path, "perfect", load().truth.astype("f4")).result.scores["all"][MACRO]
    assert (one.lo, one.value, one.hi) == pytest.approx((100, 100, 100))


def test_a_failure_counts_the_worst_and_never_helps(tmp_path, scored):
    given = scores(noise=0.4)
    given[0] = np.nan
    lost = score(tmp_path, "lost", given)
    assert (lost.result.failures.count, lost.result.failures.ids) == (1, (load().ids[0],))
    row = lost.samples.samples[0]
    assert (row.failed, set(row.values.values())) == (True, {0.0})
    whole = scored["sharp"].result.scores["all"]
    assert all(one.value <= whole[key].value for key, one in lost.result.scores["all"].items())


def test_the_records_belong_together_and_runs_are_compared_motion_by_motion(scored):
    sharp, blunt = (load_run(scored[name].folder) for name in ("sharp", "blunt"))
    assert sharp.result == scored["sharp"].result
    rows = {row.key: row for row in compare_runs(sharp, blunt)}
    assert set(rows) == set(sharp.samples.keys)
    assert rows[TOP1].verdict == "better"
    assert rows[MACRO].difference == pytest.approx(
        sharp.result.scores["all"][MACRO].value - blunt.result.scores["all"][MACRO].value
    )


def test_the_confusion_matrix_lies_beside_them(scored, tmp_path):
    found = read_confusion(scored["blunt"].folder / CONFUSION)
    whole = confusion(scores(noise=2.0, seed=1), load().truth)
    kept = [CLASSES.index(name) for name in found.classes]
    np.testing.assert_allclose(found.counts, whole[np.ix_(kept, kept)], rtol=1e-8)
    assert found.counts.sum() == pytest.approx(COUNT)
    for text in ("", "right,answered\n", "right,answered,motions\nbow,hop,many\n"):
        (tmp_path / "bad.csv").write_text(text)
        with pytest.raises(BadRecord, match="score the predictions again"):
            read_confusion(tmp_path / "bad.csv")


def test_nothing_is_scored_when_something_is_wrong(tmp_path):
    write_scores(tmp_path / "mine", MethodCard("mine", "1"), load(), scores())
    (tmp_path / "mine" / "method.toml").unlink()
    with pytest.raises(BadSubmission, match="S005"):
        score_file(tmp_path / "mine", RecognitionTask(TRACK, "full", load()), tmp_path / "results")
    assert not (tmp_path / "results").exists()
