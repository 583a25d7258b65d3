"""Every protocol, direction and tie rule beside the slow twin, and what must not change a figure."""

import numpy as np
import pytest
import torch

from retargetbench.benchmark.statistics import ClipValues, estimate_mean
from retargetbench.datasets.errors import UnknownName
from retargetbench.metrics.retrieval.collection import RetrievalSet
from retargetbench.metrics.retrieval.declarations import DIRECTIONS, MODALITIES, PROTOCOLS, TIE_RULES, retrieval_metric
from retargetbench.metrics.retrieval.errors import NotAnswerable, WrongScores, WrongSet, WrongSubmission
from retargetbench.metrics.retrieval.scoring import RetrievalSettings, all_scores, score_submission

from . import twin
from .cases import ours, plain_set, sentences, tied_matrices


@pytest.fixture(scope="module")
def data():
    return plain_set()


def by_name(searched):
    names = ("R@1", "R@2", "R@3", "R@5", "R@10", "MedR", "MeanR")
    return dict(zip(names, searched.scores().values(), strict=True))


@pytest.mark.parametrize(
    ("rule", "all_captions", "levels", "failed"),
    [
        ("expected", False, 6, 0.0),
        ("expected", True, 40, 0.1),
        ("tmr-averaging", True, 6, 0.0),
        ("optimistic", False, 3, 0.1),
        ("argsort", True, 6, 0.1),
        ("expected", False, 1, 0.0),
        ("tmr-averaging", False, 1, 0.9),
    ],
)
def test_every_protocol_and_direction_agrees_with_the_slow_twin(data, rule, all_captions, levels, failed):
    whole = ours(data)
    matrices = tied_matrices(whole, levels, levels, failed)
    settings = RetrievalSettings(None, sentences(data), all_captions, rule, 3, "worst")
    found = score_submission(whole, matrices, settings)
    assert [(one.column.direction, one.column.protocol) for one in found] == [
        (d, p) for d in DIRECTIONS for p in PROTOCOLS
    ]
    for one in found:
        direction, protocol = one.column.direction, one.column.protocol
        expected = twin.score(data, matrices[direction].tolist(), direction, protocol, rule, all_captions, 3)
        assert by_name(one) == pytest.approx(expected, rel=1e-12), one.column


def test_several_batches_and_a_remainder_agree_with_the_slow_twin():
    data = plain_set(67)
    whole = ours(data)
    matrix = tied_matrices(whole, levels=30)["t2m"]
    for one in score_submission(whole, {"t2m": matrix}, RetrievalSettings(("batches-32",), batch_seed=5)):
        direction = one.column.direction
        similar = (matrix if direction == "t2m" else matrix.T).tolist()
        assert by_name(one) == pytest.approx(twin.score(data, similar, direction, "batches-32", seed=5))
        assert one.column.words == ("seed=5", "dropped=3")
        assert len(one.query_rows) == 64


def test_embeddings_agree_with_the_twin_on_their_own_cosines(data):
    whole = ours(data)
    generator = torch.Generator().manual_seed(1)
    submission = {m: torch.randn(whole.count(m), 5, generator=generator) for m in ("text", "motion", "video")}
    submission["text"][3] = 0
    submission["motion"][7] = submission["motion"][2]
    found = score_submission(whole, submission, RetrievalSettings(None, sentences(data), all_captions=True))
    for one in found:
        ask, tell = (submission[twin.KINDS[letter]].double() for letter in one.column.direction[::2])
        unit_a, unit_b = (v / v.norm(dim=1, keepdim=True).clamp(min=1e-30) for v in (ask, tell))
        matrix = (unit_a @ unit_b.T).round(decimals=12).tolist()
        expected = twin.score(data, matrix, one.column.direction, one.column.protocol, all_captions=True)
        assert by_name(one) == pytest.approx(expected, rel=1e-9), one.column


def test_a_monotone_map_of_the_similarities_changes_nothing(data):
    whole = ours(data)
    matrix = tied_matrices(whole)["t2m"]
    settings = RetrievalSettings(None, sentences(data))
    expected = all_scores(score_submission(whole, {"t2m": matrix}, settings))
    for change in (torch.exp, lambda x: x**3 - 5, lambda x: 1e-3 * x, lambda x: torch.log(x)):  # log 0 = -inf
        assert all_scores(score_submission(whole, {"t2m": change(matrix)}, settings)) == expected


