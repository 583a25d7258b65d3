"""Tiles, infinities, failures, equal embeddings and the first k, beside NumPy on the whole matrix."""

import math

import numpy as np
import pytest
import torch
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves

from retargetbench.datasets.errors import UnknownName
from retargetbench.metrics.retrieval import tiles
from retargetbench.metrics.retrieval.embeddings import embedding_scores
from retargetbench.metrics.retrieval.equal_rows import first_equal_rows
from retargetbench.metrics.retrieval.errors import WrongScores
from retargetbench.metrics.retrieval.placing import place
from retargetbench.metrics.retrieval.scores import matrix_scores
from retargetbench.metrics.retrieval.ties import ranks
from retargetbench.metrics.retrieval.topk import top_k
from retargetbench.metrics.retrieval.truth import AnyCaption, SameLabel, SameText, described

INF = math.inf


class Largest(TorchDispatchMode):
    """Remembers the largest tensor that any operation returns."""

    bytes = 0

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        found = func(*args, **(kwargs or {}))
        for tensor in tree_leaves(found):
            if isinstance(tensor, torch.Tensor):
                self.bytes = max(self.bytes, tensor.numel() * tensor.element_size())
        return found


def own(queries, gallery=None):
    return SameLabel(torch.arange(queries), torch.arange(gallery or queries))


def placed(matrix, right, failures="refuse"):
    labels = torch.tensor(right)
    scores = matrix_scores(torch.tensor([matrix], dtype=torch.float64), failures)
    found = place(scores, [SameLabel(torch.ones(1, dtype=torch.int64), labels)])[0]
    return tuple(int(v[0]) for v in (found.above, found.tied_wrong, found.tied_right, found.ahead))


@pytest.fixture
def small_tiles(monkeypatch):
    monkeypatch.setattr(tiles, "MOST_ENTRIES", 2048)
    monkeypatch.setattr(tiles, "CACHED_ENTRIES", 1024)
    monkeypatch.setattr(tiles, "FEWEST_ROWS", 8)


@pytest.mark.parametrize("gallery", [1, 31, 4384, 99_999, 1_000_000, 2**26, 2**28])
def test_a_tile_never_exceeds_its_bound_and_always_advances(gallery):
    rows = tiles.tile_rows(gallery)
    assert rows >= 1
    assert rows * gallery <= tiles.MOST_ENTRIES or rows == 1
    covered = list(tiles.row_tiles(2 * rows + 1, gallery))
    assert [s.start for s in covered] == [0, rows, 2 * rows]
    assert covered[-1].stop == 2 * rows + 1


def test_no_tensor_is_larger_than_a_tile_whatever_the_number_of_queries(small_tiles):
    generator = torch.Generator().manual_seed(0)
    queries, gallery = (torch.randn(n, 2, generator=generator) for n in (60, 400))
    gallery[100:200] = 1.0  # many equal rows: ties are looked at by index
    labels = SameLabel(torch.arange(60), torch.arange(400))
    texts = SameText(torch.arange(400) % 7)
    sides = [described([(i,) for i in range(n)], torch.device("cpu")) for n in (60, 400)]
    for job in (
        lambda scores: place(scores, [labels, AnyCaption(labels, texts, *sides)]),
        lambda scores: top_k(scores, 3),
        lambda scores: place(scores.turned(), [SameLabel(labels.gallery % 60, labels.queries)]),
    ):
        with Largest() as seen:
            scores = embedding_scores(queries, gallery)
            job(scores)
        # An index of 8 bytes per entry of a tile is the widest thing that is made.
        assert 8 * tiles.MOST_ENTRIES >= seen.bytes > 4 * 400
        assert seen.bytes < 4 * 60 * 400


def test_small_tiles_give_the_same_as_the_whole_matrix(small_tiles):
    rng = np.random.default_rng(3)
    matrix = rng.integers(0, 9, (333, 700)).astype(np.float32)
    found = place(matrix_scores(torch.from_numpy(matrix)), [own(333, 700)])[0]
    truth = matrix[np.arange(333), np.arange(333)][:, None]
    assert found.above.tolist() == (matrix > truth).sum(1).tolist()
    assert found.tied_wrong.tolist() == ((matrix == truth).sum(1) - 1).tolist()
    order = np.argsort(-matrix, axis=1, kind="stable")
    assert ranks(found, "argsort").tolist() == ((order == np.arange(333)[:, None]).argmax(1) + 1).tolist()
    items, values = top_k(matrix_scores(torch.from_numpy(matrix)), 5)
    assert items.tolist() == order[:, :5].tolist()
    assert values.tolist() == np.take_along_axis(matrix, order[:, :5], 1).tolist()


def test_infinite_similarities_are_ordered_like_numbers():
    assert placed([INF, 1.0, -INF], [0, 1, 0]) == (1, 0, 1, 0)
    assert placed([INF, INF, -INF], [0, 1, 0]) == (0, 1, 1, 1)
    assert placed([-INF, -INF, 0.0], [1, 0, 0]) == (1, 1, 1, 0)


