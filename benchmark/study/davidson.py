"""How strong each method is by paired comparisons with ties: Bradley and Terry's model with Davidson's ties.

Method i has a strength p_i > 0 (here its logarithm, which sums to 0 over the methods), and with a tie parameter v > 0

    P(i preferred to j) = p_i / (p_i + p_j + v sqrt(p_i p_j)),   P(no difference) = v sqrt(p_i p_j) / (the same)

(R. A. Bradley and M. E. Terry, Rank analysis of incomplete block designs, Biometrika 39, 1952; R. R. Davidson, On
extending the Bradley-Terry model to accommodate ties in paired comparison experiments, Journal of the American
Statistical Association 65, 1970). v = 0 is Bradley and Terry's model; p_i / (p_i + p_j) is the chance that i is
preferred when there is a preference. The log-likelihood is concave in (log p, log v); Newton's method finds its peak.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_STEPS, _LONGEST_STEP, _CLOSE = 60, 2.0, 1e-10


@dataclass(frozen=True, eq=False)
class Outcomes:
    """Counted comparisons; leading axes of ``counts`` are fitted one by one, for example bootstrap draws."""

    first: NDArray[np.int64]
    """Index of the first method of each pair, [pairs]."""
    second: NDArray[np.int64]
    counts: NDArray[np.float64]
    """How often the first was preferred, neither, the second, [..., pairs, 3]."""
    methods: int


@dataclass(frozen=True, eq=False)
class Strengths:
    """The fitted model."""

    log_strengths: NDArray[np.float64]
    """Natural logarithms, sum 0, [..., methods]."""
    log_tie: NDArray[np.float64]
    """Logarithm of v, [...]."""


def fit_davidson(outcomes: Outcomes, *, prior: float = 0.5) -> Strengths:
    """Return the strengths of largest likelihood, or with a prior the most probable ones.

    Args:
        outcomes: Comparisons; every method must be linked to every other one by pairs.
        prior: Votes added to each of the three outcomes of every pair, so that a method that was always preferred, or
            a study without ties, has finite strengths; they pull every strength towards 0. With 0 the peak may lie at
            infinity, where the search stops after some steps.
    """
    design = _design(outcomes)
    counts = outcomes.counts + prior
    flat = counts.reshape(-1, *counts.shape[-2:])
    theta = np.zeros((len(flat), outcomes.methods + 1))
    for _ in range(_STEPS):
        gradient, hessian = _slopes(design, flat, theta)
        step = np.linalg.solve(hessian, gradient[..., None])[..., 0]
        longest = np.abs(step).max(axis=1, keepdims=True)
        theta += step * np.minimum(1.0, _LONGEST_STEP / np.maximum(longest, 1e-300))
        if float(longest.max()) < _CLOSE:
            break
    theta = theta.reshape(*counts.shape[:-2], -1)
    log_strengths = theta[..., :-1]
    return Strengths(log_strengths - log_strengths.mean(axis=-1, keepdims=True), theta[..., -1])


def _design(outcomes: Outcomes) -> NDArray[np.float64]:
    """What each outcome adds to its logit, [pairs, 3, methods + 1]: the model is a multinomial logit."""
    pairs = np.arange(len(outcomes.first))
    design = np.zeros((len(pairs), 3, outcomes.methods + 1))
    design[pairs, 0, outcomes.first] = 1.0
    design[pairs, 2, outcomes.second] = 1.0
    design[pairs, 1, outcomes.first] = design[pairs, 1, outcomes.second] = 0.5
    design[:, 1, -1] = 1.0
    return design


def _slopes(
    design: NDArray[np.float64], counts: NDArray[np.float64], theta: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Gradient and negative Hessian of the log-likelihood, [fits, k] and [fits, k, k]."""
    logits = np.einsum("pok,fk->fpo", design, theta)
    chances = np.exp(logits - logits.max(axis=-1, keepdims=True))
    chances /= chances.sum(axis=-1, keepdims=True)
    totals = counts.sum(axis=-1)
    gradient = np.einsum("fpo,pok->fk", counts - totals[..., None] * chances, design)
    means = np.einsum("fpo,pok->fpk", chances, design)
    outer = np.einsum("poa,pob->poab", design, design).reshape(-1, design.shape[-1] ** 2)
    seconds = (totals[..., None] * chances).reshape(len(theta), -1) @ outer
    hessian = seconds.reshape(len(theta), design.shape[-1], -1) - np.einsum("fp,fpa,fpb->fab", totals, means, means)
    # A common factor of all strengths changes nothing: fixing their sum makes the matrix regular and moves no peak.
    hessian[:, :-1, :-1] += 1.0
    return gradient, hessian + 1e-12 * np.eye(design.shape[-1])


def preference_chance(strengths: Strengths, first: int, second: int) -> NDArray[np.float64]:
    """Return the chance that the first method is preferred to the second when there is a preference, [...]."""
    difference = strengths.log_strengths[..., first] - strengths.log_strengths[..., second]
    return np.asarray(1.0 / (1.0 + np.exp(-difference)))