def test_the_order_of_the_gallery_matters_to_argsort_alone(data):
    whole = ours(data)
    matrix = tied_matrices(whole)["v2m"]
    order = torch.from_numpy(np.random.default_rng(1).permutation(len(whole.motions)))
    place = {int(old): new for new, old in enumerate(order)}
    turned = RetrievalSet([whole.motions[i] for i in order], video_of=np.array([place[i] for i in data["video_of"]]))
    for rule in TIE_RULES:
        settings = RetrievalSettings(("all-strict",), ties=rule)
        one, other = (
            score_submission(s, {"v2m": m}, settings)[0].scores()
            for s, m in ((whole, matrix), (turned, matrix[:, order]))
        )
        assert (list(one.values()) == pytest.approx(list(other.values()))) == (rule != "argsort"), rule


def test_a_perfect_method_is_always_first_and_a_constant_one_gets_chance():
    count = 40
    whole = RetrievalSet([f"{i:02d}" for i in range(count)], [f"c{i}" for i in range(count)], np.arange(count))
    eye = torch.eye(count)
    perfect = all_scores(score_submission(whole, {"text": eye, "motion": eye}))
    assert {v for k, v in perfect.items() if "/R@" in k} == {100.0}
    assert {v for k, v in perfect.items() if "/M" in k} == {1.0}
    constant = all_scores(score_submission(whole, {"text": torch.ones(count, 3), "motion": torch.ones(count, 3)}))
    assert constant["t2m/R@10@1[all-strict,40]"] == 100 * 10 / 40
    assert constant["m2t/R@3@1[all-strict,40]"] == 100 * 3 / 40
    assert constant["t2m/R@1@1[batches-32,40,seed=0,dropped=8]"] == 100 / 32


def test_a_failed_item_is_refused_or_counts_as_the_worst_and_never_helps(data):
    whole = ours(data)
    generator = torch.Generator().manual_seed(2)
    text, motion = (torch.randn(n, 8, generator=generator) for n in (len(whole.captions), len(whole.motions)))
    settings = RetrievalSettings(("all-strict",), failures="worst")
    before = score_submission(whole, {"text": text, "motion": motion}, settings)
    text[whole.captions_of[5][0], 3] = torch.nan
    motion[9] = torch.inf
    with pytest.raises(WrongScores, match=r"\[Q001\] text \d+ has an embedding with values that are not finite \(1 of"):
        score_submission(whole, {"text": text, "motion": motion})
    after = score_submission(whole, {"text": text, "motion": motion}, settings)
    for one, other in zip(before, after, strict=True):
        assert (other.ranks() >= one.ranks()).all()
    gallery = len(whole.motions)
    assert after[0].ranks()[[5, 9]].tolist() == [gallery, gallery]


def test_the_scores_are_the_means_of_the_values_per_query_and_have_intervals(data):
    whole = ours(data)
    for one in score_submission(whole, {"t2m": tied_matrices(whole)["t2m"]}, RetrievalSettings(None, sentences(data))):
        values, scores = one.per_query(), one.scores()
        assert scores.keys() - values.keys() == {m.key for m in one.metrics if m.per == "set"}
        for key, value in values.items():
            assert len(value) == len(one.query_rows) == len(one.query_motions)
            assert value.mean() == pytest.approx(scores[key])
        owner = whole.owners(MODALITIES[one.column.direction[0]])
        assert owner[one.query_rows].tolist() == one.query_motions.tolist()
    first = score_submission(whole, {"t2m": tied_matrices(whole)["t2m"]}, RetrievalSettings(("all-strict",)))[0]
    (key, value), *_ = first.per_query().items()
    clusters = [whole.motions[i] for i in first.query_motions]
    bodies = [f"body {i % 9}" for i in first.query_motions]
    estimate = estimate_mean(ClipValues(value, clusters, bodies), seed=0, draws=200)
    assert estimate.value == pytest.approx(first.scores()[key])
    assert estimate.lo < estimate.value < estimate.hi


