"""Measured, never asserted: what ranking costs, beside a NumPy argsort of the whole matrix and FAISS.

Run with ``pytest tests/benchmarks/test_retrieval_speed.py -m slow --benchmark-enable --benchmark-columns=min,rounds
--benchmark-json=FILE``; CPU time and memory stand in each case's extra info, the figures of one run in
docs/retrieval.md. Without ``--benchmark-enable`` every case runs once, which keeps it working.
"""

import faiss
import numpy as np
import pytest
import torch

from retargetbench.metrics.retrieval.collection import RetrievalSet
from retargetbench.metrics.retrieval.embeddings import embedding_scores
from retargetbench.metrics.retrieval.placing import place
from retargetbench.metrics.retrieval.protocols import SentenceVectors
from retargetbench.metrics.retrieval.scoring import RetrievalSettings, all_scores, score_submission
from retargetbench.metrics.retrieval.ties import ranks
from retargetbench.metrics.retrieval.topk import top_k
from retargetbench.metrics.retrieval.truth import SameLabel

from .test_speed import measured

pytestmark = pytest.mark.slow

WIDTH = 64
QUERIES = 256


def vectors(count, width=WIDTH, seed=0):
    return torch.randn(count, width, generator=torch.Generator().manual_seed(seed))


def by_place(queries, gallery):
    truth = SameLabel(torch.arange(len(queries)), torch.arange(len(gallery)))
    return ranks(place(embedding_scores(queries, gallery), [truth])[0])


def by_top_k(queries, gallery):
    return top_k(embedding_scores(queries, gallery), 10)


def by_argsort(queries, gallery):
    """Ranks from the sorted matrix, as retrieval code usually finds them."""
    unit_queries, unit_gallery = (
        v.numpy() / np.linalg.norm(v.numpy(), axis=1, keepdims=True) for v in (queries, gallery)
    )
    order = np.argsort(-(unit_queries @ unit_gallery.T), axis=1)
    return np.argmax(order == np.arange(len(queries))[:, None], axis=1) + 1


def by_faiss(queries, gallery):
    """The first 10 of an exact index; it tells no rank beyond them."""
    index = faiss.IndexFlatIP(gallery.shape[1])
    index.add(torch.nn.functional.normalize(gallery, dim=1).numpy())
    return index.search(torch.nn.functional.normalize(queries, dim=1).numpy(), 10)


@pytest.mark.parametrize("gallery", [10_000, 100_000, 1_000_000])
@pytest.mark.parametrize("way", [by_place, by_top_k, by_faiss, by_argsort])
def test_ranking_a_few_queries_in_a_large_gallery(benchmark, way, gallery):
    if way is by_argsort and gallery > 100_000:
        pytest.skip("the sorted matrix and its order would take 3 GiB")
    items = vectors(gallery)
    asked = items[:QUERIES] + vectors(QUERIES, seed=1)
    measured(benchmark, lambda: way(asked, items), QUERIES, rounds=1)


def test_all_protocols_on_a_test_set_of_the_size_of_humanml3d(benchmark):
    count = 4384
    ids = [f"{i:06d}" for i in range(count)]
    captions = [f"caption {i % 3500}" for i in range(count)]
    own = np.arange(count)
    whole = RetrievalSet(ids, captions, own, own, [str(i % 900) for i in range(count)], ids[:100])
    text = vectors(count, 256)
    submission = {"text": text, "motion": text + 3 * vectors(count, 256, 1)}
    settings = RetrievalSettings(sentences=SentenceVectors("some-model", vectors(count, 768, 2)))
    found = measured(benchmark, lambda: all_scores(score_submission(whole, submission, settings)), 1, rounds=3)
    assert len(found) == 2 * 6 * 7
