"""The traps of the field, one test each."""

import numpy as np
import pytest
import torch

from retargetbench.metrics.retrieval.collection import RetrievalSet
from retargetbench.metrics.retrieval.declarations import Column
from retargetbench.metrics.retrieval.dissimilar import far_apart
from retargetbench.metrics.retrieval.errors import WrongSet
from retargetbench.metrics.retrieval.protocols import SentenceVectors, batches, raw_cosine
from retargetbench.metrics.retrieval.scoring import RetrievalSettings, score_submission

from . import twin


def ranks(whole, matrix, direction="t2m", **settings):
    found = score_submission(whole, {direction: torch.tensor(matrix)}, RetrievalSettings(**settings))
    return next(one for one in found if one.column.direction == direction).ranks().tolist()


def one_caption_each(*captions, **more):
    return RetrievalSet([f"m{i}" for i in range(len(captions))], captions, np.arange(len(captions)), **more)


def test_tmrs_thresholds_are_written_on_another_scale():
    assert raw_cosine(0.95) == pytest.approx(0.90)
    assert raw_cosine(0.80) == pytest.approx(0.60)
    whole = one_caption_each("a", "b")
    vectors = torch.tensor([[1.0, 0.0], [0.92, (1 - 0.92**2) ** 0.5]])  # their cosine is 0.92
    wrong_first = [[0.1, 0.9], [0.2, 0.8]]
    tmr = SentenceVectors("m", vectors, raw_cosine(0.95))
    assert ranks(whole, wrong_first, protocols=("threshold",), sentences=tmr) == [1, 1]
    misread = SentenceVectors("m", vectors, 0.95)
    assert ranks(whole, wrong_first, protocols=("threshold",), sentences=misread) == [2, 1]


def test_a_caption_exactly_at_the_threshold_is_not_above_it_and_length_is_no_matter():
    whole = one_caption_each("a", "b")
    vectors = torch.tensor([[4.0, 4.0, 4.0, 4.0], [3.0, 0.0, 0.0, 0.0]])  # their cosine is 0.5
    for above, expected in ((0.5, [2, 1]), (0.499, [1, 1])):
        near = SentenceVectors("m", vectors, above)
        assert ranks(whole, [[0.1, 0.9], [0.2, 0.8]], protocols=("threshold",), sentences=near) == expected


@pytest.mark.parametrize(
    ("above", "said"), [(0.9, "0.9"), (raw_cosine(0.95), "0.9"), (0, "0"), (-0.5, "-0.5"), (1e-5, "0.00001")]
)
def test_a_key_says_the_threshold_in_digits(above, said):
    words = SentenceVectors("m", torch.ones(2, 3), above).words
    assert words == (f"cos>{said}", "m")
    assert Column("t2m", "threshold", 2, words).words == words


@pytest.mark.parametrize("above", [1.0, -1.5, float("nan")])
def test_a_threshold_that_is_no_cosine_is_refused(above):
    with pytest.raises(WrongSet, match="raw cosine"):
        SentenceVectors("m", torch.ones(2, 3), above)


def test_sentence_vectors_must_be_finite_and_have_a_direction():
    for bad in (torch.zeros(2, 3), torch.full((2, 3), torch.nan), torch.ones(3)):
        with pytest.raises(WrongSet, match="sentence vectors"):
            SentenceVectors("m", bad)


def test_one_matrix_has_another_rank_in_each_protocol():
    whole = one_caption_each("walks", "walks", "Walks", "sits", meanings=["w", "w", "w", "s"])
    query = [[1.0, 2.0, 3.0, 4.0]] * 4
    near = SentenceVectors("m", torch.tensor([[1.0, 0], [1, 0], [1, 0.1], [0.9, 0.1]]), 0.9)
    assert ranks(whole, query, protocols=("all-strict",))[0] == 4
    assert ranks(whole, query, protocols=("all-samecaption",))[0] == 3  # "Walks" is another string
    assert ranks(whole, query, protocols=("same-meaning",))[0] == 2
    assert ranks(whole, query, protocols=("threshold",), sentences=near)[0] == 1


def test_with_several_captions_any_pair_that_agrees_makes_an_item_right():
    whole = RetrievalSet(["a", "b"], ["walks", "goes", "goes", "sits"], np.array([0, 0, 1, 1]), np.array([0, 1]))
    first = {"protocols": ("all-samecaption",)}
    every = {**first, "all_captions": True}
    wrong_first = [[0.0, 1.0], [1.0, 0.0]]
    assert ranks(whole, wrong_first, "v2m", **first) == [2, 2]  # "walks" and "goes"
    assert ranks(whole, wrong_first, "v2m", **every) == [1, 1]  # both have "goes"
    of_captions = [[0.0, 1.0]] * 2 + [[1.0, 0.0]] * 2
    assert ranks(whole, of_captions, **first) == [2, 2]
    assert ranks(whole, of_captions, **every) == [2, 1, 1, 2]
    motions_ask = [[3.0, 2.0, 1.0, 4.0], [4.0, 1.0, 2.0, 3.0]]
    assert ranks(whole, motions_ask, "m2t", protocols=("all-strict",), all_captions=True) == [2, 2]