def test_a_pair_without_a_score_is_the_worst_for_its_query():
    nan = math.nan
    assert placed([nan, 1.0, 0.0], [0, 1, 0], "worst") == (1, 0, 1, 0)  # a wrong one counts as above
    assert placed([nan, 1.0, 0.0], [1, 0, 1], "worst") == (1, 0, 1, 0)  # a right one is no answer
    assert placed([nan, 1.0, 0.0, nan], [1, 0, 0, 0], "worst") == (3, 0, 1, 0)  # none left: behind every wrong one
    assert placed([nan, -INF, 0.0], [1, 0, 0], "worst") == (2, 0, 1, 0)
    with pytest.raises(WrongScores, match=r"\[Q001\] query 0 has a similarity that is not a number"):
        placed([nan, 1.0], [0, 1])


def test_a_query_without_a_right_answer_is_refused():
    with pytest.raises(WrongScores, match="query 1 has no right answer"):
        place(matrix_scores(torch.eye(2)), [SameLabel(torch.tensor([0, 5]), torch.tensor([0, 1]))])


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64, torch.float16])
def test_equal_embeddings_are_tied_exactly_wherever_they_stand(dtype):
    generator = torch.Generator().manual_seed(0)
    rows = torch.randn(7, 33, generator=generator).to(dtype)
    which = torch.randint(0, 7, (101,), generator=generator)
    scores = embedding_scores(rows, rows[which])
    tile = scores.rows(slice(0, 7))
    for kind in range(7):
        assert (tile[:, which == kind].std(dim=1) == 0).all() or (which == kind).sum() < 2
    some = torch.randperm(101, generator=generator)[:40]
    taken = scores.take(torch.arange(7), some).rows(slice(0, 7))
    assert torch.allclose(taken, tile[:, some], atol=1e-6)
    for kind in range(7):
        assert len(taken[:, which[some] == kind].unique(dim=1)[0]) == 1


def test_rows_are_equal_when_every_bit_is_and_zeros_have_no_sign():
    rows = torch.tensor(
        [[0.0, 1.0], [2.0, 3.0], [-0.0, 1.0], [2.0, 3.0000002], [2.0, 3.0], [math.nan, 0], [math.nan, 0]]
    )
    assert first_equal_rows(rows).tolist() == [0, 1, 0, 3, 1, 5, 6]
    assert first_equal_rows(rows.double()).tolist() == [0, 1, 0, 3, 1, 5, 6]
    assert first_equal_rows(rows[:2]) is None


def test_cosine_is_blind_to_length_and_the_zero_vector_is_at_a_right_angle_to_all():
    queries, gallery = torch.tensor([[3.0, 4.0], [0.0, 0.0]]), torch.tensor([[30.0, 40.0], [0.0, 0.0], [-4.0, 3.0]])
    assert torch.allclose(embedding_scores(queries, gallery).rows(slice(0, 2)), torch.tensor([[1.0, 0, 0], [0, 0, 0]]))
    assert embedding_scores(queries, gallery, "dot").rows(slice(0, 1)).tolist() == [[250.0, 0.0, 0.0]]
    with pytest.raises(UnknownName, match="cosine"):
        embedding_scores(queries, gallery, "cosin")


def test_embeddings_that_cannot_be_ranked_are_refused_by_name():
    good = torch.ones(2, 3)
    for bad, said in (
        (torch.ones(3), r"query are \[3\]"),
        (torch.ones(2, 3, dtype=torch.int64), "int64"),
        (torch.ones(0, 3), "neither empty"),
        (torch.tensor([[1.0, 2, 3], [1, INF, 0]]), "query 1 has an embedding"),
        (torch.ones(2, 4), "one width"),
    ):
        with pytest.raises(WrongScores, match=said):
            embedding_scores(bad, good)
    with pytest.raises(WrongScores, match="floating"):
        matrix_scores(torch.ones(2, 2, dtype=torch.int32))


def test_the_first_k_of_a_failed_item_come_last_and_k_is_at_most_the_gallery():
    items, values = top_k(matrix_scores(torch.tensor([[1.0, math.nan, 2.0, 2.0]]), "worst"), 9)
    assert items.tolist() == [[2, 3, 0, 1]]
    assert values[0, -1] == -INF


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device")
def test_a_cuda_device_gives_the_same_placement():
    generator = torch.Generator().manual_seed(0)
    queries, gallery = (torch.randint(-3, 4, (n, 4), generator=generator).double() for n in (200, 300))
    here, there = (
        place(embedding_scores(queries.to(d), gallery.to(d), "dot"), [SameLabel(*(t.to(d) for t in (labels, many)))])[0]
        for labels, many in [(torch.arange(200), torch.arange(300))]
        for d in ("cpu", "cuda")
    )
    for field in ("above", "tied_wrong", "tied_right", "ahead"):
        assert getattr(here, field).tolist() == getattr(there, field).tolist()
