"""The interval of the median rank is that of a bootstrap done the slow way."""

import statistics

import numpy as np
import pytest
import torch

from retargetbench.benchmark.one_file.set_scores import SET_DRAWS
from retargetbench.benchmark.retrieval.medians import median_score
from retargetbench.benchmark.statistics import cluster_counts
from retargetbench.metrics.retrieval.scoring import RetrievalSettings, score_submission

from .toy_search import embeddings, load


@pytest.fixture(scope="module")
def searched():
    given = {name: torch.from_numpy(array) for name, array in embeddings(noise=1.5).items()}
    return score_submission(load().items, given, RetrievalSettings(("all-strict",)))[0]


def test_it_is_the_slow_bootstraps(searched):
    data, rank = load(), searched.ranks()
    structures, bodies = np.array(data.structures), np.array(data.bodies)
    found = median_score(searched, structures, bodies, seed=3)
    names, kinds = sorted(set(data.structures)), sorted(set(data.bodies))
    medians = []
    for of_motions, of_bodies in zip(
        cluster_counts(10, seed=3, side=0)[:SET_DRAWS], cluster_counts(8, seed=3, side=1)[:SET_DRAWS], strict=True
    ):
        drawn = []
        for place, value in enumerate(rank.tolist()):
            times = of_motions[names.index(structures[place])] * of_bodies[kinds.index(bodies[place])]
            drawn += [value] * int(times)
        if drawn:
            medians.append(statistics.median(drawn))
    assert (found.lo, found.hi) == pytest.approx(tuple(np.quantile(medians, [0.025, 0.975])))
    assert found.value == statistics.median(rank.tolist())


def test_with_too_few_bodies_there_is_no_interval_and_it_says_so(searched):
    data = load()
    found = median_score(searched, np.array(data.structures), np.array(["one"] * 40), seed=3)
    assert (found.lo, found.hi) == (None, None)
    assert "10 motions and 1 bodies, at least 8 of each" in found.note
