"""Top-k said another way: try every order in which equal scores may stand, and look."""

from itertools import pairwise, permutations


def slow_top_k(row, right, k):
    """Percent of all orders of the classes that respect the scores in which a right class is among the first k."""
    orders = [o for o in permutations(range(len(row))) if all(row[a] >= row[b] for a, b in pairwise(o))]
    return 100.0 * sum(any(c in right for c in order[:k]) for order in orders) / len(orders)


def slow_macro(scores, rights):
    by_class = {}
    for row, right in zip(scores, rights, strict=True):
        for c in right:
            by_class.setdefault(c, []).append(slow_top_k(row, right, 1))
    means = [sum(hits) / len(hits) for hits in by_class.values()]
    return sum(means) / len(means)


def slow_r_precision(row, right):
    """Mean over all orders of the classes that respect the scores of the share of right ones among as many first."""
    orders = [o for o in permutations(range(len(row))) if all(row[a] >= row[b] for a, b in pairwise(o))]
    return 100.0 * sum(len(right & set(order[: len(right)])) / len(right) for order in orders) / len(orders)


def slow_confusion(scores, rights, classes):
    counts = [[0.0] * classes for _ in range(classes)]
    for row, right in zip(scores, rights, strict=True):
        winners = [c for c in range(classes) if row[c] == max(row)]
        for c in winners:
            rows = [c] if c in right else right
            for label in rows:
                counts[label][c] += 1 / len(winners) / len(rows)
    return counts