def test_the_batches_are_tmrs_and_the_remainder_is_dropped_and_told():
    ids = [f"{i:03d}" for i in range(786)]
    cut = batches(ids[::-1], 0)
    assert len(cut) == 24
    assert {len(batch) for batch in cut} == {32}
    assert len({int(i) for batch in cut for i in batch}) == 768
    # sorted ids, shuffled by NumPy's legacy generator with seed 0, as `np.random.seed(0); np.random.shuffle` does
    places = np.arange(786)
    np.random.RandomState(0).shuffle(places)
    assert [ids[::-1][i] for i in cut[0]] == [ids[p] for p in places[:32]]
    assert [int(i) for i in batches(ids, 0)[0][:4]] == [449, 85, 613, 310]
    assert not np.array_equal(batches(ids, 1)[0], batches(ids, 0)[0])
    assert [len(batches([f"{i:05d}" for i in range(n)], 0)) for n in (4384, 64, 63, 31)] == [137, 2, 1, 0]


def test_the_median_of_batches_is_the_mean_of_their_medians():
    count = 64
    whole = RetrievalSet([f"{i:02d}" for i in range(count)], video_of=np.arange(count))
    first = set(batches(whole.motions, 0)[0].tolist())
    # Perfect in the first batch, constant in the second.
    matrix = torch.eye(count, dtype=torch.float64) * torch.tensor([float(i in first) for i in range(count)])
    found = score_submission(whole, {"v2m": matrix}, RetrievalSettings(("batches-32",)))[0].scores()
    assert found["v2m/MedR@1[batches-32,64,seed=0,dropped=0]"] == (1 + 16.5) / 2
    assert found["v2m/R@1@1[batches-32,64,seed=0,dropped=0]"] == pytest.approx((100 + 100 / 32) / 2)


def test_the_dissimilar_motions_are_searched_among_themselves():
    whole = one_caption_each("a", "b", "c", "d", dissimilar=["m3", "m1"])
    matrix = [[0.0] * 4, [9.0, 5.0, 9.0, 1.0], [0.0] * 4, [9.0, 2.0, 9.0, 1.0]]
    found = score_submission(whole, {"t2m": torch.tensor(matrix)}, RetrievalSettings(("dissimilar",)))[0]
    assert found.column.qualifier == "dissimilar,2"
    assert found.query_rows.tolist() == [3, 1]
    assert found.ranks().tolist() == [2, 1]


def test_items_taken_far_apart_are_each_the_farthest_from_those_before():
    vectors = torch.randn(30, 4, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    vectors[20:] = vectors[:10] * 2  # duplicates are as near as can be, and come last
    unit = (vectors / vectors.norm(dim=1, keepdim=True)).tolist()
    near = [[twin.cosine(a, b) for b in unit] for a in unit]
    taken = [min(range(30), key=lambda i: sum(near[i]))]
    while len(taken) < 20:
        left = [i for i in range(30) if i not in taken]
        taken.append(min(left, key=lambda i: round(max(near[i][t] for t in taken), 12)))
    assert far_apart(vectors, 20)[:15] == taken[:15]
    assert len(set(far_apart(vectors, 30))) == 30
    with pytest.raises(WrongSet, match="31 dissimilar items are asked of 30"):
        far_apart(vectors, 31)


def test_queries_without_an_item_of_their_own_in_the_gallery_are_left_out():
    whole = RetrievalSet(["a", "b", "c"], ["x", "y"], np.array([0, 2]), np.array([1, 2]))
    found = {
        one.column.direction: one.query_rows.tolist()
        for one in score_submission(
            whole,
            {"text": torch.eye(2, 3), "motion": torch.eye(3), "video": torch.eye(2, 3)},
            RetrievalSettings(("all-strict",)),
        )
    }
    assert found == {"t2m": [0, 1], "m2t": [0, 2], "v2m": [0, 1], "m2v": [1, 2], "t2v": [1], "v2t": [1]}
    lonely = RetrievalSet(["a", "b"], ["x"], np.array([0]), np.array([1]))
    assert score_submission(lonely, {"t2v": torch.ones(1, 1)}) == []


def test_a_set_whose_parts_do_not_fit_is_refused():
    cases = (
        ({"motions": []}, "no motions"),
        ({"motions": ["a", "b", "a"]}, "'a' is listed twice"),
        ({"motions": ["a"], "captions": ["x", "y"], "caption_of": [0]}, "2 captions have 1 owners"),
        ({"motions": ["a"], "captions": ["x"], "caption_of": [1]}, "caption 0 belongs to motion 1 of 1"),
        ({"motions": ["a"], "video_of": [-1]}, "video 0 belongs to motion -1"),
        ({"motions": ["a"], "meanings": []}, "1 motions have 0 meanings"),
        ({"motions": ["walk"], "dissimilar": ["wlak"]}, "Did you mean 'walk'"),
        ({"motions": ["walk"], "dissimilar": ["walk", "walk"]}, "twice"),
    )
    for parts, said in cases:
        with pytest.raises(WrongSet, match=rf"\[Q002\] .*{said}"):
            RetrievalSet(**parts)
