"""Top-1, top-5, macro, R-precision and the confusion matrix, from scores of classes. NumPy alone.

**Several right answers.** A motion may show more than one class (BABEL's labels): an answer is right if it is any of
them.

**Equal scores.** What stands first among classes with equal scores is chance, so a figure is its expected value under
random order: a classifier that scores all classes alike gets k of n classes, not everything and not nothing.
"""

from collections.abc import Sequence
from math import comb
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .errors import WrongClasses

Floats = NDArray[np.float64]
Truth = NDArray[Any]
"""Right class of each motion, int [n], or all its right classes, bool [n, classes]."""


def top_k(scores: NDArray[Any], truth: Truth, k: int) -> Floats:
    """Return for each motion the chance in percent that a right class is among the k best scored, [n].

    With ``a`` classes scored above the best right one, ``t`` scored like it and ``r`` of these right, ``k - a`` of the
    ``t`` fall among the first k: ``1 - C(t - r, k - a) / C(t, k - a)``.

    Args:
        scores: Higher is likelier, [n, classes].
        truth: Right classes.
        k: How many answers are allowed; all of them are right with k = classes.

    Raises:
        WrongClasses: If shapes do not fit, a score is NaN, a motion has no right class, or k is out of range.
    """
    values, right = _checked(scores, truth)
    if not 1 <= k <= values.shape[1]:
        raise WrongClasses(f"k is {k}; expected 1 to {values.shape[1]}, the number of classes.")
    best = np.where(right, values, -np.inf).max(axis=1, keepdims=True)
    above = (values > best).sum(axis=1)
    alike = values == best
    found = np.zeros(len(values))
    for row, (a, t, r) in enumerate(zip(above, alike.sum(axis=1), (alike & right).sum(axis=1), strict=True)):
        places = min(k - int(a), int(t))
        if places > 0:
            found[row] = 100.0 * (1 - comb(int(t - r), places) / comb(int(t), places))
    return found


def top_1_and_5(scores: NDArray[Any], truth: Truth) -> dict[int, Floats]:
    """Return ``top_k`` of each motion for k = 1 and 5, [n] each; of fewer than five classes, five are all of them.

    Args:
        scores: Higher is likelier, [n, classes].
        truth: Right classes.

    Raises:
        WrongClasses: As ``top_k``.
    """
    return {k: top_k(scores, truth, min(k, np.shape(scores)[1])) for k in (1, 5)}


def r_precision(scores: NDArray[Any], truth: Truth) -> Floats:
    """Return for each motion the share in percent of its r right classes that are among the r best scored, [n].

    With ``a`` classes scored above a right one and ``t`` scored like it, itself included, it is among the first r with
    the chance ``(r - a) / t``, from 0 to 1. Where one class is right this is top-1.

    Args:
        scores: Higher is likelier, [n, classes].
        truth: Right classes.

    Raises:
        WrongClasses: As ``top_k``.
    """
    values, right = _checked(scores, truth)
    found = np.zeros(len(values))
    for row, own in enumerate(right):
        mine = values[row, own][:, None]
        above, alike = (values[row] > mine).sum(axis=1), (values[row] == mine).sum(axis=1)
        found[row] = 100.0 * np.clip((own.sum() - above) / alike, 0.0, 1.0).mean()
    return found


def macro(scores: NDArray[Any], truth: Truth) -> float:
    """Return the mean over classes of the mean top-1 of the motions that show it, in percent.

    Classes that no motion shows are left out. A motion of several classes counts in each of them.

    Args:
        scores: Higher is likelier, [n, classes].
        truth: Right classes.

    Raises:
        WrongClasses: As ``top_k``, or if there are no motions.
    """
    hits = top_k(scores, truth, 1)
    _, right = _checked(scores, truth)
    counts = right.sum(axis=0)
    shown = counts > 0
    if not shown.any():
        raise WrongClasses("there are no motions; expected at least one.")
    return float(((right * hits[:, None]).sum(axis=0)[shown] / counts[shown]).mean())


def macro_weights(right: NDArray[np.bool_]) -> Floats:
    """Return what each motion's top-1 counts in ``macro``, [n]: the sum over its classes of 1 / (classes x motions).

    Classes are those that occur, motions those that show the class. The weights of all motions sum to 1.

    Args:
        right: All right classes of each motion, [n, classes].
    """
    counts = right.sum(axis=0)
    shown = counts > 0
    return np.asarray((right[:, shown] / counts[shown]).sum(axis=1) / shown.sum())


def confusion(scores: NDArray[Any], truth: Truth) -> Floats:
    """Return how often each class (row) is taken for each class (column), expected counts, [classes, classes].

    A motion counts 1. Where it has several right classes, a right answer stands on the diagonal, and a wrong one in the
    row of each right class, in equal parts.

    Args:
        scores: Higher is likelier, [n, classes].
        truth: Right classes.

    Raises:
        WrongClasses: As ``top_k``.
    """
    values, right = _checked(scores, truth)
    first = values == values.max(axis=1, keepdims=True)
    answered = first / first.sum(axis=1, keepdims=True)
    shared = right / right.sum(axis=1, keepdims=True)
    return np.asarray(np.diag((answered * right).sum(axis=0)) + shared.T @ (answered * ~right))


def recognition_scores(scores: NDArray[Any], truth: Truth) -> dict[str, float]:
    """Return ``top1``, ``top5`` (of fewer than five classes: 100), ``macro`` and ``r_precision`` in percent.

    Args:
        scores: Higher is likelier, [n, classes].
        truth: Right classes.

    Raises:
        WrongClasses: As ``macro``.
    """
    average = macro(scores, truth)
    means = {f"top{k}": float(hits.mean()) for k, hits in top_1_and_5(scores, truth).items()}
    return {**means, "macro": average, "r_precision": float(r_precision(scores, truth).mean())}


def labels_of(names: Sequence[str], classes: Sequence[str]) -> NDArray[np.int64]:
    """Return the number of each named class, int64 [n].

    Raises:
        WrongClasses: If a name is not among the classes.
    """
    place = {name: number for number, name in enumerate(classes)}
    missing = sorted(set(names) - set(place))
    if missing:
        raise WrongClasses(f"the class '{missing[0]}' is not among the {len(place)} classes.")
    return np.array([place[name] for name in names], dtype=np.int64)


def _checked(scores: NDArray[Any], truth: Truth) -> tuple[Floats, NDArray[np.bool_]]:
    values, given = np.asarray(scores, dtype=np.float64), np.asarray(truth)
    if values.ndim != 2 or values.shape[1] < 1 or len(given) != len(values):
        raise WrongClasses(
            f"scores are {list(values.shape)} for {len(given)} motions; expected [motions, classes], one row each."
        )
    if np.isnan(values).any():
        row, column = np.argwhere(np.isnan(values))[0]
        raise WrongClasses(f"the score of class {column} for motion {row} is NaN; expected numbers.")
    if given.ndim == 1:
        if given.dtype.kind not in "iu" or (len(given) and not (given.min() >= 0 and given.max() < values.shape[1])):
            raise WrongClasses(f"right classes must be whole numbers from 0 to {values.shape[1] - 1}.")
        right = np.zeros(values.shape, dtype=np.bool_)
        right[np.arange(len(given)), given] = True
    elif given.shape == values.shape and given.dtype == np.bool_:
        right = given
    else:
        raise WrongClasses(
            f"right classes are {given.dtype} {list(given.shape)}; expected int [n] or bool [n, classes]."
        )
    if not right.any(axis=1).all():
        raise WrongClasses(f"motion {int(np.flatnonzero(~right.any(axis=1))[0])} has no right class.")
    return values, right
