"""The semantic metrics, declared without importing anything that computes.

They stand apart from ``metrics.declarations.METRICS``: which of them exist depends on the judge, whose name is part of
every key. What a score means is fixed by the judge (fingerprint), the views, frames, crop and size it was shown, and
the questions; whoever records a score records those too.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Literal

from ...datasets.errors import UnknownName
from ..metric import INF, Metric

NOT_VALIDATED = "not validated against people"
"""Stands beside every semantic score until people have voted."""

FID_DIMENSIONS = 64
"""How many principal components of the committed reference ``fid`` keeps."""

REFERENCE_FILE = "fid_reference.safetensors"
"""Name of the committed reference for ``fid``, in the folder of a judge's weights."""

BUILT_IN_RENDERER = "builtin"
"""The renderer that keys do not name; pictures by another one are another column."""


@dataclass(frozen=True)
class SemanticMetric(Metric):
    """A metric that needs a judge. A clip that a method failed to produce is judged as pictures of an empty stage.

    ``worst`` is therefore only the bound of the formula, not a figure to count.
    """

    ability: Literal["embed", "match"] = "embed"
    """What the judge must be able to do."""
    caption: bool = False
    """Whether the clip must have a sentence that says what happens in it."""

    @property
    def judge(self) -> str:
        """The name of the judge, of a metric that has been given one."""
        return self.qualifier.partition(",")[0]

    @property
    def bare(self) -> str:
        """What tells it from the others of one judge: ``scl``, ``scl,queries``, ``fid``."""
        return "scl,queries" if "queries" in self.qualifier.split(",") else self.name


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
    judge: str,
    abilities: Collection[str],
    query_tokens: bool = True,
    fid_samples: int | None = None,
    renderer: str = BUILT_IN_RENDERER,
) -> tuple[SemanticMetric, ...]:
    """Return the metrics that a judge can give, with their full keys: ``scl@1[tiny-blip2]``.

    Args:
        judge: The judge's name.
        abilities: What it can do.
        query_tokens: Whether its embeddings hold query tokens beside the prompt's (BLIP-2: yes, CLIP: no).
        fid_samples: Rows per set that the committed reference for ``fid`` fixes, part of its key; ``None``: there is
            no such reference, and so no ``fid``.
        renderer: Who made the pictures; stands in the key unless it is the built-in one.
    """
    found = []
    for metric in SEMANTICS:
        if metric.ability not in abilities or (metric.qualifier == "queries" and not query_tokens):
            continue
        if metric.name == "fid" and fid_samples is None:
            continue
        extra = f"n={fid_samples}" if metric.name == "fid" else metric.qualifier
        by = "" if renderer == BUILT_IN_RENDERER else renderer
        found.append(replace(metric, qualifier=",".join(filter(None, (judge, extra, by)))))
    return tuple(found)


_KEY = re.compile(r"(?P<name>[a-z]+)@(?P<version>\d+)\[(?P<judge>[^\],=]+)(?P<more>(,[^\],]+)*)\]")
_NAMES = frozenset(metric.name for metric in SEMANTICS)


def is_semantic_key(key: str) -> bool:
    """Whether a key begins with the name of a semantic metric; it may still be mistyped behind that."""
    return key.partition("@")[0] in _NAMES


def semantic_metric(key: str) -> SemanticMetric:
    """Return the declaration of a semantic key, whoever the judge in it is.

    Raises:
        UnknownName: If there is no such metric.
    """
    match = _KEY.fullmatch(key)
    if match is not None:
        more = [word for word in match["more"].split(",") if word]
        part = "queries" if "queries" in more else ""
        for metric in SEMANTICS:
            whole = replace(metric, qualifier=",".join((match["judge"], *more)))
            fits_part = metric.qualifier == part and (metric.name == "fid") == any(w.startswith("n=") for w in more)
            if whole.key == key and fits_part:
                return whole
    raise UnknownName("metric", key, [m.key for m in semantic_metrics("JUDGE", {"embed", "match"}, fid_samples=128)])
