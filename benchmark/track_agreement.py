"""Whether two tracks put the same methods in the same order, metric by metric.

Programs on free bodies are of use to those who retarget real files only as far as they rank methods alike.

``python -m retargetbench.benchmark.track_agreement RESULTS...`` prints the table from scored results on both tracks.
"""

import argparse
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from pathlib import Path

from scipy.stats import spearmanr

from ..metrics.declarations import find_metric
from .cli import console
from .comparison import ScoredRun, load_run
from .summary import ALL

FEWEST = 4
"""With fewer methods an order says nothing, and no correlation is given."""

Values = Mapping[str, float]
"""Method -> its mean over all clips of a track."""


def values_of(runs: Sequence[ScoredRun], track: str, key: str) -> Values:
    """Return a metric's means on a track, of the methods that have one.

    Args:
        runs: At most one per method and track.
        track: For example ``retarget/intents``.
        key: A metric key.
    """
    scored = [run.result for run in runs if run.result.track == track]
    return {r.method.name: r.scores[ALL][key].value for r in scored if key in r.scores.get(ALL, {})}


def rank_correlation(one: Values, other: Values) -> tuple[float | None, int]:
    """Return Spearman's rank correlation over the methods that both tracks have, and their number.

    ``None`` below ``FEWEST`` methods, and where all are equal on a track.
    """
    both = sorted(one.keys() & other.keys())
    first, second = ([values[name] for name in both] for values in (one, other))
    if len(both) < FEWEST or len(set(first)) == 1 or len(set(second)) == 1:
        return None, len(both)
    return float(spearmanr(first, second).statistic), len(both)


def swapped(one: Values, other: Values) -> list[tuple[str, str]]:
    """Return the pairs of methods that the two tracks put in opposite orders."""
    both = sorted(one.keys() & other.keys())
    return [(a, b) for a, b in combinations(both, 2) if (one[a] - one[b]) * (other[a] - other[b]) < 0]


def table_rows(runs: Sequence[ScoredRun], tracks: tuple[str, str]) -> Iterator[tuple[str, ...]]:
    """Yield per metric that both tracks score: key, methods, rank correlation, pairs that are swapped."""
    known = [run for run in runs if run.result.track in tracks]
    keys = list(dict.fromkeys(key for run in known for key in run.result.scores.get(ALL, {})))
    for key in keys:
        one, other = (values_of(known, track, key) for track in tracks)
        correlation, methods = rank_correlation(one, other)
        if methods and find_metric(key).direction != "none":
            told = "too few, or all alike" if correlation is None else f"{correlation:.2f}"
            yield key, str(methods), told, ", ".join(f"{a} / {b}" for a, b in swapped(one, other))


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("results", type=Path, nargs="+", help="folders of scored results, of each track one per method")
    parser.add_argument("--tracks", nargs=2, default=["retarget/intents", "retarget/open-characters"])
    options = parser.parse_args()
    runs = [load_run(path) for path in options.results]
    rows = list(table_rows(runs, (options.tracks[0], options.tracks[1])))
    console.table(("metric", "methods", "rank correlation", "swapped"), rows, align="lrrl")


if __name__ == "__main__":
    main()
