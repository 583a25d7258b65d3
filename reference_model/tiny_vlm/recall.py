"""Macro accuracy: the mean over classes of the share found, so that rare classes count as much as frequent ones."""

import numpy as np
from numpy.typing import NDArray

FEWEST = 5
"""Classes with fewer examples are left out: their share would be chance."""


def mean_recall(found: NDArray[np.int64], truth: NDArray[np.int64]) -> float:
    """Return the mean over classes of the share of their examples that were found.

    Args:
        found: Class of each example as answered, [n]; -1 for no class.
        truth: Its real class, [n].
    """
    shares = [float((found[truth == c] == c).mean()) for c in counted_classes(truth)]
    return float(np.mean(shares)) if shares else 0.0


def majority_recall(truth: NDArray[np.int64]) -> float:
    """Return ``mean_recall`` of who always answers the most frequent class: one over the number of classes."""
    return 1.0 / max(len(counted_classes(truth)), 1)


def counted_classes(truth: NDArray[np.int64]) -> list[int]:
    """Return the classes that count: those with ``FEWEST`` examples or more, or all if none has."""
    values, counts = np.unique(truth, return_counts=True)
    enough = [int(v) for v, n in zip(values, counts, strict=True) if n >= FEWEST]
    return enough or [int(v) for v in values]
