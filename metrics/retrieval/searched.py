"""What came of one direction in one protocol: a value per query, and the figures of the table."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .declarations import RECALLS, Column, RetrievalMetric, TieRule, retrieval_metrics
from .ties import Placement, hit_percent, mean_over_queries, median_rank, ranks


@dataclass(frozen=True, eq=False)
class Searched:
    """What came of one direction in one protocol.

    **Intervals.** A query's value is a clip's value: R@k and MeanR are means over queries, and
    ``benchmark.statistics.estimate_mean`` takes them as they are, with the clusters of ``query_motions``: as *motion*
    the program or recording the query was cut from (its mirror image and its other captions belong to it), as *body*
    who performs it. Such an interval is for other queries to the same gallery.
    """

    column: Column
    query_rows: NDArray[np.int64]
    """Row of each query in its modality's embeddings."""
    query_motions: NDArray[np.int64]
    """Index of the motion behind each query."""
    batch: NDArray[np.int64] | None
    """Number of each query's batch, of ``batches-32``; else ``None``."""
    placement: Placement
    ties: TieRule

    @property
    def metrics(self) -> tuple[RetrievalMetric, ...]:
        """Declarations of the figures, R@1 to MeanR."""
        return retrieval_metrics(self.column)

    def ranks(self) -> NDArray[np.float64]:
        """Return the rank of each query, counted from 1."""
        return ranks(self.placement, self.ties)

    def per_query(self) -> dict[str, NDArray[np.float64]]:
        """Return the value of each query by key: of R@k 0 to 100 %, of MeanR its rank. MedR, of the set, has none."""
        recalls = [hit_percent(self.placement, k, self.ties) for k in RECALLS]
        keys = [metric.key for metric in self.metrics if metric.per == "clip"]
        return dict(zip(keys, [*recalls, self.ranks()], strict=True))

    def scores(self) -> dict[str, float]:
        """Return the value of every metric by key."""
        recalls = [mean_over_queries(hit_percent(self.placement, k, self.ties)) for k in RECALLS]
        rank = self.ranks()
        values = (*recalls, median_rank(rank, self.batch), mean_over_queries(rank))
        return {metric.key: value for metric, value in zip(self.metrics, values, strict=True)}
