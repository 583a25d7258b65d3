"""The semantic metrics, declared without importing anything that computes.

They stand apart from ``metrics.declarations.METRICS``: which of them exist depends on the judge, whose name is part of
every key. What a score means is fixed by the judge (fingerprint), the views, frames, crop and size it was shown, and
the questions; whoever records a score records those too.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Literal

from ..declarations import INF, Metric

NOT_VALIDATED = "not validated against people"
"""Stands beside every semantic score until people have voted."""

FID_DIMENSIONS = 64
"""How many principal components of the committed reference ``fid`` keeps."""


@dataclass(frozen=True)
class SemanticMetric(Metric):
    """A metric that needs a judge. A clip that a method failed to produce is judged as pictures of an empty stage.

    ``worst`` is therefore only the bound of the formula, not a figure to count.
    """

    per: Literal["clip", "set"] = "clip"
    """Whether each clip has a value, or only a whole set of them."""
    ability: Literal["embed", "match"] = "embed"
    """What the judge must be able to do."""
    caption: bool = False
    """Whether the clip must have a sentence that says what happens in it."""


SEMANTICS: tuple[SemanticMetric, ...] = (
    SemanticMetric("scl", 1, "1", "lower", 0, INF, "source",
                   "mean squared difference per element between the judge's embeddings of result and source, shown and "
                   "asked the same (SMT's semantics loss)", INF, family="semantics"),
    SemanticMetric("scl", 1, "1", "lower", 0, INF, "source",
                   "as scl, over the picture's query tokens only", INF, "queries", "semantics"),
    SemanticMetric("itm", 1, "share", "higher", 0, 1, "nothing",
                   "mean probability, over views and frames, that the clip's caption matches the picture", 0,
                   family="semantics", ability="match", caption=True),
    SemanticMetric("fid", 1, "1", "lower", 0, INF, "source",
                   f"Frechet distance between embeddings of results and sources, fixed number, {FID_DIMENSIONS} "
                   "principal components of a committed reference", INF, family="semantics", per="set"),
    SemanticMetric("kid", 1, "1", "lower", -INF, INF, "source",
                   "squared maximum mean discrepancy, cubic kernel, unbiased, between embeddings of results and "
                   "sources; ranks where fid only illustrates", INF, family="semantics", per="set"),
)  # fmt: skip
"""The formulas; ``semantic_metrics`` gives them a judge."""


def semantic_metrics(
    judge: str, abilities: Collection[str], query_tokens: bool = True, fid_samples: int | None = None
) -> tuple[SemanticMetric, ...]:
    """Return the metrics that a judge can give, with their full keys: ``scl@1[tiny-blip2]``.

    Args:
        judge: The judge's name.
        abilities: What it can do.
        query_tokens: Whether its embeddings hold query tokens beside the prompt's (BLIP-2: yes, CLIP: no).
        fid_samples: Rows per set that the committed reference for ``fid`` fixes, part of its key; ``None``: there is
            no such reference, and so no ``fid``.
    """
    found = []
    for metric in SEMANTICS:
        if metric.ability not in abilities or (metric.qualifier == "queries" and not query_tokens):
            continue
        if metric.name == "fid" and fid_samples is None:
            continue
        extra = f"n={fid_samples}" if metric.name == "fid" else metric.qualifier
        found.append(replace(metric, qualifier=",".join(filter(None, (judge, extra)))))
    return tuple(found)
