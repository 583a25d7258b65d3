"""A linear probe and nearest neighbours on any features of motions (scikit-learn).

Each function returns scores [motions, classes] for ``metrics.recognition``; higher is likelier. A motion that shows
several classes is given once for each.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .errors import TooFewSamples

Scores = NDArray[np.float64]

NEIGHBOURS = 10
"""How many neighbours are asked where a whole training set is known."""


def by_linear_probe(known: NDArray[Any], labels: Sequence[str], asked: NDArray[Any], classes: Sequence[str]) -> Scores:
    """Return the probabilities of a logistic regression on standardised features; 0 for classes it never saw.

    Args:
        known: Features of labelled motions, [m, width].
        labels: Their classes.
        asked: Features of others, [n, width].
        classes: The columns.

    Raises:
        TooFewSamples: If the labelled motions show fewer than two classes.
    """
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    if len(set(labels)) < 2:
        raise TooFewSamples(f"the labelled motions show {len(set(labels))} classes; a probe needs at least two.")
    probe = make_pipeline(StandardScaler(), LogisticRegression(max_iter=2000))
    probe.fit(known, list(labels))
    return _columns(probe.predict_proba(asked), list(probe.classes_), classes)


def by_neighbours(
    known: NDArray[Any], labels: Sequence[str], asked: NDArray[Any], classes: Sequence[str], k: int = 5
) -> Scores:
    """Return the share of each class among the k nearest labelled motions by cosine, near ones weighing more.

    Args:
        known: Features of labelled motions, [m, width].
        labels: Their classes.
        asked: Features of others, [n, width].
        classes: The columns.
        k: How many neighbours.
    """
    from sklearn.neighbors import KNeighborsClassifier

    neighbours = KNeighborsClassifier(min(k, len(known)), weights="distance", metric="cosine")
    neighbours.fit(known, list(labels))
    return _columns(neighbours.predict_proba(asked), list(neighbours.classes_), classes)


def by_training(
    known: NDArray[Any], shown: Sequence[Sequence[str]], asked: NDArray[Any], classes: Sequence[str], *, probe: bool
) -> Scores:
    """Return scores by a training set whose motions may show several classes.

    Args:
        known: Features of training's motions, [m, width].
        shown: All classes that each of them shows.
        asked: Features of others, [n, width].
        classes: The columns.
        probe: Whether by ``by_linear_probe``; otherwise by the ``NEIGHBOURS`` nearest motions.

    Raises:
        TooFewSamples: If training shows fewer than two classes, and a probe is wanted.
    """
    rows = [(row, name) for row, names in enumerate(shown) for name in names]
    labelled, labels = known[[row for row, _ in rows]], [name for _, name in rows]
    if probe:
        return by_linear_probe(labelled, labels, asked, classes)
    return by_neighbours(labelled, labels, asked, classes, NEIGHBOURS)


def _columns(found: NDArray[Any], names: Sequence[str], classes: Sequence[str]) -> Scores:
    scores = np.zeros((len(found), len(classes)))
    place = {name: number for number, name in enumerate(classes)}
    for column, name in enumerate(names):
        if name in place:
            scores[:, place[name]] = found[:, column]
    return scores