def test_keys_hold_all_that_a_figure_depends_on_and_are_read_back(data):
    whole = ours(data)
    settings = RetrievalSettings(None, sentences(data), True, "optimistic", 4)
    found = score_submission(whole, {"t2m": tied_matrices(whole)["t2m"]}, settings)
    keys = list(all_scores(found))
    assert "t2m/R@1@1[threshold,35,cos>0.75,toy,captions=all,ties=optimistic]" in keys
    assert "t2m/MedR@1[batches-32,35,seed=4,dropped=3,captions=all,ties=optimistic]" in keys
    assert len(set(keys)) == len(keys) == 2 * 6 * 7
    for one in found:
        for metric in one.metrics:
            assert retrieval_metric(metric.key) == metric
            assert metric.lower <= one.scores()[metric.key] <= metric.upper
    part = RetrievalSet(["a", "b"], video_of=np.array([0, 1]), subset="no-mirror")
    assert "v2m/R@1@1[all-strict,2,subset=no-mirror]" in all_scores(score_submission(part, {"v2m": torch.eye(2)}))


def test_a_submission_may_hold_similarities_of_one_direction_for_both_and_they_win_over_embeddings(data):
    whole = ours(data)
    matrices = tied_matrices(whole)
    strict = RetrievalSettings(("all-strict",))
    one = score_submission(whole, {"t2m": matrices["t2m"]}, strict)
    assert [s.column.direction for s in one] == ["t2m", "m2t"]
    both = score_submission(whole, {"t2m": matrices["t2m"], "m2t": matrices["t2m"].T.clone()}, strict)
    assert all_scores(one) == all_scores(both)
    noise = {m: torch.randn(whole.count(m), 4) for m in ("text", "motion")}
    assert all_scores(score_submission(whole, {**noise, "t2m": matrices["t2m"]}, strict)) == all_scores(one)


def test_what_does_not_fit_is_told_at_once_and_by_name(data):
    whole = ours(data)
    with pytest.raises(
        WrongSubmission, match=r"\[Q003\] 'texts' is neither.*'text'.*; 'motion' is \[3, 4\], expected \[35"
    ):
        score_submission(whole, {"texts": torch.ones(1, 4), "motion": torch.ones(3, 4)})
    with pytest.raises(WrongSubmission, match="holds motion; expected embeddings of at least two"):
        score_submission(whole, {"motion": torch.ones(35, 4)})
    with pytest.raises(WrongSubmission, match=r"'v2m' is \[2, 2\], expected"):
        score_submission(whole, {"v2m": torch.ones(2, 2)})
    with pytest.raises(WrongScores, match="one width"):
        score_submission(whole, {"motion": torch.ones(35, 4), "text": torch.ones(len(whole.captions), 5)})
    with pytest.raises(UnknownName, match="all-strict"):
        RetrievalSettings(("all_strict",))
    with pytest.raises(UnknownName, match="expected"):
        RetrievalSettings(ties="expect")


def test_a_protocol_that_the_set_cannot_answer_is_refused_when_asked_for_and_left_out_when_not(data):
    bare = RetrievalSet(data["motions"][:20], video_of=np.arange(20))
    found = score_submission(bare, {"v2m": torch.eye(20)})
    assert {one.column.protocol for one in found} == {"all-strict"}
    for protocol, lacks in (
        ("all-samecaption", "captions"),
        ("threshold", "captions"),
        ("same-meaning", "normal forms"),
        ("dissimilar", "list of dissimilar"),
        ("batches-32", "32 motions"),
    ):
        with pytest.raises(NotAnswerable, match=rf"\[Q004\] {protocol} needs .*{lacks}"):
            score_submission(bare, {"v2m": torch.eye(20)}, RetrievalSettings((protocol,)))
    whole = ours(data)
    few = RetrievalSettings(("threshold",), sentences({"vectors": np.ones((3, 2))}))
    with pytest.raises(WrongSet, match="3 sentence vectors"):
        score_submission(whole, {"t2m": tied_matrices(whole)["t2m"]}, few)
